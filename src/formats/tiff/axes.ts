/**
 * What the pages of a TIFF stack are: slices, channels, times, by the descriptions of ImageJ, OME and tifffile.
 */
import { sizeOf } from '../array.ts'
import { tags } from '../xml.ts'

/** Axes before Y and X, the slowest first, by letters of `AxisLetter`. */
export interface PageAxes {
  readonly axes: string
  readonly lengths: readonly number[]
  /** Which page holds plane 0, 1, …; left out where they follow each other. */
  readonly pages?: readonly number[]
  /** Planes may lie behind the only page, without pages of their own. */
  readonly behind?: boolean
  /** A sentence on what was understood. */
  readonly words?: string
  /** Pages of other images follow. */
  readonly first?: boolean
  /** The planes are the samples of pixels, in planes of their own. */
  readonly samples?: boolean
}

export interface Stack {
  readonly description: string
  /** Of the first page. */
  readonly height: number
  readonly width: number
  readonly samples: number
  readonly planar: boolean
}

/** What the description says; undefined where it says nothing. */
export function pageAxes(stack: Stack): PageAxes | undefined {
  const { description } = stack
  if (description.startsWith('ImageJ=')) return imageJ(description)
  if (description.startsWith('{')) return tifffile(stack)
  return description.includes('<') ? ome(description) : undefined
}

/** A channel and not a slice: ImageJ shows no more than seven in colours at once; tifffile calls slices channels. */
const mostChannels = 4

/** ImageJ: `key=value` lines; channels run fastest, then slices, then frames. */
function imageJ(description: string): PageAxes | undefined {
  const values = new Map<string, string>()
  for (const line of description.split('\n')) {
    const equals = line.indexOf('=')
    if (equals > 0) values.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim())
  }
  const count = (key: string) => {
    const value = Number(values.get(key) ?? 1)
    return Number.isSafeInteger(value) && value > 0 ? value : 1
  }
  const [channels, slices, frames, images] = ['channels', 'slices', 'frames', 'images'].map(count)
  const coloured = ['composite', 'color'].includes(values.get('mode') ?? '')
  if (channels > mostChannels && slices * frames === 1 && !coloured)
    return {
      axes: 'Z',
      lengths: [channels],
      behind: true,
      words: `its header calls its ${channels} pages channels: they are taken for slices (--channel takes one)`,
    }
  if (channels * slices * frames > 1)
    return { axes: 'TZC', lengths: [frames, slices, channels], behind: true }
  return images > 1 ? { axes: 'N', lengths: [images], behind: true } : undefined
}

/** tifffile's own: the shape in JSON, with letters for its axes where they were given. */
function tifffile({ description, height, width, samples, planar }: Stack): PageAxes | undefined {
  const { shape, axes, truncated } = parsed(description)
  if (!shape) return undefined
  const behind = truncated === true
  const last = [samples > 1 && !planar ? samples : [], width, height].flat()
  const rest = [...shape].reverse()
  if (!last.every((length, i) => rest[i] === length)) return undefined
  const lengths = shape.slice(0, shape.length - last.length)
  if (!planar) return named({ axes: axes ?? '', lengths, behind }, shape.length)
  // Slices that were taken for the colours of one page: [3, H, W] in planes.
  if (axes?.includes('S') || sizeOf(lengths) !== samples) return undefined
  const words = `its ${samples} planes of colours are taken for slices, as its description says`
  return named({ axes: axes ?? '', lengths, samples: true, words }, shape.length)
}

function parsed(description: string): { shape?: number[]; axes?: string; truncated?: unknown } {
  try {
    const { shape, axes, truncated } = JSON.parse(description) as Record<string, unknown>
    const whole = (length: unknown) => Number.isSafeInteger(length) && (length as number) > 0
    const right = Array.isArray(shape) && shape.length >= 2 && shape.length <= 16 && shape.every(whole)
    return {
      ...(right && { shape: shape as number[] }),
      ...(typeof axes === 'string' && { axes }),
      truncated,
    }
  } catch {
    return {}
  }
}

/** The axes by their letters where all are known, else by their number; those of length 1 are none. */
function named({ axes, lengths, ...more }: PageAxes, all: number): PageAxes | undefined {
  const letters = axes.length === all ? axes.slice(0, lengths.length).replace('I', 'N') : ''
  const kept = lengths.flatMap((length, i) => (length > 1 ? [{ length, letter: letters[i] ?? '' }] : []))
  const known =
    letters !== '' &&
    kept.every(({ letter }) => 'TZCN'.includes(letter)) &&
    new Set(kept.map(({ letter }) => letter)).size === kept.length
  if (kept.length > 2 && !known) return undefined
  const unknown = ['', 'N', 'NZ'][kept.length]
  const found = known ? kept.map(({ letter }) => letter).join('') : unknown
  return { ...more, axes: found, lengths: kept.map(({ length }) => length) }
}

/** OME: the sizes of the first image, in the order in which its planes lie; where they lie, if that is told. */
function ome(description: string): PageAxes | undefined {
  let pixels: ReadonlyMap<string, string> | undefined
  const places: ReadonlyMap<string, string>[] = []
  let [samples, images] = [1, 0]
  for (const { name, attributes, closing } of tags(description)) {
    if (closing) continue
    if (name === 'Pixels') {
      images++
      pixels ??= attributes
    }
    if (images !== 1) continue
    if (name === 'Channel') samples = Math.max(samples, whole(attributes.get('SamplesPerPixel'), 1))
    if (name === 'TiffData') places.push(attributes)
  }
  if (!pixels) return undefined
  const order = pixels.get('DimensionOrder') ?? 'XYZCT'
  if (!/^XY(?:ZCT|ZTC|CTZ|CZT|TCZ|TZC)$/.test(order)) return undefined
  const size: Record<string, number> = {
    Z: whole(pixels.get('SizeZ'), 1),
    C: Math.ceil(whole(pixels.get('SizeC'), 1) / samples),
    T: whole(pixels.get('SizeT'), 1),
  }
  const axes = [...order.slice(2)].reverse().join('')
  const lengths = [...axes].map(letter => size[letter])
  const pages = mapped(places, { axes, lengths })
  const words = images > 1 ? `it holds ${images} images: the first one is read` : undefined
  return { axes, lengths, first: images > 1, ...(pages && { pages }), ...(words && { words }) }
}

const whole = (text: string | undefined, otherwise: number): number =>
  text !== undefined && /^\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : otherwise

/** Most planes whose places are looked up one by one. */
const mostPlanes = 2 ** 20

/** For every plane its page, by OME's TiffData (IFD, FirstZ, FirstC, FirstT, PlaneCount); undefined: as they come. */
function mapped(
  places: readonly ReadonlyMap<string, string>[],
  { axes, lengths }: { axes: string; lengths: readonly number[] },
): number[] | undefined {
  const all = sizeOf(lengths)
  if (places.length === 0 || all > mostPlanes) return undefined
  const pages = new Array<number>(all).fill(-1)
  const number = (place: ReadonlyMap<string, string>, key: string) => {
    const text = place.get(key) ?? ''
    return /^\d{1,9}$/.test(text) ? Number(text) : undefined
  }
  for (const place of places) {
    const first = [...axes].map(letter => number(place, `First${letter}`) ?? 0)
    const plane = first.reduce((sum, index, i) => sum * lengths[i] + index, 0)
    const page = number(place, 'IFD')
    const count = number(place, 'PlaneCount') ?? (page === undefined ? all - plane : 1)
    for (let i = 0; i < count && plane + i < all; i++) pages[plane + i] = (page ?? 0) + i
  }
  if (pages.every((page, plane) => page === plane)) return undefined
  return pages.includes(-1) ? undefined : pages
}
