/** What comes out of a restoration: samples, their mean and their spread, as pictures and as arrays. */
import type { NdArray } from '../../formats/array.ts'
import type { Material, ModelDescription } from '../../model/description.ts'
import type { MeasurementDescription, Operator } from '../../restoration/index.ts'
import { endingOf, type OutFile } from '../files.ts'
import type { Samples } from '../generate/samples.ts'
import { labelsOf } from '../input/phases.ts'
import { massesOf } from '../masses.ts'
import { imageFiles, labelFiles } from '../output/files.ts'
import { type Images, imageNames, massArray, seedArray } from '../output/images.ts'
import { labelNames } from '../output/labels.ts'
import type { JobRecord } from '../record.ts'

export interface Restored {
  /** [K · each, C, H, W] */
  readonly counts: Int32Array
  readonly shape: Images['shape']
  readonly each: number
  readonly name: string
  readonly seed: number
  readonly description: ModelDescription
  readonly record: JobRecord
  readonly fingerprint: string
  readonly measurement: MeasurementDescription
  readonly seenBy: Operator
  readonly label: number | undefined
  readonly said: string
}

/** Pictures and arrays of images; of labels other files too. */
const asImages = ['.png', '.npy', '.npz']

export const outcomeNames = (path: string, shape: Images['shape']): string[] =>
  asImages.includes(endingOf(path))
    ? imageNames(path, shape)
    : labelNames(path, [shape[0], shape[2], shape[3]])

export function outcome(of: Restored): Samples {
  const { counts, shape, each, description, record, fingerprint, seed, label, said } = of
  const { material } = description.data
  const sites = shape[2] * shape[3]
  const labels = material && labelsOf(counts, material, sites)
  const { mean, spread } = moments(counts, each, shape)
  const averages = [shape[0] / each, ...shape.slice(1)]
  const masses = massesOf({ counts, count: shape[0], shape: description.task.shape })
  const more: Record<string, NdArray | string> = {
    mean: { data: mean, shape: averages },
    spread: { data: spread, shape: averages },
    mass: massArray({ counts, shape }),
    seed: seedArray(seed),
    fingerprint,
  }
  const images = (path: string): Promise<OutFile[]> =>
    endingOf(path) === '.png'
      ? pictured(path, of, { mean, spread })
      : imageFiles(path, { counts, shape }, { more, record })
  return {
    counts,
    shape,
    masses,
    classes: masses.map(() => label),
    ...(material && labels && { labels, fractions: sharesOf(labels, material, sites) }),
    record,
    said,
    files: path => (asImages.includes(endingOf(path)) || !labels ? images(path) : labelled(path, of, labels)),
  }
}

/** The labels as files of a material. */
function labelled(
  path: string,
  { name, seed, record, shape, each, description }: Restored,
  labels: Uint8Array,
): Promise<OutFile[]> {
  const material = description.data.material as Material
  const { voxelSize, unit, phases: names } = material
  const fractions = sharesOf(labels, material, shape[2] * shape[3])
  const about = { model: name, seed, fractions, voxelSize, unit, names, record }
  return labelFiles(path, { labels, shape: [shape[0], shape[2], shape[3]] }, { about, columns: each })
}

function sharesOf(labels: Uint8Array, { phases }: Material, sites: number): number[][] {
  return Array.from({ length: labels.length / sites }, (_, i) => {
    const found = phases.map(() => 0)
    for (let x = i * sites; x < (i + 1) * sites; x++) found[labels[x]]++
    return found.map(n => n / sites)
  })
}

/** Means and standard deviations of the samples of each, [K, C, H, W]. */
function moments(
  counts: Int32Array,
  each: number,
  shape: Images['shape'],
): { mean: Float32Array; spread: Float32Array } {
  const size = shape[1] * shape[2] * shape[3]
  const length = counts.length / each
  const [mean, spread] = [new Float32Array(length), new Float32Array(length)]
  for (let at = 0; at < length; at++) {
    const from = Math.floor(at / size) * each * size + (at % size)
    let [sum, squares] = [0, 0]
    for (let i = 0; i < each; i++) {
      const n = counts[from + i * size]
      sum += n
      squares += n * n
    }
    mean[at] = sum / each
    spread[at] = Math.sqrt(Math.max(0, squares / each - (sum / each) ** 2))
  }
  return { mean, spread }
}

/** A row for each that was measured: what was seen, where it has the shape of an image, the mean, the spread, the samples. */
async function pictured(
  path: string,
  of: Restored,
  { mean, spread }: { mean: Float32Array; spread: Float32Array },
): Promise<OutFile[]> {
  const { counts, shape, each, measurement, seenBy, record, description } = of
  const size = shape[1] * shape[2] * shape[3]
  const rows = shape[0] / each
  const beside = String(seenBy.shape) === String(shape.slice(1))
  // A phase that is seen is what no unit stands on.
  const phases = description.data.material !== undefined
  const solid = (value: number) => (measurement.complement ? 1 - value : value)
  const light = (value: number) => Math.max(0, Math.round(phases ? 255 * solid(value) : value))
  const [drawn, captions]: [number[], string[]] = [[], []]
  const gains = measurement.gain
  for (let k = 0; k < rows; k++) {
    const gain = typeof gains === 'number' ? gains : gains[k]
    const part = (field: ArrayLike<number>, at: number, as: (value: number) => number, caption: string) => {
      for (let x = 0; x < size; x++) drawn.push(as(field[at * size + x]))
      captions.push(caption)
    }
    if (beside)
      part(measurement.seen, k, value => Math.max(0, Math.round((value / gain) * (phases ? 255 : 1))), 'SEEN')
    part(mean, k, light, 'MEAN')
    part(spread, k, value => Math.round(value * (phases ? 255 : 1)), 'SPREAD')
    for (let i = 0; i < each; i++) part(counts, k * each + i, light, i === 0 ? 'SAMPLES' : '')
  }
  const columns = each + 2 + Number(beside)
  const images: Images = {
    counts: Int32Array.from(drawn),
    shape: [rows * columns, shape[1], shape[2], shape[3]],
  }
  const white = phases ? 255 : Math.max(1, description.data.largest)
  return imageFiles(
    path,
    { ...images, counts: images.counts.map(n => Math.min(n, white)) },
    { captions, columns, record },
  )
}
