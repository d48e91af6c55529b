// The link of units on the way from one image to another: where they come from, and where they go.
import { add, concat, multiply, reshape, slice, type Tensor } from '../../tensor/index.ts'
import type { Link, Shown } from './link.ts'
import { sitesLink } from './sites.ts'

/**
 * Units between two images: two numbers a site, the origin E[n_0 | n_t] and the destination E[n_1 | n_t], each a softmax over
 * the sites as `sitesLink` has it; the loss is the mean of theirs. Where no end is told, `free` writes the expected one.
 */
export function endsLink(
  free: (noisy: Int32Array, time: number, channel: number) => ArrayLike<number>,
  sites: number,
): Link {
  const part = (x: Tensor, k: number): Tensor => {
    const [n, two, h, w] = x.shape
    return reshape(slice(reshape(x, [n * (two / 2), 2, h, w]), 1, k, k + 1), [n, two / 2, h, w])
  }
  return {
    width: 2,
    local: false,
    target(clean, { noisy, time, end }, out) {
      for (let c = 0; c * sites < clean.length; c++) {
        const own = (image: Int32Array) => image.subarray(c * sites, (c + 1) * sites)
        out.set(own(clean), 2 * c * sites)
        out.set(end ? own(end) : free(own(noisy), time, c), (2 * c + 1) * sites)
      }
    },
    origin(output, shown: Shown) {
      const [n, two, h, w] = output.shape
      const rows = [0, 1].map(k =>
        reshape(sitesLink.origin(part(output, k), shown), [n * (two / 2), 1, h, w]),
      )
      return reshape(concat(rows, 1), [n, two, h, w])
    },
    loss(output, shown, { target, weights }) {
      const [a, b] = [0, 1].map(k =>
        sitesLink.loss(part(output, k), shown, { target: part(target, k), weights }),
      )
      return multiply(add(a, b), 0.5)
    },
  }
}
