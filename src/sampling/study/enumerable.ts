// A law on every state of a few units on a few sites, walked by full enumeration: what solvers are measured against.
import { demand } from '../../base/errors.ts'
import { type Lattice, neighbours } from '../../lattice/index.ts'
import type { JumpProcess } from '../../process/process.ts'
import { latticeWalk } from '../../walk/lattice-walk.ts'
import type { Walk } from '../../walk/walk.ts'
import type { OriginFunction } from '../solver.ts'

export interface FewUnitsOptions {
  readonly lattice: Lattice
  /** r, hops per direction and unit of time: tau = rate * t. */
  readonly rate: number
  /** How many units there are, of one channel. */
  readonly units: number
  /** P(n_0) up to a factor, > 0, of state number i in the order of `states`. */
  readonly weight: (state: number) => number
}

/** All laws of n_0 and n_t, by enumeration; nothing here knows of potentials. */
export interface FewUnits {
  readonly lattice: Lattice
  readonly rate: number
  /** All ways to put the units on the sites. */
  readonly states: readonly Int32Array[]
  /** P(n_0), one per state. */
  readonly law: Float64Array
  /** P(n_t), one per state. */
  at(time: number): Float64Array
  /** The law of all states after every unit of one has gone from x to y with the probability moves[x * sites + y]. */
  moved(state: ArrayLike<number>, moves: ArrayLike<number>): Float64Array
  /** Where hops lead, [J, sites]. */
  readonly reached: Int32Array
  /** Which state this is. */
  index(counts: ArrayLike<number>): number
  /** E[n_0 | n_t], [sites]. */
  expected(counts: ArrayLike<number>, time: number): Float64Array
  /** The same as samplers ask for it. */
  readonly origin: OriginFunction
  /** The reverse rates / r of the hops out of a state, [J, sites], all units of a site together: n'_y p_t(n') / p_t(n). */
  rates(counts: ArrayLike<number>, time: number): Float64Array
}

/** Throws RangeError where there are more than 20,000 states. */
export function fewUnits({ lattice, rate, units, weight }: FewUnitsOptions): FewUnits {
  const { size: sites } = lattice
  const { states, index, moved } = layersOf(sites, units)
  const law = Float64Array.from(states, (_, i) => weight(i))
  const total = law.reduce((a, b) => a + b)
  for (let i = 0; i < law.length; i++) law[i] /= total
  const count = states.length
  const walk = latticeWalk(lattice)

  /** P(n_t = s | n_0 = o) at [o, s], and P(n_t), at the time that was asked for last. */
  const forward = { time: Number.NaN, table: new Float64Array(count * count), law: new Float64Array(count) }
  function known(time: number): typeof forward {
    if (time === forward.time) return forward
    forward.time = time
    const kernel = kernelTable(walk, rate * time)
    forward.law.fill(0)
    states.forEach((origin, o) => {
      const after = moved(origin, kernel)
      forward.table.set(after, o * count)
      for (let s = 0; s < count; s++) forward.law[s] += law[o] * after[s]
    })
    return forward
  }

  function expected(counts: ArrayLike<number>, time: number): Float64Array {
    const { table, law: now } = known(time)
    const s = index(counts)
    const out = new Float64Array(sites)
    for (let o = 0; o < count; o++) {
      const p = (law[o] * table[o * count + s]) / now[s]
      for (let x = 0; x < sites; x++) out[x] += p * states[o][x]
    }
    return out
  }

  const reached = neighbours(lattice)
  function rates(counts: ArrayLike<number>, time: number): Float64Array {
    const { law: now } = known(time)
    const here = now[index(counts)]
    return Float64Array.from(reached, (y, k) => {
      const x = k % sites
      if (y < 0 || counts[x] === 0) return 0
      const after = Int32Array.from(counts)
      after[x]--
      after[y]++
      return (after[y] * now[index(after)]) / here
    })
  }

  const at = (time: number) => known(time).law.slice()
  const origin = originOf(expected, sites)
  return { lattice, rate, states, law, reached, index, moved, expected, rates, at, origin }
}

function originOf(expected: FewUnits['expected'], sites: number): OriginFunction {
  return (counts, times) => {
    const out = new Float32Array(counts.length)
    for (let i = 0; i < times.length; i++) {
      const own = counts.subarray(i * sites, (i + 1) * sites)
      if (own.some(n => n > 0)) out.set(expected(own, times[i]), i * sites)
    }
    return out
  }
}

/** k_tau(y|x) at [x, y]. */
export function kernelTable(walk: Walk, tau: number): Float64Array {
  const { sites } = walk
  const table = new Float64Array(sites * sites)
  for (let x = 0; x < sites; x++) {
    const row = table.subarray(x * sites, (x + 1) * sites)
    row[x] = 1
    walk.spread(row, tau, row)
  }
  return table
}

/** A walk of these units whose rates are those of the enumeration, whatever origin it is told. */
export function withRates(walk: JumpProcess, few: FewUnits): JumpProcess {
  return {
    ...walk,
    rates(counts, _, { time, out, noise = 1 }) {
      const { sites } = walk
      few.rates(counts, time).forEach((rate, k) => {
        const forward = counts[k % sites]
        out[k] = Math.max(0, rate - forward) + noise * Math.min(forward, rate)
      })
    },
  }
}

/** All states of 0 … `units` units, and how one unit more changes them. */
function layersOf(sites: number, units: number): Pick<FewUnits, 'states' | 'index' | 'moved'> {
  const layers = [[new Int32Array(sites)]]
  const places = [new Map([[layers[0][0].join(), 0]])]
  for (let m = 1; m <= units; m++) {
    const place = new Map<string, number>()
    const layer: Int32Array<ArrayBuffer>[] = []
    for (const state of layers[m - 1])
      for (let x = 0; x < sites; x++) {
        const next = Int32Array.from(state.with(x, state[x] + 1))
        if (place.has(next.join())) continue
        place.set(next.join(), layer.length)
        layer.push(next)
      }
    demand(layer.length <= 20_000, 'enumerate a law', 'the states', 'at most 20000', layer.length)
    layers.push(layer)
    places.push(place)
  }
  /** more[m][s * sites + x]: state s of m units with one more at x. */
  const more = layers
    .slice(0, units)
    .map((layer, m) =>
      layer.flatMap(state =>
        Array.from({ length: sites }, (_, x) => places[m + 1].get(state.with(x, state[x] + 1).join())!),
      ),
    )
  return {
    states: layers[units],
    index: counts => places[units].get(Array.from(counts).join())!,
    /** Units are added one after the other, each where the moves take it. */
    moved(state, moves) {
      let law = Float64Array.of(1)
      let m = 0
      for (let from = 0; from < sites; from++)
        for (let u = 0; u < state[from]; u++, m++) {
          const next = new Float64Array(layers[m + 1].length)
          for (let to = 0; to < sites; to++) {
            const p = moves[from * sites + to]
            if (p !== 0) for (let s = 0; s < law.length; s++) next[more[m][s * sites + to]] += law[s] * p
          }
          law = next
        }
      return law
    },
  }
}
