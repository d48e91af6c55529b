/** Labels of materials written by their file's ending: TIFF, PNG, .npy, .npz, VTK's .vti, .mhd with .raw, .nrrd, or surfaces as .stl. */
import { demand, refused } from '../../base/errors.ts'
import { type NdArray, sizeOf } from '../../formats/array.ts'
import { extremes } from '../../formats/extremes.ts'
import { lettered } from '../../formats/font.ts'
import { writeIndexedPng } from '../../formats/indexed-png.ts'
import { writeNpy } from '../../formats/npy.ts'
import { writeNpz } from '../../formats/npz.ts'
import { phaseColours, phasePicture } from '../../formats/phase-picture.ts'
import { writeTiff } from '../../formats/tiff/writer.ts'
import { writeMetaImageHeader, writeNrrd } from '../../formats/volumes/label-writers.ts'
import { writeStl } from '../../formats/volumes/stl.ts'
import { writeVti } from '../../formats/volumes/vti-writer.ts'
import { fractions } from '../../structure/index.ts'
import { endingOf, nameOf, type OutFile, stemOf } from '../files.ts'
import { type JobRecord, recordKey, recordText } from '../record.ts'
import { seedArray } from './images.ts'

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
  /** The job that they come from. */
  readonly record?: JobRecord
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
const writers: Record<string, (path: string, set: Written) => OutFile[]> = {
  '.tif': tiffFile,
  '.tiff': tiffFile,
  '.png': pngFile,
  '.npy': (name, { labels, shape }) => [{ name, bytes: writeNpy({ data: labels, shape: [...shape] }) }],
  '.npz': npzFile,
  '.vti': vtiFiles,
  '.mhd': metaImageFiles,
  '.nrrd': nrrdFiles,
  '.stl': stlFiles,
}

/** Formats of one sample a file. */
const single = ['.vti', '.mhd', '.nrrd', '.stl']

/** The names of the files that labels of that shape become; UsageError or RangeError for what they cannot be. */
export function labelNames(path: string, shape: readonly number[]): string[] {
  const ending = endingOf(path)
  if (!Object.hasOwn(writers, ending))
    throw refused('write the result', 'out', `a file ending in ${Object.keys(writers).join(', ')}`, path)
  const volumes = shape.length === 4
  demand(!volumes || ending !== '.png', `write ${path}`, 'the samples', 'images for a picture', 'volumes')
  demand(volumes || ending !== '.stl', `write ${path}`, 'the samples', 'volumes for a surface', 'images')
  const count = single.includes(ending) ? shape[0] : 1
  const names = Array.from({ length: count }, (_, i) => numbered(path, i, count))
  return ending === '.mhd' ? names.flatMap(name => [dataOf(name), name]) : names
}

/**
 * The labels as the files of that name.
 *
 * .tif: pages [N · D, H, W]; .npy: the labels; .npz: `samples` with `fractions` [N, labels], `seed`, `model`,
 * `voxel_size`, `unit`; .vti, .nrrd, .mhd with .raw: one file per sample, .stl: of volumes the surface of all but label 0; .png: of one sample the labels themselves under a palette, one
 * pixel each, of several a picture to look at.
 */
export function labelFiles(
  path: string,
  set: LabelSet,
  { about, ...options }: LabelOutputOptions & { readonly about: AboutLabels },
): OutFile[] {
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
  labelNames(path, shape)
  const shares = about.fractions ?? sharesOf(set)
  return writers[endingOf(path)](path, { ...set, ...options, about, shares })
}

function sharesOf({ labels, shape }: LabelSet): number[][] {
  const size = labels.length / shape[0]
  const most = Math.max(2, extremes(labels).largest + 1)
  return Array.from({ length: shape[0] }, (_, i) =>
    fractions({ data: labels.subarray(i * size, (i + 1) * size), shape: shape.slice(1) }, most),
  )
}

/** The texts that go with the labels, as far as they are known. */
function texts({ about: { model, seed, voxelSize, unit, names, record } }: Written): Record<string, string> {
  return {
    model,
    seed: String(seed),
    ...(voxelSize !== undefined && { voxel_size: String(voxelSize) }),
    ...(voxelSize !== undefined && unit && { unit }),
    ...(names && { names: names.join(', ') }),
    ...(record && { [recordKey]: recordText(record) }),
  }
}

function tiffFile(name: string, set: Written): OutFile[] {
  const { labels, shape, about, shares } = set
  const { voxelSize: side, unit = '' } = about
  const scale =
    side === undefined ? undefined : { x: side, y: side, unit, ...(shape.length === 4 && { z: side }) }
  const { unit: _, ...others } = texts(set)
  const more = { ...others, fractions: JSON.stringify(shares) }
  return [{ name, bytes: writeTiff({ data: labels, shape }, { scale, more }) }]
}

function npzFile(name: string, { labels, shape, about, shares, more = {} }: Written): OutFile[] {
  const { model, seed, voxelSize, unit, names, record } = about
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
  const text = record && { [recordKey]: recordText(record) }
  return [{ name, bytes: writeNpz({ ...arrays, ...more, ...text }) }]
}

function vtiFiles(path: string, set: Written): OutFile[] {
  const { shape, about, shares } = set
  const { seed: _, voxel_size: __, ...words } = texts(set)
  const side = about.voxelSize ?? 1
  return eachSample(path, set, (name, sample, i) => {
    const fields = {
      ...words,
      seed: [about.seed],
      ...(shape[0] > 1 && { sample: [i] }),
      fractions: shares[i],
      ...(about.voxelSize !== undefined && { voxel_size: [side] }),
    }
    return [{ name, bytes: writeVti(sample, { spacing: [side, side, side], fields }) }]
  })
}

function nrrdFiles(path: string, set: Written): OutFile[] {
  return eachSample(path, set, (name, sample, i) => [{ name, bytes: writeNrrd(sample, headerOf(set, i)) }])
}

function stlFiles(path: string, set: Written): OutFile[] {
  const side = set.about.voxelSize ?? 1
  return eachSample(path, set, (name, sample) => [{ name, bytes: writeStl(sample, { side }) }])
}

function metaImageFiles(path: string, set: Written): OutFile[] {
  return eachSample(path, set, (name, sample, i) => {
    const header = writeMetaImageHeader(sample, nameOf(dataOf(name)), headerOf(set, i))
    // First the data: a header never stands without them.
    return [
      { name: dataOf(name), bytes: sample.data },
      { name, bytes: header },
    ]
  })
}

/** `rock.raw` to `rock.mhd`. */
const dataOf = (path: string) => `${stemOf(path)}.raw`

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
  files: (name: string, sample: { data: Uint8Array; shape: readonly number[] }, i: number) => OutFile[],
): OutFile[] {
  const size = labels.length / shape[0]
  return Array.from({ length: shape[0] }, (_, i) => {
    const sample = { data: labels.subarray(i * size, (i + 1) * size), shape: shape.slice(1) }
    return files(numbered(path, i, shape[0]), sample, i)
  }).flat()
}

/** `rock.vti` alone, or `rock-0007.vti` for sample 7 of several: ParaView takes such files for one series. */
export function numbered(path: string, i: number, count: number): string {
  if (count === 1) return path
  const digits = Math.max(4, String(count - 1).length)
  const stem = stemOf(path)
  return `${stem}-${String(i).padStart(digits, '0')}${path.slice(stem.length)}`
}

function pngFile(name: string, set: Written): OutFile[] {
  const { labels, shape, shares, columns } = set
  const { captions = shares.map(of => caption(of, set.about.names)) } = set
  const [count, height, width] = shape
  const most = Math.max(shares[0].length, extremes(labels).largest + 1)
  if (count > 1) {
    const { record } = set.about
    const text = record && { [recordKey]: recordText(record) }
    return [{ name, bytes: phasePicture({ data: labels, shape }, { labels: most, captions, columns, text }) }]
  }
  const text = { ...texts(set), fractions: shares[0].join(', '), Software: 'saltus' }
  const palette = phaseColours(most)
  return [{ name, bytes: writeIndexedPng({ data: labels, shape: [height, width] }, { palette, text }) }]
}

/** Of two phases the porosity, of more the shares of all; with their names where these are known, a line each. */
function caption(shares: readonly number[], names: readonly string[] | undefined): string {
  const percent = (share: number, digits: number) => `${(100 * share).toFixed(digits)}%`
  const named = names?.map(lettered)
  if (shares.length <= 2) return `${named ? `${named[0]} ` : ''}${percent(shares[0], 2)}`
  if (named) return shares.map((share, label) => `${named[label] ?? label} ${percent(share, 1)}`).join('\n')
  return `${shares.map(share => (100 * share).toFixed(1)).join('/')}%`
}
