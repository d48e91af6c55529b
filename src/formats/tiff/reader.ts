/**
 * TIFF stacks: pages of numbers with the names of their axes and the size of their voxels.
 *
 * Read here and not by a library: of those for browsers none unpacks strips into bounded memory or knows the depth of
 * a page, integers of 64 bits and the predictors of big-endian files (docs/formats.md says what is read).
 */
import { sizeOf } from '../array.ts'
import type { Grid } from '../grid.ts'
import { malformed } from '../malformed.ts'
import { type Source, sourceOf } from '../source.ts'
import { type PageAxes, pageAxes } from './axes.ts'
import { directories, isTiff, tag } from './directory.ts'
import { type Page, pageOf } from './page.ts'
import { scaleOf } from './scale.ts'
import { contiguous, stacked } from './stack.ts'

export { isTiff }

export interface TiffStack extends Grid {
  /** The text of the first page. */
  readonly description?: string
}

/**
 * Reads all pages, values as stored (indices where there is a palette; nothing is inverted where white is zero).
 * Smaller copies and masks of pages are left out.
 * @returns axes T, Z, C or N (pages), S where a pixel has several samples, Y and X
 * @throws SyntaxError if the file is truncated, damaged, its pages are of different sizes or types, or its compression
 * is not known; RangeError beyond the budget
 */
export async function readTiff(bytes: Uint8Array, source: string | Source): Promise<TiffStack> {
  const of = sourceOf(source, bytes)
  const { name } = of
  const all = directories(bytes, name)
  // TIFF 6.0, §8: 1 for a reduced copy, 4 for a mask.
  const full = all.filter(directory => (directory.number(tag.newSubfileType, 0) & 5) === 0)
  if (full.length === 0) throw malformed(name, 'the number of pages', 'at least 1', 0)
  const pages = full.map(directory => pageOf(directory, name))
  const { directory } = pages[0]
  const description = directory.text(tag.description)
  const scale = scaleOf({
    description,
    xResolution: directory.list(tag.xResolution),
    yResolution: directory.list(tag.yResolution),
    resolutionUnit: directory.number(tag.resolutionUnit, 2),
  })
  const labels = labelsSaid(description ?? '')
  const layout = layoutOf(pages, description ?? '', of)
  const { width, height, depth } = pages[0]
  const { data, palette } = layout.behind
    ? {
        data: contiguous(pages[0], { bytes, source: of, planes: sizeOf(layout.lengths) }),
        palette: undefined,
      }
    : await stacked(layout.pages, { bytes, source: of })
  const deep = depth > 1 ? [depth] : []
  return {
    data,
    axes: `${layout.axes}${depth > 1 ? 'Z' : ''}YX`,
    shape: [...layout.lengths, ...deep, height, width],
    ...(palette && { palette }),
    bits: pages[0].bits,
    ...(scale && { scale }),
    ...(labels && { labels }),
    ...(description && { description }),
  }
}

interface Layout {
  readonly pages: readonly Page[]
  /** Before Y and X (and the Z of pages with a depth). */
  readonly axes: string
  readonly lengths: readonly number[]
  /** All planes lie behind the only page. */
  readonly behind?: boolean
}

/** Which pages are read, and what they are. */
function layoutOf(pages: readonly Page[], description: string, source: Source): Layout {
  const [first] = pages
  // Axes of one page are none, but that there is one for pages at all.
  const several = (letters: string, all: readonly number[]) => {
    const kept = [...letters].flatMap((_, i) => (all[i] > 1 ? [i] : []))
    const [axes, lengths] = [kept.map(i => letters[i]).join('') || 'N', kept.map(i => all[i])]
    if (lengths.length === 0) lengths.push(1)
    return first.samples > 1 ? { axes: `${axes}S`, lengths: [...lengths, first.samples] } : { axes, lengths }
  }
  const plain = { pages, ...several('N', [pages.length]) }
  // Pages with a depth are volumes, each of them.
  const told = first.depth > 1 ? undefined : pageAxes({ description, ...first })
  if (!told) return plain
  const { axes, lengths, behind, samples, words } = told
  const planes = sizeOf(lengths)
  if (samples && pages.length === 1) {
    if (words) source.say(words)
    return { pages, axes, lengths }
  }
  if (behind && pages.length === 1 && planes > 1) return { pages, ...several(axes, lengths), behind }
  const chosen = chosenOf(pages, told, source.name)
  if (!chosen) {
    source.say(`its description speaks of ${planes} pages, there are ${pages.length}: it is left alone`)
    return plain
  }
  if (words) source.say(words)
  return { pages: chosen, ...several(axes, lengths) }
}

/** The pages of the planes, in order; undefined where their number is another, and nothing can be mistaken. */
function chosenOf(
  pages: readonly Page[],
  { axes, lengths, pages: places, first }: PageAxes,
  name: string,
): readonly Page[] | undefined {
  const planes = sizeOf(lengths)
  const last = Math.max(planes - 1, ...(places ?? []).slice(0, 1))
  const least = places ? places.reduce((most, place) => Math.max(most, place + 1), 0) : planes
  const right = first || places ? pages.length >= least : pages.length === planes
  if (right) return Array.from({ length: planes }, (_, i) => pages[places?.[i] ?? i])
  const long = [...axes].filter((_, i) => lengths[i] > 1)
  if (long.length < 2 && !long.includes('C')) return undefined
  const wanted = `${last + 1} (${axes} of ${lengths.join(' x ')}), as its description says`
  throw malformed(name, 'the number of pages', wanted, pages.length)
}

/** Our own stacks say the shares of their labels, so how many there are. */
function labelsSaid(description: string): number | undefined {
  const at = description.startsWith('fractions=') ? 0 : description.indexOf('\nfractions=') + 1
  if (at <= 0) return undefined
  const start = at + 'fractions='.length
  const end = description.indexOf(']', start)
  const row = end < 0 ? [] : description.slice(start, end).replaceAll('[', '').split(',')
  return row.length >= 2 && row.length <= 256 ? row.length : undefined
}
