/** Repairs images, and takes what is to be repaired from samples or files. */
import type { NdArray } from '../../src/formats/array.ts'
import { greyOf } from '../../src/formats/dataset.ts'
import { loadImages } from '../../src/jobs/input/images.ts'
import { loadLabels } from '../../src/jobs/input/labels.ts'
import { countsOf, labelsOf } from '../../src/jobs/input/phases.ts'
import { pageFiles } from '../../src/web.ts'
import type { Drawn, Picture, Verbs } from '../protocol.ts'
import { drawnBy } from './drawing.ts'
import { drawingOptions, drawnOf, held, lookOf, stateOf, type Watch } from './held.ts'

/** Images as the job takes them: counts, of a material labels. */
function arrayOf({ data, shape }: Picture): NdArray {
  const { material } = held.model!.opened.description.data
  const [, height, width] = shape
  return material
    ? { data: labelsOf(data, material, height * width), shape: [1, height, width] }
    : { data, shape: [1, ...shape] }
}

export async function completing({ asked, known, mask }: Verbs['complete'][0], watch: Watch): Promise<Drawn> {
  const [, height, width] = known.shape
  const look = { ...lookOf(held.model!.opened, {}), shape: known.shape }
  const hole = { data: mask, shape: [height, width] }
  const samples = await drawnBy(
    model => model.complete(arrayOf(known), hole, { ...asked, ...drawingOptions(look, watch) }),
    watch,
  )
  held.completed = samples
  return drawnOf(samples, look)
}

/** One image: of a material in counts, cut to the size of the model's images where it is larger. */
export async function knowing(told: Verbs['known'][0]): Promise<Verbs['known'][1]> {
  const picture = 'sample' in told ? sampleAt(told.sample) : await pictureIn(told.file)
  const look = { ...lookOf(held.model!.opened, {}), shape: picture.shape }
  return { picture, state: stateOf(picture.data, { ...look, image: 0, time: 0 }) }
}

function sampleAt(sample: number): Picture {
  const { counts, shape } = held.samples!
  const size = counts.length / shape[0]
  return { data: counts.slice(sample * size, (sample + 1) * size), shape: [shape[1], shape[2], shape[3]] }
}

async function pictureIn(file: File): Promise<Picture> {
  const files = pageFiles({ [file.name]: new Uint8Array(await file.arrayBuffer()) })
  const { task, data } = held.model!.opened.description
  const { material } = data
  if (material) {
    const { data: labels, shape } = await loadLabels(file.name, {}, { files, times: true })
    const [height, width] = shape.slice(-2)
    const first = labels.subarray(0, height * width)
    const counts = countsOf(first, material, { sites: height * width, path: file.name })
    return { data: counts, shape: [material.units.length, height, width] }
  }
  const wide = loadImages(file.name, { files })
  const set = task.shape[0] === 1 ? (greyOf(wide) ?? wide) : wide
  const [channels, height, width] = set.shape
  return {
    data: Int32Array.from(set.counts.subarray(0, channels * height * width)),
    shape: [channels, height, width],
  }
}
