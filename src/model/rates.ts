/** A model as a rate function: what samplers ask of a network. */
import { cannot } from '../base/errors.ts'
import type { Program, Value } from '../runtime/runtime.ts'
import type { ModelDescription } from './description.ts'

/** What the network is told of an image beside its counts and time. */
export interface Told {
  /** The class of image number i, from 0; undefined: not told. */
  readonly label?: (image: number) => number | undefined
}

/** Rates [tile, C, J, ...sites] of counts [tile, C, ...sites] at times [tile]; `first` numbers the tile's images. */
export type ModelRates = (counts: Int32Array, times: Float64Array, first?: number) => Promise<Float32Array>

/**
 * Reverse rates per unit divided by the forward rate, [tile, C, J, ...sites], for counts [tile, C, ...sites] at
 * times [tile]. The network always sees whole tiles, so an image's rates do not depend on how many others
 * are asked for.
 */
export function rateFunction(program: Program, description: ModelDescription, told: Told = {}): ModelRates {
  const { tile, task } = description
  const [c, h, w] = task.shape
  const size = tile * c * h * w
  const feed = { shape: [tile, c, h, w], data: new Float32Array(size) }
  const time = { shape: [tile], data: new Float32Array(tile) }
  const label = { shape: [tile], data: new Int32Array(tile) }
  return async (counts, times, first = 0) => {
    if (counts.length !== size || times.length !== tile) {
      throw new RangeError(
        cannot('ask for rates', 'the tile', `${tile} images of ${c}×${h}×${w}`, times.length),
      )
    }
    feed.data.set(counts)
    time.data.set(times)
    for (let i = 0; i < tile; i++) label.data[i] = told.label?.(first + i) ?? task.classes
    const feeds: Record<string, Value> =
      task.classes > 0 ? { counts: feed, time, label } : { counts: feed, time }
    return (await program.run(feeds)).ratios.data as Float32Array
  }
}
