// The link of units that die among newcomers: who has survived, and how many are dead.
import {
  add,
  concat,
  divide,
  multiply,
  reshape,
  sigmoid,
  sizeOf,
  slice,
  softplus,
  subtract,
  type Tensor,
} from '../../tensor/index.ts'
import type { Link, Shown } from './link.ts'
import { entropy, gone, poisson, summed } from './terms.ts'

/**
 * Units that die among newcomers: two numbers a site, the origin n_0 and of the units now there the survivors K. The network
 * tells the share of survivors and the dead n_0 - K, as `deadLink` does.
 */
export function survivorsLink(options: { rate: number; middling: number; survivors: Survivors }): Link {
  const { rate, middling, survivors } = options
  const split = (x: Tensor): [Tensor, Tensor] => {
    const [n, two, ...lengths] = x.shape
    const pairs = reshape(x, [n * (two / 2), 2, ...lengths])
    const part = (k: number) => reshape(slice(pairs, 1, k, k + 1), [n, two / 2, ...lengths])
    return [part(0), part(1)]
  }
  const dead = (output: Tensor, shown: Shown) =>
    multiply(softplus(output), multiply(gone(shown, rate), middling))
  return {
    width: 2,
    local: true,
    target(clean, { noisy, time }, out) {
      const [sites, channels] = [survivors.sites, clean.length / survivors.sites]
      const among = survivors.among(time)
      for (let c = 0; c < channels; c++)
        for (let i = 0, x = c * sites; i < sites; i++, x++) {
          out[2 * c * sites + i] = clean[x]
          out[(2 * c + 1) * sites + i] = among(x)(clean[x], noisy[x])
        }
    },
    origin(output, shown) {
      const [n, two, ...lengths] = output.shape
      const [first, second] = split(output)
      const kept = multiply(shown.counts, sigmoid(second))
      const c = two / 2
      const rows = [add(kept, dead(first, shown)), kept].map(x => reshape(x, [n * c, 1, ...lengths]))
      return reshape(concat(rows, 1), [n, two, ...lengths])
    },
    loss(output, shown, { target, weights }) {
      const [, two, ...lengths] = output.shape
      const [first, second] = split(output)
      const [origin, kept] = split(target)
      const unit = multiply(gone(shown, rate), middling)
      const births = divide(poisson(dead(first, shown), subtract(origin, kept)), unit)
      // -K log p - (n - K) log(1 - p), p the share of survivors, less what it is at p = K / n.
      const cross = subtract(multiply(shown.counts, softplus(second)), multiply(kept, second))
      const least = subtract(entropy(shown.counts), add(entropy(kept), entropy(subtract(shown.counts, kept))))
      const shares = multiply(subtract(cross, least), 1 / middling)
      return summed(multiply(multiply(add(births, shares), weights), 2 / (two * sizeOf(lengths))))
    },
  }
}

/** What is known of survivors among newcomers: their mean at site x [C, sites] given n_0 and n_t, and how many sites a channel has. */
export interface Survivors {
  readonly sites: number
  among(time: number): (x: number) => (origin: number, n: number) => number
}
