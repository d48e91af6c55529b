/** How much of a sample is which phase: fractions as users ask for them, and the whole voxels that they come to. */
import { refused } from '../../base/errors.ts'
import { below, type Random, random } from '../../base/random.ts'
import { sizeOf } from '../../formats/array.ts'
import { portions } from '../../lattice/index.ts'
import type { Material, ModelDescription } from '../../model/description.ts'
import type { Range } from '../fields.ts'

export interface Fractions {
  /** Porosities, a row each. */
  readonly porosity?: readonly Range[]
  /** Rows of shares of the solid phases, one range for each. */
  readonly fractions?: readonly (readonly Range[])[]
}

/** The stream of fractions, far from the streams of the images, which are numbered from 0. */
const fractionStream = 2 ** 32 + 1

/** How many training crops around a porosity are looked at for solids that go with it. */
const neighbours = 64

/**
 * Voxels of the labels 0, 1, … of each sample, [N][labels]; `count` samples of each row.
 * With a porosity the solids share the rest as in a crop of about that porosity; with nothing asked for the
 * voxels are those of a crop.
 */
export function fractionWishes(
  description: ModelDescription,
  { porosity, fractions, count, seed }: Fractions & { count: number; seed: number },
): number[][] {
  const { data, task } = description
  const sites = sizeOf(task.shape.slice(1))
  if (porosity && fractions) throw refused('choose fractions', 'porosity', 'left out with fractions', 'both')
  for (const row of fractions ?? []) {
    const least = row.reduce((sum, [low]) => sum + low, 0)
    if (least > 1 + 1e-9)
      throw refused(
        'choose fractions',
        'fractions',
        'shares whose sum is at most 1',
        row.map(([low]) => low),
      )
  }
  const known = data.masses.map(masses => voxelsOf(description, masses)).sort(([a], [b]) => a - b)
  const stream = random(seed).fork(fractionStream)
  const drawn = ([least, most]: Range, rng: Random) => {
    const [low, high] = [least, most].map(share => Math.round(share * sites))
    return low + below(rng, high - low + 1)
  }
  const rows = porosity ?? fractions ?? [undefined]
  return rows.flatMap((row, r) =>
    Array.from({ length: count }, (_, i) => {
      const rng = stream.fork(r * count + i)
      if (row === undefined) return [...known[below(rng, known.length)]]
      if (isRange(row)) {
        const pores = drawn(row, rng)
        const place = known.findIndex(([n]) => n >= pores)
        const width = Math.min(neighbours, known.length)
        const first = (place < 0 ? known.length : place) - (width >> 1)
        const like = known[Math.max(0, Math.min(known.length - width, first)) + below(rng, width)]
        return [pores, ...portions(sites - pores, like.slice(1))]
      }
      demandPhases(description, row)
      const solids = fitting(
        row.map(range => drawn(range, rng)),
        sites,
      )
      return [sites - solids.reduce((sum, n) => sum + n, 0), ...solids]
    }),
  )
}

const isRange = (row: Range | readonly Range[]): row is Range => typeof row[0] === 'number'

function demandPhases({ data }: ModelDescription, row: readonly Range[]): void {
  const solids = (data.material?.phases ?? []).slice(1)
  if (row.length === solids.length) return
  const wanted = `one share for each of the solid phases (${solids.join(', ')})`
  throw refused('choose fractions', 'fractions', wanted, row.length)
}

/** Voxels of the labels 0, 1, … of an image with these units; what no unit stands on is the label left over. */
export function voxelsOf({ data, task }: ModelDescription, masses: readonly number[]): number[] {
  const { phases, units } = data.material as Material
  const voxels = phases.map((_, label) => masses[units.indexOf(label)] ?? 0)
  const left = phases.findIndex((_, label) => !units.includes(label))
  voxels[left] = sizeOf(task.shape.slice(1)) - masses.reduce((sum, mass) => sum + mass, 0)
  return voxels
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
export function rounded({ porosity, fractions }: Fractions, sites: number): string | undefined {
  const shares = [...(porosity ?? []).flat(), ...(fractions ?? []).flat(2)]
  const odd = [...new Set(shares)].filter(share => Math.abs(Math.round(share * sites) - share * sites) > 1e-6)
  if (odd.length === 0) return undefined
  const shown = odd.slice(0, 4).map(share => {
    const voxels = Math.round(share * sites)
    return `${share} is ${voxels} of ${sites} voxels (${(voxels / sites).toPrecision(6)})`
  })
  return `Rounded to whole voxels: ${shown.join(', ')}${odd.length > 4 ? ', …' : ''}`
}
