/**
 * Losses between the network's log-ratios and the sampled reverse rates, both per image.
 *
 * Arrays [N, C·J, H, W]: `capacity` is how many units may make each jump, `target` the sampled sum over
 * those units of the reverse rate divided by the forward rate; `weights` [N] holds the time weight divided
 * by the image's mass, 0 for images that only fill up a batch. The result is the mean over the batch.
 */
import {
  abs,
  add,
  clip,
  divide,
  exp,
  log,
  multiply,
  reshape,
  subtract,
  type Tensor,
  total,
} from '../tensor/index.ts'

export interface Batch {
  readonly capacity: Tensor
  readonly target: Tensor
  readonly weights: Tensor
}

/** Plain name of a loss, as kept in the model file. */
export type LossName = 'likelihood' | 'l1'

/** A loss per jump, summed over the image by `lossOf`. */
type Divergence = (logRatio: Tensor, batch: Batch) => Tensor

/**
 * λ̂ − R log λ̂, the path likelihood of a jump process (DSD, the process likelihood), as the divergence
 * λ̂ − R − R log(λ̂/R) ≥ 0, which differs by a constant of the data; its minimiser is E[R | n_t].
 */
const likelihood: Divergence = (logRatio, { capacity, target }) => {
  const rate = multiply(capacity, exp(logRatio))
  const tiny = 1e-30
  const constants = multiply(
    target,
    subtract(log(divide(clip(target, tiny, 1e30), clip(capacity, tiny, 1e30))), 1),
  )
  return add(subtract(rate, multiply(target, logRatio)), constants)
}

/** |λ̂ − R| (DSD, rate matching): its minimiser is a median, not the mean; kept for the paper's ablation. */
const l1: Divergence = (logRatio, { capacity, target }) =>
  abs(subtract(multiply(capacity, exp(logRatio)), target))

export const losses: Readonly<Record<LossName, Divergence>> = { likelihood, l1 }

/** The batch's mean loss: a scalar. */
export function lossOf(name: LossName, logRatio: Tensor, batch: Batch): Tensor {
  const [n] = logRatio.shape
  const each = losses[name](logRatio, batch)
  return multiply(total(multiply(each, reshape(batch.weights, [n, 1, 1, 1]))), 1 / n)
}
