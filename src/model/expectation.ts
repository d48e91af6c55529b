/**
 * The counts of a hole expected from what is known around it, by a normal law of whole images (`gaussian.ts`). With the rows
 * K of what is known,
 *
 *     E[n_i | n_K] = μ_i + W_i (1 + W_K' σ_K⁻² W_K)⁻¹ W_K' σ_K⁻² (n_K − μ_K),
 *
 * exactly, for holes of any shape, by one solve of the size of the factors (all eigenvalues are at least 1).
 */

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { finish } from '../base/work.ts'
import { eigen } from '../graph/eigen.ts'
import type { Gaussian } from './gaussian.ts'

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
  const precision = new Float64Array(rank * rank)
  for (let a = 0; a < rank; a++) precision[a * rank + a] = 1
  for (const i of rows) {
    const weight = 1 / noise[i] ** 2
    for (let a = 0; a < rank; a++)
      for (let b = 0; b <= a; b++)
        precision[a * rank + b] += weight * factors[i * rank + a] * factors[i * rank + b]
  }
  const { values, vectors } = finish(eigen(precision, rank))
  const classOf = (i: number) => (i - size === label ? largest : 0)

  return image => {
    const pull = new Float64Array(rank)
    for (const i of rows) {
      const away = ((i < size ? image[i] : classOf(i)) - mean[i]) / noise[i] ** 2
      for (let a = 0; a < rank; a++) pull[a] += factors[i * rank + a] * away
    }
    const z = new Float64Array(rank)
    for (let k = 0; k < rank; k++) {
      let share = 0
      for (let a = 0; a < rank; a++) share += vectors[k * rank + a] * pull[a]
      for (let a = 0; a < rank; a++) z[a] += (share / values[k]) * vectors[k * rank + a]
    }
    return Float64Array.from(sites, x => {
      if (open[x] === 0) return image[x]
      let sum = mean[x]
      for (let a = 0; a < rank; a++) sum += factors[x * rank + a] * z[a]
      return sum
    })
  }
}
