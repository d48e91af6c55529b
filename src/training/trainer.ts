/**
 * The training loop: state in, state out.
 *
 * A state is the four flat vectors of the optimizer and the number of steps done; with the options it says
 * everything about how training goes on.
 */

import { Cancelled, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import type { Program, Value } from '../runtime/runtime.ts'
import type { Feeds } from './batches.ts'
import { mostTerms, rounded } from './exact-sum.ts'
import type { AdamOptions } from './optimizer.ts'
import { stateNames } from './optimizer.ts'
import { alone, pieceSums, type Ranks } from './ranks.ts'

export interface TrainingState {
  /** Steps done. */
  readonly step: number
  readonly parameters: Float32Array
  readonly first: Float32Array
  readonly second: Float32Array
  readonly average: Float32Array
}

export interface RateOptions {
  /** Largest learning rate. */
  readonly rate: number
  /** Steps over which it rises evenly; the first has 1 / warmup of it. */
  readonly warmup: number
  /** All steps of the run; the rate falls as a cosine that would be 0 at the step after the last. */
  readonly steps: number
}

/** The learning rate of step k: linear warm-up, then a cosine down to 0. */
export function learningRate(step: number, { rate, warmup, steps }: RateOptions): number {
  if (step < warmup) return (rate * (step + 1)) / warmup
  return rate * 0.5 * (1 + Math.cos((Math.PI * (step - warmup)) / Math.max(1, steps - warmup)))
}

/** The decay of the moving average at step k: young averages forget faster. */
export const averageDecay = (step: number, decay: number): number => Math.min(decay, (1 + step) / (10 + step))

/** A state before the first step. */
export function newState(parameters: Float32Array): TrainingState {
  demandGiven('begin the training', { parameters }, { parameters: 'list' })
  return {
    step: 0,
    parameters,
    first: new Float32Array(parameters.length),
    second: new Float32Array(parameters.length),
    average: parameters.slice(),
  }
}

export interface Report {
  readonly step: number
  readonly loss: number
  /** Global norm of the gradient before clipping. */
  readonly norm: number
  readonly rate: number
}

/** One step of the whole: how a state and a batch become the next state. */
export type Stepper = (
  state: TrainingState,
  controls: Value,
) => Promise<{ state: TrainingState; loss: number; norm: number }>

/** The stepper of the one-graph step. */
export function wholeStep(program: Program, next: (step: number) => Promise<Feeds>): Stepper {
  return async (state, controls) => {
    const results = await program.run({ ...(await next(state.step)), ...vectors(state), controls })
    return { state: advanced(state, results), loss: results.loss.data[0], norm: results.norm.data[0] }
  }
}

/** The stepper that sums the gradients of `pieces` micro-batches before one update: exactly, whoever computes them. */
export function accumulatedStep(
  programs: { gradients: Program; update: Program; pieces: number },
  next: (piece: number) => Promise<Feeds>,
  ranks: Ranks = alone,
): Stepper {
  demandGiven(
    'build the step',
    { programs, next },
    { programs: { gradients: 'program', update: 'program', pieces: 'number' }, next: 'function' },
  )
  const { gradients, update, pieces } = programs
  const { rank, size } = ranks
  const wanted = `at least the ranks, ${size}, and at most ${mostTerms}`
  demand(pieces >= size && pieces <= mostTerms, 'train', 'the micro-batches of a step', wanted, pieces)
  const own = pieceSums({ gradients, next, pieces, rank, size })
  return async (state, controls) => {
    const { step, parameters } = state
    const sums = rounded(await ranks.sum({ step, parameters }, own))
    const loss = sums[parameters.length] / pieces
    const share = { shape: [], data: Float32Array.of(1 / pieces) }
    const gradient = vector(sums.slice(0, parameters.length))
    const results = await update.run({ ...vectors(state), gradient, share, controls })
    return { state: advanced(state, results), loss, norm: results.norm.data[0] }
  }
}

const vector = (data: Float32Array): Value => ({ shape: [data.length], data })

function vectors(state: TrainingState): Record<string, Value> {
  return Object.fromEntries(stateNames.map(name => [name, vector(state[name])]))
}

function advanced(state: TrainingState, results: Record<string, Value>): TrainingState {
  const [parameters, first, second, average] = stateNames.map(
    name => results[`${name}'`].data as Float32Array,
  )
  return { step: state.step + 1, parameters, first, second, average }
}

export interface TrainOptions extends RateOptions {
  readonly stepper: Stepper
  readonly adam: AdamOptions
  readonly averageDecay: number
  /** The last step as it is foreseen after so many; default `steps`. The rate falls towards it. */
  readonly last?: (step: number) => number
  /** Called after every step; what it does is waited for. */
  readonly after: (state: TrainingState, report: Report) => Promise<void> | void
  readonly signal?: AbortSignal
}

/** Loss or gradient is no longer a number: the state before that step is the last good one. */
export class Diverged extends Error {
  override name = 'Diverged'
}

/**
 * Trains from a state to the last step and returns the final state.
 *
 * @throws Diverged where the loss or the gradient stops being finite; Cancelled when the signal says so.
 */
export async function train(from: TrainingState, options: TrainOptions): Promise<TrainingState> {
  demandGiven(
    'train',
    { from, options },
    { from: { step: 'number', parameters: 'list' }, options: { steps: 'number' } },
  )
  const { stepper, adam, signal, after, last = () => options.steps } = options
  let state = from
  for (let steps = last(state.step); state.step < steps; steps = last(state.step)) {
    if (signal?.aborted) throw new Cancelled(`Stopped after step ${state.step}`)
    const { step } = state
    const rate = learningRate(step, { ...options, steps })
    const fix = (beta: number) => 1 / (1 - beta ** (step + 1))
    const data = Float32Array.of(
      rate,
      fix(adam.beta1),
      fix(adam.beta2),
      1 - averageDecay(step, options.averageDecay),
    )
    const result = await stepper(state, { shape: [4], data })
    if (!Number.isFinite(result.loss) || !Number.isFinite(result.norm)) {
      throw new Diverged(
        `Cannot go on training: the loss and gradient at step ${step} must be finite, got ${result.loss} and ${result.norm}`,
      )
    }
    state = result.state
    await after(state, { step: state.step, loss: result.loss, norm: result.norm, rate })
  }
  return state
}
