/**
 * The energy score: what teaches a network to draw origins, and not to tell their mean.
 *
 * Given the noisy state the network tells D(z), z the noise that it is shown beside. With a distance d the score
 *
 *     E d(D(z), n_0) - 1/2 E d(D(z), D(z'))        z and z' independent
 *
 * is least where D(z) has the law of n_0 given n_t, and there alone (Gneiting & Raftery 2007, J. Am. Stat. Assoc. 102, 359, section 4.3;
 * for diffusion De Bortoli et al. 2025, arXiv 2502.02483). Between two calls the walk is then undone towards an origin that
 * is drawn, which is exact in law for a step of any length where it is so towards a known one.
 */
import { demand } from '../base/errors.ts'
import type { Answer } from '../model/file.ts'
import type { Parameters } from '../network/parameters.ts'
import type { Link } from '../process/index.ts'
import { summed } from '../process/link/terms.ts'
import {
  add,
  coarsen,
  input,
  multiply,
  reduceMean,
  reduceSum,
  siteAxes,
  sizeOf,
  slice,
  sqrt,
  subtract,
  type Tensor,
} from '../tensor/index.ts'
import type { Objective } from './step.ts'

export interface EnergyOptions {
  /** m >= 2: rows k B … (k + 1) B - 1 of a batch are draw k of the same B states. */
  readonly draws: number
  /** A typical large count: distances are in units of it. */
  readonly scale: number
}

/** Below this distance, in units of the scale, origins count as alike: the root is smooth there. */
const ALIKE = 1e-3

/** The objective of a network that draws: the mean over all draws and pairs of draws of the same state. */
export function energyObjective(
  network: (parameters: Parameters) => Answer,
  link: Link,
  { draws, scale }: EnergyOptions,
): Objective {
  demand(Number.isInteger(draws) && draws >= 2, 'score draws', 'the draws', 'an integer >= 2', draws)
  return parameters => {
    const { output, shown } = network(parameters)
    const [rows, , ...lengths] = output.shape
    const states = rows / draws
    const target = input('target', output.shape)
    const weights = slice(input('weights', [rows, 1, ...lengths]), 0, 0, states)
    const origins = link.origin(output, shown)
    const part = (x: Tensor, k: number) => slice(x, 0, k * states, (k + 1) * states)
    const drawn = Array.from({ length: draws }, (_, k) => part(origins, k))
    const truth = part(target, 0)
    const apart = (a: Tensor, b: Tensor) => summed(distance(multiply(subtract(a, b), 1 / scale), weights))
    const near = drawn.map(one => apart(one, truth))
    const pairs = drawn.flatMap((one, k) => drawn.slice(k + 1).map(other => apart(one, other)))
    const mean = (of: readonly Tensor[], share: number) =>
      multiply(
        of.reduce((sum, one) => add(sum, one)),
        share / of.length,
      )
    return subtract(mean(near, 1), mean(pairs, 0.5))
  }
}

/**
 * How far apart two origins are, given their difference [N, C·K, ...sites], weighted [N, 1, ...sites]: [N, 1, …]. A sum of root mean
 * squares over all channels: of the image as a whole, and of its blocks, at every scale to which the sides can be halved. Each is a
 * distance that sees a joint law; of the whole image alone little but the total spread is seen where many sites are free.
 */
export function distance(difference: Tensor, weights: Tensor): Tensor {
  const halvings = halvingsOf(difference.shape.slice(2))
  let sum: Tensor | undefined
  let [x, w] = [difference, weights]
  halvings.push([])
  halvings.forEach((factor, level) => {
    const squares = reduceMean(multiply(x, x), [1])
    // Weights are those of an image times a field of the order of one.
    const image = reduceMean(w, siteAxes(w))
    const whole = multiply(root(reduceMean(squares, siteAxes(squares))), image)
    let [blocks, held] = [squares, w]
    for (const further of halvings.slice(level, -1)) {
      blocks = coarsen(blocks, further)
      held = coarsen(held, further)
    }
    const parts = multiply(root(blocks), held)
    const each = add(whole, reduceMean(parts, siteAxes(parts)))
    sum = sum ? add(sum, each) : each
    if (factor.length > 0) {
      // Sums over the root of their number: the larger a common shift, the more it weighs, and speckles weigh as much as before.
      x = multiply(coarsen(x, factor), Math.sqrt(sizeOf(factor)))
      w = coarsen(w, factor)
    }
  })
  return multiply(reduceSum(sum!, [1]), 1 / (2 * halvings.length))
}

const root = (squares: Tensor): Tensor => sqrt(add(squares, ALIKE * ALIKE))

/** The factors by which sides are halved, as long as all of them that are longer than 3 are even. */
function halvingsOf(lengths: readonly number[]): number[][] {
  const factors: number[][] = []
  for (let sides = lengths; ; ) {
    const factor = sides.map(side => (side > 3 ? 2 : 1))
    if (!factor.includes(2) || sides.some((side, i) => side % factor[i] !== 0)) return factors
    factors.push(factor)
    sides = sides.map((side, i) => side / factor[i])
  }
}
