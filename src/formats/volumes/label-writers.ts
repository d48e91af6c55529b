/** Labels as NRRD and as MetaImage: a header in text and one byte per voxel, which ITK, Fiji, 3D Slicer and ParaView read. */
import { gzipSync } from 'fflate'
import { demand } from '../../base/errors.ts'
import { sizeOf } from '../array.ts'
import { joined } from '../gzip.ts'

export interface LabelVolume {
  readonly data: Uint8Array
  /** [H, W] or [D, H, W]. */
  readonly shape: readonly number[]
}

export interface LabelHeader {
  /** Side of a voxel, or its sides from the slowest axis to the fastest. */
  readonly side?: number | readonly number[]
  /** Of the side: um, nm, …. */
  readonly unit?: string
  /** How many labels there are, also where some are absent. */
  readonly labels?: number
  /** Further keys and values. */
  readonly more?: Readonly<Record<string, string>>
}

function checked({ data, shape }: LabelVolume, what: string): number[] {
  const right = (shape.length === 2 || shape.length === 3) && sizeOf(shape) > 0
  demand(right, what, 'the shape', '[H, W] or [D, H, W], none of them 0', shape)
  demand(data.length === sizeOf(shape), what, 'the data', `${sizeOf(shape)} elements`, data.length)
  return [...shape].reverse()
}

const line = (text: string) => text.replace(/[^ -~]+/g, ' ').trim()

const latin = (text: string) => Uint8Array.from(text, letter => letter.charCodeAt(0))

/** The sides of a voxel from the fastest axis on. */
const along = (side: number | readonly number[], sizes: readonly number[]): number[] =>
  typeof side === 'number' ? sizes.map(() => side) : [...side].reverse()

/** Writes .nrrd, packed with gzip. The same labels give the same bytes. */
export function writeNrrd(volume: LabelVolume, header: LabelHeader = {}): Uint8Array {
  const sizes = checked(volume, 'write NRRD')
  const { side, unit, labels, more = {} } = header
  const all = (text: string) => sizes.map(() => text).join(' ')
  const lines = [
    'NRRD0005',
    '# https://teem.sourceforge.net/nrrd/format.html',
    'type: uint8',
    `dimension: ${sizes.length}`,
    `sizes: ${sizes.join(' ')}`,
    `kinds: ${all('domain')}`,
    ...(side === undefined ? [] : [`spacings: ${along(side, sizes).join(' ')}`]),
    ...(side !== undefined && unit ? [`units: ${all(`"${line(unit)}"`)}`] : []),
    'encoding: gzip',
    ...(labels === undefined ? [] : [`labels:=${labels}`]),
    ...Object.entries(more).map(([key, value]) => `${key}:=${line(value)}`),
  ]
  // Without the time of day in the head of gzip, so that equal labels are equal files.
  const packed = gzipSync(volume.data, { level: 6, mtime: 0 })
  const text = latin(`${lines.join('\n')}\n\n`)
  return joined([text, packed], text.length + packed.length)
}

/** Writes the header .mhd to data that lie as they are in `file` beside it. */
export function writeMetaImageHeader(
  volume: LabelVolume,
  file: string,
  header: LabelHeader = {},
): Uint8Array {
  const sizes = checked(volume, 'write MetaImage')
  const { side, unit, labels, more = {} } = header
  const comment = Object.entries({
    ...(side !== undefined && unit && { unit: line(unit) }),
    ...(labels !== undefined && { labels: String(labels) }),
    ...more,
  })
  const lines = [
    'ObjectType = Image',
    `NDims = ${sizes.length}`,
    ...(comment.length > 0
      ? [`Comment = ${comment.map(([key, value]) => `${key}=${line(value)}`).join('; ')}`]
      : []),
    'BinaryData = True',
    'BinaryDataByteOrderMSB = False',
    'CompressedData = False',
    `DimSize = ${sizes.join(' ')}`,
    ...(side === undefined ? [] : [`ElementSpacing = ${along(side, sizes).join(' ')}`]),
    'ElementType = MET_UCHAR',
    `ElementDataFile = ${file}`,
  ]
  return latin(`${lines.join('\n')}\n`)
}
