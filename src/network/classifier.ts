/**
 * A small classifier of images, whose last hidden layer serves as features for the Fréchet distance.
 *
 * Three pairs of 3×3 convolutions with SiLU, halved in between, a mean over the sites, one hidden layer.
 */

import { demandGiven } from '../base/given.ts'
import { coarsen, multiply, reduceMean, reshape, silu, type Tensor } from '../tensor/index.ts'
import { tensorKinds } from '../tensor/tensor.ts'
import { conv, inside, linear, norm, type Place } from './layers.ts'
import type { Parameters } from './parameters.ts'

export interface ClassifierOptions {
  /** [C, H, W], sides divisible by 4. */
  readonly shape: readonly [number, number, number]
  readonly classes: number
  /** Channels of the three levels. */
  readonly channels: readonly [number, number, number]
  /** Length of the feature vector. */
  readonly features: number
  /** Counts are divided by this. */
  readonly scale: number
}

/** Features [N, features] and logits [N, classes] of counts [N, C, H, W]. */
export function classifier(
  parameters: Parameters,
  counts: Tensor,
  options: ClassifierOptions,
): { features: Tensor; logits: Tensor } {
  demandGiven(
    'build the classifier',
    { parameters, counts, options },
    {
      parameters: { get: 'function' },
      counts: tensorKinds,
      options: { shape: 'list', channels: 'list', features: 'number', scale: 'number', classes: 'number' },
    },
  )
  const place: Place = { parameters, name: 'classifier', periodic: [false, false] }
  let x = multiply(counts, 1 / options.scale)
  options.channels.forEach((out, level) => {
    if (level > 0) x = coarsen(x, [2, 2])
    for (const half of ['a', 'b']) {
      const at = inside(place, `${level}${half}`)
      x = silu(norm(at, conv(at, x, { out })))
    }
  })
  const pooled = reshape(reduceMean(x, [2, 3]), [x.shape[0], x.shape[1]])
  const features = silu(linear(inside(place, 'hidden'), pooled, { out: options.features }))
  return { features, logits: linear(inside(place, 'out'), features, { out: options.classes }) }
}
