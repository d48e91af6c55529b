// A point estimate instead of a sample: one image that is corrupted, looked at, and corrected, at ever earlier times.
import { demand } from '../base/errors.ts'
import { exp, log } from '../base/numeric.ts'
import { nearestIntegers } from '../walk/integers.ts'
import { type GridOptions, grid } from './grid.ts'
import type { Solver } from './solver.ts'

export interface VariationalOptions extends GridOptions {
  /** How far the estimate goes towards each origin in its logarithm, in (0, 1]; default 0.3. */
  readonly pace?: number
}

/** No estimate is below this. */
const LEAST = 1e-6

/**
 * RED-diff (*A Variational Perspective on Solving Inverse Problems with Diffusion Models*, arXiv 2305.04391) on counts. The law
 * sought is a single image μ. At falling times t it is rounded, corrupted exactly, and its origin D asked for: the mismatch of the
 * reverse rates of μ and of the prior, whose slope is log μ - log D, together with the likelihood (which a measurement has put into
 * D, see `pull`), is lowered by one multiplicative step
 *
 *     μ <- μ^(1 - pace) D^pace,
 *
 * the mirror descent of relative entropies, in place of Adam on real numbers: counts stay >= 0 and keep their mass. The last origin
 * is taken whole. The image is rounded to whole numbers with its mass.
 */
export function variational(options: VariationalOptions = {}): Solver {
  const { pace = 0.3 } = options
  const times = grid(options)
  demand(pace > 0 && pace <= 1, 'build the variational solver', 'the pace', 'in (0, 1]', pace)
  return {
    description: { kind: 'variational', ...times.description, pace },
    calls: times.calls,
    start: () => 1,
    time: times.time,
    advance(process, image, origin) {
      const to = times.time(process, image.step + 1)
      if (to === 0 && process.settle) {
        process.settle(image.counts, origin)
        return 0
      }
      const estimate = (image.memory as Float64Array | undefined) ?? Float64Array.from(origin)
      image.memory = estimate
      for (let x = 0; x < estimate.length; x++) {
        const [m, d] = [Math.max(LEAST, estimate[x]), Math.max(LEAST, origin[x])]
        estimate[x] = exp((1 - pace) * log(m) + pace * log(d))
      }
      const clean = whole(estimate, image.counts, process.sites)
      process.corrupt(clean, to, { random: image.random, noisy: image.counts })
      return to
    },
  }
}

/** The whole numbers nearest to an image, with the masses of the channels of `counts`. */
function whole(estimate: Float64Array, counts: Int32Array, sites: number): Int32Array {
  const out = new Int32Array(counts.length)
  for (let at = 0; at < counts.length; at += sites) {
    let [total, sum] = [0, 0]
    for (let x = at; x < at + sites; x++) {
      total += counts[x]
      sum += estimate[x]
    }
    const field = Float64Array.from({ length: sites }, (_, x) =>
      sum > 0 ? (estimate[at + x] * total) / sum : total / sites,
    )
    nearestIntegers(field, { total }, out.subarray(at, at + sites))
  }
  return out
}
