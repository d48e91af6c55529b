// A law on every state of a few units on a few sites, walked by full enumeration: the oracle of all solvers.
import { kernels, type Lattice, neighbours, transition } from '../../src/lattice/index.ts'
import type { RateFunction } from '../../src/sampling/index.ts'

export interface KnownLaw {
  /** All ways to put `units` units on the sites. */
  readonly states: readonly Int32Array[]
  /** P(n_0), one per state. */
  readonly weights: Float64Array
  /** P(n_t), one per state. */
  at(time: number): Float64Array
  /** The law of all states after every unit of one has gone from x to y with the probability moves[x * sites + y]. */
  moved(state: ArrayLike<number>, moves: ArrayLike<number>): Float64Array
  /** Which state this is. */
  index(counts: ArrayLike<number>): number
  /** lambda(n -> n') / (r n_x) = (n'_y / n_x) p_t(n') / p_t(n): the reverse rates by Bayes alone. */
  readonly rates: RateFunction
}

/** `weight(i)` > 0 is the weight of state i in the order of `states`. */
export function knownLaw(options: {
  lattice: Lattice
  rate: number
  units: number
  weight: (state: number) => number
}): KnownLaw {
  const { lattice, rate, units } = options
  const sites = lattice.size
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
  const states = layers[units]
  const index = (counts: ArrayLike<number>) => places[units].get(Array.from(counts).join())!
  const weights = Float64Array.from(states, (_, i) => options.weight(i))
  const total = weights.reduce((a, b) => a + b)
  for (let i = 0; i < weights.length; i++) weights[i] /= total

  const axes = kernels(lattice)
  const walk = new Float64Array(sites * sites)
  /** Units are added one after the other, each where the moves take it. */
  function moved(state: ArrayLike<number>, moves: ArrayLike<number>): Float64Array {
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
  }
  function at(time: number): Float64Array {
    const tables = axes.map(axis => axis.at(rate * time))
    for (let from = 0; from < sites; from++)
      for (let to = 0; to < sites; to++) walk[from * sites + to] = transition(lattice, tables, { from, to })
    const out = new Float64Array(states.length)
    states.forEach((origin, o) => {
      const law = moved(origin, walk)
      for (let s = 0; s < out.length; s++) out[s] += weights[o] * law[s]
    })
    return out
  }

  const reached = neighbours(lattice)
  const jumps = reached.length / sites
  let known = Number.NaN
  let law: Float64Array = new Float64Array(0)
  const rates: RateFunction = (counts, times) => {
    const ratios = new Float32Array(counts.length * jumps)
    for (let i = 0; i < times.length; i++) {
      const n = counts.subarray(i * sites, (i + 1) * sites)
      if (n.every(c => c === 0)) continue
      if (times[i] !== known) {
        known = times[i]
        law = at(known)
      }
      const here = law[index(n)]
      for (let j = 0; j < jumps; j++)
        for (let x = 0; x < sites; x++) {
          const y = reached[j * sites + x]
          if (y < 0 || n[x] === 0) continue
          const after = n.slice()
          after[x]--
          after[y]++
          ratios[(i * jumps + j) * sites + x] = ((after[y] / n[x]) * law[index(after)]) / here
        }
    }
    return ratios
  }
  return { states, weights, at, moved, index, rates }
}
