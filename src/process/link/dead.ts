// The link of units that die: how many of each site are dead.
import { add, divide, multiply, sizeOf, softplus, subtract, type Tensor } from '../../tensor/index.ts'
import type { Link, Shown } from './link.ts'
import { gone, poisson, summed } from './terms.ts'

/**
 * Units that die at `rate`: D = n_t + ŷ, ŷ = softplus(output) in units of the dead that a middling count leaves (Blackout's
 * own output, scaled so that it is of the order of one at every time). The loss is ŷ - y log ŷ, y = n_0 - n_t, with its
 * constants, over the same unit.
 */
export function deadLink({ rate, ceiling }: { rate: number; ceiling: number }): Link {
  const middling = Math.max(0.5, ceiling / 8)
  const dead = (output: Tensor, shown: Shown) =>
    multiply(softplus(output), multiply(gone(shown, rate), middling))
  return {
    width: 1,
    local: true,
    origin: (output, shown) => add(shown.counts, dead(output, shown)),
    loss(output, shown, { target, weights }) {
      const [, c, ...lengths] = output.shape
      const y = subtract(target, shown.counts)
      const each = divide(poisson(dead(output, shown), y), multiply(gone(shown, rate), middling))
      return summed(multiply(multiply(each, weights), 1 / (c * sizeOf(lengths))))
    },
  }
}
