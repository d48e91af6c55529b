// What the losses of the links are made of.
import {
  add,
  clip,
  exp,
  log,
  multiply,
  reduceSum,
  reshape,
  sizeOf,
  subtract,
  type Tensor,
} from '../../tensor/index.ts'
import type { Shown } from './link.ts'

/** Logits are kept within this: beyond, a site is sure to 1 in 10^8. */
export const SURE = 18

/** The sum of all elements, a scalar. */
export const summed = (x: Tensor): Tensor => reshape(reduceSum(reshape(x, [sizeOf(x.shape)]), [0]), [])

/** q log q, 0 at q = 0. */
export const entropy = (q: Tensor): Tensor => multiply(q, log(clip(q, 1e-30, 1e30)))

/** 1 - e^-tau, [N, 1, 1, 1]: the chance that a unit has died; what single precision leaves of it, but never 0. */
export function gone({ time }: Shown, rate: number): Tensor {
  const [n] = time.shape
  return clip(subtract(1, exp(multiply(reshape(time, [n, 1, 1, 1]), -rate))), 1e-7, 1)
}

/** ŷ - y - y log(ŷ / y), the Bregman divergence of a Poisson mean: 0 where ŷ = y. */
export function poisson(expected: Tensor, y: Tensor): Tensor {
  const tiny = 1e-30
  return subtract(add(subtract(expected, y), entropy(y)), multiply(y, log(clip(expected, tiny, 1e30))))
}
