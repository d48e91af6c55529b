/**
 * The Fréchet distance between two clouds of feature vectors, each taken for a normal law
 * (Heusel et al. 2017, eq. 6): |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½).
 */

import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'

/** Mean [D] and covariance [D, D] of feature vectors. */
export interface Moments {
  readonly mean: readonly number[]
  readonly covariance: Matrix
}

/** Moments of features [N, D]; needs N ≥ 2. */
export function moments(features: ArrayLike<number>, dimensions: number): Moments {
  demandGiven('take the moments', { features, dimensions }, { features: 'list', dimensions: 'number' })
  const count = features.length / dimensions
  demand(
    Number.isInteger(count) && count >= 2,
    'measure the features',
    'their number',
    'a whole number of at least 2',
    count,
  )
  const mean = new Array<number>(dimensions).fill(0)
  for (let i = 0; i < features.length; i++) mean[i % dimensions] += features[i] / count
  const covariance = Matrix.zeros(dimensions, dimensions)
  const centred = new Float64Array(dimensions)
  for (let n = 0; n < count; n++) {
    for (let a = 0; a < dimensions; a++) centred[a] = features[n * dimensions + a] - mean[a]
    for (let a = 0; a < dimensions; a++) {
      for (let b = 0; b <= a; b++)
        covariance.set(a, b, covariance.get(a, b) + (centred[a] * centred[b]) / (count - 1))
    }
  }
  for (let a = 0; a < dimensions; a++) for (let b = 0; b < a; b++) covariance.set(b, a, covariance.get(a, b))
  return { mean, covariance }
}

/** The Fréchet distance, at least 0. */
export function frechet(a: Moments, b: Moments): number {
  demandGiven(
    'compare two laws',
    { a, b },
    { a: { mean: 'list', covariance: 'object' }, b: { mean: 'list', covariance: 'object' } },
  )
  demand(
    a.mean.length === b.mean.length,
    'compare features',
    'their length',
    String(a.mean.length),
    b.mean.length,
  )
  const shift = a.mean.reduce((sum, m, i) => sum + (m - b.mean[i]) ** 2, 0)
  // tr (Σ₁Σ₂)^½ = tr (Σ₁^½ Σ₂ Σ₁^½)^½, whose eigenvalues are real and not negative.
  const half = root(a.covariance)
  const inner = half.mmul(b.covariance).mmul(half)
  const shared = eigenvalues(inner).reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0)
  return Math.max(0, shift + a.covariance.trace() + b.covariance.trace() - 2 * shared)
}

function symmetric(matrix: Matrix): EigenvalueDecomposition {
  return new EigenvalueDecomposition(Matrix.add(matrix, matrix.transpose()).mul(0.5), {
    assumeSymmetric: true,
  })
}

const eigenvalues = (matrix: Matrix): number[] => symmetric(matrix).realEigenvalues

/** The symmetric square root of a covariance. */
function root(matrix: Matrix): Matrix {
  const { eigenvectorMatrix: vectors, realEigenvalues } = symmetric(matrix)
  const roots = Matrix.diag(realEigenvalues.map(value => Math.sqrt(Math.max(0, value))))
  return vectors.mmul(roots).mmul(vectors.transpose())
}
