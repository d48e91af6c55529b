// What the walk must do, worked out another way: kernels by uniformisation, laws of images by enumeration.
import type { BoundaryName, Lattice } from '../../src/lattice/index.ts'

/** k_tau(x | x0) at [x0][x] as a Poisson mixture of powers of the walk that hops, or is stopped by a wall, each time. */
export function axisKernel(length: number, boundary: BoundaryName, tau: number): number[][] {
  const step = (x: number, hop: number) =>
    boundary === 'periodic' ? (x + hop + length) % length : Math.min(length - 1, Math.max(0, x + hop))
  return Array.from({ length }, (_, x0) => {
    let law = new Array<number>(length).fill(0)
    law[x0] = 1
    const sum = new Array<number>(length).fill(0)
    let weight = Math.exp(-2 * tau)
    for (let k = 0; k < 60 + 8 * tau; k++) {
      const next = new Array<number>(length).fill(0)
      for (let x = 0; x < length; x++) {
        sum[x] += weight * law[x]
        next[step(x, -1)] += law[x] / 2
        next[step(x, 1)] += law[x] / 2
      }
      law = next
      weight *= (2 * tau) / (k + 1)
    }
    return sum
  })
}

/** The coordinates of a site, row-major. */
export function coordinates(lattice: Lattice, site: number): number[] {
  return lattice.shape.map((length, a) => Math.floor(site / lattice.strides[a]) % length)
}

/** p_t(· | x0) over the sites. */
export function siteKernel(lattice: Lattice, tau: number): number[][] {
  const tables = lattice.axes.map(({ length, boundary }) => axisKernel(length, boundary.name, tau))
  const places = Array.from({ length: lattice.size }, (_, site) => coordinates(lattice, site))
  return places.map(from =>
    places.map(to => tables.reduce((product, table, a) => product * table[from[a]][to[a]], 1)),
  )
}

/** The law of n_t given n_0, by moving one unit after the other: key (counts joined by commas) -> probability. */
export function imageLaw(lattice: Lattice, clean: ArrayLike<number>, tau: number): Map<string, number> {
  const kernel = siteKernel(lattice, tau)
  let law = new Map([[new Array(lattice.size).fill(0).join(), 1]])
  for (let from = 0; from < lattice.size; from++)
    for (let unit = 0; unit < clean[from]; unit++) {
      const next = new Map<string, number>()
      for (const [key, p] of law) {
        const counts = key.split(',').map(Number)
        for (let x = 0; x < lattice.size; x++) {
          if (kernel[from][x] === 0) continue
          counts[x]++
          const moved = counts.join()
          next.set(moved, (next.get(moved) ?? 0) + p * kernel[from][x])
          counts[x]--
        }
      }
      law = next
    }
  return law
}

/** The site reached by direction j (2 axis: -1, 2 axis + 1: +1), or -1 at a wall. */
export function reachedBy(lattice: Lattice, site: number, j: number): number {
  const axis = j >> 1
  const { length, boundary } = lattice.axes[axis]
  const x = coordinates(lattice, site)[axis]
  let y = x + (j % 2 === 0 ? -1 : 1)
  if (boundary.name === 'periodic') y = (y + length) % length
  return y < 0 || y >= length ? -1 : site + (y - x) * lattice.strides[axis]
}

/**
 * The reverse rate / r of "one unit hops from x in direction j", by time reversal of the images alone:
 * p(n) λ(n → n') = p(n') n'_y, where y is the site reached; [2d, sites]. No unit's origin occurs in it.
 */
export function reverseRates(lattice: Lattice, law: Map<string, number>, key: string): number[] {
  const counts = key.split(',').map(Number)
  const p = law.get(key) ?? 0
  const rates: number[] = []
  for (let j = 0; j < 2 * lattice.axes.length; j++)
    for (let x = 0; x < lattice.size; x++) {
      const y = reachedBy(lattice, x, j)
      if (y < 0 || counts[x] === 0) {
        rates.push(0)
        continue
      }
      const moved = [...counts]
      moved[x]--
      moved[y]++
      rates.push(((law.get(moved.join()) ?? 0) * moved[y]) / p)
    }
  return rates
}

/** What the targets of the units themselves are given each image: [2d, sites] each. */
export interface TargetMoments {
  readonly p: number
  readonly mean: Float64Array
  readonly variance: Float64Array
  readonly largest: Float64Array
}

/** E, Var and maximum of Σ_units p_t(y|x0_u) / p_t(x|x0_u) given n_t, over all ways in which the units may have gone. */
export function targetMoments(
  lattice: Lattice,
  clean: ArrayLike<number>,
  tau: number,
): Map<string, TargetMoments> {
  const kernel = siteKernel(lattice, tau)
  const { size } = lattice
  const jumps = 2 * lattice.axes.length
  const origins: number[] = []
  for (let x = 0; x < size; x++) for (let unit = 0; unit < clean[x]; unit++) origins.push(x)
  const found = new Map<string, TargetMoments & { p: number }>()
  const places = new Array<number>(origins.length).fill(0)
  const visit = (unit: number, p: number) => {
    if (p === 0) return
    if (unit < origins.length) {
      for (let x = 0; x < size; x++) {
        places[unit] = x
        visit(unit + 1, p * kernel[origins[unit]][x])
      }
      return
    }
    const counts = new Array<number>(size).fill(0)
    const sum = new Float64Array(jumps * size)
    origins.forEach((from, u) => {
      const x = places[u]
      counts[x]++
      for (let j = 0; j < jumps; j++) {
        const y = reachedBy(lattice, x, j)
        if (y >= 0) sum[j * size + x] += kernel[from][y] / kernel[from][x]
      }
    })
    const key = counts.join()
    const fresh = () => new Float64Array(jumps * size)
    const entry = found.get(key) ?? { p: 0, mean: fresh(), variance: fresh(), largest: fresh() }
    entry.p += p
    sum.forEach((value, k) => {
      entry.mean[k] += p * value
      entry.variance[k] += p * value * value
      entry.largest[k] = Math.max(entry.largest[k], value)
    })
    found.set(key, entry)
  }
  visit(0, 1)
  for (const { p, mean, variance } of found.values())
    for (let k = 0; k < mean.length; k++) {
      mean[k] /= p
      variance[k] = Math.max(0, variance[k] / p - mean[k] ** 2)
    }
  return found
}

/** P(plus - minus = d) of two Poisson numbers, d = -reach … reach at [d + reach]. */
export function skellam(plus: number, minus: number, reach: number): number[] {
  const poisson = (mean: number) => {
    const terms = [Math.exp(-mean)]
    for (let k = 1; k < 400; k++) terms.push((terms[k - 1] * mean) / k)
    return terms
  }
  const up = poisson(plus)
  const down = poisson(minus)
  return Array.from({ length: 2 * reach + 1 }, (_, i) => {
    let sum = 0
    for (let k = 0; k < 400; k++) sum += down[k] * (up[k + i - reach] ?? 0)
    return sum
  })
}

/** Where the unfolded walk stands: around the ring, or back and forth between the walls, one step at a time. */
export function foldByWalking(position: number, length: number, boundary: BoundaryName): number {
  if (boundary === 'periodic') return ((position % length) + length) % length
  let x = 0
  let way = 1
  for (let left = position < 0 ? -1 - position : position; left > 0; left--) {
    if (x + way < 0 || x + way >= length) way = -way
    else x += way
  }
  return x
}
