// Labels that are drawn together: where a wall may lie here or there, it lies a stretch long here or there.
import { normalShare, normals } from '../base/normal.ts'
import { log } from '../base/numeric.ts'
import type { Random } from '../base/random.ts'
import { kernels, type Lattice, neighbours } from '../lattice/index.ts'
import type { Walk } from '../walk/walk.ts'

/** Logarithms of odds are within this: nothing is impossible where the counts leave no choice. */
const SURE = 80

export interface JointDraw {
  /** How many sites have each of the labels from 1 on. */
  readonly masses: readonly number[]
  readonly lattice: Lattice
  readonly walk: Walk
  /** How far the noise has walked: neighbours within √(2 tau) decide alike. */
  readonly tau: number
  readonly random: Random
}

/**
 * Draws `labels` [sites] of the probabilities p_c(x) = probabilities[c − 1, x] of the labels c >= 1, the rest label 0, with exactly
 * the masses asked for. One normal field g of variance 1, white noise that has walked for tau, decides all sites: with the labels in
 * a row, that of x is the first whose probability with those before it is more than Φ(g(x)). So each site alone has its
 * probabilities, walls move as a whole, and a film between two phases moves with them: the row is that in which labels
 * that meet most follow each other. Exact masses come of moving the log-odds of each border in the row.
 * (A copula, ours; measured in docs/equations.md.)
 */
export function drawnTogether(
  probabilities: Float64Array,
  { masses, lattice, walk, tau, random }: JointDraw,
  labels: Uint8Array,
): void {
  const sites = lattice.size
  const all = [sites - masses.reduce((sum, mass) => sum + mass, 0), ...masses]
  const shares = sharesOf(probabilities, masses.length, sites)
  const noise = noiseOf(lattice, { walk, tau, random })
  const before = new Float64Array(sites)
  const free = Uint8Array.from({ length: sites }, () => 1)
  const score = new Float64Array(sites)
  const row = rowOf(shares, lattice)
  for (const label of row) {
    for (let x = 0; x < sites; x++) {
      before[x] += shares[label][x]
      score[x] = free[x] ? odds(before[x]) - noise[x] : -Infinity
    }
    for (const x of largest(score, all[label])) {
      labels[x] = label
      free[x] = 0
    }
  }
}

/** The probabilities of all labels, [C + 1][sites]. */
function sharesOf(probabilities: Float64Array, channels: number, sites: number): Float64Array[] {
  const rest = new Float64Array(sites).fill(1)
  const known = Array.from({ length: channels }, (_, c) => probabilities.subarray(c * sites, (c + 1) * sites))
  for (const own of known) for (let x = 0; x < sites; x++) rest[x] -= own[x]
  return [rest.map(share => (share > 1e-12 ? share : 0)), ...known]
}

/** Labels such that those which meet most follow each other: the pair that meets most, then on at either end. */
function rowOf(shares: readonly Float64Array[], lattice: Lattice): number[] {
  const count = shares.length
  if (count < 3) return shares.map((_, label) => label)
  const meet = meetings(shares, lattice)
  const pairs = meet.flatMap((of, a) => of.map((much, b) => ({ a, b, much: a < b ? much : -1 })))
  const { a, b } = pairs.reduce((best, pair) => (pair.much > best.much ? pair : best))
  const row = [a, b]
  while (row.length < count) {
    const ends = [row[0], row[row.length - 1]]
    let next = { label: -1, end: 0, much: -1 }
    for (let label = 0; label < count; label++)
      if (!row.includes(label))
        ends.forEach((end, e) => {
          if (meet[end][label] > next.much) next = { label, end: e, much: meet[end][label] }
        })
    if (next.end === 0) row.unshift(next.label)
    else row.push(next.label)
  }
  return row
}

/** How many pairs of neighbours are expected to be of each two labels, if each site were alone. */
function meetings(shares: readonly Float64Array[], lattice: Lattice): number[][] {
  const { size } = lattice
  const reached = neighbours(lattice)
  return shares.map(a =>
    shares.map(b => {
      let sum = 0
      for (let i = 0; i < reached.length; i++) if (reached[i] >= 0) sum += a[i % size] * b[reached[i]]
      return sum
    }),
  )
}

/** The sites of the `count` largest scores; of equal ones the first. */
function largest(scores: Float64Array, count: number): number[] {
  if (count === 0) return []
  const least = scores.slice().sort()[scores.length - count]
  const chosen: number[] = []
  let above = 0
  for (const score of scores) if (score > least) above++
  let ties = count - above
  for (let x = 0; x < scores.length; x++)
    if (scores[x] > least || (scores[x] === least && ties-- > 0)) chosen.push(x)
  return chosen
}

const odds = (share: number): number =>
  share <= 0 ? -SURE : share >= 1 ? SURE : Math.max(-SURE, Math.min(SURE, log(share / (1 - share))))

/** Log-odds of Φ(g): logistic at every site, of neighbours alike. */
function noiseOf(
  lattice: Lattice,
  { walk, tau, random }: { walk: Walk; tau: number; random: Random },
): Float64Array {
  const noise = new Float64Array(lattice.size)
  normals(random, noise)
  walk.spread(noise, tau, noise)
  const scale = scaleOf(lattice, tau)
  for (let x = 0; x < noise.length; x++) noise[x] = odds(normalShare(noise[x] * scale(x)))
  return noise
}

/**
 * One over the standard deviation of white noise that has walked for tau: its variance at x is Σ_y k_tau(x|y)² = k_2tau(x|x), a
 * product over the axes, each unfolded on its circle (a wall mirrors x to −x − 1).
 */
function scaleOf(lattice: Lattice, tau: number): (site: number) => number {
  const { axes, strides } = lattice
  const laws = kernels(lattice).map(kernel => ({
    law: kernel.displacement(2 * tau),
    walls: kernel.period > kernel.length,
  }))
  return site => {
    let variance = 1
    for (let a = 0; a < axes.length; a++) {
      const { law, walls } = laws[a]
      const x = Math.floor(site / strides[a]) % axes[a].length
      variance *= law[0] + (walls ? law[(2 * x + 1) % law.length] : 0)
    }
    return 1 / Math.sqrt(variance)
  }
}
