/**
 * The training step as one graph: forward, loss, gradients, clipping, Adam and the moving average.
 *
 * For micro-batches the same pieces print as two graphs: gradients of one micro-batch, and the update from
 * their sum.
 */

import { type Layout, type Parameters, sliced } from '../network/parameters.ts'
import { gradient, input, multiply, type Tensor } from '../tensor/index.ts'
import { type LossName, lossOf } from './loss.ts'
import { type AdamOptions, adam, flatten, stateInputs, stateNames } from './optimizer.ts'

/** What is minimised: from parameters to the loss of one batch, a scalar. */
export type Objective = (parameters: Parameters) => Tensor

export interface StepOptions {
  readonly layout: Layout
  readonly adam: AdamOptions
}

/** The objective of a network that gives log-ratios [N, C·J, H, W]; its batch is fed as `capacity`, `target` and `weights`. */
export function rateObjective(network: (parameters: Parameters) => Tensor, loss: LossName): Objective {
  return parameters => {
    const logRatio = network(parameters)
    const { shape } = logRatio
    const batch = {
      capacity: input('capacity', shape),
      target: input('target', shape),
      weights: input('weights', [shape[0]]),
    }
    return lossOf(loss, logRatio, batch)
  }
}

function lossAndGradient(
  flat: Tensor,
  objective: Objective,
  layout: Layout,
): { loss: Tensor; flatGradient: Tensor } {
  const { parameters, taken } = sliced(layout, flat)
  const loss = objective(parameters)
  return { loss, flatGradient: flatten(gradient(loss, taken)) }
}

/** Outputs of the whole step: the next state by name with a trailing `'`, the loss and the gradient's norm. */
export function trainingStep(
  objective: Objective,
  { layout, adam: adamOptions }: StepOptions,
): Record<string, Tensor> {
  const state = stateInputs(layout.size)
  const { loss, flatGradient } = lossAndGradient(state.parameters, objective, layout)
  const { next, norm } = adam(state, flatGradient, adamOptions)
  return { ...primed(next), loss, norm }
}

/** Outputs `gradient` [size] and `loss` of one micro-batch. */
export function gradientStep(objective: Objective, { layout }: StepOptions): Record<string, Tensor> {
  const { loss, flatGradient } = lossAndGradient(input('parameters', [layout.size]), objective, layout)
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
