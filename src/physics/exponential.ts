/**
 * Exponential waiting times by the ziggurat of 256 layers (Marsaglia & Tsang 2000, J. Stat. Softw. 5(8)), exact in law.
 *
 * The density e^−x is covered by layers of equal area; a point of a layer is under the curve in 98.9 % of the cases
 * without any elementary function. Beyond the last layer the law begins anew, for it has no memory.
 */
import { exp, log } from '../base/numeric.ts'
import type { Random } from '../base/random.ts'

const LAYERS = 256
/** Where the tail begins, and the area of every layer. */
const EDGE = 7.69711747013105
const AREA = 0.003949659822581557

/** WIDTH[0] is the width of the lowest layer with its tail spread out, WIDTH[i] that of layer i; HEIGHT = e^−WIDTH. */
const { WIDTH, HEIGHT } = layers()

function layers(): { WIDTH: Float64Array; HEIGHT: Float64Array } {
  const WIDTH = new Float64Array(LAYERS + 1)
  WIDTH[0] = AREA / exp(-EDGE)
  WIDTH[1] = EDGE
  for (let i = 2; i < LAYERS; i++) WIDTH[i] = -log(AREA / WIDTH[i - 1] + exp(-WIDTH[i - 1]))
  return { WIDTH, HEIGHT: WIDTH.map(x => exp(-x)) }
}

/** For loops that draw by themselves: WIDTH · 2^−32, and the widths up to which a point is surely below the curve. */
export const SCALE = WIDTH.map(width => width * 2 ** -32)
export const SURE = WIDTH.subarray(1)

/** A waiting time of mean 1. Two words of the stream, seldom more. */
export function exponential(rng: Pick<Random, 'u32' | 'uniform'>): number {
  const word = rng.u32()
  const layer = word & 255
  // 56 bits in [0, 1]: 24 that the layer has left over below 32 fresh ones.
  const x = (rng.u32() + (word >>> 8) * 2 ** -24) * SCALE[layer]
  return x < SURE[layer] ? x : unsure(rng, layer, x)
}

/** The waiting time where the first point of a layer was not surely below the curve: one draw in ninety. */
export function unsure(rng: Pick<Random, 'u32' | 'uniform'>, layer: number, x: number): number {
  if (layer === 0) return EDGE + exponential(rng)
  const height = HEIGHT[layer] + rng.uniform() * (HEIGHT[layer + 1] - HEIGHT[layer])
  return height < exp(-x) ? x : exponential(rng)
}
