/**
 * TIFF stacks: pages of grey values or labels as one array [N, H, W], with the size of their voxels.
 *
 * The file is parsed and unpacked by geotiff: no compression, LZW, deflate, PackBits and Zstandard, strips and
 * tiles, predictors, both byte orders, BigTIFF.
 */
import type { GeoTIFF, GeoTIFFImage } from 'geotiff'
import { elementOf, fromBytes, type NdArray, type TypedArray } from './array.ts'
import { malformed } from './malformed.ts'
import type { Scale } from './scale.ts'
import { type File, greyOf, placesOf } from './tiff-page.ts'
import { scaleOf } from './tiff-scale.ts'

export interface TiffStack extends NdArray {
  /** [N, H, W]. */
  shape: [number, number, number]
  scale?: Scale
  /** The text of the first page. */
  description?: string
}

export function isTiff(bytes: Uint8Array): boolean {
  const [a, b, c, d] = bytes
  const little = a === 0x49 && b === 0x49 && (c === 42 || c === 43) && d === 0
  const big = a === 0x4d && b === 0x4d && c === 0 && (d === 42 || d === 43)
  return bytes.length >= 8 && (little || big)
}

/**
 * Reads all pages, values as stored (indices where there is a palette; nothing is inverted where white is zero).
 * Three colours are taken where they are equal everywhere. Smaller copies and masks of pages are left out.
 * @param name what the errors call the file
 * @throws SyntaxError if the file is truncated, damaged, coloured, its pages are of different sizes or types, or its
 * compression is not known
 */
export async function readTiff(bytes: Uint8Array, name: string): Promise<TiffStack> {
  if (!isTiff(bytes)) throw malformed(name, 'the first bytes', 'those of TIFF', [...bytes.subarray(0, 4)])
  try {
    // Loaded where it is needed: the command line starts without it.
    const { fromArrayBuffer } = await import('geotiff')
    const whole = bytes.byteLength === bytes.buffer.byteLength
    const buffer = (whole ? bytes.buffer : bytes.slice().buffer) as ArrayBuffer
    const pages = await pagesOf(await fromArrayBuffer(buffer), name)
    return await stackOf(pages, { bytes, name })
  } catch (error) {
    if (error instanceof SyntaxError) throw error
    // What geotiff looks for beyond the last byte.
    if (error instanceof RangeError) throw malformed(name, 'the TIFF file', 'whole', 'an early end')
    const reason = error instanceof Error ? error.message : String(error)
    throw malformed(name, 'the TIFF file', 'whole, of a compression that is known', reason)
  }
}

/** The full pages, in their order. */
async function pagesOf(file: GeoTIFF, name: string): Promise<GeoTIFFImage[]> {
  const pages: GeoTIFFImage[] = []
  const seen = new Set<number>()
  for (let i = 0, next = -1; next !== 0; i++) {
    const page = await file.getImage(i)
    next = page.fileDirectory.nextIFDByteOffset
    // A chain that bites its tail would never end.
    if (seen.has(next)) throw malformed(name, 'the list of pages', 'a list', 'a circle')
    seen.add(next)
    const kind = Number((await page.fileDirectory.loadValue('NewSubfileType')) ?? 0)
    // TIFF 6.0, §8: 1 for a reduced copy, 4 for a mask.
    if ((kind & 5) === 0) pages.push(page)
  }
  if (pages.length === 0) throw malformed(name, 'the number of pages', 'at least 1', 0)
  return pages
}

async function stackOf(pages: readonly GeoTIFFImage[], file: File): Promise<TiffStack> {
  const { name, bytes } = file
  const [first] = pages
  const [height, width] = [first.getHeight(), first.getWidth()]
  const size = height * width
  // LZW (TIFF 6.0, §13) makes at most 4,096 bytes of a code of 12 bits.
  const most = 4096 * bytes.length
  if (!(size > 0 && size * pages.length <= most))
    throw malformed(name, `${pages.length} pages of ${width} x ${height} pixels`, `1 to ${most} in all`, size)
  const text = await first.fileDirectory.loadValue('ImageDescription')
  const description = typeof text === 'string' ? text.replace(/\0+$/, '') : undefined
  const scale = await scaleFrom(first, description)
  const about = { ...(scale && { scale }), ...(description && { description }) }
  const frames = pages.length === 1 ? await contiguous(first, { ...file, description }) : undefined
  if (frames) return { ...frames, ...about }
  let data: TypedArray | undefined
  for (const [i, page] of pages.entries()) {
    const [rows, columns] = [page.getHeight(), page.getWidth()]
    if (rows !== height || columns !== width)
      throw malformed(name, `page ${i + 1}`, `${width} x ${height} pixels as page 1`, `${columns} x ${rows}`)
    const values = await greyOf(page, file)
    data ??= new (values.constructor as Uint8ArrayConstructor)(size * pages.length)
    if (values.constructor !== data.constructor)
      throw malformed(name, `page ${i + 1}`, `of ${elementOf(data)} as page 1`, elementOf(values))
    data.set(values, i * size)
  }
  return { data: data!, shape: [pages.length, height, width], ...about }
}

async function scaleFrom(page: GeoTIFFImage, description?: string): Promise<Scale | undefined> {
  const tags = page.fileDirectory
  // geotiff declares rationals as numbers, but gives numerator and denominator.
  const rational = async (tag: 'XResolution' | 'YResolution') => {
    const value: unknown = await tags.loadValue(tag)
    return value as ArrayLike<number> | undefined
  }
  return scaleOf({
    description,
    xResolution: await rational('XResolution'),
    yResolution: await rational('YResolution'),
    resolutionUnit: await tags.loadValue('ResolutionUnit'),
  })
}

/** ImageJ keeps stacks above 4 GiB as one page, with all others behind it, as they are. */
async function contiguous(
  page: GeoTIFFImage,
  { bytes, name, description = '' }: File & { description?: string },
): Promise<TiffStack | undefined> {
  const count = Number(/^images=(\d+)$/m.exec(description)?.[1] ?? 1)
  const tags = page.fileDirectory
  if (!description.startsWith('ImageJ=') || count < 2 || page.isTiled || page.getSamplesPerPixel() !== 1)
    return undefined
  if (Number((await tags.loadValue('Compression')) ?? 1) !== 1) return undefined
  const [start] = placesOf(page, bytes).starts
  const kind = elementOf(page.getArrayForSample(0, 1) as TypedArray)
  const [height, width] = [page.getHeight(), page.getWidth()]
  const size = count * height * width * page.getBytesPerPixel()
  if (start + size > bytes.length)
    throw malformed(name, `the data of ${count} pages`, `${size} bytes`, bytes.length - start)
  const data = fromBytes(bytes.subarray(start, start + size), {
    element: kind,
    bigEndian: !page.littleEndian,
    name,
  })
  return { data, shape: [count, height, width] }
}
