// What the rates at a small tau say of the clean image: the expected number of units that came from each site.
import { demand } from '../base/errors.ts'
import { type Lattice, neighbours } from '../lattice/index.ts'

export interface OccupancyOptions {
  readonly lattice: Lattice
  /** C, default 1. */
  readonly channels?: number
  /** rate * t at which the ratios were told, > 0; the formula is one for small tau: 0.1 and below. */
  readonly tau: number
}

/**
 * E[n_0 | n_t], [C, ...sites] within [0, 1], of counts n_t [C, ...sites] and their ratios [C, J, ...sites] (reverse rate
 * per unit / rate) at tau = rate * t. Ours, to first order in tau:
 *
 *     E[n_0(x) | n_t] = n(x) + Σ_{y -> x} F(y -> x) - Σ_{x -> y} F(x -> y),   F(x -> y) = tau n(x) ratio(x -> y)
 *
 * F(x -> y) is tau times the mean of Σ k_tau(y|x0) / k_tau(x|x0) over the units at x. That ratio is 1 / tau (1 + tau²/2) for
 * a unit that came from y in one hop and tau for one that has not moved, so F counts the units at x that came from y,
 * and what it counts too much, tau² for each unit that stayed, flows both ways between like sites. It is wrong only for
 * units that hopped twice: no unit leaves more than once here, so F is scaled where the ratios of a site sum to more
 * than 1 / tau. Σ_x x E[n_0(x)] is exact at any tau where they do not: Tweedie's formula on the lattice.
 */
export function occupancyOf(
  counts: Int32Array,
  ratios: Float32Array,
  { lattice, channels = 1, tau }: OccupancyOptions,
  out: Float32Array = new Float32Array(counts.length),
): Float32Array {
  const what = 'tell the occupancy'
  const { size } = lattice
  const reached = neighbours(lattice)
  const jumps = reached.length / size
  demand(tau > 0 && tau < Infinity, what, 'tau', '> 0', tau)
  demand(
    counts.length === channels * size,
    what,
    'the length of counts',
    String(channels * size),
    counts.length,
  )
  const wanted = String(jumps * counts.length)
  demand(ratios.length === jumps * counts.length, what, 'the length of ratios', wanted, ratios.length)
  demand(out.length === counts.length, what, 'the length of out', String(counts.length), out.length)
  const means = Float64Array.from(counts)
  for (let c = 0; c < channels; c++)
    for (let x = 0; x < size; x++) {
      const n = counts[c * size + x]
      if (n === 0) continue
      const first = c * jumps * size + x
      let sum = 0
      for (let j = 0; j < jumps; j++) if (reached[j * size + x] >= 0) sum += ratios[first + j * size]
      const flow = n * Math.min(tau, 1 / sum)
      for (let j = 0; j < jumps; j++) {
        const y = reached[j * size + x]
        if (y < 0) continue
        means[c * size + x] -= flow * ratios[first + j * size]
        means[c * size + y] += flow * ratios[first + j * size]
      }
    }
  for (let i = 0; i < out.length; i++) out[i] = Math.max(0, Math.min(1, means[i]))
  return out
}
