/** Kernel ridge regression: the judge of samples, fitted on data that the network has not seen. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix'

/** A positive definite kernel that is 1 of equals, and what is added to its diagonal. */
export interface RidgeOptions<T> {
  readonly kernel: (a: T, b: T) => number
  readonly weight: number
}

/** From examples and their values to a function of examples. */
export function ridge<T>(
  examples: readonly T[],
  values: readonly number[],
  options: RidgeOptions<T>,
): (of: T) => number {
  const all = ridges(examples, [values], options)
  return of => all(of)[0]
}

/** The same of several lists of values. */
export function ridges<T>(
  examples: readonly T[],
  lists: readonly (readonly number[])[],
  { kernel, weight }: RidgeOptions<T>,
): (of: T) => number[] {
  const gram = Matrix.zeros(examples.length, examples.length)
  examples.forEach((a, i) => {
    for (let j = 0; j <= i; j++) {
      const like = kernel(a, examples[j])
      gram.set(i, j, like)
      gram.set(j, i, like)
    }
    gram.set(i, i, gram.get(i, i) + weight)
  })
  const means = lists.map(values => values.reduce((a, b) => a + b, 0) / values.length)
  const wanted = Matrix.zeros(examples.length, lists.length)
  lists.forEach((values, k) => {
    values.forEach((value, i) => {
      wanted.set(i, k, value - means[k])
    })
  })
  const weights = new CholeskyDecomposition(gram).solve(wanted)
  return of => {
    const like = examples.map(example => kernel(example, of))
    return means.map((mean, k) => like.reduce((sum, by, i) => sum + weights.get(i, k) * by, mean))
  }
}
