// How the laws of the solvers come to the law of the data: total variation against calls, and the order that fits it.
import { exp, log } from '../../base/numeric.ts'
import { lattice } from '../../lattice/index.ts'
import { spatial } from '../../process/spatial.ts'
import type { Work } from '../../structure/work.ts'
import { fewUnits, withRates } from './enumerable.ts'
import { fittedOrder } from './stability.ts'
import { hoppedLaw, type Order, steppedLaw } from './stepped.ts'
import { chainSubject, type Subject, walkSubject } from './subject.ts'

/** Half the sum of |p - q|. */
export function totalVariation(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let sum = 0
  for (let s = 0; s < p.length; s++) sum += Math.abs(p[s] - q[s])
  return sum / 2
}

export interface OrderRow {
  readonly law: string
  readonly solver: 'ancestral' | 'multistep'
  /** Total variation to the exact law. */
  readonly points: readonly { readonly calls: number; readonly error: number }[]
  /** The slope from 32 calls on. */
  readonly order: number
  /** Total variation to the law in half as many calls, and its slope from 32 calls on: how it comes to its own limit. */
  readonly changes: readonly { readonly calls: number; readonly error: number }[]
  readonly ownOrder: number
}

/** Some law with nothing regular in it, and all its weights of the order of one. */
const uneven = (state: number) => 1 + ((state * state * 3) % 7)

/** Where the laws are compared, with calls even in log t from 1 on. */
const UNTIL = 0.05

/**
 * `ancestral` and `multistep`, from the exact law at t = 1 to that at t = 0.05, on two sites of a chain, where the rates from
 * the origin are exact, and on two units that walk, where they are not.
 */
export function* orders(calls: readonly number[] = [8, 16, 32, 64, 128, 256]): Work<OrderRow[]> {
  const two = fewUnits({ lattice: lattice([5], 'periodic'), rate: 1.5, units: 2, weight: uneven })
  const subjects = [chainSubject({ sites: 2, states: 3, rate: 3, weight: uneven }), walkSubject(two)]
  const rows: OrderRow[] = []
  for (const [i, subject] of subjects.entries())
    for (const order of [1, 2] as const) {
      const work = orderOf(subject, { order, calls })
      rows.push(yield* part(work, (2 * i + order - 1) / 4, 1 / 4))
    }
  return rows
}

function* orderOf(
  subject: Subject,
  { order, calls }: { order: Order; calls: readonly number[] },
): Work<OrderRow> {
  const exact = subject.at(UNTIL)
  const laws: Float64Array[] = []
  for (const [i, many] of calls.entries()) {
    const times = Array.from({ length: many + 1 }, (_, k) => exp((k / many) * log(UNTIL)))
    laws.push(yield* part(steppedLaw(subject, { order, times }), i / calls.length, 1 / calls.length))
  }
  const points = laws.map((law, i) => ({ calls: calls[i], error: totalVariation(law, exact) }))
  const changes = laws
    .slice(1)
    .map((law, i) => ({ calls: calls[i + 1], error: totalVariation(law, laws[i]) }))
  const late = (list: typeof points) => fittedOrder(list.filter(point => point.calls >= 32))
  return {
    law: subject.name,
    solver: order === 1 ? 'ancestral' : 'multistep',
    points,
    order: late(points),
    changes,
    ownOrder: late(changes),
  }
}

export interface NoiseRow {
  readonly noise: number
  readonly rates: 'enumerated' | 'of the origin'
  /** Total variation to the law of the data at each epsilon. */
  readonly points: readonly { readonly fraction: number; readonly error: number }[]
  /** The same of what the last two laws tend to as epsilon goes to 0, by first order. */
  readonly limit: number
}

/** `cfl` at several noises on three units on a ring of five, with enumerated rates and with those of the exact origin. */
export function* noises(fractions: readonly number[] = [0.16, 0.08, 0.04]): Work<NoiseRow[]> {
  const rate = 0.5
  const few = fewUnits({ lattice: lattice([5], 'periodic'), rate, units: 3, weight: uneven })
  const walk = spatial({ lattice: few.lattice, rate })
  const cases = [0, 0.5, 1, 2].flatMap(noise =>
    (['enumerated', 'of the origin'] as const).map(rates => ({ noise, rates })),
  )
  const rows: NoiseRow[] = []
  for (const [i, { noise, rates }] of cases.entries()) {
    const laws: Float64Array[] = []
    for (const [k, fraction] of fractions.entries()) {
      const process = rates === 'enumerated' ? withRates(walk, few) : walk
      const work = hoppedLaw(few, { process, fraction, noise, points: Math.ceil(40 / fraction) })
      const share = 1 / (cases.length * fractions.length)
      laws.push(yield* part(work, (i * fractions.length + k) * share, share))
    }
    const [before, last] = laws.slice(-2)
    const ratio = fractions[fractions.length - 2] / fractions[fractions.length - 1]
    const limit = last.map((p, s) => p + (p - before[s]) / (ratio - 1))
    rows.push({
      noise,
      rates,
      points: laws.map((law, k) => ({ fraction: fractions[k], error: totalVariation(law, few.law) })),
      limit: totalVariation(limit, few.law),
    })
  }
  return rows
}

/** A part of longer work, which begins at a share of it. */
function* part<T>(work: Work<T>, begin: number, share: number): Work<T> {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value as T
    yield begin + share * (value as number)
  }
}
