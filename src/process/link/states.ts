// The link of a finite chain: a softmax over the states at every site.
import { demandGiven } from '../../base/given.ts'
import {
  clip,
  divide,
  exp,
  log,
  multiply,
  reduceSum,
  reshape,
  sizeOf,
  subtract,
  type Tensor,
} from '../../tensor/index.ts'
import type { Link } from './link.ts'
import { SURE, summed } from './terms.ts'

/** One of the S states at every site: a softmax over them, and their cross-entropy in nats per site. */
export function statesLink(options: { readonly states: number; readonly sites: number }): Link {
  demandGiven('link the states', { options }, { options: { states: 'number', sites: 'number' } })
  const { states, sites } = options
  const rows = (x: Tensor): Tensor => {
    const [n, wide, ...lengths] = x.shape
    return reshape(x, [n * (wide / states), states, ...lengths])
  }
  return {
    width: states,
    local: true,
    target(clean, _, out) {
      out.fill(0)
      for (let x = 0; x < clean.length; x++)
        out[(Math.floor(x / sites) * states + clean[x]) * sites + (x % sites)] = 1
    },
    origin(output) {
      const weight = exp(clip(rows(output), -SURE, SURE))
      return reshape(divide(weight, reduceSum(weight, [1])), output.shape)
    },
    loss(output, _, { target, weights }) {
      const [n, wide, ...lengths] = output.shape
      const logits = clip(rows(output), -SURE, SURE)
      const each = subtract(log(reduceSum(exp(logits), [1])), reduceSum(multiply(rows(target), logits), [1]))
      const shaped = reshape(each, [n, wide / states, ...lengths])
      return summed(multiply(multiply(shaped, weights), states / (wide * sizeOf(lengths))))
    },
  }
}
