/**
 * Fits the normal law of images that tells what a hole may hold: the leading principal components, and for every
 * coordinate the variance that they leave.
 */

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { random } from '../base/random.ts'
import { finish } from '../base/work.ts'
import { eigen } from '../graph/eigen.ts'
import type { Gaussian } from '../model/gaussian.ts'

export interface FitOptions {
  /** [N, D] */
  readonly counts: ArrayLike<number>
  /** D, numbers of one image. */
  readonly size: number
  /** [N], from 0; left out: no classes. */
  readonly labels?: ArrayLike<number>
  /** K, default 0. */
  readonly classes?: number
  /** The largest count that the data have. */
  readonly largest: number
  /**
   * Factors, default 64. With 40 of them the mass of holes in test digits was missed by 19.7 % (boxes), 18.4 %
   * (halves), 26.5 % (strokes) and 7.6 % (scattered sites), with 80 by 19.3, 18.2, 24.4 and 6.5 %.
   */
  readonly rank?: number
  /** Most images to look at, evenly spread over all; default 6,000: with all 60,000 digits the errors are the same. */
  readonly most?: number
}

/** Directions beyond those wanted, and rounds of the iteration: the error of the factors is far below their noise. */
const SPARE = 8
const ROUNDS = 3

/** The least standard deviation of a site or class, as a part of the largest count. */
const LEAST = 0.02

/**
 * The principal components v_a of variance λ_a by iteration of a random subspace (Halko, Martinsson & Tropp 2011,
 * alg. 4.4), in about 6 N D rank operations; W_a = v_a √(λ_a − σ²) with σ² the mean of all other variances (Tipping &
 * Bishop 1999, eq. 7). The noise of a coordinate is what its variance has beyond |W_i|². The rows of the classes are
 * their covariances with the components, over √(λ_a − σ²).
 */
export function fitGaussian(options: FitOptions): Gaussian {
  demandGiven(
    'fit the law',
    { options },
    { options: { counts: 'list', size: 'number', largest: 'number', labels: 'list?' } },
  )
  const { counts, size, labels, largest, rank: wanted = 64, most = 6000 } = options
  const classes = labels ? (options.classes ?? 0) : 0
  const all = counts.length / size
  const what = 'fit the normal law of images'
  demand(Number.isInteger(all) && all >= 2, what, 'the images', 'whole ones, two at least', all)
  const count = Math.min(all, most)
  const chosen = Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * all) / count))
  const rows: Rows = { counts, size, chosen }
  const rank = Math.max(1, Math.min(wanted, count - 1, size - 1))
  const { mean, variance } = momentsOf(rows)
  const { vectors, variances, scores } = componentsOf(rows, { mean, rank })
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0)
  const rest = Math.max(0, sum(variance) - sum(variances)) / (size - rank)
  const lengths = variances.map(value => Math.sqrt(Math.max(0, value - rest)))
  const length = size + classes
  const law = {
    mean: new Float64Array(length),
    noise: new Float64Array(length),
    factors: new Float64Array(length * rank),
  }
  law.mean.set(mean)
  vectors.forEach((v, at) => {
    law.factors[at] = v * lengths[at % rank]
  })
  const spread = new Float64Array(length)
  spread.set(variance)
  for (let k = 0; k < classes; k++) {
    const of = chosen.map(n => (labels?.[n] === k ? largest : 0))
    const share = of.reduce((total, value) => total + value, 0) / count
    law.mean[size + k] = share
    spread[size + k] = share * (largest - share)
    of.forEach((value, i) => {
      for (let a = 0; a < rank; a++)
        if (lengths[a] > 0)
          law.factors[(size + k) * rank + a] += ((value - share) * scores[i * rank + a]) / lengths[a] / count
    })
  }
  for (let i = 0; i < length; i++) {
    let told = 0
    for (let a = 0; a < rank; a++) told += law.factors[i * rank + a] ** 2
    law.noise[i] = Math.max(LEAST * largest, Math.sqrt(Math.max(0, spread[i] - told)))
  }
  return { size, classes, largest, rank, ...law }
}

/** The images looked at: those of the numbers `chosen`. */
interface Rows {
  readonly counts: ArrayLike<number>
  readonly size: number
  readonly chosen: readonly number[]
}

function momentsOf({ counts, size, chosen }: Rows): { mean: Float64Array; variance: Float64Array } {
  const [mean, squares] = [new Float64Array(size), new Float64Array(size)]
  for (const n of chosen)
    for (let x = 0; x < size; x++) {
      const value = counts[n * size + x] / chosen.length
      mean[x] += value
      squares[x] += value * counts[n * size + x]
    }
  return { mean, variance: squares.map((square, x) => Math.max(0, square - mean[x] ** 2)) }
}

/** Components [size, rank], their variances [rank], falling, and the images along them [N, rank]. */
function componentsOf(rows: Rows, { mean, rank }: { mean: Float64Array; rank: number }) {
  const { size, chosen } = rows
  const width = Math.min(size, rank + SPARE)
  const rng = random(0)
  const basis = Float64Array.from({ length: size * width }, () => rng.uniform() - 0.5)
  orthonormal(basis, width)
  for (let round = 1; round < ROUNDS; round++) {
    const next = new Float64Array(size * width)
    const wide = scoresOf(rows, { mean, basis, width })
    eachCount(rows, (i, x, n) => {
      for (let a = 0; a < width; a++) next[x * width + a] += n * wide[i * width + a]
    })
    basis.set(next)
    orthonormal(basis, width)
  }
  const wide = scoresOf(rows, { mean, basis, width })
  const covariance = new Float64Array(width * width)
  for (let at = 0; at < wide.length; at += width)
    for (let a = 0; a < width; a++)
      for (let b = 0; b <= a; b++) covariance[a * width + b] += (wide[at + a] * wide[at + b]) / chosen.length
  const { values, vectors } = finish(eigen(covariance, width))
  // Values rise: the largest are the last.
  const order = Array.from({ length: rank }, (_, a) => width - 1 - a)
  const turned = (from: Float64Array) =>
    Float64Array.from({ length: (from.length / width) * rank }, (_, at) => {
      const [row, mode] = [Math.floor(at / rank) * width, order[at % rank]]
      let sum = 0
      for (let b = 0; b < width; b++) sum += from[row + b] * vectors[mode * width + b]
      return sum
    })
  return {
    vectors: turned(basis),
    variances: Float64Array.from(order, mode => values[mode]),
    scores: turned(wide),
  }
}

/** Every count that is not 0, of image number i at site x: most sites of a digit are empty. */
function eachCount({ counts, size, chosen }: Rows, visit: (i: number, x: number, n: number) => void): void {
  for (let i = 0; i < chosen.length; i++)
    for (let x = 0, at = chosen[i] * size; x < size; x++, at++) if (counts[at] !== 0) visit(i, x, counts[at])
}

/** The images less their mean along the columns of a basis [size, width]: [N, width]. */
function scoresOf(
  rows: Rows,
  { mean, basis, width }: { mean: Float64Array; basis: Float64Array; width: number },
): Float64Array {
  const offset = new Float64Array(width)
  for (let at = 0; at < basis.length; at++) offset[at % width] += basis[at] * mean[Math.floor(at / width)]
  const scores = Float64Array.from({ length: rows.chosen.length * width }, (_, at) => -offset[at % width])
  eachCount(rows, (i, x, n) => {
    for (let a = 0; a < width; a++) scores[i * width + a] += n * basis[x * width + a]
  })
  return scores
}

/** Makes the columns of [rows, width] orthonormal in place, each twice against those before it. */
function orthonormal(columns: Float64Array, width: number): void {
  const dot = (a: number, b: number) => {
    let sum = 0
    for (let at = 0; at < columns.length; at += width) sum += columns[at + a] * columns[at + b]
    return sum
  }
  for (let a = 0; a < width; a++) {
    const before = Math.sqrt(dot(a, a))
    for (let again = 0; again < 2; again++)
      for (let b = 0; b < a; b++) {
        const part = dot(a, b)
        for (let at = 0; at < columns.length; at += width) columns[at + a] -= part * columns[at + b]
      }
    const length = Math.sqrt(dot(a, a))
    // What lies in the span of the columns before it has no direction of its own.
    const scale = length > 1e-10 * before ? 1 / length : 0
    for (let at = 0; at < columns.length; at += width) columns[at + a] *= scale
  }
}
