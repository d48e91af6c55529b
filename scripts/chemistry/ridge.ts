/** Kernel ridge regression: the judge of samples, fitted on data that the network has not seen. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix'

/** From examples and their values to a function of examples; `kernel` is positive definite and 1 of equals. */
export function ridge<T>(
  examples: readonly T[],
  values: readonly number[],
  { kernel, weight }: { readonly kernel: (a: T, b: T) => number; readonly weight: number },
): (of: T) => number {
  const gram = Matrix.zeros(examples.length, examples.length)
  examples.forEach((a, i) => {
    for (let j = 0; j <= i; j++) {
      const like = kernel(a, examples[j])
      gram.set(i, j, like)
      gram.set(j, i, like)
    }
    gram.set(i, i, gram.get(i, i) + weight)
  })
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  const wanted = Matrix.columnVector(values.map(value => value - mean))
  const weights = new CholeskyDecomposition(gram).solve(wanted).to1DArray()
  return of => examples.reduce((sum, example, i) => sum + weights[i] * kernel(example, of), mean)
}
