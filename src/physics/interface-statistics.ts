/**
 * Interfaces of a scalar field, and what other fields are like beside them (as arXiv 2412.13272 does for a jet).
 *
 * The values are clustered by fuzzy c-means (Bezdek 1981), m = 2: memberships 1/Σ (d_i/d_j)², centres means weighted by
 * their squares. An interface between two clusters is where both memberships are equal.
 */
import { demand } from '../base/errors.ts'

/** Centres of clusters of the values, rising. */
export function fuzzyCentres(
  values: ArrayLike<number>,
  clusters: number,
  { iterations = 300 } = {},
): number[] {
  const many = Number.isInteger(clusters) && clusters >= 2 && values.length >= clusters
  demand(many, 'cluster values', 'the clusters', 'from 2 to the number of values', clusters)
  const sorted = Float64Array.from(values).sort()
  let centres = Array.from(
    { length: clusters },
    (_, c) => sorted[Math.floor(((c + 0.5) * sorted.length) / clusters)],
  )
  for (let k = 0; k < iterations; k++) {
    const [sums, weights] = [new Float64Array(clusters), new Float64Array(clusters)]
    for (const value of sorted) {
      const near = centres.map(centre => 1 / ((value - centre) ** 2 + 1e-300))
      const all = near.reduce((sum, w) => sum + w, 0)
      near.forEach((w, c) => {
        sums[c] += (w / all) ** 2 * value
        weights[c] += (w / all) ** 2
      })
    }
    const next = centres.map((_, c) => sums[c] / weights[c])
    const moved = Math.max(...next.map((centre, c) => Math.abs(centre - centres[c])))
    centres = next
    if (moved <= 1e-12 * (sorted[sorted.length - 1] - sorted[0])) break
  }
  return centres.sort((a, b) => a - b)
}

/** Where the memberships of two clusters are equal. */
export const thresholds = (centres: readonly number[]): number[] =>
  centres.slice(1).map((centre, c) => (centre + centres[c]) / 2)

export interface ScalarField {
  readonly values: ArrayLike<number>
  readonly shape: readonly [rows: number, columns: number]
  readonly periodic?: boolean
}

/** Signed distance of every site to where the field crosses a level, in sites, positive above it, [rows, columns]. */
export function interfaceDistance(
  { values, shape, periodic = false }: ScalarField,
  level: number,
): Float64Array {
  const [rows, columns] = shape
  demand(values.length === rows * columns, 'measure distances', 'the values', shape.join('×'), values.length)
  const crossings: (readonly [number, number])[] = []
  const cross = (a: number, b: number, place: (share: number) => readonly [number, number]) => {
    if (values[a] > level !== values[b] > level)
      crossings.push(place((level - values[a]) / (values[b] - values[a])))
  }
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const at = y * columns + x
      if (x + 1 < columns || periodic) cross(at, y * columns + ((x + 1) % columns), share => [x + share, y])
      if (y + 1 < rows || periodic) cross(at, ((y + 1) % rows) * columns + x, share => [x, y + share])
    }
  demand(crossings.length > 0, 'measure distances', 'the level', 'crossed somewhere', level)
  const apart = (d: number, length: number) => (periodic ? d - length * Math.round(d / length) : d)
  return Float64Array.from(values, (value, at) => {
    const [x, y] = [at % columns, Math.floor(at / columns)]
    let least = Infinity
    for (const [cx, cy] of crossings) {
      const [dx, dy] = [apart(x - cx, columns), apart(y - cy, rows)]
      least = Math.min(least, dx * dx + dy * dy)
    }
    return (value > level ? 1 : -1) * Math.sqrt(least)
  })
}

/** Mean of a field over the sites by their distance: bins of a width, [bins] with their middles and how many sites. */
export function conditional(
  field: ArrayLike<number>,
  distance: ArrayLike<number>,
  { width = 1, range = 10 }: { width?: number; range?: number } = {},
): { middle: Float64Array; mean: Float64Array; sites: Int32Array } {
  const half = Math.ceil(range / width)
  const bins = 2 * half
  const mean = new Float64Array(bins)
  const sites = new Int32Array(bins)
  for (let i = 0; i < field.length; i++) {
    const b = Math.floor(distance[i] / width) + half
    if (b < 0 || b >= bins) continue
    mean[b] += field[i]
    sites[b]++
  }
  return {
    middle: Float64Array.from({ length: bins }, (_, b) => (b - half + 0.5) * width),
    mean: mean.map((sum, b) => (sites[b] > 0 ? sum / sites[b] : Number.NaN)),
    sites,
  }
}
