/** The learned inverse of deformations: a network that tells a velocity, of a deformed image alone or beside what it was before. */
import { cannot } from '../../base/errors.ts'
import { below, random } from '../../base/random.ts'
import { version } from '../../base/version.ts'
import { decodeModel } from '../../formats/onnx.ts'
import { encodeGraph, layoutFor, networkOf } from '../../model/file.ts'
import { list, positive, ruled, truth, whole } from '../../model/rules.ts'
import { toldFeeds, toldRow } from '../../model/told.ts'
import { fixed, type Layout } from '../../network/parameters.ts'
import { type Told, toldInput } from '../../network/told.ts'
import type { Task, UnetOptions } from '../../network/unet.ts'
import { type Field, flow, type Guess, pushed, velocity } from '../../restoration/index.ts'
import type { Program } from '../../runtime/runtime.ts'
import { input, multiply, subtract, total } from '../../tensor/index.ts'
import type { Feeds } from '../../training/batches.ts'
import type { Objective } from '../../training/step.ts'

/** What the network is of; plain data. */
export interface InverseOptions {
  /** [1, H, W] */
  readonly shape: readonly number[]
  /** The largest count of a site. */
  readonly scale: number
  readonly network: UnetOptions
}

/** The network, so many channels wide at the finest level: three levels, one block each, no attention. */
export const inverseNetwork = (base: number): UnetOptions => ({
  base,
  multipliers: [1, 2, 2],
  blocks: [1, 1, 1],
  attention: [false, false, false],
  embedding: 16,
})

/** Images per call. */
const TILE = 16

/** Velocities of the network are in this share of the shorter side. */
const UNIT = 0.1

/** What the image was before it was deformed, which may be told. */
const before = ({ scale }: InverseOptions): Told => ({ kind: 'image', name: 'before', channels: 1, scale })

/** Two numbers a site: the velocity along each axis. */
const taskOf = (options: InverseOptions): Task => ({
  shape: options.shape,
  width: 2,
  periodic: [false, false],
  times: [1e-3, 1],
  scale: options.scale,
  classes: 0,
  told: [before(options)],
})

const modelOf = (options: InverseOptions) => ({ task: taskOf(options), network: options.network })

export const inverseLayout = (options: InverseOptions): Layout => layoutFor(modelOf(options))

/**
 * The mean square of what is missing of the velocity, more where units are: fed `counts` [B, 1, H, W], `time` [B], `told.before`,
 * `target` [B, 2, H, W] in a tenth of the shorter side, and `weights` [B, 1, H, W] of the sum 1.
 */
export function inverseObjective(options: InverseOptions, batch: number): Objective {
  const network = networkOf(modelOf(options), batch)
  return parameters => {
    const { output } = network(parameters)
    const [n, , ...lengths] = output.shape
    const off = subtract(output, input('target', output.shape))
    return total(multiply(multiply(off, off), input('weights', [n, 1, ...lengths])))
  }
}

export interface InverseData {
  /** Images [N, H, W], one after the other. */
  readonly counts: ArrayLike<number>
  readonly batch: number
  readonly seed: number
  /** Largest amplitude of a deformation: see `VelocityOptions`. */
  readonly amplitude: number
  readonly scales: number
  /** How often the network is told what the image was. */
  readonly paired: number
}

/** Step number to its feeds: random images, each deformed by a random amplitude up to the largest. */
export function inverseBatches(
  options: InverseOptions,
  { counts, batch, seed, amplitude, scales, paired }: InverseData,
): (step: number) => Feeds {
  const [, height, width] = options.shape
  const sites = height * width
  const unit = UNIT * Math.min(height, width)
  const told = before(options)
  return step => {
    const fed = {
      counts: new Float32Array(batch * sites),
      target: new Float32Array(2 * batch * sites),
      weights: new Float32Array(batch * sites),
    }
    const beside = toldFeeds(taskOf(options), batch)
    for (let b = 0; b < batch; b++) {
      const rng = random(seed).fork(step).fork(b)
      const index = below(rng, counts.length / sites)
      const image = Int32Array.from({ length: sites }, (_, x) => counts[index * sites + x])
      const field = velocity([height, width], { amplitude: amplitude * rng.uniform(), scales, random: rng })
      const moved = pushed(image, flow(field), rng)
      fed.counts.set(moved, b * sites)
      fed.target.set(
        field.data.map(v => v / unit),
        2 * b * sites,
      )
      if (rng.uniform() < paired) {
        const row = toldRow(told, image, [height, width])
        beside[toldInput(told)].data.set(row, b * row.length)
      }
      for (let x = 0; x < sites; x++)
        fed.weights[b * sites + x] = weightOf(image[x] + moved[x], options.scale) / (batch * sites)
    }
    return {
      counts: { shape: [batch, ...options.shape], data: fed.counts },
      time: { shape: [batch], data: new Float32Array(batch).fill(1) },
      ...beside,
      target: { shape: [batch, 2, height, width], data: fed.target },
      weights: { shape: [batch, 1, height, width], data: fed.weights },
    }
  }
}

/** Where nothing is to be seen a velocity counts little: nobody can tell it. */
const weightOf = (units: number, scale: number) => 0.1 + Math.min(1, (2 * units) / scale)

const metadataKey = 'saltus-inverse'

/** What a description must be, by the path of the value. */
const rules = {
  shape: list(whole(1, 4096), 3),
  scale: positive,
  'network.base': whole(1, 4096),
  'network.multipliers': list(whole(1, 64), 1, 8),
  'network.blocks': list(whole(1, 64), 1, 8),
  'network.attention': list(truth, 1, 8),
  'network.embedding': whole(2, 4096),
}

/** What a file says of its network. @throws SyntaxError where it is another file */
export function decodeInverse(bytes: Uint8Array, name: string): InverseOptions {
  const text = decodeModel(bytes, name).metadata[metadataKey]
  if (text !== undefined) return ruled(text, rules, name) as InverseOptions
  throw new SyntaxError(cannot(`read ${name}`, 'the file', 'a network of saltus recovery train', 'another'))
}

/** The file of a trained network: ONNX of the inputs `counts`, `time` and `told.before` and the output `velocity` [tile, 2, H, W]. */
export function encodeInverse(options: InverseOptions, parameters: Float32Array): Uint8Array {
  const { output } = networkOf(modelOf(options), TILE)(fixed(inverseLayout(options), parameters))
  const metadata = { [metadataKey]: JSON.stringify(options), version }
  return encodeGraph({ velocity: output }, { metadata, half: 256 })
}

/** What a program made of such a file tells of images; `known` [N, H, W], what they were before, may be told. */
export function guessBy(program: Program, options: InverseOptions, known?: ArrayLike<number>): Guess {
  const [, height, width] = options.shape
  const sites = height * width
  const unit = UNIT * Math.min(height, width)
  const told = before(options)
  return async images => {
    const found: Field[] = []
    for (let first = 0; first < images.length; first += TILE) {
      const here = images.slice(first, first + TILE)
      const data = new Float32Array(TILE * sites)
      const beside = toldFeeds(taskOf(options), TILE)
      here.forEach((image, i) => {
        data.set(image, i * sites)
        if (!known) return
        const own = Array.from({ length: sites }, (_, x) => known[(first + i) * sites + x])
        const row = toldRow(told, own, [height, width])
        beside[toldInput(told)].data.set(row, i * row.length)
      })
      const { velocity: answer } = await program.run({
        counts: { shape: [TILE, ...options.shape], data },
        time: { shape: [TILE], data: new Float32Array(TILE).fill(1) },
        ...beside,
      })
      here.forEach((_, i) => {
        const own = (answer.data as Float32Array).subarray(2 * i * sites, 2 * (i + 1) * sites)
        found.push({ shape: [height, width], data: Float64Array.from(own, v => v * unit) })
      })
    }
    return found
  }
}
