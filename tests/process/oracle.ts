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

/** The law of counts whose units go alone, from x to y by moves[x][y]: key (counts joined by commas) -> probability. */
export function imageLaw(
  moves: readonly (readonly number[])[],
  clean: ArrayLike<number>,
): Map<string, number> {
  const sites = moves.length
  let law = new Map([[new Array(sites).fill(0).join(), 1]])
  for (let from = 0; from < sites; from++)
    for (let unit = 0; unit < clean[from]; unit++) {
      const next = new Map<string, number>()
      for (const [key, p] of law) {
        const counts = key.split(',').map(Number)
        for (let x = 0; x < sites; x++) {
          if (moves[from][x] === 0) continue
          counts[x]++
          const moved = counts.join()
          next.set(moved, (next.get(moved) ?? 0) + p * moves[from][x])
          counts[x]--
        }
      }
      law = next
    }
  return law
}

/** What `Walk.move` promises of one unit under a weight h: k(y|z) h(z) / Σ k(y|z') h(z'), [y][z]. */
export function leaning(kernel: readonly (readonly number[])[], weight: ArrayLike<number>): number[][] {
  return kernel.map((row, y) => {
    const product = row.map((k, z) => k * weight[z])
    const sum = product.reduce((a, b) => a + b)
    return sum > 0 ? product.map(p => p / sum) : row.map((_, z) => (z === y ? 1 : 0))
  })
}
