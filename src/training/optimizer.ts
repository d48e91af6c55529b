/** Adam with clipping by the global norm and an exponential moving average, on flat vectors. */
import {
  add,
  clip,
  concat,
  divide,
  input,
  multiply,
  reshape,
  sizeOf,
  slice,
  sqrt,
  subtract,
  type Tensor,
  total,
} from '../tensor/index.ts'

/** The flat vectors that a training step takes in and gives back. */
export interface State {
  readonly parameters: Tensor
  readonly first: Tensor
  readonly second: Tensor
  readonly average: Tensor
}

export const stateNames = ['parameters', 'first', 'second', 'average'] as const

/** Inputs of the state, each [size]. */
export function stateInputs(size: number): State {
  const [parameters, first, second, average] = stateNames.map(name => input(name, [size]))
  return { parameters, first, second, average }
}

export interface AdamOptions {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /** Largest global norm of the gradient; larger ones are scaled down to it. */
  readonly clip: number
}

export const adamDefaults: AdamOptions = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, clip: 1 }

/** Gradients as one vector in the layout's order. */
export function flatten(gradients: readonly Tensor[]): Tensor {
  return concat(
    gradients.map(g => reshape(g, [sizeOf(g.shape)])),
    0,
  )
}

/**
 * One step of Adam (Kingma & Ba 2015, algorithm 1). `controls` [4] are fed at every step: learning rate,
 * 1/(1 − β1^k), 1/(1 − β2^k), and the weight 1 − d of the new parameters in their average.
 */
export function adam(state: State, gradient: Tensor, options: AdamOptions): { next: State; norm: Tensor } {
  const controls = input('controls', [4])
  const [rate, fix1, fix2, fresh] = [0, 1, 2, 3].map(i => reshape(slice(controls, 0, i, i + 1), []))
  const norm = sqrt(total(multiply(gradient, gradient)))
  const scaled = multiply(gradient, divide(options.clip, clip(norm, options.clip, 1e30)))
  const toward = (old: Tensor, now: Tensor, beta: number) => add(multiply(old, beta), multiply(now, 1 - beta))
  const first = toward(state.first, scaled, options.beta1)
  const second = toward(state.second, multiply(scaled, scaled), options.beta2)
  const step = divide(
    multiply(first, multiply(rate, fix1)),
    add(sqrt(multiply(second, fix2)), options.epsilon),
  )
  const parameters = subtract(state.parameters, step)
  const average = add(state.average, multiply(subtract(parameters, state.average), fresh))
  return { next: { parameters, first, second, average }, norm }
}
