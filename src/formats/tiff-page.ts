/**
 * The values of one page of a TIFF file, and what geotiff 3.0 reads otherwise than TIFF 6.0 has it.
 */
import type { GeoTIFFImage } from 'geotiff'
import type { TypedArray } from './array.ts'
import { malformed } from './malformed.ts'

/** A file and what the errors call it. */
export interface File {
  readonly bytes: Uint8Array
  readonly name: string
}

/** Numbers of tags (TIFF 6.0, §8, §14, §15). */
const tag = {
  bitsPerSample: 258,
  stripOffsets: 273,
  stripByteCounts: 279,
  predictor: 317,
  tileOffsets: 324,
  tileByteCounts: 325,
}

/** One value per pixel of a page, row-major. */
export async function greyOf(page: GeoTIFFImage, file: File): Promise<TypedArray> {
  const { name, bytes } = file
  const samples = page.getSamplesPerPixel()
  if (samples !== 1 && samples !== 3) {
    const found = `one of ${samples} values a pixel`
    throw malformed(name, 'the picture', 'of labels or grey, one value a pixel', found)
  }
  const tags = page.fileDirectory
  // Deviation from geotiff, which asks for the tag: one bit is what TIFF 6.0, §8 takes where it is not there.
  if (!tags.hasTag(tag.bitsPerSample)) tags.actualizedFields.set(tag.bitsPerSample, [1])
  const [across, down] = [page.getTileWidth(), page.getTileHeight()]
  if (!(across > 0 && down > 0))
    throw malformed(name, 'its strips or tiles', 'of at least one pixel', `${across} x ${down}`)
  // geotiff takes what is there of a strip that is cut off.
  const { starts, lengths } = placesOf(page, bytes)
  for (let i = 0; i < starts.length; i++) {
    const end = starts[i] + lengths[i]
    if (!(end <= bytes.length)) throw malformed(name, 'the file', `at least ${end} bytes`, bytes.length)
  }
  const differences = await foreignDifferences(page, name)
  const [grey, ...others] = (await page.readRasters({ interleave: false })) as TypedArray[]
  if (others.some(colour => colour.some((value, i) => value !== grey[i])))
    throw malformed(name, 'the picture', 'of labels or grey', 'a coloured one')
  if (differences) summed(grey, { width: page.getWidth(), across })
  return grey
}

/** Where the strips or tiles of a page begin, and how many bytes each has. */
export function placesOf(page: GeoTIFFImage, bytes: Uint8Array): { starts: number[]; lengths: number[] } {
  const [starts, lengths] = page.isTiled
    ? [tag.tileOffsets, tag.tileByteCounts]
    : [tag.stripOffsets, tag.stripByteCounts]
  return { starts: listed(page, starts, bytes), lengths: listed(page, lengths, bytes) }
}

/** Bytes of the types of whole numbers: short, long and BigTIFF's. */
const widths: Record<number, number> = { 3: 2, 4: 4, 16: 8 }

/**
 * A list of whole numbers of a directory. Deviation from geotiff 3.0, which takes long lists for little-endian when
 * it comes to read them (its issue 535): they are read here, and it finds them done.
 */
function listed(page: GeoTIFFImage, which: number, bytes: Uint8Array): number[] {
  const { actualizedFields, deferredArrays } = page.fileDirectory
  const later = deferredArrays.get(which)
  if (later && !actualizedFields.has(which)) {
    const { arrayOffset: start, fieldType, length } = later
    const width = widths[fieldType]
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const numbers = Array.from({ length }, (_, i) => {
      const at = start + width * i
      if (width === 2) return view.getUint16(at, page.littleEndian)
      return width === 4
        ? view.getUint32(at, page.littleEndian)
        : Number(view.getBigUint64(at, page.littleEndian))
    })
    actualizedFields.set(which, numbers)
  }
  const known = actualizedFields.get(which)
  if (typeof known === 'number') return [known]
  return Array.from((known ?? []) as ArrayLike<number>, Number)
}

/**
 * Whether values are differences that are still to be summed. Deviation from geotiff 3.0, which sums numbers of
 * several bytes as if the file were little-endian (its pull request 543): it is told that there is no predictor.
 */
async function foreignDifferences(page: GeoTIFFImage, name: string): Promise<boolean> {
  const tags = page.fileDirectory
  const predictor = Number((await tags.loadValue('Predictor')) ?? 1)
  if (page.littleEndian || predictor === 1 || page.getBitsPerSample() === 8) return false
  if (predictor !== 2 || page.getSamplesPerPixel() !== 1)
    throw malformed(name, 'the predictor of big-endian pages', '1, or 2 for grey', predictor)
  tags.actualizedFields.set(tag.predictor, 1)
  return true
}

/** Sums the differences along the rows of every tile (TIFF 6.0, §14); numbers wrap around as they did. */
function summed(values: TypedArray, { width, across }: { width: number; across: number }): void {
  for (let i = 1; i < values.length; i++) {
    const column = i % width
    if (column % across !== 0) values[i] += values[i - 1]
  }
}
