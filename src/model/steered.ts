/**
 * Holes filled by the rates of whole images, for networks that know no mask: known units walk back to their known
 * origins by exact bridges (`paths`), the state that is sampled holds the units of the hole alone, the network is shown
 * both together, and its ratios are steered into the hole (`steering`).
 */
import { cannot } from '../base/errors.ts'
import { random } from '../base/random.ts'
import { paths } from '../process/paths.ts'
import { type SteeringOptions, steering } from '../process/steering.ts'

/** Rates [N, C, J, ...sites] of counts [N, C, ...sites] at times [N]; `first` numbers the images of the tile. */
export type Rates = (counts: Int32Array, times: Float64Array, first?: number) => Promise<Float32Array>

export interface SteeredOptions extends SteeringOptions {
  /** What image number i is expected to be, [C, ...sites]: integers outside the hole, which are known, and > 0 in it. */
  readonly density: (image: number) => ArrayLike<number>
  /** The paths of the known units of image i depend on it and on i alone. */
  readonly seed: number
}

/** The stream of the paths, far from the streams of the images, which are numbered from 0. */
const pathStream = 2 ** 33

/**
 * Rates of the units of the hole from rates of whole images. The law is exact where units are independent and the
 * density is right; otherwise an approximation: the network does not know which of the units are known. Times of an
 * image fall, as those of samplers do.
 */
export function steered(whole: Rates, options: SteeredOptions): Rates {
  const { lattice, rate, open, density, seed } = options
  const size = open.length
  const steer = steering(options)
  const walk = () =>
    paths({
      lattice,
      rate,
      origins: image => Int32Array.from(density(image), (n, x) => (open[x] === 0 ? n : 0)),
      stream: image => random(seed).fork(pathStream).fork(image),
    })
  let tile = { first: 0, walk: walk() }
  let shown = new Int32Array(0)
  let kept = new Float32Array(0)

  return async (counts, times, first = 0) => {
    if (counts.length !== times.length * size)
      throw new RangeError(
        cannot('steer units', 'the counts', `${times.length} images of ${size}`, counts.length),
      )
    if (tile.first !== first) tile = { first, walk: walk() }
    if (shown.length !== counts.length) shown = new Int32Array(counts.length)
    shown.set(counts)
    const slots = [...times.keys()].filter(slot => holds(counts, slot * size, size))
    for (const slot of slots) {
      const walked = tile.walk(first + slot, times[slot])
      for (let x = 0; x < size; x++) shown[slot * size + x] += walked[x]
    }
    const ratios = await whole(shown, times, first)
    if (kept.length !== ratios.length) kept = new Float32Array(ratios.length)
    kept.set(ratios)
    const each = ratios.length / times.length
    for (const slot of slots)
      steer(kept.subarray(slot * each, (slot + 1) * each), times[slot], density(first + slot))
    return kept
  }
}

/** Whether there is any unit: images that are done, or that fill up a tile, have none. */
function holds(counts: Int32Array, start: number, size: number): boolean {
  for (let x = start; x < start + size; x++) if (counts[x] > 0) return true
  return false
}
