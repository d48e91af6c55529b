/** A model as a rate function: what samplers ask of a network. */
import { cannot } from '../base/errors.ts'
import { process } from '../process/index.ts'
import type { Program, Value } from '../runtime/runtime.ts'
import { type Condition, demandTaken, type TileInputs } from './conditions.ts'
import type { ModelDescription } from './description.ts'

export interface RateOptions {
  /** What the network is told of each image; nothing: neither class nor mask. */
  readonly conditions?: readonly Condition[]
  /** The rate of the process that is sampled, where it is not the model's: its times are scaled to the model's. */
  readonly rate?: number
}

/** Rates [tile, C, J, ...sites] of counts [tile, C, ...sites] at times [tile]; `first` numbers the tile's images. */
export type ModelRates = (counts: Int32Array, times: Float64Array, first?: number) => Promise<Float32Array>

/**
 * Reverse rates per unit divided by the forward rate, [tile, C, J, ...sites], for counts [tile, C, ...sites] at
 * times [tile]. The network always sees whole tiles, so an image's rates do not depend on how many others
 * are asked for. Throws RangeError for a condition that the model does not take.
 */
export function rateFunction(
  program: Program,
  description: ModelDescription,
  { conditions = [], rate }: RateOptions = {},
): ModelRates {
  const { tile, task } = description
  demandTaken(task, conditions)
  const [c, h, w] = task.shape
  const size = c * h * w
  const inputs: TileInputs = {
    size,
    counts: new Float32Array(tile * size),
    label: new Int32Array(tile),
    open: new Float32Array(tile * size),
  }
  const time = new Float32Array(tile)
  const clock = rate === undefined ? 1 : rate / process(description.process).rate
  const shape = [tile, c, h, w]
  const feeds: Record<string, Value> = {
    counts: { shape, data: inputs.counts },
    time: { shape: [tile], data: time },
    ...(task.classes > 0 ? { label: { shape: [tile], data: inputs.label } } : {}),
    ...(task.mask ? { open: { shape, data: inputs.open } } : {}),
  }
  const rates: ModelRates = async (counts, times, first = 0) => {
    if (counts.length !== tile * size || times.length !== tile) {
      throw new RangeError(
        cannot('ask for rates', 'the tile', `${tile} images of ${c}×${h}×${w}`, times.length),
      )
    }
    inputs.counts.set(counts)
    inputs.label.fill(task.classes)
    inputs.open.fill(1)
    for (let slot = 0; slot < tile; slot++) {
      time[slot] = clock * times[slot]
      for (const condition of conditions) condition.tell?.(inputs, { slot, image: first + slot })
    }
    return (await program.run(feeds)).ratios.data as Float32Array
  }
  return conditions.reduce((of, condition) => condition.around?.(of) ?? of, rates)
}
