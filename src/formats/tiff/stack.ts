/** The pages of a TIFF stack behind each other: of one size, one kind of numbers, one palette. */
import { elementOf, fromBytes, type TypedArray, unpackedBytes } from '../array.ts'
import type { Rgb } from '../grid.ts'
import { malformed } from '../malformed.ts'
import { recoloured, samePalette } from '../palette.ts'
import type { Source } from '../source.ts'
import { tag } from './directory.ts'
import { packing, type Unpack } from './packings.ts'
import { blocksOf, type Page, pageCost, valuesOf } from './page.ts'

interface File {
  readonly bytes: Uint8Array
  readonly source: Source
}

/** All values of the pages, each [samples, depth, height, width], and the palette of the first. */
export async function stacked(
  pages: readonly Page[],
  { bytes, source }: File,
): Promise<{ data: TypedArray; palette?: readonly Rgb[] }> {
  const { name, budget } = source
  const [first] = pages
  const { height, width, depth, samples } = first
  budget.spend(
    pages.reduce((sum, page) => sum + pageCost(page), 0),
    name,
  )
  const palette = paletteOf(first)
  const size = height * width * depth * samples
  const unpackers = new Map<number, Unpack>()
  let data: TypedArray | undefined
  for (const [i, page] of pages.entries()) {
    demandAlike(page, first, { name, i })
    const unpack = unpackers.get(page.compression) ?? (await packing(page.compression, name))
    unpackers.set(page.compression, unpack)
    const values = valuesOf(page, { bytes, source, unpack })
    data ??=
      pages.length === 1 ? values : new (values.constructor as Uint8ArrayConstructor)(size * pages.length)
    if (values.constructor !== data.constructor)
      throw malformed(name, `page ${i + 1}`, `of ${elementOf(data)} as page 1`, elementOf(values))
    if (pages.length > 1) data.set(inPalette(values, page, { palette, name, i }), i * size)
  }
  return { data: data!, ...(palette && { palette }) }
}

function demandAlike(page: Page, first: Page, { name, i }: { name: string; i: number }): void {
  const text = ({ width, height, depth, samples }: Page) =>
    `${width} x ${height}${depth > 1 ? ` x ${depth}` : ''} pixels${samples > 1 ? ` of ${samples} samples` : ''}`
  if (text(page) !== text(first))
    throw malformed(name, `page ${i + 1}`, `${text(first)} as page 1`, text(page).replace(' pixels', ''))
  if (page.bits !== first.bits)
    throw malformed(name, `page ${i + 1}`, `of ${first.element} as page 1`, page.element)
}

/** The colours of indices, where pixels are such (TIFF 6.0, §5): all reds, all greens, all blues, of 16 bits. */
function paletteOf({ directory, bits, samples }: Page): Rgb[] | undefined {
  if (directory.number(tag.photometric, 1) !== 3 || samples !== 1 || bits > 16) return undefined
  const map = directory.list(tag.colorMap)
  const count = 2 ** bits
  if (map.length < 3 * count) return undefined
  // Some programs write 8 bits.
  const shift = map.some(value => value > 255) ? 8 : 0
  return Array.from({ length: count }, (_, i) =>
    [map[i], map[count + i], map[2 * count + i]].map(value => value >> shift),
  ) as unknown as Rgb[]
}

function inPalette(
  values: TypedArray,
  page: Page,
  { palette, name, i }: { palette?: readonly Rgb[]; name: string; i: number },
): TypedArray {
  if (i === 0) return values
  const own = paletteOf(page)
  if (samePalette(own, palette)) return values
  if (!own || !palette)
    throw malformed(name, `page ${i + 1}`, `${palette ? 'with' : 'without'} a palette as page 1`, 'another')
  return recoloured(values, { from: own, to: palette, name: `page ${i + 1} of ${name}`, like: 'page 1' })
}

/** Planes that lie behind the only page, as they are: ImageJ keeps stacks above 4 GiB so, tifffile what it truncates. */
export function contiguous(page: Page, { bytes, source, planes }: File & { planes: number }): TypedArray {
  const { name, budget } = source
  const { height, width, samples, bits, element, compression, directory } = page
  const { starts, tiled } = blocksOf(page, source)
  if (compression !== 1 || tiled || samples !== 1 || bits % 8 !== 0 || bits === 24)
    throw malformed(name, 'the number of pages', `${planes}, as its description says`, 1)
  const count = planes * height * width
  const [start, size] = [starts[0], (count * bits) / 8]
  if (!(start + size <= bytes.length))
    throw malformed(name, `the data of ${planes} pages`, `${size} bytes`, bytes.length - start)
  budget.spend(count * unpackedBytes(element), name)
  return fromBytes(bytes.subarray(start, start + size), { element, bigEndian: !directory.little, name })
}
