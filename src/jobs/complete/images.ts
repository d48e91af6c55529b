/** Holes in images of counts: each receives a mass, to the unit. */
import { cannot, InvariantError, refused } from '../../base/errors.ts'
import { below, random } from '../../base/random.ts'
import type { NdArray } from '../../formats/array.ts'
import { greyOf, type ImageSet } from '../../formats/dataset.ts'
import { lattice } from '../../lattice/index.ts'
import type { SpatialDescription } from '../../process/index.ts'
import { nameOf } from '../files.ts'
import type { Samples } from '../generate/samples.ts'
import { classesNamed } from '../generate/wishes.ts'
import { loadImages, type Reading } from '../input/images.ts'
import { asCounts } from '../input/ink.ts'
import { massesOf } from '../masses.ts'
import { imageFiles } from '../output/files.ts'
import { imageNames, massArray, seedArray, span } from '../output/images.ts'
import type { CompleteJob, Holes, Known } from './fields.ts'
import { estimateBy, holeMasses, knownMasses, partsOf } from './hole.ts'

/** @throws UsageError for what the model cannot be told, RangeError for images or a mask that do not fit it */
export function imageHoles({ job, input, mask, file, reading }: Known): Holes {
  demandImages(job)
  const { description } = file
  const wide = loadImages(input, reading)
  const wanted = description.task.shape
  const read = wanted[0] === 1 ? (greyOf(wide) ?? wide) : wide
  const { paper } = description.data
  const set = asCounts(read, { name: nameOf(input), paper })
  if (String(set.shape) !== String(wanted))
    throw new RangeError(
      cannot('inpaint', `the images of ${input}`, `${wanted.join('×')}`, set.shape.join('×')),
    )
  const open = openOf(job, mask === undefined ? undefined : maskOf(mask, wanted, reading), wanted)
  const each = job.count * (job.mass?.length ?? 1)
  const shape = [set.count * each, ...wanted] as const
  const labels = job.class === undefined ? [] : classesNamed(job.class, description.data.classes)
  if (labels.length > 1) throw refused('inpaint', 'class', 'one class', job.class)
  const [label] = labels as (number | undefined)[]
  const { lengths, boundaries } = description.process as SpatialDescription
  const grid = lattice(lengths, boundaries)
  const [size, sites] = [open.length, grid.size]
  const { expected, from } = estimateBy(description, { lattice: grid, open, label })
  const parts = partsOf(open, sites)
  const asked = { parts, images: set.counts, size, sites, expected, each, total: totalOf(job) }
  const inHole = holeMasses(asked)
  const known = Int32Array.from(set.counts)
  const surroundings = { known, open, each, channels: wanted[0] }
  return {
    model: file,
    surroundings,
    masses: inHole.map((masses, i) =>
      knownMasses(surroundings, Math.floor(i / each)).map((n, c) => n + masses[c]),
    ),
    label,
    warnings: [],
    names: path => imageNames(path, shape),
    finish({ counts, fingerprint }, record): Samples {
      const received = inside(counts, open, sites)
      demandReceived(inHole, received)
      const hole = inHole.map(masses => masses.reduce((sum, mass) => sum + mass, 0))
      const images = { counts, shape }
      const told: Record<string, NdArray> =
        label === undefined
          ? {}
          : { classes: { data: Int32Array.from(hole, () => label), shape: [hole.length] } }
      const holes = { data: Uint32Array.from(hole), shape: [hole.length] }
      const more = { mass: massArray(images), hole: holes, ...told, seed: seedArray(job.seed), fingerprint }
      const source = job.mass ? 'asked for' : `estimated from ${from}`
      const open1 = open.reduce((sum, x) => sum + x, 0)
      const totals = received.map(masses => masses.reduce((sum, mass) => sum + mass, 0))
      return {
        counts,
        shape,
        masses: massesOf({ counts, count: shape[0], shape: wanted }),
        classes: hole.map(() => label),
        record,
        said: `hole of ${open1} sites: units ${source} ${span(hole)}, delivered ${span(totals)}: equal`,
        files: path =>
          imageFiles(path, images, { captions: hole.map(String), columns: job.count, paper, more, record }),
      }
    },
  }
}

/** The mask, or all; of channels that are known by name nothing outside the mask. */
export function openOf(
  { known }: CompleteJob,
  mask: Uint8Array | undefined,
  [channels, height, width]: readonly number[],
): Uint8Array {
  if (known === undefined && mask) return mask
  const sites = height * width
  const told = (known ?? []).map(name => channelNamed(name, channels))
  return Uint8Array.from({ length: channels * sites }, (_, x) =>
    told.includes(Math.floor(x / sites)) ? (mask?.[x] ?? 0) : 1,
  )
}

/** A channel by its number, or of three by their colours. */
function channelNamed(name: string, channels: number): number {
  const colours = channels === 3 ? ['red', 'green', 'blue'] : []
  const c = colours.includes(name) ? colours.indexOf(name) : /^\d+$/.test(name) ? Number(name) : -1
  if (c >= 0 && c < channels) return c
  throw refused(
    'inpaint',
    'known',
    `a channel: ${colours.join(', ')}${colours.length > 0 ? ', or ' : ''}0 to ${channels - 1}`,
    name,
  )
}

function demandImages({ porosity, fractions }: CompleteJob): void {
  const field = porosity ? 'porosity' : fractions ? 'fractions' : undefined
  if (field) throw refused('inpaint', field, 'left out with a model of images', 'given')
}

/** What the hole of each channel holds, [N][C]. */
function inside(counts: Int32Array, open: Uint8Array, sites: number): number[][] {
  const channels = open.length / sites
  return Array.from({ length: counts.length / open.length }, (_, i) =>
    Array.from({ length: channels }, (_, c) => {
      let sum = 0
      for (let x = c * sites; x < (c + 1) * sites; x++) if (open[x]) sum += counts[i * open.length + x]
      return sum
    }),
  )
}

function demandReceived(wanted: readonly (readonly number[])[], received: readonly number[][]): void {
  received.forEach((masses, i) => {
    masses.forEach((mass, c) => {
      if (mass !== wanted[i][c])
        throw new InvariantError(cannot('inpaint', `channel ${c} of hole ${i}`, String(wanted[i][c]), mass))
    })
  })
}

/** The mask [C, H, W] as 0 and 1; one for all channels is repeated. */
export function maskOf(path: string, [c, h, w]: readonly number[], reading: Reading): Uint8Array {
  const given: ImageSet = loadImages(path, reading)
  // A mask in colours that are all equal is one for all channels.
  const mask = greyOf(given) ?? given
  const [channels, height, width] = mask.shape
  // An array [C, H, W] is read as C images.
  const planes = mask.count * channels
  const fits = height === h && width === w && (planes === 1 || planes === c)
  if (!fits) {
    const got = `${mask.count} of ${mask.shape.join('×')}`
    throw new RangeError(
      cannot('inpaint', `the mask ${path}`, `one image of ${c}×${h}×${w} or 1×${h}×${w}`, got),
    )
  }
  return Uint8Array.from({ length: c * h * w }, (_, x) => (mask.counts[x % mask.counts.length] > 0 ? 1 : 0))
}

/** The stream of masses, far from the streams of the images, which are numbered from 0. */
const massStream = 2 ** 32

/** The mass asked for of image number i, `count` of each mass for each input; undefined where it is estimated. */
function totalOf({ mass, seed, count }: CompleteJob): ((i: number) => number) | undefined {
  if (!mass) return undefined
  const stream = random(seed).fork(massStream)
  return i => {
    const [least, most] = mass[Math.floor(i / count) % mass.length]
    return least + (most > least ? below(stream.fork(i), most - least + 1) : 0)
  }
}
