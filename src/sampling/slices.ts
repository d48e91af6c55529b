// The origin of a volume of labels from those of its slices: what models of images know of volumes.
import { Cancelled, demand } from '../base/errors.ts'
import { exp, log } from '../base/numeric.ts'
import type { OriginFunction } from './solver.ts'

/** Origins of slices normal to one axis: probabilities of phases. */
export interface Family {
  /** Of tiles [tile, C, h, w] of slices. */
  readonly origin: OriginFunction
  /** Slices per call. */
  readonly tile: number
}

export interface SlicesOptions {
  /** C, the phases that units are. */
  readonly channels: number
  /** [D, H, W] */
  readonly lengths: readonly number[]
  /** For the axes z, y and x: slices normal to z are [H, W], to y [D, W], to x [D, H]. */
  readonly families: readonly Family[]
  /** w in [1/3, 1], how much the logarithm of what each family says counts; default 1/3. */
  readonly weight?: number
  /** Ends the work with `Cancelled` between two calls. */
  readonly signal?: AbortSignal
}

/** Probabilities are kept so far from 0. */
const LEAST = 1e-9

/**
 * What the three families of slices say of every voxel, together:
 *
 *     p_c(x) ∝ (p_c^z(x) p_c^y(x) p_c^x(x))^w,      c = 0 (no unit), 1, …, C.
 *
 * All three have seen the voxel and its lines, and each two directions more. If that were the same evidence three times, w would be 1/3, the normalised
 * geometric mean, of all laws the one whose mean distance KL(p | p^a) from the three is least. If it were independent, it would be the product over
 * the prior squared, w = 1; a factor of each phase for all voxels alike, such as the prior, is taken back by `labels`, which tilts what it is told to the
 * masses. What is true lies between. (Ours; DiffusionMBIR, arXiv 2211.10655, has slices normal to one axis and a penalty on differences along it.)
 *
 * One volume a call: counts [1, C, D, H, W]. Memory is that of the volume and of one tile of slices.
 */
export function sliceOrigins({
  channels,
  lengths,
  families,
  weight = 1 / 3,
  signal,
}: SlicesOptions): OriginFunction {
  const what = 'tell the origin of a volume'
  demand(weight >= 1 / 3 && weight <= 1, what, 'the weight', 'in [1/3, 1]', weight)
  demand(lengths.length === 3 && families.length === 3, what, 'its axes', 'three', lengths)
  const sites = lengths.reduce((product, length) => product * length, 1)
  const strides = [lengths[1] * lengths[2], lengths[2], 1]
  const odds = new Float32Array(channels * sites)

  async function ask(axis: number, counts: Int32Array, time: number): Promise<void> {
    const { origin, tile } = families[axis]
    const [rows, columns] = [0, 1, 2].filter(other => other !== axis)
    const plane = lengths[rows] * lengths[columns]
    const state = new Int32Array(tile * channels * plane)
    const times = new Float64Array(tile)
    /** Calls back with every voxel of the slices from `first` on: its place in the volume and in the tile. */
    const each = (first: number, visit: (from: number, to: number) => void) => {
      const last = Math.min(first + tile, lengths[axis])
      for (let i = first; i < last; i++)
        for (let c = 0; c < channels; c++) {
          const begin = c * sites + i * strides[axis]
          let to = ((i - first) * channels + c) * plane
          for (let y = 0; y < lengths[rows]; y++)
            for (let x = 0, from = begin + y * strides[rows]; x < lengths[columns]; x++, to++) {
              visit(from, to)
              from += strides[columns]
            }
        }
      return last - first
    }
    for (let first = 0; first < lengths[axis]; first += tile) {
      if (signal?.aborted) throw new Cancelled('Sampling was cancelled')
      state.fill(0)
      const here = each(first, (from, to) => {
        state[to] = counts[from]
      })
      // Places without a slice are empty images at time 1, as in every tile.
      times.fill(1).fill(time, 0, here)
      const told = await origin(state, times, 0)
      const left = leftOver(told, { channels, plane })
      each(first, (from, to) => {
        const slice = Math.floor(to / (channels * plane))
        odds[from] += log(Math.max(LEAST, told[to])) - left[slice * plane + (to % plane)]
      })
    }
  }

  return async (counts, times) => {
    demand(
      times.length === 1 && counts.length === channels * sites,
      what,
      'the tile',
      'one volume',
      times.length,
    )
    odds.fill(0)
    for (let axis = 0; axis < 3; axis++) await ask(axis, counts, times[0])
    for (let x = 0; x < sites; x++) {
      let sum = 1
      for (let c = 0; c < channels; c++) {
        const share = exp(odds[c * sites + x] * weight)
        odds[c * sites + x] = share
        sum += share
      }
      for (let c = 0; c < channels; c++) odds[c * sites + x] /= sum
    }
    return odds
  }
}

/** Logarithms of the probability that no unit is there, [tile, plane]. */
function leftOver(
  told: Float32Array,
  { channels, plane }: { readonly channels: number; readonly plane: number },
): Float32Array {
  const left = new Float32Array(told.length / channels)
  for (let i = 0; i < left.length; i++) {
    const start = Math.floor(i / plane) * channels * plane + (i % plane)
    let none = 1
    for (let c = 0; c < channels; c++) none -= told[start + c * plane]
    left[i] = log(Math.max(LEAST, none))
  }
  return left
}
