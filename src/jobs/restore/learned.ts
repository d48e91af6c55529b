/** Models that have learned to undo one degradation: images go back from what was seen of them, which the network is told. */
import { refused } from '../../base/errors.ts'
import type { ModelDescription } from '../../model/description.ts'
import { toldRow } from '../../model/told.ts'
import { endAmong, type ToldImage } from '../../network/told.ts'
import type { Drawing } from '../draw/drawing.ts'
import type { RestoreJob } from './fields.ts'
import type { Seen } from './seen.ts'

/** What the images of a model go towards, where it has learned that. */
export const learnedEnd = ({ task }: ModelDescription): ToldImage | undefined =>
  endAmong(task.told ?? [], task.shape.slice(1))?.one

/** What was seen is as large as the image, and counts its units, where no operator is named. */
export const asItIs = 'blur:0'

/** @throws UsageError for what such a model cannot be asked for: it knows how the data were degraded */
export function demandLearned({ method, passes, strength }: RestoreJob): void {
  if (method !== 'posterior') throw refused('restore', 'method', 'posterior with this model', method)
  if (passes > 0) throw refused('restore', 'passes', 'left out with this model', passes)
  if (strength !== undefined) throw refused('restore', 'strength', 'left out with this model', strength)
}

/** Of every image to be drawn what it is told, [K · each], given what was seen and what one unit gave in each, [K]. */
export function rowsOf(
  end: ToldImage,
  { data, shape }: Seen,
  { gains, each }: { readonly gains: readonly number[]; readonly each: number },
): Drawing['told'] {
  const size = data.length / shape[0]
  const rows = gains.map((gain, k) =>
    toldRow(
      end,
      data.subarray(k * size, (k + 1) * size).map(value => value / gain),
      shape.slice(2),
    ),
  )
  return [{ name: end.name, rows: rows.flatMap(row => new Array<Float32Array>(each).fill(row)) }]
}
