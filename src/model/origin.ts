/** A model as an origin function: what samplers ask of a network. */

import { cannot } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { process, type Rebuild } from '../process/index.ts'
import type { Program, Value } from '../runtime/runtime.ts'
import type { OriginFunction } from '../sampling/solver.ts'
import { sizeOf } from '../tensor/index.ts'
import { type Condition, demandTaken, type TileInputs } from './conditions.ts'
import type { ModelDescription } from './description.ts'
import { toldFeeds } from './told.ts'

export interface OriginOptions {
  /** What the network is told of each image; nothing: no class, and nothing else. */
  readonly conditions?: readonly Condition[]
  /** The rate of the process that is sampled, where it is not the model's: its times are scaled to the model's. */
  readonly rate?: number
  /** Builds the model's process; a function of your own for processes of your own. */
  readonly rebuild?: Rebuild
}

/**
 * The expected clean state [tile, C, K, ...sites] of counts [tile, C, ...sites] at times [tile]. The network always sees
 * whole tiles, so what it tells of an image does not depend on how many others are asked for. Throws RangeError for a
 * condition that the model does not take.
 */
export function originFunction(
  program: Program,
  description: ModelDescription,
  options: OriginOptions = {},
): OriginFunction {
  demandGiven(
    'ask the network',
    { program, description, options },
    {
      program: 'program',
      description: {
        tile: 'number',
        task: { shape: 'list', periodic: 'list', times: 'list', scale: 'number', classes: 'number' },
      },
      options: 'object',
    },
  )
  const { conditions = [], rate, rebuild = process } = options
  const { tile, task } = description
  demandTaken(task, conditions)
  const size = sizeOf(task.shape)
  const told = toldFeeds(task, tile)
  const inputs: TileInputs = { label: new Int32Array(tile), told }
  const counts = new Float32Array(tile * size)
  const time = new Float32Array(tile)
  const clock = rate === undefined ? 1 : rate / rebuild(description.process).rate
  const feeds: Record<string, Value> = {
    counts: { shape: [tile, ...task.shape], data: counts },
    time: { shape: [tile], data: time },
    ...(task.classes > 0 || task.parts ? { label: { shape: [tile], data: inputs.label } } : {}),
    ...told,
  }
  const origin: OriginFunction = async (state, times, first = 0) => {
    if (state.length !== tile * size || times.length !== tile) {
      throw new RangeError(
        cannot('ask for origins', 'the tile', `${tile} images of ${task.shape.join('×')}`, times.length),
      )
    }
    counts.set(state)
    inputs.label.fill(task.classes)
    for (const { data } of Object.values(told)) data.fill(0)
    for (let slot = 0; slot < tile; slot++) {
      time[slot] = clock * times[slot]
      for (const condition of conditions) condition.tell?.(inputs, { slot, image: first + slot })
    }
    return (await program.run(feeds)).origin.data as Float32Array
  }
  return conditioned(origin, conditions)
}

/** The origin with all that is told put into it. */
export const conditioned = (origin: OriginFunction, conditions: readonly Condition[]): OriginFunction =>
  conditions.reduce<OriginFunction>((of, condition) => condition.around?.(of) ?? of, origin)
