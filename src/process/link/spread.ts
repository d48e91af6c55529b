// The link of units on a complete graph: what the state says of its origin by itself is put in exactly.
import {
  add,
  clip,
  exp,
  log,
  multiply,
  reduceMean,
  reshape,
  siteAxes,
  subtract,
  type Tensor,
} from '../../tensor/index.ts'
import type { Link, Shown } from './link.ts'
import { sitesLink } from './sites.ts'

/** Of a chance in single precision. */
const LEAST = 1e-7

/** The output less log(1 + n_t), which `sitesLink` adds. */
const untold = (output: Tensor, { counts }: Pick<Shown, 'counts'>): Tensor =>
  subtract(output, log(add(counts, 1)))

/**
 * D = M softmax(output + log K_t n_t): the network tells what it knows beside the state of these units, and the kernel K_t what
 * their state says. Of one unit, whose origin is independent of its state but for the walk, this is Bayes' rule:
 * the output is log P(x | all the rest). Loss: that of `sitesLink`.
 *
 * A `lone` unit is one whose state the network is not shown. The output is then the same whatever that state is, and so may the loss
 * be told as if nothing were known of it, as at the limit, where K_t is even: the cross-entropy of softmax(output). Its minimiser is
 * log P(x | all the rest) as before, and it learns at times as well at which the state gives its origin away.
 */
export function spreadLink({
  nodes,
  rate,
  lone = false,
}: {
  nodes: number
  rate: number
  lone?: boolean
}): Link {
  const told = (output: Tensor, { counts, time }: Shown): Tensor => {
    const axes = siteAxes(counts)
    const stayed = exp(
      multiply(reshape(time, [time.shape[0], ...counts.shape.slice(1).map(() => 1)]), -nodes * rate),
    )
    const gone = clip(subtract(1, stayed), LEAST, 1)
    const spread = add(multiply(counts, stayed), multiply(reduceMean(counts, axes), gone))
    return untold(add(output, log(clip(spread, 1e-12, 1e30))), { counts })
  }
  return {
    width: 1,
    local: false,
    origin: (output, shown) => sitesLink.origin(told(output, shown), shown),
    loss: (output, shown, wanted) =>
      sitesLink.loss(lone ? untold(output, shown) : told(output, shown), shown, wanted),
  }
}
