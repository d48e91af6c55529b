/**
 * Numbers on a grid out of files of any of the formats read here, told apart by their bytes, with the size of
 * their voxels.
 */
import { decode } from 'fast-png'
import { demand } from '../base/errors.ts'
import {
  type Element,
  elementBytes,
  fromBytes,
  type NdArray,
  sizeOf,
  type TypedArray,
} from '../formats/array.ts'
import { gunzip } from '../formats/gzip.ts'
import { malformed } from '../formats/malformed.ts'
import { isNpy, readNpy } from '../formats/npy.ts'
import { openNpz } from '../formats/npz.ts'
import { isPng, readPng } from '../formats/png.ts'
import { isLength, type Scale, unitNamed } from '../formats/scale.ts'
import { isTiff, readTiff } from '../formats/tiff.ts'
import { isZip } from '../formats/zip.ts'

/** How bytes without a header lie. */
export interface RawLayout {
  /** [H, W], [N, H, W] (Z, Y, X for a volume) or [N, D, H, W]: the last runs fastest. */
  readonly shape: readonly number[]
  readonly element: Element
  readonly bigEndian: boolean
}

export interface Volume extends NdArray {
  scale?: Scale
}

export const isRawName = (name: string): boolean => /\.(raw|bin|dat)(\.gz)?$/i.test(name)

/**
 * Reads TIFF, PNG, .npy, .npz (the array called samples, images or arr_0, or the only one), or bytes without a
 * header, packed with gzip or not. A PNG with a coloured palette gives the indices.
 * @param name what the errors call the file; .raw, .bin and .dat are never taken for another format
 * @returns [H, W], [N, H, W] or [N, D, H, W]
 * @throws SyntaxError if the bytes are damaged or foreign, RangeError if the shape is another
 */
export async function readVolume(name: string, file: Uint8Array, raw?: RawLayout): Promise<Volume> {
  const volume = await numbersOf(name, gunzip(file, name), raw)
  const { data, shape } = volume
  const right = shape.length >= 2 && shape.length <= 4 && data.length > 0
  const wanted = '[H, W], [N, H, W] or [N, D, H, W], none of them 0'
  demand(right, `read ${name}`, 'the shape of the array', wanted, shape)
  return volume
}

function numbersOf(name: string, bytes: Uint8Array, raw?: RawLayout): Volume | Promise<Volume> {
  if (isRawName(name)) return readRaw(name, bytes, raw)
  if (isTiff(bytes)) return readTiff(bytes, name)
  if (isPng(bytes)) return readGreyPng(name, bytes)
  if (isNpy(bytes)) return numbers(readNpy(bytes, name), name)
  if (isZip(bytes)) return readArchive(name, bytes)
  if (raw) return readRaw(name, bytes, raw)
  const wanted = 'TIFF, PNG, npy or npz, or --shape given for bytes without a header'
  throw malformed(name, 'the file', wanted, [...bytes.subarray(0, 4)])
}

function readRaw(name: string, bytes: Uint8Array, raw?: RawLayout): NdArray {
  if (!raw) throw malformed(name, '--shape', 'given (and --dtype) for bytes without a header', undefined)
  const { element, bigEndian } = raw
  const shape = [...raw.shape]
  const size = sizeOf(shape) * elementBytes[element]
  const wanted = `${size} bytes for ${shape.join(' x ')} of ${8 * elementBytes[element]} bits`
  if (bytes.length !== size) throw malformed(name, 'the file', wanted, bytes.length)
  return { data: fromBytes(bytes, { element, bigEndian, name }), shape }
}

/** A picture [H, W] of one channel, of three that are equal everywhere, or of indices into a palette. */
function readGreyPng(name: string, bytes: Uint8Array): NdArray {
  const image = readPng(bytes, name)
  const { data, shape } = image
  const [channels, height, width] = shape
  const size = height * width
  for (let i = size; i < channels * size; i++)
    if (data[i] !== data[i % size]) return { data: indices(name, bytes, image), shape: [height, width] }
  return { data: data.subarray(0, size), shape: [height, width] }
}

/** For every pixel the place of its colour in the palette. */
function indices(name: string, bytes: Uint8Array, { data }: NdArray): Uint8Array {
  const { palette } = decode(bytes.slice())
  if (!palette) throw malformed(name, 'the picture', 'of labels or grey', 'a coloured one')
  const places = new Map<number, number>()
  palette.forEach(([r, g, b], i) => {
    const colour = (r << 16) | (g << 8) | b
    if (!places.has(colour)) places.set(colour, i)
  })
  const size = data.length / 3
  return Uint8Array.from(
    { length: size },
    (_, i) => places.get((data[i] << 16) | (data[size + i] << 8) | data[2 * size + i])!,
  )
}

function readArchive(name: string, bytes: Uint8Array): Volume {
  const arrays = openNpz(bytes, name)
  const names = [...arrays.keys()]
  const known = ['samples', 'images', 'arr_0'].find(key => arrays.has(key))
  const chosen = known ?? (names.length === 1 ? names[0] : undefined)
  if (chosen === undefined) throw malformed(name, 'one array', 'called samples, images or arr_0', names)
  const volume = numbers(arrays.get(chosen)!(), `${chosen} of ${name}`)
  const [size, unit] = [arrays.get('voxel_size')?.(), arrays.get('unit')?.()]
  if (size === undefined || typeof size === 'string') return volume
  // One side of a cube, or sides in the order of the axes.
  const sides = Array.from(size.data).reverse()
  const [x, y = x, z = sides.length === 1 ? x : undefined] = sides
  if (!isLength(x) || !isLength(y)) return volume
  const scale = { x, y, ...(isLength(z) && { z }), unit: unitNamed(typeof unit === 'string' ? unit : '') }
  return { ...volume, scale }
}

function numbers(array: NdArray | string, name: string): NdArray {
  if (typeof array !== 'string') return array
  throw malformed(name, 'the array', 'of numbers', array.slice(0, 40))
}

/**
 * One stack [N, H, W] (or [N, D, H, W]) of volumes or slices that must be of one size and kind of numbers.
 * @throws RangeError naming the first slice that differs
 */
export function stacked(files: readonly { readonly name: string; readonly volume: Volume }[]): Volume {
  const stacks = files.map(({ name, volume }) => {
    const { data, shape } = volume
    return { name, data, shape: shape.length === 2 ? [1, ...shape] : shape }
  })
  const [first] = stacks
  if (stacks.length === 1) return { ...files[0].volume, shape: first.shape }
  const sizes = (shape: readonly number[]) => shape.slice(1).join('×')
  for (const { name, data, shape } of stacks) {
    const what = `read ${name}`
    const [wanted, got] = [sizes(first.shape), sizes(shape)]
    demand(got === wanted, what, 'its size', `that of ${first.name}, ${wanted}`, got)
    const [kind, found] = [first.data.constructor.name, data.constructor.name]
    demand(kind === found, what, 'its numbers', `of the kind of ${first.name}, ${kind}`, found)
  }
  const length = stacks.reduce((sum, { data }) => sum + data.length, 0)
  const data: TypedArray = new (first.data.constructor as Uint8ArrayConstructor)(length)
  let [at, count] = [0, 0]
  for (const stack of stacks) {
    data.set(stack.data, at)
    at += stack.data.length
    count += stack.shape[0]
  }
  return { data, shape: [count, ...first.shape.slice(1)], scale: files[0].volume.scale }
}
