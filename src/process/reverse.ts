// The reverse steps of the walk given reverse ratios per unit: single hops, leaps of many hops, and bridges.
import { demand } from '../base/errors.ts'
import { type Lattice, neighbours } from '../lattice/lattice.ts'
import { type DisplacementAt, displacer } from './displace.ts'
import { checkRatios, hopsOf } from './hops.ts'
import type { BridgeStep, ReverseStep } from './process.ts'

/** Reverse steps on counts [C, sites], in place, given ratios [C, 2d, sites]. */
export interface ReverseWalk {
  hop(counts: Int32Array, ratios: Float32Array, step: ReverseStep): void
  leap(counts: Int32Array, ratios: Float32Array, step: ReverseStep): void
  bridge(counts: Int32Array, ratios: Float32Array, step: BridgeStep): void
}

/** The reverse steps of the walk that hops at `rate` in every direction. */
export function reverseWalk(lattice: Lattice, rate: number): ReverseWalk {
  const { size } = lattice
  const d = lattice.axes.length
  const reached = neighbours(lattice)
  const displace = displacer(lattice)
  const hops = hopsOf(() => reached, { sites: size, jumps: 2 * d })

  /**
   * The ratio of direction j at site x. Unfolded, the place behind a wall is the mirror image of the site itself, so
   * the walk goes there with ratio k(-1)/k(0) = 1, and is folded back onto the site.
   */
  const unfolded = (ratios: Float32Array, start: number, j: number, x: number) =>
    reached[j * size + x] < 0 ? 1 : ratios[start + j * size + x]

  function displaceAll(
    counts: Int32Array,
    lawOf: (start: number) => DisplacementAt,
    step: ReverseStep,
  ): void {
    for (let c = 0; c * size < counts.length; c++)
      displace(counts.subarray(c * size, (c + 1) * size), lawOf(c * 2 * d * size), step.random)
  }

  return {
    hop(counts, ratios, step) {
      const weight = rate * duration('hop', step)
      checkRatios('hop', ratios)
      hops.hop(counts, ratios, { weight, random: step.random })
    },

    leap(counts, ratios, step) {
      const weight = rate * duration('leap', step)
      checkRatios('leap', ratios)
      const lawOf =
        (start: number): DisplacementAt =>
        (x, law) => {
          for (let a = 0; a < d; a++) {
            law.shift[a] = law.fraction[a] = 0
            law.hops[2 * a] = weight * unfolded(ratios, start, 2 * a, x)
            law.hops[2 * a + 1] = weight * unfolded(ratios, start, 2 * a + 1, x)
          }
        }
      displaceAll(counts, lawOf, step)
    },

    bridge(counts, ratios, step) {
      const gone = duration('bridge', step) / step.from
      const { from, to, spread = 0 } = step
      demand(spread >= 0 && spread <= 1, 'bridge', 'spread', 'in [0, 1]', spread)
      checkRatios('bridge', ratios)
      const pull = gone * rate * from
      const variance = 2 * rate * to * gone + spread * gone * gone * 2 * rate * from
      const lawOf =
        (start: number): DisplacementAt =>
        (x, law) => {
          for (let a = 0; a < d; a++) {
            const up = unfolded(ratios, start, 2 * a + 1, x)
            const mean = pull * (up - unfolded(ratios, start, 2 * a, x))
            const whole = Math.floor(mean)
            const fraction = mean - whole
            law.shift[a] = whole
            law.fraction[a] = fraction
            law.hops[2 * a] = law.hops[2 * a + 1] = Math.max(0, (variance - fraction * (1 - fraction)) / 2)
          }
        }
      displaceAll(counts, lawOf, step)
    },
  }
}

/** The duration of a step; throws RangeError for one that does not go back in time. */
export function duration(verb: string, { from, to }: ReverseStep): number {
  demand(from > 0 && from <= 1, verb, 'the time it starts from', 'in (0, 1]', from)
  demand(to >= 0 && to < from, verb, 'the time it goes to', `in [0, ${from})`, to)
  return from - to
}
