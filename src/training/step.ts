/**
 * The training step as one graph: forward, loss, gradients, clipping, Adam and the moving average.
 *
 * For micro-batches the same pieces print as two graphs: gradients of one micro-batch, and the update from
 * their sum.
 */

import { demandGiven } from '../base/given.ts'
import type { Answer } from '../model/file.ts'
import { type Layout, layoutKinds, type Parameters, sliced } from '../network/parameters.ts'
import type { Link } from '../process/index.ts'
import { add, gradient, input, multiply, type Tensor } from '../tensor/index.ts'
import { type AdamOptions, adam, flatten, stateInputs, stateNames } from './optimizer.ts'
import { populationDistance } from './population.ts'

/** What is minimised: from parameters to the loss of one batch, a scalar. */
export type Objective = (parameters: Parameters) => Tensor

export interface StepOptions {
  readonly layout: Layout
  readonly adam: AdamOptions
}

/**
 * The objective of a network whose outputs a link reads; its batch is fed as `target` and `weights` beside its inputs.
 * @param population weight of `populationDistance` between origins and targets beside the loss; 0: none
 */
export function originObjective(
  network: (parameters: Parameters) => Answer,
  link: Link,
  population = 0,
): Objective {
  return parameters => {
    const { output, shown } = network(parameters)
    const [n, , ...lengths] = output.shape
    const wanted = { target: input('target', output.shape), weights: input('weights', [n, 1, ...lengths]) }
    const loss = link.loss(output, shown, wanted)
    if (population === 0) return loss
    const distance = populationDistance(link.origin(output, shown), wanted.target)
    return add(loss, multiply(distance, population))
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
export function trainingStep(objective: Objective, options: StepOptions): Record<string, Tensor> {
  demandGiven(
    'build the step',
    { objective, options },
    { objective: 'function', options: { layout: layoutKinds, adam: 'object' } },
  )
  const { layout, adam: adamOptions } = options
  const state = stateInputs(layout.size)
  const { loss, flatGradient } = lossAndGradient(state.parameters, objective, layout)
  const { next, norm } = adam(state, flatGradient, adamOptions)
  return { ...primed(next), loss, norm }
}

/** Outputs `gradient` [size] and `loss` of one micro-batch. */
export function gradientStep(objective: Objective, options: StepOptions): Record<string, Tensor> {
  demandGiven(
    'build the step',
    { objective, options },
    { objective: 'function', options: { layout: layoutKinds } },
  )
  const { layout } = options
  const { loss, flatGradient } = lossAndGradient(input('parameters', [layout.size]), objective, layout)
  return { gradient: flatGradient, loss }
}

/** Output `loss` alone, of one batch. */
export function lossStep(objective: Objective, layout: Layout): Record<string, Tensor> {
  demandGiven('build the step', { objective, layout }, { objective: 'function', layout: layoutKinds })
  return { loss: objective(sliced(layout, input('parameters', [layout.size])).parameters) }
}

/** The update from a sum of gradients; the input `share` is 1 / number of micro-batches. */
export function updateStep(options: StepOptions): Record<string, Tensor> {
  demandGiven('build the step', { options }, { options: { layout: layoutKinds, adam: 'object' } })
  const { layout, adam: adamOptions } = options
  const mean = multiply(input('gradient', [layout.size]), input('share', []))
  const { next, norm } = adam(stateInputs(layout.size), mean, adamOptions)
  return { ...primed(next), norm }
}

function primed(next: ReturnType<typeof adam>['next']): Record<string, Tensor> {
  return Object.fromEntries(stateNames.map(name => [`${name}'`, next[name]]))
}
