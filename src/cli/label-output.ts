/** Labels of materials written by their file's ending: TIFF, PNG, .npy, .npz, VTK's .vti, .mhd with .raw, or .nrrd. */
import { basename, extname } from 'node:path'
import { cannot, demand } from '../base/errors.ts'
import { type NdArray, sizeOf } from '../formats/array.ts'
import { extremes } from '../formats/extremes.ts'
import { writeIndexedPng } from '../formats/indexed-png.ts'
import { writeNpy } from '../formats/npy.ts'
import { writeNpz } from '../formats/npz.ts'
import { phaseColours, phasePicture } from '../formats/phase-picture.ts'
import { writeTiff } from '../formats/tiff/writer.ts'
import { writeMetaImageHeader, writeNrrd } from '../formats/volumes/label-writers.ts'
import { writeVti } from '../formats/volumes/vti-writer.ts'
import { fractions } from '../structure/index.ts'
import { demandWritable, writeWhole } from './files.ts'
import { seedArray } from './output.ts'
import { UsageError } from './usage.ts'

/** Labels 0 (pore), 1, … of samples. */
export interface LabelSet {
  readonly labels: Uint8Array
  /** [N, H, W], or [N, D, H, W] for volumes. */
  readonly shape: readonly number[]
}

/** What is known about the samples; written where the format can hold it. */
export interface AboutLabels {
  readonly model: string
  readonly seed: number
  /** For every sample the shares of label 0, 1, …; counted where they are not given. */
  readonly fractions?: readonly (readonly number[])[]
  /** Side of a voxel. */
  readonly voxelSize?: number
  /** Of `voxelSize`: um, nm, …. */
  readonly unit?: string
  /** What label 0, 1, … is called. */
  readonly names?: readonly string[]
}

/** Further arrays and texts of an .npz, and how a picture of several samples is laid out. */
export interface LabelOutputOptions {
  readonly more?: Readonly<Record<string, NdArray | string>>
  readonly columns?: number
  /** A line under each sample of the picture, of the letters in font.ts (default: its fractions). */
  readonly captions?: readonly string[]
}

/** All that a writer of one format is given. */
interface Written extends LabelSet, LabelOutputOptions {
  readonly about: AboutLabels
  /** Of every sample the shares of all labels. */
  readonly shares: readonly (readonly number[])[]
}

/** What files hold, by the ending: of `rock.vti` for several samples `rock-0000.vti`, `rock-0001.vti`, …. */
const writers: Record<string, (path: string, set: Written) => void> = {
  '.tif': writeTiffFile,
  '.tiff': writeTiffFile,
  '.png': writePngFile,
  '.npy': (path, { labels, shape }) => writeWhole(path, writeNpy({ data: labels, shape: [...shape] })),
  '.npz': writeNpzFile,
  '.vti': writeVtiFiles,
  '.mhd': writeMetaImageFiles,
  '.nrrd': writeNrrdFiles,
}

/** Formats of one sample a file. */
const single = ['.vti', '.mhd', '.nrrd']

const endingOf = (path: string) => extname(path).toLowerCase()

/** Checks all outputs before any work is done; `shape` as far as it is known. */
export function demandLabelOutputs(paths: readonly string[], shape?: readonly number[]): void {
  for (const path of paths) {
    const ending = endingOf(path)
    const known = Object.keys(writers)
    if (!Object.hasOwn(writers, ending))
      throw new UsageError(cannot('write the result', '--out', `a file ending in ${known.join(', ')}`, path))
    const volumes = shape?.length === 4
    demand(!volumes || ending !== '.png', `write ${path}`, 'the samples', 'images for a picture', 'volumes')
    demandWritable(path)
    // Names that come of it may be longer.
    if (single.includes(ending)) demandWritable(numbered(path, 0, shape?.[0] === 1 ? 1 : 2))
    if (ending === '.mhd') demandWritable(dataOf(path))
  }
}

/**
 * Writes the labels to every path, each file whole or not at all.
 *
 * .tif: pages [N · D, H, W]; .npy: the labels; .npz: `samples` with `fractions` [N, labels], `seed`, `model`,
 * `voxel_size`, `unit`; .vti, .nrrd, .mhd with .raw: one file per sample; .png: of one sample the labels themselves under a palette, one
 * pixel each, of several a picture to look at.
 */
export function writeLabels(
  paths: readonly string[],
  set: LabelSet,
  about: AboutLabels,
  options: LabelOutputOptions = {},
): void {
  const { labels, shape } = set
  const right = (shape.length === 3 || shape.length === 4) && sizeOf(shape) > 0
  demand(right, 'write labels', 'the shape', '[N, H, W] or [N, D, H, W], none of them 0', shape)
  demand(
    labels.length === sizeOf(shape),
    'write labels',
    'the labels',
    `${sizeOf(shape)} in number`,
    labels.length,
  )
  demandLabelOutputs(paths, shape)
  const shares = about.fractions ?? sharesOf(set)
  for (const path of paths) writers[endingOf(path)](path, { ...set, ...options, about, shares })
}

function sharesOf({ labels, shape }: LabelSet): number[][] {
  const size = labels.length / shape[0]
  const most = Math.max(2, extremes(labels).largest + 1)
  return Array.from({ length: shape[0] }, (_, i) =>
    fractions({ data: labels.subarray(i * size, (i + 1) * size), shape: shape.slice(1) }, most),
  )
}

/** The texts that go with the labels, as far as they are known. */
function texts({ about: { model, seed, voxelSize, unit, names } }: Written): Record<string, string> {
  return {
    model,
    seed: String(seed),
    ...(voxelSize !== undefined && { voxel_size: String(voxelSize) }),
    ...(voxelSize !== undefined && unit && { unit }),
    ...(names && { names: names.join(', ') }),
  }
}

function writeTiffFile(path: string, set: Written): void {
  const { labels, shape, about, shares } = set
  const { voxelSize: side, unit = '' } = about
  const scale =
    side === undefined ? undefined : { x: side, y: side, unit, ...(shape.length === 4 && { z: side }) }
  const { unit: _, ...others } = texts(set)
  const more = { ...others, fractions: JSON.stringify(shares) }
  writeWhole(path, writeTiff({ data: labels, shape }, { scale, more }))
}

function writeNpzFile(path: string, { labels, shape, about, shares, more = {} }: Written): void {
  const { model, seed, voxelSize, unit, names } = about
  const arrays: Record<string, NdArray | string> = {
    samples: { data: labels, shape: [...shape] },
    fractions: { data: Float64Array.from(shares.flat()), shape: [shares.length, shares[0].length] },
    seed: seedArray(seed),
    model,
  }
  if (voxelSize !== undefined) {
    arrays.voxel_size = { data: Float64Array.of(voxelSize), shape: [] }
    if (unit) arrays.unit = unit
  }
  if (names) arrays.names = names.join(', ')
  writeWhole(path, writeNpz({ ...arrays, ...more }))
}

function writeVtiFiles(path: string, set: Written): void {
  const { shape, about, shares } = set
  const { seed: _, voxel_size: __, ...words } = texts(set)
  const side = about.voxelSize ?? 1
  eachSample(path, set, (file, sample, i) => {
    const fields = {
      ...words,
      seed: [about.seed],
      ...(shape[0] > 1 && { sample: [i] }),
      fractions: shares[i],
      ...(about.voxelSize !== undefined && { voxel_size: [side] }),
    }
    writeWhole(file, writeVti(sample, { spacing: [side, side, side], fields }))
  })
}

function writeNrrdFiles(path: string, set: Written): void {
  eachSample(path, set, (file, sample, i) => writeWhole(file, writeNrrd(sample, headerOf(set, i))))
}

function writeMetaImageFiles(path: string, set: Written): void {
  eachSample(path, set, (file, sample, i) => {
    // First the data: a header never stands without them.
    writeWhole(dataOf(file), sample.data)
    writeWhole(file, writeMetaImageHeader(sample, basename(dataOf(file)), headerOf(set, i)))
  })
}

/** `rock.raw` to `rock.mhd`. */
const dataOf = (path: string) => `${path.slice(0, path.length - extname(path).length)}.raw`

function headerOf(set: Written, i: number) {
  const { about, shares } = set
  const { unit: _, voxel_size: __, ...words } = texts(set)
  return {
    side: about.voxelSize,
    unit: about.unit,
    labels: shares[i].length,
    more: { ...words, fractions: shares[i].join(' ') },
  }
}

/** Every sample with the name of its file. */
function eachSample(
  path: string,
  { labels, shape }: LabelSet,
  write: (file: string, sample: { data: Uint8Array; shape: readonly number[] }, i: number) => void,
): void {
  const size = labels.length / shape[0]
  for (let i = 0; i < shape[0]; i++) {
    const sample = { data: labels.subarray(i * size, (i + 1) * size), shape: shape.slice(1) }
    write(numbered(path, i, shape[0]), sample, i)
  }
}

/** `rock.vti` alone, or `rock-0007.vti` for sample 7 of several: ParaView takes such files for one series. */
export function numbered(path: string, i: number, count: number): string {
  if (count === 1) return path
  const ending = extname(path)
  const digits = Math.max(4, String(count - 1).length)
  return `${path.slice(0, path.length - ending.length)}-${String(i).padStart(digits, '0')}${ending}`
}

function writePngFile(path: string, set: Written): void {
  const { labels, shape, shares, captions = shares.map(caption), columns } = set
  const [count, height, width] = shape
  const most = Math.max(shares[0].length, extremes(labels).largest + 1)
  if (count > 1) {
    writeWhole(path, phasePicture({ data: labels, shape }, { labels: most, captions, columns }))
    return
  }
  const text = { ...texts(set), fractions: shares[0].join(', '), Software: 'saltus' }
  writeWhole(
    path,
    writeIndexedPng({ data: labels, shape: [height, width] }, { palette: phaseColours(most), text }),
  )
}

/** Of two phases the porosity, of more the shares of all. */
function caption(shares: readonly number[]): string {
  if (shares.length <= 2) return `${(100 * shares[0]).toFixed(2)}%`
  return `${shares.map(share => (100 * share).toFixed(1)).join('/')}%`
}
