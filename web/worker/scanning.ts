/** Scans: read, shown slice by slice, measured. */

import type { OutFile } from '../../src/jobs/files.ts'
import { look, lookSchema } from '../../src/jobs/look/look.ts'
import { measureSchema } from '../../src/jobs/measure/fields.ts'
import { measure } from '../../src/jobs/measure/measure.ts'
import { labelFiles } from '../../src/jobs/output/files.ts'
import { checked } from '../../src/jobs/schema.ts'
import { type Held, pageFiles } from '../../src/web.ts'
import { labelPixels, pixelsOf } from '../paint.ts'
import type { Asked, Measured, Scan, State, Verbs, Voxels } from '../protocol.ts'
import { held, type Watch } from './held.ts'

/** Files of a page by their names; several are the slices in a folder. */
async function filesOf(files: readonly File[]): Promise<{ path: string; bytes: Held }> {
  const folder = files.length > 1 ? 'slices' : undefined
  const entries = await Promise.all(
    files.map(async file => {
      const bytes = new Uint8Array(await file.arrayBuffer())
      return [folder ? `${folder}/${file.name}` : file.name, bytes] as const
    }),
  )
  return { path: folder ?? files[0].name, bytes: Object.fromEntries(entries) }
}

export async function looking({ asked, files }: Verbs['look'][0], { say }: Watch): Promise<Scan> {
  const { path, bytes } = await filesOf(files)
  const found = await look(checked('look at the scan', lookSchema, { ...asked, input: path }), {
    files: pageFiles(bytes),
    say,
  })
  held.scan = { ...found, files: pageFiles(bytes), path }
  const { name, shape, pages, scale, histogram, threshold, phases, why } = found
  const sides = scale && [...new Set([scale.x, scale.y, scale.z ?? scale.x])]
  return {
    ...{ name, shape, histogram, threshold, phases, why },
    ...(sides?.length === 1 && { voxel: `${sides[0]}${scale?.unit}` }),
    volume: shape.length === 3 && shape[0] > 1 && pages !== 'times',
  }
}

/** One more than the largest label. */
const labelCount = (labels: Uint8Array): number => {
  let most = 0
  for (const label of labels) if (label !== 255 && label > most) most = label
  return Math.max(2, most + 1)
}

/** What is shown of the scan: its labels, or its values as greys from 0 to 1. */
function shown(): {
  data: ArrayLike<number>
  labels: number
  shape: readonly number[]
  low: number
  high: number
} {
  const { labels, shape, values, histogram } = held.scan!
  if (labels) return { data: labels.data, labels: labelCount(labels.data), shape, low: 0, high: 1 }
  const high = histogram.low + histogram.width * Math.max(1, histogram.counts.length)
  return { data: values, labels: 0, shape, low: histogram.low, high }
}

/** A slice across an axis of [.., D, H, W]: 0 the first. */
export function slicing({ axis, at }: Verbs['slice'][0]): State {
  const { data, labels, shape, low, high } = shown()
  const [depth, height, width] = shape.slice(-3)
  const step = [height * width, width, 1]
  const lengths = [depth, height, width]
  const [a, b] = [0, 1, 2].filter(other => other !== axis)
  const plane = new Float64Array(lengths[a] * lengths[b])
  let x = 0
  for (let i = 0; i < lengths[a]; i++)
    for (let j = 0; j < lengths[b]; j++) plane[x++] = data[at * step[axis] + i * step[a] + j * step[b]]
  const pixels =
    labels > 0
      ? labelPixels(plane, labels)
      : pixelsOf(
          plane.map(value => value - low),
          { shape: [1, lengths[a], lengths[b]], white: high - low },
        )
  return { image: 0, time: 0, masses: [], pixels, width: lengths[b] }
}

/** The whole volume, a byte for each voxel. */
export function voxelling(): Voxels {
  const { data, labels, shape, low, high } = shown()
  const [depth, height, width] = shape.slice(-3)
  const bytes = new Uint8Array(depth * height * width)
  for (let x = 0; x < bytes.length; x++)
    bytes[x] = labels > 0 ? data[x] : Math.round((255 * (data[x] - low)) / (high - low))
  return { data: bytes, shape: [depth, height, width], labels }
}

/** The labels of the scan as a file. */
export async function scanFiles(name: string): Promise<readonly OutFile[]> {
  const { labels, shape, scale } = held.scan!
  if (!labels)
    throw new Error('Cannot write the scan: its values must be labels (set a threshold), got greys')
  const whole = shape.length === 3 && /\.(?:vti|stl)$/.test(name) ? [1, ...shape] : shape
  const cubic = scale && scale.x === scale.y && (scale.z ?? scale.x) === scale.x
  const about = { model: 'none', seed: 0, ...(cubic && { voxelSize: scale.x, unit: scale.unit }) }
  return labelFiles(name, { labels: labels.data, shape: whole }, { about })
}

export async function measuring(
  { asked, files, beside, held: heldOut }: Verbs['measure'][0],
  { signal, onProgress, say }: Watch,
): Promise<Measured> {
  const scan = await filesOf(files)
  const bytes: Record<string, Uint8Array> = { ...scan.bytes }
  let told: Asked = { ...asked, files: [scan.path] }
  if (beside) {
    const { opened, bytes: model } = held.model!
    const [samples] = await held.samples!.files('samples.npz')
    Object.assign(bytes, { 'samples.npz': samples.bytes, [opened.name]: model })
    told = {
      ...asked,
      files: ['samples.npz'],
      reference: [scan.path],
      ...(heldOut && { heldOutOf: opened.name }),
    }
  }
  const job = checked('measure', measureSchema, told)
  const found = await measure(job, { files: pageFiles(bytes), signal, onProgress, say })
  return { rows: found.rows(), charts: found.charts(), records: found.records() }
}
