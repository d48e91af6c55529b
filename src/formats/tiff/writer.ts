/**
 * Stacks of 8-bit pages as TIFF, laid out as ImageJ does: pages behind each other without gaps, not packed.
 * Fiji, tifffile, libtiff and ParaView read it; ImageJ asks for this layout where its description says `images=`.
 */
import { demand } from '../../base/errors.ts'
import { sizeOf } from '../array.ts'
import { extremes } from '../extremes.ts'
import type { Scale } from '../scale.ts'

export interface TiffWriterOptions {
  readonly scale?: Scale
  /** Further `key=value` lines of the description. */
  readonly more?: Readonly<Record<string, string>>
}

/** Bytes of an entry of a directory (TIFF 6.0, §2). */
const entryBytes = 12

/**
 * Writes [N, H, W] as N pages that are frames, or [N, D, H, W] as N frames of D slices; a scale with `z` says that
 * the pages of [N, H, W] are slices of one volume. The same stack gives the same bytes.
 */
export function writeTiff(
  { data, shape }: { readonly data: Uint8Array; readonly shape: readonly number[] },
  { scale, more = {} }: TiffWriterOptions = {},
): Uint8Array {
  const what = 'write a TIFF stack'
  const right = (shape.length === 3 || shape.length === 4) && sizeOf(shape) > 0
  demand(right, what, 'the shape', '[N, H, W] or [N, D, H, W], none of them 0', shape)
  demand(data.length === sizeOf(shape), what, 'the data', `${sizeOf(shape)} elements`, data.length)
  const [height, width] = shape.slice(-2)
  const count = data.length / (height * width)
  const description = ascii(describe(data, { shape, count, scale, more }))
  const page = { height, width, scale }
  const first = directory({ ...page, description }, { at: 8, data: 0, next: 0 }).length
  const start = Math.ceil((8 + first) / 2) * 2
  const later = directory(page, { at: 0, data: 0, next: 0 }).length
  const behind = start + data.length + (data.length % 2)
  const total = behind + (count - 1) * later
  demand(total < 2 ** 32, what, 'the file', 'below 4 GiB', total)
  const bytes = new Uint8Array(total)
  bytes.set([0x49, 0x49, 42, 0, 8])
  bytes.set(data, start)
  for (let i = 0; i < count; i++) {
    const at = i === 0 ? 8 : behind + (i - 1) * later
    const next = i + 1 < count ? behind + i * later : 0
    const about = i === 0 ? { ...page, description } : page
    bytes.set(directory(about, { at, data: start + i * height * width, next }), at)
  }
  return bytes
}

interface Description {
  readonly shape: readonly number[]
  readonly count: number
  readonly scale?: Scale
  readonly more: Readonly<Record<string, string>>
}

/** The text by which ImageJ and tifffile know what the pages are, and how large a voxel is. */
function describe(data: Uint8Array, { shape, count, scale, more }: Description): string {
  const largest = Math.max(1, extremes(data).largest)
  const volume = shape.length === 3 && scale?.z !== undefined
  const [frames, slices] = shape.length === 4 ? shape : volume ? [1, count] : [count, 1]
  const lines: [string, string | number][] = [['ImageJ', '1.53t']]
  if (count > 1) lines.push(['images', count])
  if (slices > 1) lines.push(['slices', slices])
  if (frames > 1) lines.push(['frames', frames])
  if (count > 1) lines.push(['hyperstack', 'true'])
  lines.push(['mode', 'grayscale'])
  if (scale?.unit) lines.push(['unit', scale.unit])
  if (scale) lines.push(['spacing', scale.z ?? scale.x])
  lines.push(['loop', 'false'], ['min', '0.0'], ['max', largest.toFixed(1)])
  return [...lines, ...Object.entries(more)].map(([key, value]) => `${key}=${line(value)}\n`).join('')
}

const line = (value: string | number) => String(value).replace(/\s+/g, ' ')

/** Bytes of a text, which TIFF wants to be ASCII with a zero behind; other letters as \u00B5, which ImageJ reads. */
function ascii(text: string): Uint8Array {
  const escaped = text.replace(
    /[^\n -~]/g,
    letter => `\\u${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  )
  return Uint8Array.from({ length: escaped.length + 1 }, (_, i) => escaped.charCodeAt(i) || 0)
}

interface Page {
  readonly height: number
  readonly width: number
  readonly scale?: Scale
  readonly description?: Uint8Array
}

/** Types of values (TIFF 6.0, §2). */
const [text, short, long, rational] = [2, 3, 4, 5]

/** A directory (entries by rising tags, then what is longer than 4 bytes), little-endian, of even length. */
function directory(
  { height, width, scale, description }: Page,
  places: { readonly at: number; readonly data: number; readonly next: number },
): Uint8Array {
  const entries: [tag: number, type: number, values: ArrayLike<number>][] = [
    [254, long, [0]],
    [256, long, [width]],
    [257, long, [height]],
    [258, short, [8]],
    // Not packed; zero is black.
    [259, short, [1]],
    [262, short, [1]],
    ...(description ? [[270, text, description] as [number, number, Uint8Array]] : []),
    [273, long, [places.data]],
    [277, short, [1]],
    [278, long, [height]],
    [279, long, [height * width]],
  ]
  // No unit in the tags: ImageJ's is in the description.
  if (scale) entries.push([282, rational, ratio(1 / scale.x)], [283, rational, ratio(1 / scale.y)])
  if (scale) entries.push([296, short, [1]])
  const table = 2 + entries.length * entryBytes + 4
  const longer = entries.reduce((sum, [, type, values]) => {
    const size = sizeIn(type, values)
    return sum + (size > 4 ? size + (size % 2) : 0)
  }, 0)
  const bytes = new Uint8Array(table + longer)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, entries.length, true)
  let free = table
  entries.forEach(([tag, type, values], i) => {
    const entry = 2 + i * entryBytes
    const size = sizeIn(type, values)
    view.setUint16(entry, tag, true)
    view.setUint16(entry + 2, type, true)
    view.setUint32(entry + 4, type === rational ? values.length / 2 : values.length, true)
    if (size > 4) view.setUint32(entry + 8, places.at + free, true)
    put(view, size > 4 ? free : entry + 8, { type, values })
    if (size > 4) free += size + (size % 2)
  })
  view.setUint32(table - 4, places.next, true)
  return bytes
}

const widths: Record<number, number> = { [text]: 1, [short]: 2, [long]: 4, [rational]: 4 }

const sizeIn = (type: number, values: ArrayLike<number>) => widths[type] * values.length

function put(
  view: DataView,
  at: number,
  { type, values }: { type: number; values: ArrayLike<number> },
): void {
  for (let i = 0; i < values.length; i++) {
    if (type === text) view.setUint8(at + i, values[i])
    else if (type === short) view.setUint16(at + 2 * i, values[i], true)
    else view.setUint32(at + 4 * i, values[i], true)
  }
}

/** The nearest fraction of two 32-bit whole numbers, by continued fractions; exact where there is a short one. */
export function ratio(value: number): [numerator: number, denominator: number] {
  demand(
    value > 2 ** -32 && value < 2 ** 32,
    'write a TIFF stack',
    'pixels per unit',
    'from 2^-32 to 2^32',
    value,
  )
  let [before, numerator] = [0, 1]
  let [below, denominator] = [1, 0]
  for (let rest = value; ; rest = 1 / rest) {
    const whole = Math.floor(rest)
    const next = [whole * numerator + before, whole * denominator + below]
    if (Math.max(...next) >= 2 ** 32) break
    ;[before, numerator, below, denominator] = [numerator, next[0], denominator, next[1]]
    rest -= whole
    if (Math.abs(numerator / denominator - value) <= 1e-13 * value || rest === 0) break
  }
  return [numerator, denominator]
}
