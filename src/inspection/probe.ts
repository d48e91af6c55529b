/** Linear probes: how well a class can be read off features by weights alone, fitted in closed form. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix'
import { demand } from '../base/errors.ts'
import { rowsByRows } from '../graph/index.ts'

export interface ProbeOptions {
  /** [N, size], standardised here. */
  readonly features: Float32Array
  readonly size: number
  /** Weight of |weights|² for each image, > 0, default 0.01. */
  readonly ridge?: number
}

/** What is fitted to some features serves any number of attributes. */
export interface Probe {
  /** The classes that features [M, size] are read as, by one against all others in least squares (labels [N] from 0). */
  read(labels: ArrayLike<number>, features: Float32Array): Int32Array
}

/** Throws RangeError where there is no image, or the features are not as long as they should be. */
export function linearProbe({ features, size, ridge = 0.01 }: ProbeOptions): Probe {
  const what = 'fit a probe'
  const count = features.length / size
  demand(
    Number.isInteger(count) && count >= 2,
    what,
    'the features',
    `at least two rows of ${size}`,
    features.length,
  )
  demand(ridge > 0 && ridge < Infinity, what, 'the ridge', 'above 0', ridge)
  const { mean, scale } = spreadOfColumns(features, size)
  const columns = new Float64Array(size * count)
  for (let i = 0; i < count; i++)
    for (let x = 0; x < size; x++) columns[x * count + i] = (features[i * size + x] - mean[x]) * scale[x]
  const products = new Float64Array(size * size)
  const rows = { data: columns, offset: 0, stride: count }
  rowsByRows(rows, rows, {
    rows: size,
    columns: size,
    inner: count,
    out: { data: products, offset: 0, stride: size },
  })
  const normal = new Matrix(size, size)
  for (let a = 0; a < size; a++) for (let b = 0; b < size; b++) normal.set(a, b, products[a * size + b])
  for (let a = 0; a < size; a++) normal.set(a, a, normal.get(a, a) + ridge * count)
  const solver = new CholeskyDecomposition(normal)

  return {
    read(labels, other) {
      demand(labels.length === count, what, 'the labels', `${count}, one per row`, labels.length)
      const classes = 1 + Array.from(labels).reduce((a, b) => Math.max(a, b), 0)
      const share = new Float64Array(classes)
      for (let i = 0; i < count; i++) share[labels[i]] += 1 / count
      const wanted = Matrix.zeros(size, classes)
      for (let x = 0; x < size; x++)
        for (let i = 0, at = x * count; i < count; i++, at++)
          wanted.set(x, labels[i], wanted.get(x, labels[i]) + columns[at])
      const weights = solver.solve(wanted)
      return Int32Array.from({ length: other.length / size }, (_, i) => {
        const scores = Float64Array.from(share)
        for (let x = 0; x < size; x++) {
          const value = (other[i * size + x] - mean[x]) * scale[x]
          for (let k = 0; k < classes; k++) scores[k] += value * weights.get(x, k)
        }
        return scores.indexOf(Math.max(...scores))
      })
    },
  }
}

/** Means, and one over the deviations; 0 where nothing differs. */
function spreadOfColumns(features: Float32Array, size: number): { mean: Float64Array; scale: Float64Array } {
  const count = features.length / size
  const [mean, scale] = [new Float64Array(size), new Float64Array(size)]
  for (let i = 0; i < features.length; i++) mean[i % size] += features[i] / count
  for (let i = 0; i < features.length; i++) scale[i % size] += (features[i] - mean[i % size]) ** 2 / count
  return { mean, scale: scale.map(square => (square > 1e-12 ? 1 / Math.sqrt(square) : 0)) }
}

/** The share of equal entries. */
export const agreement = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).filter((value, i) => value === b[i]).length / a.length

/** Blocks along each side in which a field of features is averaged. */
const GRID = 4

/** Writes the means of a field [C, H, W] over 4×4 blocks, [C, blocks]: as they are where it is smaller. */
export function pooled(
  field: ArrayLike<number>,
  [channels, height, width]: readonly number[],
  out: Float32Array,
): void {
  const [rows, columns] = [Math.min(GRID, height), Math.min(GRID, width)]
  const sites = new Float64Array(rows * columns)
  const block = (y: number, x: number) =>
    Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) sites[block(y, x)]++
  out.fill(0)
  for (let c = 0, at = 0; c < channels; c++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++, at++) {
        const to = block(y, x)
        out[c * sites.length + to] += field[at] / sites[to]
      }
}

/** How many numbers `pooled` writes. */
export const pooledSize = ([channels, height, width]: readonly number[]): number =>
  channels * Math.min(GRID, height) * Math.min(GRID, width)
