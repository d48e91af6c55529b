// What the steps of solvers are measured on: small processes with the exact law of one step back, given an origin.
import { exp } from '../../base/numeric.ts'
import { latticeWalk } from '../../walk/lattice-walk.ts'
import { potentialsOf } from '../../walk/potentials.ts'
import type { FewUnits } from './enumerable.ts'

/** A process on `count` states, numbered from 0, whose data have a known law. */
export interface Subject {
  readonly name: string
  readonly count: number
  /** P(n_t), [count]. */
  at(time: number): Float64Array
  /** E[n_0 | n_t], as a solver is told it. */
  origin(state: number, time: number): Float64Array
  /** The law of n_to, [count], when n_from = state is undone with an origin. */
  back(
    state: number,
    origin: Float64Array,
    step: { readonly from: number; readonly to: number },
  ): Float64Array
}

/** Rounds enough that the potentials are at their fixed point. */
const ROUNDS = 60

/**
 * Few units that walk, each moved as `undo` moves it: the law of independent moves with the potentials of the origin. The
 * origin is exact, but a step that takes it for the truth is not, at any length: what is left shows in the figures.
 */
export function walkSubject(few: FewUnits): Subject {
  const { lattice, rate, states } = few
  const sites = lattice.size
  const walk = latticeWalk(lattice)
  const potentials = potentialsOf(walk, ROUNDS)
  const kernels = new Map<number, Float64Array>()
  function kernelAt(tau: number): Float64Array {
    const found = kernels.get(tau)
    if (found) return found
    const table = new Float64Array(sites * sites)
    for (let x = 0; x < sites; x++) {
      const row = table.subarray(x * sites, (x + 1) * sites)
      row[x] = 1
      walk.spread(row, tau, row)
    }
    if (kernels.size > 8) kernels.clear()
    kernels.set(tau, table)
    return table
  }
  const weight = new Float64Array(sites)
  const field = new Float64Array(sites)
  return {
    name: `${states[0].reduce((a, b) => a + b)} units on ${sites} sites`,
    count: states.length,
    at: few.at,
    origin: (state, time) => few.expected(states[state], time),
    back(state, origin, { from, to }) {
      const potential = potentials({ counts: states[state], origin, tau: rate * from })
      walk.spread(potential, rate * from, field)
      walk.spread(potential, rate * to, weight)
      const moves = kernelAt(rate * (from - to)).map(
        (k, i) => (k * weight[i % sites]) / field[Math.floor(i / sites)],
      )
      return few.moved(states[state], moves)
    },
  }
}

/**
 * Sites that change, each alone, into any of S states at the rate 1 (`uniformRates`), with data in which they depend on each
 * other; the origin is the law of every site given all of them, [S, sites]. The rates from it are exact, so solvers come to
 * the law of the data as their steps shrink, each by its own order.
 */
export function chainSubject(options: {
  readonly sites: number
  readonly states: number
  readonly rate: number
  /** P(n_0) up to a factor, > 0, of state number i; site x of it is floor(i / S^x) mod S. */
  readonly weight: (state: number) => number
}): Subject {
  const { sites, states, rate, weight } = options
  const count = states ** sites
  const digit = (state: number, x: number) => Math.floor(state / states ** x) % states
  const law = Float64Array.from({ length: count }, (_, i) => weight(i))
  const total = law.reduce((a, b) => a + b)
  for (let i = 0; i < count; i++) law[i] /= total
  const move = (tau: number, a: number, b: number) => (1 - exp(-tau)) / states + (a === b ? exp(-tau) : 0)
  const path = (tau: number, from: number, to: number) => {
    let p = 1
    for (let x = 0; x < sites; x++) p *= move(tau, digit(from, x), digit(to, x))
    return p
  }
  const joint = (state: number, time: number) => law.map((p, o) => p * path(rate * time, o, state))
  return {
    name: `${sites} sites of ${states} states`,
    count,
    at: time => law.map((_, s) => joint(s, time).reduce((a, b) => a + b)),
    origin(state, time) {
      const posterior = joint(state, time)
      const sum = posterior.reduce((a, b) => a + b)
      const out = new Float64Array(states * sites)
      for (let o = 0; o < count; o++)
        for (let x = 0; x < sites; x++) out[digit(o, x) * sites + x] += posterior[o] / sum
      return out
    },
    back(state, origin, { from, to }) {
      const [t, s] = [rate * from, rate * to]
      const each = Array.from({ length: sites }, (_, x) => {
        const c = digit(state, x)
        const next = new Float64Array(states)
        for (let b = 0; b < states; b++)
          for (let a = 0; a < states; a++)
            next[b] += (origin[a * sites + x] * move(s, a, b) * move(t - s, b, c)) / move(t, a, c)
        const sum = next.reduce((p, q) => p + q)
        return next.map(p => p / sum)
      })
      return Float64Array.from({ length: count }, (_, i) =>
        each.reduce((p, next, x) => p * next[digit(i, x)], 1),
      )
    },
  }
}
