/**
 * Gaussian diffusion as EDM has it (Karras et al. 2022, arXiv 2206.00364), by the network and the training step of this
 * engine: what the walk is compared with. Images y are pixels scaled to [-1, 1]; noisy ones are x = y + σ z.
 */
import type { Random } from '../src/base/random.ts'
import type { Parameters } from '../src/network/parameters.ts'
import { type Task, type UnetOptions, unet } from '../src/network/unet.ts'
import {
  add,
  divide,
  input,
  multiply,
  reshape,
  sqrt,
  subtract,
  type Tensor,
  total,
} from '../src/tensor/index.ts'
import type { Feeds } from '../src/training/batches.ts'
import type { ImageSource } from '../src/training/source.ts'
import type { Objective } from '../src/training/step.ts'

/** What is trained and sampled; `task.scale` is the largest count of the data. */
export interface Edm {
  readonly task: Task
  readonly network: UnetOptions
  /** The standard deviation of the scaled pixels. */
  readonly deviation: number
}

/** Of table 1: ln σ ~ N(P_mean, P_std²) in training; the steps of sampling between two σ, bent by ρ. */
export const [pMean, pStd, sigmaMin, sigmaMax, rho] = [-1.2, 1.2, 0.002, 80, 7]

/** D(x; σ) = c_skip x + c_out F(c_in x; σ), eq. (7) and table 1; inputs `x`, `sigma` and, with classes, `label`. */
export function denoiser(
  { task, network, deviation }: Edm,
  batch: number,
): (parameters: Parameters) => Tensor {
  return parameters => {
    const x = input('x', [batch, ...task.shape])
    const sigma = input('sigma', [batch])
    const label = task.classes > 0 ? input('label', [batch], 'int32') : undefined
    const each = reshape(sigma, [batch, 1, 1, 1])
    const power = add(multiply(each, each), deviation ** 2)
    const shown = { counts: divide(x, sqrt(power)), time: sigma, label }
    const told = unet(parameters, shown, { task, options: network })
    const out = multiply(divide(each, sqrt(power)), deviation)
    return add(multiply(divide(deviation ** 2, power), x), multiply(out, told))
  }
}

/** The mean over a batch of λ(σ) (D - y)², λ = 1 / c_out², eq. (8); fed as `clean` [B, C, H, W] and `weights` [B, 1, 1, 1]. */
export function denoisingObjective(edm: Edm, batch: number): Objective {
  return parameters => {
    const off = subtract(denoiser(edm, batch)(parameters), input('clean', [batch, ...edm.task.shape]))
    return total(multiply(multiply(off, off), input('weights', [batch, 1, 1, 1])))
  }
}

/** A normal variate, by Box and Muller. */
export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform())

export interface DenoisingOptions {
  readonly edm: Edm
  readonly source: ImageSource
  readonly batch: number
  readonly random: Random
  /** Probability that an image's class is not told. */
  readonly labelDropout: number
}

/** The feeds of a step, drawn from the stream and the number of the step alone. */
export function denoisingBatches(options: DenoisingOptions): (step: number) => Feeds {
  const { edm, source, batch, random, labelDropout } = options
  const { task, deviation } = edm
  const size = task.shape.reduce((product, length) => product * length, 1)
  const counts = new Int32Array(size)
  return step => {
    const [x, clean] = [new Float32Array(batch * size), new Float32Array(batch * size)]
    const [sigmas, weights] = [new Float32Array(batch), new Float32Array(batch)]
    const label = new Int32Array(batch).fill(task.classes)
    for (let b = 0; b < batch; b++) {
      const rng = random.fork(step).fork(b)
      const known = source.draw(step * batch + b, { random: rng.fork(0), out: counts })
      const sigma = Math.exp(pMean + pStd * normal(rng))
      for (let i = 0, at = b * size; i < size; i++, at++) {
        clean[at] = (2 * counts[i]) / task.scale - 1
        x[at] = clean[at] + sigma * normal(rng)
      }
      sigmas[b] = sigma
      weights[b] = (sigma ** 2 + deviation ** 2) / ((sigma * deviation) ** 2 * batch * size)
      if (task.classes > 0 && known !== undefined && rng.uniform() >= labelDropout) label[b] = known
    }
    const shape = [batch, ...task.shape]
    return {
      x: { shape, data: x },
      sigma: { shape: [batch], data: sigmas },
      ...(task.classes > 0 ? { label: { shape: [batch], data: label } } : {}),
      clean: { shape, data: clean },
      weights: { shape: [batch, 1, 1, 1], data: weights },
    }
  }
}

/** D(x; σ) of images side by side, all at one σ. */
export type Denoise = (x: Float64Array, sigma: number) => ArrayLike<number> | Promise<ArrayLike<number>>

export const methods = ['heun', 'euler', '2m'] as const
export type Method = (typeof methods)[number]

/** σ_0 … σ_N, eq. (5), and 0 behind them: N + 1 steps from N + 1 of them; one more call than step but the last by Heun. */
export function sigmas(steps: number): number[] {
  const [high, low] = [sigmaMax ** (1 / rho), sigmaMin ** (1 / rho)]
  const all = Array.from(
    { length: steps },
    (_, i) => (high + (i / Math.max(1, steps - 1)) * (low - high)) ** rho,
  )
  return [...all, 0]
}

/** How many steps a method makes of so many calls, and how many calls these take: Heun's last step takes one, others two. */
export function stepsOf(method: Method, calls: number): { steps: number; calls: number } {
  if (method !== 'heun') return { steps: calls, calls }
  const steps = Math.max(1, Math.floor((calls + 1) / 2))
  return { steps, calls: 2 * steps - 1 }
}

/**
 * Takes images x from σ_0 to 0, in place, without noise: by algorithm 1 (`heun`), by its first half alone (`euler`, which is
 * DDIM), or by DPM-Solver++ of order two (`2m`; Lu et al. 2022, arXiv 2211.01095, algorithm 2).
 */
export async function undiffuse(
  x: Float64Array,
  { denoise, method, steps }: { denoise: Denoise; method: Method; steps: number },
): Promise<void> {
  const grid = sigmas(steps)
  let last: { d: Float64Array; h: number } | undefined
  for (let k = 0; k < steps; k++) {
    const [from, to] = [grid[k], grid[k + 1]]
    const d = Float64Array.from(await denoise(x, from))
    if (method === '2m') {
      const h = Math.log(from / to)
      // The first and the last step are of order one.
      const beyond = last && to > 0 ? h / (2 * last.h) : 0
      for (let i = 0; i < x.length; i++)
        x[i] = (to / from) * x[i] + (1 - to / from) * (d[i] + beyond * (d[i] - (last ? last.d[i] : 0)))
      last = { d, h }
      continue
    }
    const slope = d.map((value, i) => (x[i] - value) / from)
    const before = method === 'heun' && to > 0 ? x.slice() : undefined
    for (let i = 0; i < x.length; i++) x[i] += (to - from) * slope[i]
    if (!before) continue
    const again = await denoise(x, to)
    for (let i = 0; i < x.length; i++)
      x[i] = before[i] + ((to - from) * (slope[i] + (x[i] - again[i]) / to)) / 2
  }
}

/** Pixels in [-1, 1] as the nearest counts in 0 … largest. */
export const toCounts = (x: ArrayLike<number>, largest: number): Int32Array =>
  Int32Array.from(x, value => Math.min(largest, Math.max(0, Math.round(((value + 1) / 2) * largest))))
