// A walk on a lattice larger than the images that its origins were learned from: only where it begins is another.
import { scatter } from '../base/draws.ts'
import { demand } from '../base/errors.ts'
import { below, type Random } from '../base/random.ts'
import type { JumpProcess, ProcessDescription } from './process.ts'

/** Enough to rebuild the process. */
export interface PatchworkDescription extends ProcessDescription {
  readonly kind: 'patchwork'
  /** The walk on the large lattice. */
  readonly walk: ProcessDescription
  /** Lengths of the images that were learned. */
  readonly patch: readonly number[]
  /** Masses [K][channels] of such images. */
  readonly masses: readonly (readonly number[])[]
}

/**
 * A walk where the lattice is too large to be mixed at t = 1.
 *
 * Waves longer than the patch have not died by then: a sample that began evenly spread would lack the material's
 * fluctuations over long distances. So it begins as a patchwork that has walked: patches are filled evenly, with masses
 * that are drawn from those of images of that size and moved together, by equal shares of the area, to the total that
 * is asked for, and every unit walks for the time 1, exactly. That is the law of p_1 where patches are independent of
 * each other. A lattice of one patch begins evenly spread, as the walk does. (Ours.)
 */
export function patchwork(
  walk: JumpProcess,
  { patch, masses: table }: Pick<PatchworkDescription, 'patch' | 'masses'>,
): JumpProcess {
  const [channels, ...lengths] = walk.shape
  const what = 'build the patchwork'
  demand(patch.length === lengths.length, what, 'the patch', `of ${lengths.length} lengths`, patch)
  demand(table.length > 0, what, 'the table of masses', 'of one image at least', table.length)
  const channelsFit = table.every(masses => masses.length === channels)
  demand(channelsFit, what, 'the masses', `${channels} per image`, table[0].length)
  const { sites } = walk
  const places = patches(lengths, patch)
  const one = patch.reduce((product, length) => product * length, 1)
  const description: PatchworkDescription = {
    kind: 'patchwork',
    walk: walk.description,
    patch,
    masses: table,
  }

  /** Masses of the patches of each channel, [channels][patches], of the totals asked for. */
  function shares(totals: ArrayLike<number>, random: Random): number[][] {
    const like = places.map(() => table[below(random, table.length)])
    return Array.from({ length: channels }, (_, c) => {
      const mean = table.reduce((sum, masses) => sum + masses[c], 0) / table.length
      // The fluctuation of a part of a patch: as that of independent sites.
      const wanted = places.map(({ length }, p) => {
        const share = length / one
        return (totals[c] * length) / sites + (like[p][c] - mean) * Math.sqrt(share)
      })
      return apportioned(
        wanted,
        places.map(place => place.length),
        totals[c],
      )
    })
  }

  return {
    ...walk,
    description,
    // It begins elsewhere than the walk.
    divergence: undefined,
    limit(masses, { random, out }) {
      if (places.length === 1) return walk.limit(masses, { random, out })
      // Checks the masses; what it draws is not used.
      walk.limit(masses, { random: random.fork(1), out })
      const filled = new Int32Array(out.length)
      const within = new Int32Array(Math.max(...places.map(place => place.length)))
      for (const [c, parts] of shares(masses, random.fork(0)).entries())
        for (const [p, place] of places.entries()) {
          within.fill(0)
          scatter(random, parts[p], within, place.length, 0)
          for (let i = 0; i < place.length; i++) filled[c * sites + place[i]] = within[i]
        }
      walk.corrupt(filled, 1, { random, noisy: out })
    },
  }
}

/** The sites of each patch: along each axis as many of nearly equal length as come nearest to the patch's. */
export function patches(lengths: readonly number[], patch: readonly number[]): Uint32Array[] {
  const numbers = lengths.map((length, axis) => Math.max(1, Math.round(length / patch[axis])))
  const sites: number[][] = Array.from({ length: numbers.reduce((a, b) => a * b, 1) }, () => [])
  const size = lengths.reduce((a, b) => a * b, 1)
  for (let site = 0; site < size; site++) {
    let [rest, place, stride] = [site, 0, 1]
    for (let axis = lengths.length - 1; axis >= 0; axis--) {
      place += stride * Math.floor(((rest % lengths[axis]) * numbers[axis]) / lengths[axis])
      stride *= numbers[axis]
      rest = Math.floor(rest / lengths[axis])
    }
    sites[place].push(site)
  }
  return sites.map(of => Uint32Array.from(of))
}

/** Whole numbers >= 0 near the wanted ones with exactly this sum: what is missing or over is shared by weight. */
export function apportioned(wanted: readonly number[], weights: readonly number[], total: number): number[] {
  let real = wanted.map(mass => Math.max(0, mass))
  const sum = real.reduce((a, b) => a + b, 0)
  if (sum > total) real = real.map(mass => (mass * total) / sum)
  else {
    const weight = weights.reduce((a, b) => a + b, 0)
    real = real.map((mass, p) => mass + ((total - sum) * weights[p]) / weight)
  }
  // Rounded so that every sum from the first on is right.
  let [exact, given] = [0, 0]
  return real.map((mass, p) => {
    exact += mass
    const part = p === real.length - 1 ? total - given : Math.max(0, Math.round(exact) - given)
    given += part
    return part
  })
}
