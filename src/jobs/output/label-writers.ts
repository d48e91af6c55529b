/** Labels of materials written by their file's ending: TIFF, PNG, .npy, .npz, VTK's .vti, .mhd with .raw, .nrrd, or surfaces as .stl. */
import { demand } from '../../base/errors.ts'
import { type NdArray, sizeOf } from '../../formats/array.ts'
import { extremes } from '../../formats/extremes.ts'
import { lettered } from '../../formats/font.ts'
import { writeIndexedPng } from '../../formats/indexed-png.ts'
import { writeNpy } from '../../formats/npy.ts'
import { writeNpz } from '../../formats/npz.ts'
import { phaseColours, phasePicture } from '../../formats/phase-picture.ts'
import { writeTiff } from '../../formats/tiff/writer.ts'
import { volumePicture } from '../../formats/volume-picture.ts'
import { writeMetaImageHeader, writeNrrd } from '../../formats/volumes/label-writers.ts'
import { writeStl } from '../../formats/volumes/stl.ts'
import { writeVti } from '../../formats/volumes/vti-writer.ts'
import { fractions } from '../../structure/index.ts'
import { endingOf, nameOf, type OutFile } from '../files.ts'
import { recordKey, recordText } from '../record.ts'
import { seedArray } from './images.ts'
import {
  type AboutLabels,
  dataOf,
  type LabelEnding,
  type LabelOutputOptions,
  type LabelSet,
  labelNames,
  numbered,
} from './labels.ts'

/** All that a writer of one format is given. */
interface Written extends LabelSet, LabelOutputOptions {
  readonly about: AboutLabels
  /** Of every sample the shares of all labels. */
  readonly shares: readonly (readonly number[])[]
}

/** What files hold, by the ending: of `rock.vti` for several samples `rock-0000.vti`, `rock-0001.vti`, …. */
const writers: Record<LabelEnding, (path: string, set: Written) => OutFile[]> = {
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

/**
 * The labels as the files of that name.
 *
 * .tif: pages [N · D, H, W]; .npy: the labels; .npz: `samples` with `fractions` [N, labels], `seed`, `model`,
 * `voxel_size`, `unit`; .vti, .nrrd, .mhd with .raw: one file per sample, .stl: of volumes the surface of all but label 0; .png: of one sample the labels themselves under a palette, one
 * pixel each, of several a picture to look at, of volumes slices and a body in light.
 */
export function writtenLabels(
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
  return writers[endingOf(path) as LabelEnding](path, { ...set, ...options, about, shares })
}

function sharesOf({ labels, shape }: LabelSet): number[][] {
  const size = labels.length / shape[0]
  const most = Math.max(2, extremes(labels).largest + 1)
  return Array.from({ length: shape[0] }, (_, i) =>
    fractions({ data: labels.subarray(i * size, (i + 1) * size), shape: shape.slice(1) }, most),
  )
}

/** The texts that go with the labels, as far as they are known. */
function texts({ about }: Written): Record<string, string> {
  const { model, seed, voxelSize, spacing, unit, names, record } = about
  return {
    model,
    seed: String(seed),
    ...(voxelSize !== undefined && { voxel_size: String(voxelSize) }),
    ...(spacing && { voxel_size: spacing.join(', ') }),
    ...((voxelSize !== undefined || spacing) && unit && { unit }),
    ...(names && { names: names.join(', ') }),
    ...(record && { [recordKey]: recordText(record) }),
  }
}

function tiffFile(name: string, set: Written): OutFile[] {
  const { labels, shape, about, shares } = set
  const { unit = '' } = about
  const [z, y, x] = sidesOf(about) ?? []
  const scale = x === undefined ? undefined : { x, y, unit, ...(shape.length === 4 && { z }) }
  const { unit: _, ...others } = texts(set)
  const more = { ...others, fractions: JSON.stringify(shares) }
  return [{ name, bytes: writeTiff({ data: labels, shape }, { scale, more }) }]
}

/** The sides [z, y, x] of a voxel, where they are known. */
function sidesOf({ voxelSize: side, spacing }: AboutLabels): readonly number[] | undefined {
  return spacing ?? (side === undefined ? undefined : [side, side, side])
}

function npzFile(name: string, { labels, shape, about, shares, more = {} }: Written): OutFile[] {
  const { model, seed, voxelSize, spacing, unit, names, record } = about
  const arrays: Record<string, NdArray | string> = {
    samples: { data: labels, shape: [...shape] },
    fractions: { data: Float64Array.from(shares.flat()), shape: [shares.length, shares[0].length] },
    seed: seedArray(seed),
    model,
  }
  if (spacing) arrays.voxel_size = { data: Float64Array.from(spacing), shape: [spacing.length] }
  else if (voxelSize !== undefined) arrays.voxel_size = { data: Float64Array.of(voxelSize), shape: [] }
  if (arrays.voxel_size && unit) arrays.unit = unit
  if (names) arrays.names = names.join(', ')
  const text = record && { [recordKey]: recordText(record) }
  return [{ name, bytes: writeNpz({ ...arrays, ...more, ...text }) }]
}

function vtiFiles(path: string, set: Written): OutFile[] {
  const { shape, about, shares } = set
  const { seed: _, voxel_size: __, ...words } = texts(set)
  const [z, y, x] = sidesOf(about) ?? [1, 1, 1]
  return eachSample(path, set, (name, sample, i) => {
    const fields = {
      ...words,
      seed: [about.seed],
      ...(shape[0] > 1 && { sample: [i] }),
      fractions: shares[i],
      ...(about.voxelSize !== undefined && { voxel_size: [about.voxelSize] }),
    }
    return [{ name, bytes: writeVti(sample, { spacing: [x, y, z], fields }) }]
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

function headerOf(set: Written, i: number) {
  const { about, shares } = set
  const { unit: _, voxel_size: __, ...words } = texts(set)
  return {
    side: about.spacing ?? about.voxelSize,
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

function pngFile(name: string, set: Written): OutFile[] {
  const { labels, shape, shares, columns } = set
  const { captions = shares.map(of => caption(of, set.about.names)) } = set
  const [count, height, width] = shape
  const most = Math.max(shares[0].length, extremes(labels).largest + 1)
  const { record } = set.about
  if (count > 1 || shape.length === 4) {
    const text = record && { [recordKey]: recordText(record) }
    if (shape.length === 4)
      return [{ name, bytes: volumePicture({ data: labels, shape }, { labels: most, captions, text }) }]
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
