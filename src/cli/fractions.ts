/** How much of a sample is which phase: fractions as users ask for them, and the whole voxels that they come to. */
import { cannot } from '../base/errors.ts'
import { below, random } from '../base/random.ts'
import type { ModelDescription } from '../model/description.ts'
import { isFile, readBytes } from './files.ts'
import { UsageError } from './usage.ts'
import { type Wish, wishes } from './wishes.ts'

/** From least to most. */
export type Range = readonly [least: number, most: number]

export interface FractionFlags {
  /** Porosities, a row each; of a file: one for every sample. */
  readonly porosity?: Asked<Range>
  /** Shares of the solid phases, one range for each. */
  readonly fractions?: Asked<readonly Range[]>
}

/** What is asked for, and whether a file said it: then it is one sample's, else `--count` samples'. */
export interface Asked<T> {
  readonly rows: readonly T[]
  readonly listed: boolean
}

/** Reads P, MIN:MAX, several of them with commas, or the name of a file with one on each line. */
export function porosities(text: string): Asked<Range> {
  const lines = linesOf(text)
  const parse = rangeOf('--porosity')
  return { rows: (lines ?? text.split(',')).map(parse), listed: lines !== undefined }
}

/** Reads a share or range for each solid phase with commas between, or the name of a file with such lines. */
export function phaseFractions(text: string): Asked<readonly Range[]> {
  const lines = linesOf(text)
  const rows = (lines ?? [text]).map(line => line.split(/[\s,;]+/).map(rangeOf('--fractions')))
  for (const row of rows) {
    const least = row.reduce((sum, [low]) => sum + low, 0)
    if (least > 1 + 1e-9)
      throw new UsageError(cannot('sample', '--fractions', 'shares whose sum is at most 1', row.join(' + ')))
  }
  return { rows, listed: lines !== undefined }
}

/** The lines of a file of that name, without comments; undefined where there is none. */
function linesOf(text: string): string[] | undefined {
  if (/^[\d.:,\s]+$/.test(text) || !isFile(text)) return undefined
  const lines = new TextDecoder().decode(readBytes(text)).split(/\r?\n/)
  const kept = lines.map(line => line.replace(/#.*/, '').trim()).filter(line => line !== '')
  if (kept.length === 0)
    throw new UsageError(cannot('sample', `the file ${text}`, 'of at least one line', kept))
  return kept
}

const rangeOf =
  (flag: string) =>
  (text: string): Range => {
    const parts = text
      .trim()
      .split(':')
      .map(part => (part.trim() === '' ? Number.NaN : Number(part)))
    const [low, high = low] = parts
    if (parts.length > 2 || !(low >= 0 && high <= 1 && low <= high))
      throw new UsageError(cannot('sample', flag, 'a share from 0 to 1, or MIN:MAX', text))
    return [low, high]
  }

/** The stream of fractions, far from the streams of the images, which are numbered from 0. */
const fractionStream = 2 ** 32 + 1

/** What each sample shall be; the rows as in the flags, `count` samples of each but for those of a file. */
export function fractionWishes(
  { data, task }: ModelDescription,
  { porosity, fractions, count, seed }: FractionFlags & { count: number; seed: number },
): Wish[] {
  const [channels, height, width] = task.shape
  const sites = height * width
  if (porosity && fractions)
    throw new UsageError(cannot('sample', '--porosity', 'left out with --fractions', 'both'))
  if (porosity) {
    const each = porosity.listed ? 1 : count
    const masses = porosity.rows.map(
      ([least, most]) => [sites - Math.round(most * sites), sites - Math.round(least * sites)] as const,
    )
    return wishes(data, { count: each, seed, masses })
  }
  if (!fractions) return wishes(data, { count, seed })
  const stream = random(seed).fork(fractionStream)
  const each = fractions.listed ? 1 : count
  return fractions.rows.flatMap((row, r) => {
    if (row.length !== channels) {
      const wanted = `one share for each of the solid phases (${(data.material?.phases ?? []).slice(1).join(', ')})`
      throw new UsageError(cannot('sample', '--fractions', wanted, row.length))
    }
    return Array.from({ length: each }, (_, i) => {
      const rng = stream.fork(r * each + i)
      const masses = row.map(([least, most]) => {
        const [low, high] = [least, most].map(share => Math.round(share * sites))
        return low + (high > low ? below(rng, high - low + 1) : 0)
      })
      return { masses: fitting(masses, sites), label: undefined }
    })
  })
}

/** Rounding, or draws from ranges, may come to more voxels than there are: the last phase gives way. */
function fitting(masses: number[], sites: number): number[] {
  let left = sites
  return masses.map(mass => {
    const kept = Math.min(mass, left)
    left -= kept
    return kept
  })
}

/** What was asked for but is no whole number of voxels: what it comes to, in words; undefined where all are. */
export function rounded({ porosity, fractions }: FractionFlags, sites: number): string | undefined {
  const shares = [...(porosity?.rows ?? []).flat(), ...(fractions?.rows ?? []).flat(2)]
  const odd = [...new Set(shares)].filter(share => Math.abs(Math.round(share * sites) - share * sites) > 1e-6)
  if (odd.length === 0) return undefined
  const shown = odd.slice(0, 4).map(share => {
    const voxels = Math.round(share * sites)
    return `${share} is ${voxels} of ${sites} voxels (${(voxels / sites).toPrecision(6)})`
  })
  return `Rounded to whole voxels: ${shown.join(', ')}${odd.length > 4 ? ', …' : ''}`
}
