/**
 * NIfTI-1 and NIfTI-2 (.nii, .hdr with .img): a header of 348 or 540 bytes, then numbers, x fastest
 * (nifti.nimh.nih.gov). Voxels are taken in the order in which they lie.
 */
import { type Element, elementBytes, fromBytes, sizeOf, type TypedArray } from '../array.ts'
import type { Grid } from '../grid.ts'
import { malformed } from '../malformed.ts'
import { isLength, type Scale } from '../scale.ts'
import { type Source, sourceOf } from '../source.ts'
import { dataBeside } from './beside.ts'

/** Codes of types; of 128 and 2304 every voxel has three and four bytes, of colours. */
const types: Record<number, readonly [Element, number]> = {
  ...{ 2: ['u1', 1], 4: ['i2', 1], 8: ['i4', 1], 16: ['f4', 1], 64: ['f8', 1], 256: ['i1', 1] },
  ...{ 512: ['u2', 1], 768: ['u4', 1], 1024: ['i8', 1], 1280: ['u8', 1], 32: ['c8', 1], 1792: ['c16', 1] },
  ...{ 128: ['u1', 3], 2304: ['u1', 4] },
}

/** Which of the two the bytes are, and their order; undefined for others. */
function kindOf(bytes: Uint8Array): { version: 1 | 2; little: boolean; pair: boolean } | undefined {
  if (bytes.length < 348) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = [348, 540].includes(view.getInt32(0, true))
  if (!little && ![348, 540].includes(view.getInt32(0, false))) return undefined
  const version = view.getInt32(0, little) === 348 ? 1 : 2
  const magic = String.fromCharCode(...bytes.subarray(version === 1 ? 344 : 4, version === 1 ? 347 : 7))
  if (!['n+1', 'ni1', 'n+2', 'ni2'].includes(magic)) return undefined
  return { version, little, pair: magic[1] === 'i' }
}

export const isNifti = (bytes: Uint8Array): boolean => kindOf(bytes) !== undefined

/** Units of space (xyzt_units, the lowest three bits). */
const units = ['', 'm', 'mm', 'um']

/**
 * Reads an image. Values are scaled where the header says so, which is said.
 * @returns axes C, T, Z, Y, X, and S for colours
 * @throws SyntaxError if the header is damaged or the data are cut off
 */
export function readNifti(bytes: Uint8Array, source: string | Source): Grid {
  const of = sourceOf(source, bytes)
  const { name, budget } = of
  const kind = kindOf(bytes)
  if (!kind) throw malformed(name, 'the header', 'that of NIfTI', [...bytes.subarray(0, 4)])
  const header = fieldsOf(bytes, kind)
  const [axes, ...dims] = header.dims
  const right = axes >= 2 && axes <= 7 && dims.slice(0, axes).every(n => Number.isSafeInteger(n) && n > 0)
  if (!right || dims.slice(5, axes).some(length => length > 1))
    throw malformed(name, 'its sizes', 'two to five lengths above 0', header.dims)
  const [element, samples] = types[header.type] ?? []
  if (!element || !samples) throw malformed(name, 'the type of its numbers', 'one of NIfTI', header.type)
  const lengths = [0, 1, 2, 3, 4].map(i => (i < axes ? dims[i] : 1))
  const shape = [...lengths.reverse(), samples]
  const size = sizeOf(shape) * elementBytes[element]
  budget.spend(size, name)
  const file = kind.pair ? dataBeside(imageOf(name), of) : bytes
  const start = kind.pair && header.offset < 352 ? 0 : header.offset
  if (!(start >= 0 && start + size <= file.length))
    throw malformed(name, 'its data', `${size} bytes`, Math.max(0, file.length - start))
  const stored = fromBytes(file.subarray(start, start + size), { element, bigEndian: !kind.little, name })
  const data = scaled(stored, { ...header, source: of })
  const [, x, y, z] = header.sides.map(Math.abs)
  const scale: Scale | undefined =
    isLength(x) && isLength(y)
      ? { x, y, ...(isLength(z) && axes > 2 && { z }), unit: units[header.units & 7] ?? '' }
      : undefined
  return { data, shape, axes: 'CTZYXS', ...(scale && { scale }) }
}

/** The name of the data of a pair. */
const imageOf = (name: string) => name.replace(/\.hdr$/i, ending => (ending === '.HDR' ? '.IMG' : '.img'))

function fieldsOf(bytes: Uint8Array, { version, little }: { version: 1 | 2; little: boolean }) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const eight = Array.from({ length: 8 }, (_, i) => i)
  if (version === 1)
    return {
      dims: eight.map(i => view.getInt16(40 + 2 * i, little)),
      type: view.getInt16(70, little),
      sides: eight.map(i => view.getFloat32(76 + 4 * i, little)),
      offset: view.getFloat32(108, little),
      slope: view.getFloat32(112, little),
      intercept: view.getFloat32(116, little),
      units: bytes[123],
    }
  return {
    dims: eight.map(i => Number(view.getBigInt64(16 + 8 * i, little))),
    type: view.getInt16(12, little),
    sides: eight.map(i => view.getFloat64(104 + 8 * i, little)),
    offset: Number(view.getBigInt64(168, little)),
    slope: view.getFloat64(176, little),
    intercept: view.getFloat64(184, little),
    units: view.getInt32(500, little),
  }
}

/** slope × value + intercept, where there is a slope and it changes something. */
function scaled(
  data: TypedArray,
  { slope, intercept, source }: { slope: number; intercept: number; source: Source },
): TypedArray {
  const idle = !Number.isFinite(slope) || slope === 0 || (slope === 1 && !(intercept !== 0))
  if (idle || !Number.isFinite(intercept)) return data
  source.budget.spend(8 * data.length, source.name)
  source.say(`its values are scaled as its header says: ${slope} × value + ${intercept}`)
  return Float64Array.from(data, value => slope * value + intercept)
}
