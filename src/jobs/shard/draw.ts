/** A shard of what is drawn, and the whole of all shards. */
import type { NdArray } from '../../formats/array.ts'
import { asImages, sizeOf } from '../../formats/array.ts'
import type { Context } from '../context.ts'
import { draw } from '../draw/draw.ts'
import { type Drawing, imagesOf, tilesOf } from '../draw/drawing.ts'
import { blankFilm } from '../draw/film.ts'
import type { Plan, Samples } from '../generate/samples.ts'
import { countsOf, labelsOf } from '../input/phases.ts'
import { packed } from '../output/images.ts'
import type { JobRecord } from '../record.ts'
import { rangeOf, type Shard } from './shard.ts'

/** The same drawing, of which this shard alone is drawn. @throws UsageError for more shards than tiles */
export const shardOf = (drawing: Drawing, shard: Shard): Drawing => ({
  ...drawing,
  tiles: rangeOf(shard, tilesOf(drawing)),
})

/** What a shard's file holds, as .npy has it of the whole: counts [n, C, H, W], or the labels [n, H, W] of a material. */
export async function drawShard(
  drawing: Drawing,
  context: Context,
): Promise<{ array: NdArray; range: readonly [number, number]; fingerprint: string }> {
  const { counts, fingerprint } = await draw(drawing, context)
  const range = imagesOf(drawing)
  const { material, shape } = taskOf(drawing)
  const sites = sizeOf(shape.slice(1))
  const count = range[1] - range[0]
  const array = material
    ? { data: labelsOf(counts, material, sites), shape: [count, ...shape.slice(1)] }
    : packed({ counts, shape: [count, shape[0], shape[1], shape[2]] })
  return { array, range, fingerprint }
}

const taskOf = ({ description }: Drawing) => ({
  material: description.data.material,
  shape: description.task.shape as readonly number[],
})

/** The samples of a plan of which all shards are there, in their order. @throws InvariantError where they are not what was asked for */
export function joined(plan: Plan, parts: readonly NdArray[], record: JobRecord): Samples {
  const { material, shape } = taskOf(plan.drawing)
  const size = sizeOf(shape)
  const counts = new Int32Array(plan.drawing.masses.length * size)
  let at = 0
  for (const part of parts) {
    const own = material
      ? countsOf(part.data, material, { sites: sizeOf(shape.slice(1)), path: 'a part' })
      : asImages(part, 'a part').counts
    counts.set(own, at)
    at += own.length
  }
  const seen = blankFilm({ images: 0, frames: 0, size })
  return plan.finish({ counts, seen, fingerprint: record.fingerprint }, record)
}
