// The link of units that walk: a softmax over the sites of each channel.
import {
  add,
  clip,
  divide,
  exp,
  log,
  logSoftmax,
  multiply,
  reduceSum,
  reshape,
  siteAxes,
  sizeOf,
  subtract,
  type Tensor,
} from '../../tensor/index.ts'
import type { Link } from './link.ts'
import { entropy, summed } from './terms.ts'

/**
 * Units that walk: D = M softmax(logits) over the sites of a channel, logits = output + log(1 + n_t), M the mass of the
 * channel. The loss is the cross-entropy of n_0 / M less its entropy, in nats per unit, for each channel with units.
 */
export const sitesLink: Link = {
  width: 1,
  local: false,
  origin(output, { counts }) {
    const [n, c, ...lengths] = output.shape
    const mass = reduceSum(counts, siteAxes(counts))
    return multiply(reshape(exp(logLaw(output, counts)), [n, c, ...lengths]), mass)
  },
  loss(output, { counts }, { target, weights }) {
    const [n, c, ...lengths] = output.shape
    const mass = clip(reduceSum(target, siteAxes(target)), 1, 1e30)
    const law = divide(target, mass)
    const cross = subtract(entropy(law), multiply(law, reshape(logLaw(output, counts), [n, c, ...lengths])))
    const each = reduceSum(cross, siteAxes(cross))
    const weight = multiply(reduceSum(weights, siteAxes(weights)), 1 / (c * sizeOf(lengths)))
    return summed(multiply(each, weight))
  },
}

/** log softmax over the sites, [N·C, sites]. */
function logLaw(output: Tensor, counts: Tensor): Tensor {
  const [n, c, ...lengths] = output.shape
  return logSoftmax(reshape(add(output, log(add(counts, 1))), [n * c, sizeOf(lengths)]))
}
