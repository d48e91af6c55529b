/**
 * The population term of a loss of series: how far the correlations of columns in a batch's predictions are, as a law, from those in
 * its data. After PaD-TS (arXiv 2501.00910), where batches share one time; here the predictions are origins, expected counts.
 */
import { demand } from '../base/errors.ts'
import {
  add,
  divide,
  exp,
  multiply,
  reduceMean,
  reshape,
  slice,
  sqrt,
  subtract,
  type Tensor,
} from '../tensor/index.ts'

/** Standard deviations of the seven Gaussian kernels: correlations lie between −1 and 1. */
const bandwidths = [1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2]

/**
 * The mean over all pairs of channels of the squared maximum mean discrepancy between the correlations of `origin` and of `target`, both
 * [N, C, 1, L], within each image, over the N of the batch; a scalar of at least 0. Throws RangeError for one channel.
 */
export function populationDistance(origin: Tensor, target: Tensor): Tensor {
  const [n, channels] = origin.shape
  demand(channels > 1, 'compare correlations', 'the columns', 'two or more', channels)
  const [a, b] = [standard(origin), standard(target)]
  const pairs: Tensor[] = []
  for (let i = 0; i < channels; i++)
    for (let j = i + 1; j < channels; j++)
      pairs.push(discrepancy(correlations(a, i, j), correlations(b, i, j), n))
  return multiply(
    pairs.reduce((sum, pair) => add(sum, pair)),
    1 / pairs.length,
  )
}

/** Each channel of each image with mean 0 and deviation 1; what is constant is 0. */
function standard(x: Tensor): Tensor {
  const deviation = subtract(x, reduceMean(x, [2, 3]))
  return divide(deviation, sqrt(add(reduceMean(multiply(deviation, deviation), [2, 3]), 1e-6)))
}

/** Pearson's correlation of two channels, [N, 1, 1, 1]. */
const correlations = (z: Tensor, i: number, j: number): Tensor =>
  reduceMean(multiply(slice(z, 1, i, i + 1), slice(z, 1, j, j + 1)), [2, 3])

/** The squared discrepancy of two samples of N numbers under the mean of the kernels, each number a sample of itself as well. */
function discrepancy(a: Tensor, b: Tensor, n: number): Tensor {
  const kernel = (x: Tensor, y: Tensor): Tensor => {
    const apart = subtract(reshape(x, [n, 1]), reshape(y, [1, n]))
    const squares = multiply(apart, apart)
    const kernels = bandwidths.map(width => exp(multiply(squares, -1 / (2 * width * width))))
    const sum = kernels.reduce((all, one) => add(all, one))
    return reshape(reduceMean(multiply(sum, 1 / bandwidths.length), [0, 1]), [])
  }
  return subtract(add(kernel(a, a), kernel(b, b)), multiply(kernel(a, b), 2))
}
