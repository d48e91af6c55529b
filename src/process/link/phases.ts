// The link of labels: a softmax over the phases at every site.
import { add, clip, divide, exp, log, multiply, reduceSum, sizeOf, subtract } from '../../tensor/index.ts'
import type { Link } from './link.ts'
import { SURE, summed } from './terms.ts'

/**
 * At most one unit at a site: the channels are the phases that units are, and one phase more is what is left. The origin is
 * the softmax over these at every site, the last with the logit 0; the loss their cross-entropy, in nats per site.
 */
export const phasesLink: Link = {
  width: 1,
  local: true,
  origin: output => {
    const weight = exp(clip(output, -SURE, SURE))
    return divide(weight, add(reduceSum(weight, [1]), 1))
  },
  loss(output, _, { target, weights }) {
    const [, , ...lengths] = output.shape
    const logits = clip(output, -SURE, SURE)
    const normal = log(add(reduceSum(exp(logits), [1]), 1))
    const each = subtract(normal, reduceSum(multiply(target, logits), [1]))
    return summed(multiply(multiply(each, weights), 1 / sizeOf(lengths)))
  },
}
