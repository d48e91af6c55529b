/**
 * The training step as one graph: forward, loss, gradients, clipping, Adam and the moving average.
 *
 * For micro-batches the same pieces print as two graphs: gradients of one micro-batch, and the update from
 * their sum.
 */
import { gradient, input, multiply, type Tensor } from '../graph/index.ts'
import { type Layout, type Parameters, sliced } from '../network/parameters.ts'
import { type Batch, type LossName, lossOf } from './loss.ts'
import { adam, type AdamOptions, flatten, stateInputs, stateNames } from './optimizer.ts'

/** A network as the step sees it: from parameters to the log-ratios [N, C·J, H, W] of one batch. */
export type Network = (parameters: Parameters) => Tensor

export interface StepOptions {
  readonly layout: Layout
  readonly loss: LossName
  readonly adam: AdamOptions
}

/** Inputs `capacity`, `target` (shape of the log-ratios) and `weights` [N]. */
function batchInputs(shape: readonly number[]): Batch {
  return { capacity: input('capacity', shape), target: input('target', shape), weights: input('weights', [shape[0]]) }
}

function lossAndGradient(flat: Tensor, network: Network, { layout, loss }: StepOptions): { loss: Tensor; flatGradient: Tensor } {
  const { parameters, taken } = sliced(layout, flat)
  const logRatio = network(parameters)
  const value = lossOf(loss, logRatio, batchInputs(logRatio.shape))
  return { loss: value, flatGradient: flatten(gradient(value, taken)) }
}

/** Outputs of the whole step: the next state by name with a trailing `'`, the loss and the gradient's norm. */
export function trainingStep(network: Network, options: StepOptions): Record<string, Tensor> {
  const state = stateInputs(options.layout.size)
  const { loss, flatGradient } = lossAndGradient(state.parameters, network, options)
  const { next, norm } = adam(state, flatGradient, options.adam)
  return { ...primed(next), loss, norm }
}

/** Outputs `gradient` [size] and `loss` of one micro-batch. */
export function gradientStep(network: Network, options: StepOptions): Record<string, Tensor> {
  const { loss, flatGradient } = lossAndGradient(input('parameters', [options.layout.size]), network, options)
  return { gradient: flatGradient, loss }
}

/** The update from a sum of gradients; the input `share` is 1 / number of micro-batches. */
export function updateStep({ layout, adam: adamOptions }: StepOptions): Record<string, Tensor> {
  const mean = multiply(input('gradient', [layout.size]), input('share', []))
  const { next, norm } = adam(stateInputs(layout.size), mean, adamOptions)
  return { ...primed(next), norm }
}

function primed(next: ReturnType<typeof adam>['next']): Record<string, Tensor> {
  return Object.fromEntries(stateNames.map(name => [`${name}'`, next[name]]))
}
