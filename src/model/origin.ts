/** A model as an origin function: what samplers ask of a network. */

import { cannot, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { normals } from '../base/normal.ts'
import { random } from '../base/random.ts'
import { noiseShape, type Task } from '../network/unet.ts'
import { process, type Rebuild } from '../process/index.ts'
import type { Program, Value } from '../runtime/runtime.ts'
import type { OriginFunction } from '../sampling/solver.ts'
import { sizeOf } from '../tensor/index.ts'
import { type Condition, demandTaken, type TileInputs } from './conditions.ts'
import type { ModelDescription } from './description.ts'
import { toldFeeds } from './told.ts'

export interface OriginOptions {
  /** Of the noise of networks that draw origins, a safe integer >= 0, default 0: see `noiseOf`. */
  readonly seed?: number
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
  const { conditions = [], rate, seed = 0, rebuild = process } = options
  const { tile, task, spread = 1 } = description
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
  const drawn = noiseOf(task, { tile, seed, spread })
  if (drawn) feeds.noise = drawn.noise
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
      drawn?.draw(slot, { image: first + slot, time: times[slot] })
      for (const condition of conditions) condition.tell?.(inputs, { slot, image: first + slot })
    }
    return (await program.run(feeds)).origin.data as Float32Array
  }
  return conditioned(origin, conditions)
}

/** The origin with all that is told put into it. */
export const conditioned = (origin: OriginFunction, conditions: readonly Condition[]): OriginFunction =>
  conditions.reduce<OriginFunction>((of, condition) => condition.around?.(of) ?? of, origin)

/** @throws RangeError for a model that draws origins, which says nothing of their mean */
export function demandMean(what: string, { noise }: Task): void {
  demand(noise === undefined, what, 'the model', 'one that tells the mean of the origin', 'one that draws it')
}

/**
 * The noise that a network draws its origins by, if it is one that does: of every image and time a stream of its own, so that what is told
 * of an image depends on the seed, its number and the time alone, and is the same with and without its class. A spread below 1 is the
 * truncation of latents (Brock et al. 2019, arXiv 1809.11096): draws that are surer, and less various.
 */
function noiseOf(
  { noise, shape }: Task,
  { tile, seed, spread }: { readonly tile: number; readonly seed: number; readonly spread: number },
): { readonly noise: Value; draw(slot: number, of: { image: number; time: number }): void } | undefined {
  if (noise === undefined) return undefined
  const whole = [tile, ...noiseShape(noise, shape.slice(1))]
  const data = new Float32Array(sizeOf(whole))
  const row = new Float64Array(data.length / tile)
  // Apart from the streams of images, whose numbers are below this.
  const streams = random(seed).fork(Number.MAX_SAFE_INTEGER)
  return {
    noise: { shape: whole, data },
    draw(slot, { image, time }) {
      normals(streams.fork(image).fork(Math.floor(time * 2 ** 52)), row)
      for (let i = 0, at = slot * row.length; i < row.length; i++) data[at + i] = spread * row[i]
    },
  }
}
