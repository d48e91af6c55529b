/** The finest grain of a phase: sites that stand alone, and chords of one site. */

import { demandGiven } from '../base/given.ts'
import { strideOf } from './clusters.ts'
import { demandGrid, gridKinds, insideOf, type Labels, phaseOf } from './labels.ts'
import { chordsWork } from './runs.ts'
import { finish, pieces, type Work } from './work.ts'

export interface Lone {
  /** Sites of the phase none of whose face neighbours is of it, over its sites; NaN without sites. */
  readonly share: number
  /** Their number. */
  readonly count: number
  /** Chords of one site over all chords, of all axes together; NaN without chords. */
  readonly oneVoxelChords: number
}

/**
 * Sites beside the sides of the sample are left out of `share` and `count`: what is beyond them is not known. With
 * periodic sides it is.
 */
export function* loneWork(
  labels: Labels,
  phase: number,
  options: { readonly periodic?: boolean } = {},
): Work<Lone> {
  demandGiven(
    'count lone sites',
    { labels, phase, options },
    { labels: gridKinds, phase: 'number', options: 'object' },
  )
  const { periodic = false } = options
  demandGrid(labels, 'count lone sites')
  const mask = phaseOf(labels, phase)
  const inside = insideOf(labels)
  const { count, sites } = yield* alone(mask.data, { ...labels, sample: inside?.data, periodic })
  let [ones, all] = [0, 0]
  for (let axis = 0; axis < labels.shape.length; axis++) {
    const { counts } = yield* chordsWork(mask, axis, { periodic, inside })
    ones += counts[1] ?? 0
    all += counts.reduce((sum, n) => sum + n, 0)
  }
  return { share: count / sites, count, oneVoxelChords: ones / all }
}

/** `loneWork`, all at once. */
export const lone = (...of: Parameters<typeof loneWork>): Lone => finish(loneWork(...of))

interface Grid {
  readonly shape: readonly number[]
  readonly sample?: Uint8Array
  readonly periodic: boolean
}

/** The sites of a phase that have no neighbour of it, and those of which it is known. */
function* alone(mask: Uint8Array, { shape, sample, periodic }: Grid): Work<{ count: number; sites: number }> {
  const axes = shape.flatMap((length, axis) =>
    length > 1 ? [{ length, stride: strideOf(shape, axis) }] : [],
  )
  let [count, sites] = [0, 0]
  yield* pieces(mask.length, (from, to) => {
    for (let i = from; i < to; i++) {
      if (!mask[i]) continue
      let [known, single] = [true, true]
      for (let a = 0; a < axes.length && known; a++) {
        const { length, stride } = axes[a]
        const at = Math.floor(i / stride) % length
        const side = at === 0 || at === length - 1
        if (side && !periodic) known = false
        else {
          const before = at === 0 ? i + (length - 1) * stride : i - stride
          const after = at === length - 1 ? i - (length - 1) * stride : i + stride
          if (sample && !(sample[before] && sample[after])) known = false
          else if (mask[before] || mask[after]) single = false
        }
      }
      if (!known) continue
      sites++
      if (single) count++
    }
  })
  return { count, sites }
}
