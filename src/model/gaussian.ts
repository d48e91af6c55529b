/**
 * A normal law of whole images with few factors, as numbers and packed: what holes are filled by (`expectation.ts`).
 *
 * An image and, as further coordinates, its class are taken for n = μ + W z + e with z ~ N(0, 1) of few components and
 * independent e_i ~ N(0, σ_i²) (factor analysis).
 */

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
