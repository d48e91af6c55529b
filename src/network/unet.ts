/**
 * The network: a residual U-Net from counts to what a link makes an origin of.
 *
 * Reference: NCSN++ with one output per direction and channel (DSD, section 4). Deviation: K outputs per channel, those of
 * the process's link, of the order of one at every time. The border of every convolution follows the lattice.
 */

import { demandGiven } from '../base/given.ts'
import {
  abs,
  add,
  clip,
  coarsen,
  concat,
  constant,
  cos,
  divide,
  log,
  matmul,
  multiply,
  oneHot,
  reduceMean,
  refine,
  reshape,
  silu,
  sin,
  siteAxes,
  sizeOf,
  slice,
  sqrt,
  subtract,
  type Tensor,
} from '../tensor/index.ts'
import { tensorKinds } from '../tensor/tensor.ts'
import { attention } from './attention.ts'
import { conv, inside, linear, norm, type Place, residual } from './layers.ts'
import type { Parameters } from './parameters.ts'
import { embedTold, type Told, withImages } from './told.ts'

/** Size of the network; plain data, kept in the model file. */
export interface UnetOptions {
  /** Channels of the finest level. */
  readonly base: number
  /** Channels of each level as multiples of `base`, finest first. */
  readonly multipliers: readonly number[]
  /** Residual blocks of each level, on the way down and on the way up. */
  readonly blocks: readonly number[]
  /** Whether each level has self-attention after its blocks on the way down and up. */
  readonly attention: readonly boolean[]
  /** Length of the embedding of time, mass and class. */
  readonly embedding: number
}

/** What the network knows of its task; plain data. */
export interface Task {
  /** [C, H, W], of volumes [C, D, H, W]; series are [C, 1, L]. */
  readonly shape: readonly number[]
  /** Numbers per channel and site: the outputs are [N, C·width, …]. */
  readonly width: number
  /** Of each axis of the sites. */
  readonly periodic: readonly boolean[]
  /** The times [first, last] over which the network is trained. */
  readonly times: readonly [number, number]
  /** A typical large count of the data: counts are also seen relative to it. */
  readonly scale: number
  /** Number of classes; 0: none. The index `classes` means "not told". */
  readonly classes: number
  /** What else it can be told of an image. */
  readonly told?: readonly Told[]
  /**
   * Planes of noise that it is shown beside, drawn anew whenever it is asked: what it tells is then one draw of the origin. Left out: it tells
   * the mean.
   */
  readonly noise?: number
  /** Whether no place differs from another: the network sees no positions, and serves lattices of any size. */
  readonly homogeneous?: boolean
  /** Where a count says in which of so many states a site is, it is shown which one, and not how large the number is. */
  readonly states?: number
  /** Whether its sites have no neighbours, and all of them see each other alike: [C, 1, sites]. */
  readonly apart?: boolean
  /** The edges between the sites, where these are the nodes of a graph: [C, 1, nodes]. */
  readonly graph?: {
    readonly edges: readonly (readonly [number, number])[]
    readonly weights?: readonly number[]
  }
  /** Whether the counts are those of small graphs, [1, n, n]: nodes on the diagonal, edges above it. */
  readonly pairs?: boolean
  /** How many kinds of nodes these have, told apart by their numbers; left out: one. */
  readonly kinds?: number
  /** Where the counts are those of two parts, one behind the other: [1, 1, all]. */
  readonly parts?: readonly [PartTask, PartTask]
  /** Whether it is shown real numbers of the order of one in place of counts: it sees them as they are. */
  readonly real?: boolean
}

/** What the network knows of one of two parts. */
export interface PartTask extends Pick<Task, 'shape' | 'width' | 'periodic' | 'scale' | 'states'> {
  /** Whether it is always of one unit, whose own state tells no more of its origin than the walk says. */
  readonly lone?: boolean
}

export interface UnetInputs {
  /** Counts [N, C, …]. */
  readonly counts: Tensor
  /** Times [N]. */
  readonly time: Tensor
  /** Class indices [N], int32, where the task has classes; of two parts which one is known: 0 neither, 1 the first, 2 the second. */
  readonly label?: Tensor
  /** What the task is told beside, by name: see `toldShape`. */
  readonly told?: Readonly<Record<string, Tensor>>
  /** Independent normal numbers, `noiseShape` of each image, where the task has noise. */
  readonly noise?: Tensor
}

/** The outputs, [N, C·width, …]. */
export function unet(
  parameters: Parameters,
  inputs: UnetInputs,
  of: { task: Task; options: UnetOptions },
): Tensor {
  demandGiven(
    'build the network',
    { parameters, inputs, of },
    {
      parameters: { get: 'function' },
      inputs: { counts: tensorKinds, time: tensorKinds },
      of: {
        task: { shape: 'list', periodic: 'list', times: 'list', scale: 'number', classes: 'number' },
        options: { multipliers: 'list', blocks: 'list', attention: 'list' },
      },
    },
  )
  const { task, options } = of
  const seen = shownTo(parameters, inputs, { task, options })
  const { place } = seen
  const trunk = up(place, down(place, seen, options), { embedding: seen.embedding, options })
  return conv(inside(place, 'out'), silu(norm(inside(place, 'last'), trunk)), {
    out: task.shape[0] * task.width,
    gain: 0,
  })
}

/** What lies in the middle of the network, at its coarsest level before the way up, [N, C', H', W']: its features. */
export function unetMiddle(
  parameters: Parameters,
  inputs: UnetInputs,
  { task, options }: { task: Task; options: UnetOptions },
): Tensor {
  const seen = shownTo(parameters, inputs, { task, options })
  return down(seen.place, seen, options).y
}

export interface Seen {
  readonly x: Tensor
  readonly embedding: Tensor
}

/** What a network begins with: its fields, and the embedding of time, mass and class. */
export function shownTo(
  parameters: Parameters,
  inputs: UnetInputs,
  { task, options }: { task: Task; options: UnetOptions },
): Seen & { readonly place: Place } {
  const place: Place = { parameters, name: task.graph ? 'messages' : 'unet', periodic: task.periodic }
  const mean = reduceMean(inputs.counts, siteAxes(inputs.counts))
  const embedding = embed(inside(place, 'embed'), { ...inputs, mean }, { task, size: options.embedding })
  const told = { told: task.told ?? [], inputs: inputs.told ?? {} }
  const x = withImages(fields(inputs.counts, mean, task), told)
  return { place, x: inputs.noise ? concat([x, spread(inputs.noise, x)], 1) : x, embedding }
}

/** Sites along each axis that see the same noise: what is undecided is larger than one site, and speckles are no image. */
const GRAIN = 4

/** The noise [planes, ...] of one image with sites of these lengths. */
export const noiseShape = (planes: number, lengths: readonly number[]): number[] => [
  planes,
  ...lengths.map(length => Math.ceil(length / GRAIN)),
]

/** Noise [N, planes, ...] on the sites of x. */
function spread(noise: Tensor, x: Tensor): Tensor {
  let y = noise
  for (let halving = GRAIN; halving > 1; halving /= 2) y = refine(y, halves(x.shape))
  for (let axis = 2; axis < x.shape.length; axis++)
    if (y.shape[axis] > x.shape[axis]) y = slice(y, axis, 0, x.shape[axis])
  return y
}

type Block = (name: string, y: Tensor, level: number) => Tensor

const blockOf =
  (place: Place, embedding: Tensor, { base, multipliers, attention: attended }: UnetOptions): Block =>
  (name, y, level) => {
    const next = residual(inside(place, name), y, { out: base * multipliers[level], embedding })
    return attended[level] ? attention(inside(place, `${name}/attention`), next) : next
  }

/** What the way down has come to, and what of each level is kept for the way up. */
export interface Lowest {
  readonly y: Tensor
  readonly skips: readonly (readonly Tensor[])[]
}

/** The levels down. */
export function down(place: Place, { x, embedding }: Seen, options: UnetOptions): Lowest {
  const { base, multipliers, blocks } = options
  const block = blockOf(place, embedding, options)
  let y = conv(inside(place, 'in'), x, { out: base })
  const skips: Tensor[][] = []
  multipliers.forEach((_, level) => {
    if (level > 0) y = halve(y, place.periodic)
    skips.push([])
    for (let b = 0; b < blocks[level]; b++) {
      y = block(`down${level}.${b}`, y, level)
      skips[level].push(y)
    }
  })
  return { y, skips }
}

/** The levels up again, with skips from those on the way down. */
export function up(
  place: Place,
  { y: lowest, skips }: Lowest,
  { embedding, options }: { readonly embedding: Tensor; readonly options: UnetOptions },
): Tensor {
  const { multipliers, blocks } = options
  const block = blockOf(place, embedding, options)
  let y = lowest
  for (let level = multipliers.length - 1; level >= 0; level--) {
    for (let b = 0; b < blocks[level]; b++)
      y = block(`up${level}.${b}`, concat([y, skips[level][blocks[level] - 1 - b]], 1), level)
    if (level > 0) y = double(y, skips[level - 1][0].shape)
  }
  return y
}

/** Half the sides, an odd side rounded up: its last row is repeated (the first one where the axis is periodic). */
function halve(x: Tensor, periodic: readonly boolean[]): Tensor {
  let even = x
  for (let side = 0; side < periodic.length; side++) {
    const length = x.shape[2 + side]
    if (length === 1 || length % 2 === 0) continue
    const from = periodic[side] ? 0 : length - 1
    even = concat([even, slice(even, 2 + side, from, from + 1)], 2 + side)
  }
  return coarsen(even, halves(even.shape))
}

/** 2 for every axis of the sites that can be halved. */
const halves = (shape: readonly number[]): number[] => shape.slice(2).map(length => (length > 1 ? 2 : 1))

/** Twice the sides, cut to the finer image's shape. */
function double(x: Tensor, shape: readonly number[]): Tensor {
  let y = refine(x, halves(shape))
  for (let axis = 2; axis < shape.length; axis++)
    if (y.shape[axis] > shape[axis]) y = slice(y, axis, 0, shape[axis])
  return y
}

/**
 * What the network sees of the counts: their logarithm, their size relative to the data's and to their mean, and their
 * deviation from the mean in units of its own noise √mean, which carries the faint signal of late times;
 * beside them, but for homogeneous images, the site's position (with a periodic border nothing else tells where the middle
 * is).
 */
function fields(counts: Tensor, mean: Tensor, task: Task): Tensor {
  const [n, , ...lengths] = counts.shape
  const places = task.homogeneous ? [] : [positions(n, lengths)]
  if (task.real) return concat([counts, ...places], 1)
  if (task.states) return concat([stated(counts, task.states), ...places], 1)
  const deviation = divide(subtract(counts, mean), sqrt(add(mean, 1)))
  const squashed = divide(deviation, sqrt(add(multiply(multiply(deviation, deviation), 1 / 16), 1)))
  const logs = multiply(log(add(counts, 1)), 0.5)
  const sizes = multiply(counts, 2 / task.scale)
  const relative = log(add(divide(counts, add(mean, 0.1)), 1))
  return concat([logs, sizes, relative, squashed, ...places], 1)
}

/** 1 for the state of a site and 0 for all others, [N, C·S, …]. */
function stated(counts: Tensor, states: number): Tensor {
  const [n, c, ...lengths] = counts.shape
  const each = reshape(counts, [n * c, 1, ...lengths])
  const all = constant(
    Float32Array.from({ length: states }, (_, a) => a),
    [1, states, ...lengths.map(() => 1)],
  )
  return reshape(clip(subtract(1, abs(subtract(each, all))), 0, 1), [n, c * states, ...lengths])
}

/** Cosine and sine of the position along each axis: [N, 2·axes, …]. */
function positions(n: number, lengths: readonly number[]): Tensor {
  const sites = sizeOf(lengths)
  const one = new Float32Array(2 * lengths.length * sites)
  let stride = sites
  lengths.forEach((length, axis) => {
    stride /= length
    for (let x = 0; x < sites; x++) {
      const angle = (2 * Math.PI * ((Math.floor(x / stride) % length) + 0.5)) / length
      one[2 * axis * sites + x] = Math.cos(angle)
      one[(2 * axis + 1) * sites + x] = Math.sin(angle)
    }
  })
  const all = new Float32Array(n * one.length)
  for (let i = 0; i < n; i++) all.set(one, i * one.length)
  return constant(all, [n, 2 * lengths.length, ...lengths])
}

/** Embedding [N, size] of the time (waves of log t), of the logarithm of the mean counts, of the class, and of what else is told. */
export function embed(
  place: Place,
  inputs: UnetInputs & { mean: Tensor },
  { task, size }: { task: Task; size: number },
): Tensor {
  const [n] = inputs.counts.shape
  const [first, last] = task.times.map(Math.log)
  const middle = (first + last) / 2
  const time = clip(reshape(inputs.time, [n, 1]), ...task.times)
  const relative = multiply(subtract(log(time), middle), 2 / (last - first))
  const waves = [0.5, 1, 2, 4, 8, 16].flatMap(frequency => {
    const phase = multiply(relative, frequency * Math.PI)
    return [cos(phase), sin(phase)]
  })
  const mean = reshape(inputs.mean, [n, sizeOf(inputs.mean.shape) / n])
  const masses = task.real ? mean : multiply(log(add(mean, 1)), 0.5)
  let first1 = linear(inside(place, 'first'), concat([relative, ...waves, masses], 1), { out: size })
  if (inputs.label && task.classes > 0) {
    const table = place.parameters.get(`${place.name}/classes`, [task.classes + 1, size], { bound: 1 })
    first1 = add(first1, matmulRows(inputs.label, table))
  }
  first1 = embedTold(place, first1, { told: task.told ?? [], inputs: inputs.told ?? {} })
  if (inputs.noise)
    first1 = add(first1, linear(inside(place, 'noise'), whitened(inputs.noise), { out: size }))
  return silu(linear(inside(place, 'second'), silu(first1), { out: size }))
}

/** Means of the planes, of variance 1: [N, planes]. */
function whitened(noise: Tensor): Tensor {
  const [n, planes, ...lengths] = noise.shape
  return multiply(reshape(reduceMean(noise, siteAxes(noise)), [n, planes]), Math.sqrt(sizeOf(lengths)))
}

function matmulRows(label: Tensor, table: Tensor): Tensor {
  return matmul(oneHot(label, table.shape[0]), table)
}
