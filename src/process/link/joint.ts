// The link of two processes together: each part has its own.
import {
  add,
  concat,
  constant,
  exp,
  log,
  multiply,
  reshape,
  sizeOf,
  slice,
  type Tensor,
} from '../../tensor/index.ts'
import type { JumpProcess } from '../process.ts'
import type { Link, Shown } from './link.ts'

type Part = Pick<JumpProcess, 'link' | 'shape' | 'sites' | 'channels'>

/** Rows of numbers that belong to a part, from the whole [N, K, 1, all], as [N, C·K, ...sites]. */
function cut(x: Tensor, shape: readonly number[], from: number): Tensor {
  const [n] = x.shape
  const row = reshape(x, [n, sizeOf(x.shape) / n])
  return reshape(slice(row, 1, from, from + sizeOf(shape)), [n, ...shape])
}

/**
 * Outputs, origins and targets lie one behind the other, the first part's and then the second's, and zeros where a part needs fewer
 * numbers a site. The time of the second is t^bend. The loss is the sum of the two, each a mean over its own sites: of the order of one for both.
 */
export function jointLink(parts: readonly [Part, Part], width: number, bend = 1): Link {
  const all = parts.reduce((sum, { sites, channels }) => sum + sites * channels, 0)
  const views = (output: Tensor, { counts, time }: Shown) => {
    let [site, number] = [0, 0]
    const later = bend === 1 ? time : exp(multiply(log(time), bend))
    return parts.map(({ link, shape, sites, channels }, k) => {
      const [, ...lengths] = shape.length === 2 ? [shape[0], 1, shape[1]] : shape
      const wide = [channels * link.width, ...lengths]
      const at = { site, number }
      site += sites * channels
      number += sites * channels * link.width
      return {
        ...{ link, wide, lengths, at },
        output: cut(output, wide, at.number),
        shown: { counts: cut(counts, [channels, ...lengths], at.site), time: k === 0 ? time : later },
      }
    })
  }
  return {
    width,
    local: false,
    target(clean, { noisy, time: t, end }, out) {
      let [site, number] = [0, 0]
      for (const [k, { link, sites, channels }] of parts.entries()) {
        const time = k === 0 ? t : t ** bend
        const size = sites * channels
        const own = (array: Int32Array) => array.subarray(site, site + size)
        const to = out.subarray(number, number + size * link.width)
        if (link.target)
          link.target(own(clean), { noisy: own(noisy), time, ...(end && { end: own(end) }) }, to)
        else to.set(own(clean))
        site += size
        number += size * link.width
      }
      out.fill(0, number)
    },
    origin(output, shown) {
      const [n] = output.shape
      const rows = views(output, shown).map(({ link, output: own, shown: seen, wide }) =>
        reshape(link.origin(own, seen), [n, sizeOf(wide)]),
      )
      const used = rows.reduce((sum, { shape }) => sum + shape[1], 0)
      const rest = width * all - used
      if (rest > 0) rows.push(constant(new Float32Array(n * rest), [n, rest]))
      return reshape(concat(rows, 1), output.shape)
    },
    loss(output, shown, { target, weights }) {
      const [a, b] = views(output, shown).map(({ link, output: own, shown: seen, wide, lengths, at }) =>
        link.loss(own, seen, {
          target: cut(target, wide, at.number),
          weights: cut(weights, [1, ...lengths], at.site),
        }),
      )
      return add(a, b)
    },
  }
}
