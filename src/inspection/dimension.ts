/**
 * How many directions a model knows around an image: the rank of the answer of the origin to the noise.
 *
 * Where the data near an image n_0 are a surface with d parameters θ, the origin D(n_t) moves along it alone. To first order
 * D answers to n_t by R = ∂_θ n F⁻¹ (∂_θ p / p)ᵀ, with the law p of n_t and its Fisher information F, and so the covariance of
 * D over draws of n_t from the same n_0 is
 *
 *     R Cov(n_t) Rᵀ = ∂_θ n F⁻¹ ∂_θ nᵀ,
 *
 * of rank d: no derivative of the network and no fraction of a unit is needed. (Ours; arXiv 2402.03845 counts the singular
 * values of the Jacobian of a score.) Where noise has drowned a parameter it is not counted: small tau see more of them.
 */
import { demand } from '../base/errors.ts'
import { random } from '../base/random.ts'
import { finish } from '../base/work.ts'
import { eigen } from '../graph/index.ts'
import { type Asked, corrupted, eachOrigin } from './asking.ts'

export interface DimensionOptions extends Asked {
  /** [N, C, ...sites]: what is known around each of them. */
  readonly images: ArrayLike<number>
  /** Draws of n_t of each image, default 48: no more dimensions than half of that are told. */
  readonly draws?: number
  readonly time: number
  readonly seed: number
}

/** The answer around one image. */
export interface Answers {
  /** The eigenvalues of the covariance of the origin, falling, in squared counts. */
  readonly values: readonly number[]
  /** d: after which of them the largest fall is, values[d - 1] / values[d]; and that fall. */
  readonly dimension: number
  readonly fall: number
  /** (Σ values)² / Σ values²: how many of them carry the answer. */
  readonly effective: number
}

export async function dimension(options: DimensionOptions): Promise<Answers[]> {
  const { process, images, draws = 48, time, seed, onProgress } = options
  demand(Number.isSafeInteger(draws) && draws >= 4, 'tell a dimension', 'the draws', 'an integer >= 4', draws)
  const size = process.channels * process.sites
  const width = size * process.link.width
  const found: Answers[] = []
  for (let i = 0; i * size < images.length; i++) {
    const stream = random(seed).fork(i)
    const image = Array.from({ length: size }, (_, x) => images[i * size + x])
    const states = corrupted(process, image, { time, count: draws, random: k => stream.fork(k) })
    const origins = new Float64Array(draws * width)
    await eachOrigin(options, states, { time, see: (origin, k) => origins.set(origin, k * width) })
    found.push(answersOf(origins, draws))
    onProgress?.(((i + 1) * size) / images.length)
  }
  return found
}

/** Of rows of origins [draws, width]: the covariance and the matrix of products of the rows share their eigenvalues. */
function answersOf(origins: Float64Array, draws: number): Answers {
  const width = origins.length / draws
  for (let x = 0; x < width; x++) {
    let mean = 0
    for (let k = 0; k < draws; k++) mean += origins[k * width + x] / draws
    for (let k = 0; k < draws; k++) origins[k * width + x] -= mean
  }
  const products = new Float64Array(draws * draws)
  for (let a = 0; a < draws; a++)
    for (let b = 0; b <= a; b++) {
      let sum = 0
      for (let x = 0; x < width; x++) sum += origins[a * width + x] * origins[b * width + x]
      products[a * draws + b] = products[b * draws + a] = sum / (draws - 1)
    }
  const values = Array.from(finish(eigen(products, draws)).values, value => Math.max(0, value)).reverse()
  const [sum, squares] = values.reduce(([one, two], v) => [one + v, two + v * v], [0, 0])
  return { values, ...largestFall(values), effective: squares > 0 ? (sum * sum) / squares : 0 }
}

/** What is this much smaller than the largest is rounding: origins have 24 bits. */
const FLOOR = 1e-9

function largestFall(values: readonly number[]): Pick<Answers, 'dimension' | 'fall'> {
  const floor = FLOOR * values[0]
  let best = { dimension: 0, fall: 0 }
  for (let d = 1; d <= values.length >> 1 && values[d - 1] > floor; d++) {
    const fall = values[d - 1] / Math.max(values[d], floor)
    if (fall > best.fall) best = { dimension: d, fall }
  }
  return best
}
