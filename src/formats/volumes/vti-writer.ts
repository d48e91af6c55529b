/**
 * Labels as VTK's image data (.vti) for ParaView: one unsigned byte per cell, the voxel size as spacing.
 *
 * XML throughout: the values are packed with zlib in blocks and written in base64 ("VTK File Formats", XML; the
 * layout of packed blocks is vtkXMLWriter's: count, size of a block, size of the last, packed sizes, the blocks).
 */
import { zlibSync } from 'fflate'
import { demand } from '../../base/errors.ts'
import { sizeOf } from '../array.ts'
import { extremes } from '../extremes.ts'
import { toBase64 } from './base64.ts'

export interface VtiOptions {
  /** Sides of a voxel [x, y, z], default 1. */
  readonly spacing?: readonly [number, number, number]
  /** Where the corner of the first voxel lies [x, y, z], default 0. */
  readonly origin?: readonly [number, number, number]
  /** What the array of cells is called. */
  readonly name?: string
  /** Numbers and texts that belong to the whole. */
  readonly fields?: Readonly<Record<string, string | readonly number[]>>
}

/** Bytes packed at a time. */
const block = 2 ** 20

/**
 * Writes labels [H, W] (one voxel thick) or [D, H, W]: x runs along the last axis, y from row to row, z from slice
 * to slice, all upwards from the origin. The same labels give the same bytes.
 */
export function writeVti(
  { data, shape }: { readonly data: Uint8Array; readonly shape: readonly number[] },
  { spacing = [1, 1, 1], origin = [0, 0, 0], name = 'labels', fields = {} }: VtiOptions = {},
): Uint8Array {
  const what = 'write VTK image data'
  const right = (shape.length === 2 || shape.length === 3) && sizeOf(shape) > 0
  demand(right, what, 'the shape', '[H, W] or [D, H, W], none of them 0', shape)
  demand(data.length === sizeOf(shape), what, 'the data', `${sizeOf(shape)} elements`, data.length)
  const [width, height, depth = 1] = [...shape].reverse()
  const extent = `0 ${width} 0 ${height} 0 ${depth}`
  const { least, largest } = extremes(data)
  const lines = [
    '<?xml version="1.0"?>',
    '<VTKFile type="ImageData" version="1.0" byte_order="LittleEndian" header_type="UInt64" compressor="vtkZLibDataCompressor">',
    `  <ImageData WholeExtent="${extent}" Origin="${origin.join(' ')}" Spacing="${spacing.join(' ')}" Direction="1 0 0 0 1 0 0 0 1">`,
    '    <FieldData>',
    ...Object.entries(fields).map(([key, value]) => `      ${field(key, value)}`),
    '    </FieldData>',
    `    <Piece Extent="${extent}">`,
    '      <PointData>',
    '      </PointData>',
    `      <CellData Scalars="${escaped(name)}">`,
    `        <DataArray type="UInt8" Name="${escaped(name)}" format="appended" RangeMin="${least}" RangeMax="${largest}" offset="0"/>`,
    '      </CellData>',
    '    </Piece>',
    '  </ImageData>',
    '  <AppendedData encoding="base64">',
    `   _${packed(data)}`,
    '  </AppendedData>',
    '</VTKFile>',
    '',
  ]
  return new TextEncoder().encode(lines.join('\n'))
}

/** An array of numbers, or a text as the numbers of its bytes with a zero behind, as VTK wants it. */
function field(name: string, value: string | readonly number[]): string {
  const head = `Name="${escaped(name)}" format="ascii"`
  if (typeof value !== 'string')
    return `<DataArray type="Float64" NumberOfTuples="${value.length}" ${head}>${value.join(' ')}</DataArray>`
  const bytes = [...new TextEncoder().encode(value), 0]
  return `<Array type="String" NumberOfTuples="1" ${head}>${bytes.join(' ')}</Array>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, letter => `&#${letter.charCodeAt(0)};`)
}

/** The header of sizes and the packed blocks, each in base64 of its own. */
function packed(data: Uint8Array): string {
  const parts: Uint8Array[] = []
  for (let at = 0; at < data.length; at += block)
    parts.push(zlibSync(data.subarray(at, at + block), { level: 6 }))
  const sizes = [parts.length, block, data.length % block, ...parts.map(part => part.length)]
  const header = BigUint64Array.from(sizes, BigInt)
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return toBase64(new Uint8Array(header.buffer)) + toBase64(whole)
}
