/**
 * The counts of a hole expected from what is known around it, by a normal law of whole images with few factors.
 *
 * An image and, as further coordinates, its class are taken for n = μ + W z + e with z ~ N(0, 1) of few components and
 * independent e_i ~ N(0, σ_i²) (factor analysis). Any part may be known: with the rows K of it,
 *
 *     E[n_i | n_K] = μ_i + W_i (1 + W_K' σ_K⁻² W_K)⁻¹ W_K' σ_K⁻² (n_K − μ_K),
 *
 * exactly, for holes of any shape, by one solve of the size of the factors.
 */

import { CholeskyDecomposition, Matrix } from 'ml-matrix'
import { cannot, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'

/** A normal law of images of D sites and K classes. Coordinate D + k is `largest` for images of class k, else 0. */
export interface Gaussian {
  /** D, numbers of one image. */
  readonly size: number
  /** K, 0 without classes. */
  readonly classes: number
  /** Scale of the counts, and of the coordinates of the classes. */
  readonly largest: number
  readonly rank: number
  /** [D + K] */
  readonly mean: Float64Array
  /** Standard deviations of what the factors leave, [D + K], > 0. */
  readonly noise: Float64Array
  /** W, [D + K, rank]. */
  readonly factors: Float64Array
}

/** The same as plain data. */
export interface PackedGaussian {
  readonly rank: number
  /** What 1 stands for in each column. */
  readonly units: readonly number[]
  /** Base64 of int16, little-endian: the columns mean, noise and factors, [2 + rank, D + K]. */
  readonly columns: string
}

/** What one says of an image beside its counts. */
export interface Known {
  /** [D]: not 0 where the counts are not known. */
  readonly open: ArrayLike<number>
  readonly label?: number
}

/** The images' counts expected [D], those known as they are: may be below 0, for a normal law knows no edge. */
export type Expectation = (image: ArrayLike<number>) => Float64Array

/** The expectation given what is known outside a hole; throws RangeError for a mask that does not fit. */
export function expectation(gaussian: Gaussian, options: Known): Expectation {
  demandGiven(
    'tell the expectation',
    { gaussian, options },
    { gaussian: { size: 'number', mean: 'list', noise: 'list', factors: 'list' }, options: { open: 'list' } },
  )
  const { open, label } = options
  const { size, classes, largest, rank, mean, noise, factors } = gaussian
  const what = 'expect the counts of a hole'
  demand(open.length === size, what, 'the mask', `of ${size} sites`, open.length)
  demand(label === undefined || label < classes, what, 'the class', `below ${classes}`, label)
  const sites = Array.from({ length: size }, (_, x) => x)
  const known = sites.filter(x => open[x] === 0)
  const told = label === undefined ? [] : Array.from({ length: classes }, (_, k) => size + k)
  const rows = [...known, ...told]
  const precision = Matrix.eye(rank)
  for (const i of rows) {
    const weight = 1 / noise[i] ** 2
    for (let a = 0; a < rank; a++)
      for (let b = 0; b <= a; b++)
        precision.set(a, b, precision.get(a, b) + weight * factors[i * rank + a] * factors[i * rank + b])
  }
  for (let a = 0; a < rank; a++) for (let b = 0; b < a; b++) precision.set(b, a, precision.get(a, b))
  const solver = new CholeskyDecomposition(precision)
  const classOf = (i: number) => (i - size === label ? largest : 0)

  return image => {
    const pull = new Float64Array(rank)
    for (const i of rows) {
      const away = ((i < size ? image[i] : classOf(i)) - mean[i]) / noise[i] ** 2
      for (let a = 0; a < rank; a++) pull[a] += factors[i * rank + a] * away
    }
    const z = solver.solve(Matrix.columnVector(Array.from(pull))).to1DArray()
    return Float64Array.from(sites, x => {
      if (open[x] === 0) return image[x]
      let sum = mean[x]
      for (let a = 0; a < rank; a++) sum += factors[x * rank + a] * z[a]
      return sum
    })
  }
}

/** The largest number of a column. */
const FULL = 32767

export function packGaussian(options: Gaussian): PackedGaussian {
  demandGiven('pack the law', { options }, { options: { mean: 'list', noise: 'list', factors: 'list' } })
  const { size, classes, rank, mean, noise, factors } = options
  const length = size + classes
  const columns = [
    mean,
    noise,
    ...Array.from({ length: rank }, (_, a) => mean.map((_, i) => factors[i * rank + a])),
  ]
  const units = columns.map(column => column.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-9) / FULL)
  const bytes = new DataView(new ArrayBuffer(2 * length * columns.length))
  columns.forEach((column, k) => {
    // Noise of 0 would make an image impossible that is not to the unit what is expected.
    const least = k === 1 ? 1 : -FULL
    for (let i = 0; i < length; i++)
      bytes.setInt16(2 * (k * length + i), Math.max(least, Math.round(column[i] / units[k])), true)
  })
  const text = Array.from(new Uint8Array(bytes.buffer), byte => String.fromCharCode(byte)).join('')
  return { rank, units, columns: btoa(text) }
}

/** Reads what `packGaussian` wrote. Throws RangeError where the numbers are not as many as the images need. */
export function unpackGaussian(
  packed: PackedGaussian,
  options: Pick<Gaussian, 'size' | 'classes' | 'largest'>,
): Gaussian {
  demandGiven(
    'unpack the law',
    { packed, options },
    {
      packed: { rank: 'number', units: 'list', columns: 'text' },
      options: { size: 'number', classes: 'number', largest: 'number' },
    },
  )
  const { rank, units, columns } = packed
  const { size, classes, largest } = options
  const length = size + classes
  const what = 'read the normal law of images'
  const wanted = Math.ceil((2 * length * (2 + rank)) / 3) * 4
  const finite = units.length === 2 + rank && units.every(unit => unit >= 0 && unit < Infinity)
  demand(finite, what, 'its units', `${2 + rank} numbers >= 0`, units)
  demand(columns.length === wanted, what, 'its columns', `of ${wanted} characters`, columns.length)
  const text = decoded(columns)
  const bytes = new DataView(Uint8Array.from(text, sign => sign.charCodeAt(0)).buffer)
  const column = (k: number) =>
    Float64Array.from({ length }, (_, i) => bytes.getInt16(2 * (k * length + i), true) * units[k])
  const factors = new Float64Array(length * rank)
  for (let a = 0; a < rank; a++)
    column(2 + a).forEach((value, i) => {
      factors[i * rank + a] = value
    })
  const noise = column(1)
  demand(
    noise.every(sd => sd > 0),
    what,
    'its noise',
    '> 0 everywhere',
    Math.min(...noise),
  )
  return { size, classes, largest, rank, mean: column(0), noise, factors }
}

function decoded(columns: string): string {
  try {
    return atob(columns)
  } catch {
    throw new RangeError(
      cannot('read the normal law of images', 'its columns', 'base64', columns.slice(0, 20)),
    )
  }
}
