// A region of a lattice: the sites that are open, with no-flux walls along its edge, and the parts it falls into.
import { demand } from '../base/errors.ts'
import { type Lattice, neighbours } from './lattice.ts'

/** Sites that units can be at. Between two parts there is no way, so each keeps the units that it has. */
export interface Region {
  readonly lattice: Lattice
  /** [sites], 1 where units can be. */
  readonly open: Uint8Array
  /** [2d sites] as `neighbours`: -1 also where the hop would leave the region. */
  readonly reached: Int32Array
  /** The sites of each part, rising; parts in the order of their first sites. */
  readonly parts: readonly Int32Array[]
}

/** The region of the sites where `open` [sites] is not 0. */
export function region(lattice: Lattice, open: ArrayLike<number>): Region {
  const { size } = lattice
  demand(open.length === size, 'build the region', 'the mask', `of ${size} sites`, open.length)
  const inside = Uint8Array.from({ length: size }, (_, x) => (open[x] === 0 ? 0 : 1))
  const reached = neighbours(lattice)
  for (let i = 0; i < reached.length; i++)
    if (reached[i] >= 0 && !(inside[i % size] && inside[reached[i]])) reached[i] = -1
  return { lattice, open: inside, reached, parts: partsOf(inside, reached) }
}

function partsOf(open: Uint8Array, reached: Int32Array): Int32Array[] {
  const size = open.length
  const seen = new Uint8Array(size)
  const queue = new Int32Array(size)
  const parts: Int32Array[] = []
  for (let first = 0; first < size; first++) {
    if (!open[first] || seen[first]) continue
    let length = 0
    queue[length++] = first
    seen[first] = 1
    for (let at = 0; at < length; at++)
      for (let i = queue[at]; i < reached.length; i += size) {
        const y = reached[i]
        if (y < 0 || seen[y]) continue
        seen[y] = 1
        queue[length++] = y
      }
    parts.push(queue.slice(0, length).sort())
  }
  return parts
}

/** Steps of the search for the slowest mode; each is a sweep over the part. */
const SWEEPS = 5000

/**
 * Decay exponent per unit tau of the slowest mode of all parts: the least eigenvalue above 0 of the Laplacian of the
 * hops (degree minus neighbours), from above to about 1e-4 of it. Infinity where no unit can move.
 */
export function slowestMode({ reached, parts, lattice: { size } }: Region): number {
  return Math.min(
    Infinity,
    ...parts.filter(part => part.length > 1).map(part => slowestOf(part, reached, size)),
  )
}

/**
 * The least of x·Lx / x·x over x without mean, by conjugate gradients: each step goes to the least value in the plane
 * of the present x and the direction.
 */
function slowestOf(part: Int32Array, reached: Int32Array, size: number): number {
  const n = part.length
  const place = new Map(Array.from(part, (x, i) => [x, i]))
  const near = Array.from(part, x => {
    const list: number[] = []
    for (let i = x; i < reached.length; i += size)
      if (reached[i] >= 0) list.push(place.get(reached[i]) as number)
    return list
  })
  const laplacian = (x: Float64Array) =>
    x.map((value, i) => near[i].reduce((sum, k) => sum + value - x[k], 0))
  // Breadth first from one end, a mode that rises from end to end is a good first guess.
  const x = distances(
    near,
    distances(near, 0).reduce((far, d, i, all) => (d > all[far] ? i : far), 0),
  )
  center(x)
  let lx: Float64Array = laplacian(x)
  let direction = new Float64Array(n)
  let before = 0
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const [xx, xl] = [dot(x, x), dot(x, lx)]
    const value = xl / xx
    const slope = lx.map((l, i) => l - value * x[i])
    const steep = dot(slope, slope)
    if (steep <= 1e-10 * value * value * xx) return value
    const kept = before > 0 ? steep / before : 0
    before = steep
    direction = direction.map((d, i) => kept * d - slope[i])
    center(direction)
    const ld = laplacian(direction)
    const [a, b, d, e] = [
      dot(direction, ld),
      dot(direction, lx),
      dot(direction, direction),
      dot(direction, x),
    ]
    // The least of (xl + 2 b s + a s²) / (xx + 2 e s + d s²): a root of the quadratic of its derivative.
    const [p, q, r] = [a * e - b * d, a * xx - xl * d, b * xx - xl * e]
    const s = (-2 * r) / (q + Math.sqrt(Math.max(0, q * q - 4 * p * r)))
    for (let i = 0; i < n; i++) {
      x[i] += s * direction[i]
      lx[i] += s * ld[i]
    }
    if (sweep % 50 === 49) lx = laplacian(x)
  }
  return dot(x, lx) / dot(x, x)
}

/** Hops from a place to every other. */
function distances(near: readonly number[][], from: number): Float64Array {
  const hops = new Float64Array(near.length).fill(-1)
  const queue = [from]
  hops[from] = 0
  for (const at of queue)
    for (const k of near[at])
      if (hops[k] < 0) {
        hops[k] = hops[at] + 1
        queue.push(k)
      }
  return hops
}

function center(x: Float64Array): void {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length
  for (let i = 0; i < x.length; i++) x[i] -= mean
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}
