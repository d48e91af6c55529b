/** Self-attention over the sites of an image. */
import { demand } from '../base/errors.ts'
import {
  add,
  matmul,
  multiply,
  reshape,
  sizeOf,
  slice,
  softmax,
  type Tensor,
  transpose,
} from '../tensor/index.ts'
import { conv, inside, norm, type Place } from './layers.ts'

/** Scaled dot-product attention with `heads` heads over the sites, added to the input; C is a multiple of the heads. */
export function attention(place: Place, x: Tensor, { heads = 2 }: { heads?: number } = {}): Tensor {
  const [n, c, ...lengths] = x.shape
  const wanted = `a multiple of the ${heads} heads`
  demand(c % heads === 0, 'build the network', 'the channels of a level with attention', wanted, c)
  const [sites, depth] = [sizeOf(lengths), c / heads]
  const normed = norm(inside(place, 'norm'), x)
  const all = reshape(conv(inside(place, 'qkv'), normed, { out: 3 * c, side: 1 }), [
    n,
    3 * heads,
    depth,
    sites,
  ])
  const [q, k, v] = [0, 1, 2].map(i => slice(all, 1, i * heads, (i + 1) * heads))
  const weights = softmax(multiply(matmul(transpose(q, [0, 1, 3, 2]), k), 1 / Math.sqrt(depth)))
  const mixed = reshape(matmul(v, transpose(weights, [0, 1, 3, 2])), x.shape)
  return multiply(add(x, conv(inside(place, 'out'), mixed, { out: c, side: 1, gain: 0.1 })), Math.SQRT1_2)
}
