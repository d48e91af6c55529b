/**
 * Numbers on a grid out of files of any of the formats read here, told apart by their bytes, with the size of
 * their voxels.
 */
import { demand } from '../base/errors.ts'
import { type Element, elementBytes, fromBytes, type NdArray, sizeOf } from '../formats/array.ts'
import { unknownFormat } from '../formats/foreign.ts'
import { axesOf, type Grid } from '../formats/grid.ts'
import { gunzip } from '../formats/gzip.ts'
import { malformed } from '../formats/malformed.ts'
import { isNpy, readNpy } from '../formats/npy.ts'
import { openNpz } from '../formats/npz.ts'
import { shuffledGreys } from '../formats/palette.ts'
import { type PlaneOptions, type Planes, planes } from '../formats/planes.ts'
import { isPng, readIndexedPng } from '../formats/png.ts'
import { isLength, type Scale, unitNamed } from '../formats/scale.ts'
import { partOf, type Source, sourceOf } from '../formats/source.ts'
import { isTiff, readTiff } from '../formats/tiff/reader.ts'
import { arrayNamed } from '../formats/volumes/array-named.ts'
import { isHdf5, readHdf5 } from '../formats/volumes/hdf5.ts'
import { isMetaImage, readMetaImage } from '../formats/volumes/metaimage.ts'
import { isNifti, readNifti } from '../formats/volumes/nifti.ts'
import { isNrrd, readNrrd } from '../formats/volumes/nrrd.ts'
import { isVti, readVti } from '../formats/volumes/vti-reader.ts'
import { isZip } from '../formats/zip.ts'

/** How bytes without a header lie. */
export interface RawLayout {
  /** [H, W], [N, H, W] (Z, Y, X for a volume) or [N, D, H, W]: the last runs fastest. */
  readonly shape: readonly number[]
  readonly element: Element
  readonly bigEndian: boolean
}

export interface ReadVolumeOptions extends PlaneOptions {
  /** How files without a header lie. */
  readonly raw?: RawLayout
  /** The name of one of several arrays of a file. */
  readonly array?: string
}

/** [H, W], [N, H, W] or [N, D, H, W]. */
export type Volume = Planes

export const isRawName = (name: string): boolean => /\.(raw|bin|dat)(\.gz)?$/i.test(name)

/** What is read as labels, in words. */
export const volumeFormats =
  'TIFF, PNG, npy, npz, .vti, .mhd, .nrrd, .nii or HDF5, or --shape given for bytes without a header'

/**
 * Reads TIFF, PNG, .npy, .npz, .vti, .mhd/.mha, .nrrd, .nii, HDF5 or bytes without a header, packed with gzip or not.
 * Of several arrays that called samples, images, labels or arr_0, or the only one. A PNG with a palette gives the
 * indices.
 * @param source errors call the file by its name; .raw, .bin and .dat are never taken for another format
 * @throws SyntaxError if the bytes are damaged or foreign; RangeError if the shape is another, a channel must be
 * chosen, or it costs too much
 */
export async function readVolume(
  source: string | Source,
  file: Uint8Array,
  options: ReadVolumeOptions = {},
): Promise<Volume> {
  const of = sourceOf(source, file)
  const grid = await gridOf(gunzip(file, of), of, options)
  const wanted = '[H, W], [N, H, W] or [N, D, H, W], none of them 0'
  demand(grid.data.length > 0, `read ${of.name}`, 'the shape of the array', wanted, grid.shape)
  return planes(grid, options, of)
}

function gridOf(bytes: Uint8Array, source: Source, { raw, array }: ReadVolumeOptions): Grid | Promise<Grid> {
  const { name } = source
  if (isRawName(name)) return readRaw(bytes, source, raw)
  if (isTiff(bytes)) return readTiff(bytes, source)
  if (isPng(bytes)) return readLabelPng(bytes, source)
  if (isNpy(bytes)) return lettered(numbers(readNpy(bytes, source), name), source)
  if (isZip(bytes)) return readArchive(bytes, source, array)
  if (isVti(bytes)) return readVti(bytes, source, { array })
  if (isNrrd(bytes)) return readNrrd(bytes, source)
  if (isMetaImage(bytes)) return readMetaImage(bytes, source)
  if (isNifti(bytes)) return readNifti(bytes, source)
  if (isHdf5(bytes)) return readHdf5(bytes, source, { array })
  if (raw) return readRaw(bytes, source, raw)
  throw unknownFormat(bytes, name, volumeFormats)
}

function readRaw(bytes: Uint8Array, { name, budget }: Source, raw?: RawLayout): Grid {
  if (!raw) throw malformed(name, '--shape', 'given (and --dtype) for bytes without a header', undefined)
  const { element, bigEndian } = raw
  const shape = [...raw.shape]
  const size = sizeOf(shape) * elementBytes[element]
  const wanted = `${size} bytes for ${shape.join(' x ')} of ${8 * elementBytes[element]} bits`
  if (bytes.length !== size) throw malformed(name, 'the file', wanted, bytes.length)
  budget.spend(size, name)
  // What is told goes without guesses at colours.
  const axes = ['', '', 'YX', 'NYX', 'NZYX'][shape.length]
  return { data: fromBytes(bytes, { element, bigEndian, name }), shape, axes }
}

/** An array of which nothing is known but its shape. */
function lettered({ data, shape }: NdArray, source: Source): Grid {
  const front = shape.findIndex((length, axis) => length !== 1 || shape.length - axis <= 4)
  const own = shape.slice(Math.max(0, front))
  const axes = axesOf(own)
  const wanted = '[H, W], [N, H, W] or [N, D, H, W], with up to four samples of a pixel behind'
  demand(axes !== undefined, `read ${source.name}`, 'the shape of the array', wanted, shape)
  const samples = own.at(-1)!
  if (axes.endsWith('S') && samples > 1)
    source.say(`its shape ${own.join('×')} is taken for pixels of ${samples} samples, which lie last`)
  return { data, shape: own, axes }
}

/** A picture of one channel, of several, or of indices into a palette. */
function readLabelPng(bytes: Uint8Array, source: Source): Grid {
  const { data, shape, bits, palette } = readIndexedPng(bytes, source)
  if (palette && shuffledGreys(palette, palette.length))
    source.say(
      'its palette is of greys in no rising order: the values are its indices (as everywhere with palettes)',
    )
  return { data, shape, axes: 'SYX', bits, ...(palette && { palette }) }
}

function readArchive(bytes: Uint8Array, source: Source, array?: string): Grid {
  const arrays = openNpz(bytes, source)
  const read = arrayNamed(arrays, {
    array,
    usual: ['samples', 'images', 'labels', 'arr_0'].filter(key => key !== 'labels' || !arrays.has('samples')),
    name: source.name,
  })
  const key = [...arrays].find(([, one]) => one === read)![0]
  const part = partOf(source, key)
  const grid = lettered(numbers(read(), part.name), part)
  const shares = arrays.get('fractions')?.()
  // Archives that were written here say the shares of all labels.
  const labels = shares !== undefined && typeof shares !== 'string' ? shares.shape.at(-1) : undefined
  const scale = scaleOf(arrays.get('voxel_size')?.(), arrays.get('unit')?.())
  return { ...grid, ...(labels !== undefined && labels > 1 && { labels }), ...(scale && { scale }) }
}

/** One side of a cube, or sides in the order of the axes. */
function scaleOf(size: NdArray | string | undefined, unit: NdArray | string | undefined): Scale | undefined {
  if (size === undefined || typeof size === 'string') return undefined
  const sides = Array.from(size.data).reverse()
  const [x, y = x, z = sides.length === 1 ? x : undefined] = sides
  if (!isLength(x) || !isLength(y)) return undefined
  return { x, y, ...(isLength(z) && { z }), unit: unitNamed(typeof unit === 'string' ? unit : '') }
}

function numbers(array: NdArray | string, name: string): NdArray {
  if (typeof array !== 'string') return array
  throw malformed(name, 'the array', 'of numbers', array.slice(0, 40))
}
