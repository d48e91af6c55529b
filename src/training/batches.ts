/**
 * Corrupted batches: everything the training step is fed, drawn from (seed, step) alone.
 *
 * Step k takes the images at positions k·B … of the endless sequence of its source; every image has its own
 * random stream. So a batch can be drawn by any worker, ahead of time, and a resumed run draws the
 * batches that the interrupted one would have drawn.
 */

import { cannot, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { normals } from '../base/normal.ts'
import { random } from '../base/random.ts'
import { imageIn } from '../model/told.ts'
import { endAmong, type Told, toldInput, toldShape } from '../network/told.ts'
import { noiseShape } from '../network/unet.ts'
import type { JumpProcess, LossWeight } from '../process/process.ts'
import type { Value } from '../runtime/runtime.ts'
import type { Schedule } from '../schedule/index.ts'
import { sizeOf } from '../tensor/index.ts'
import { closeSeam } from './seam.ts'
import type { ImageSource } from './source.ts'

export interface BatchOptions {
  readonly process: JumpProcess
  readonly schedule: Schedule
  readonly source: ImageSource
  readonly batch: number
  readonly seed: number
  /** Number of classes, 0 without; the label `classes` means "not told". */
  readonly classes: number
  /** What else the network is told of an image. */
  readonly told?: readonly Told[]
  /** `even`, the default: every time of the schedule alike; or the name of a weight of the process. */
  readonly weight?: string
  /** Probability that of an image nothing is told, neither its label nor anything else. */
  readonly labelDropout: number
  /** Counts of the first of two parts: of every four images one knows its first part, which is shown as it is, and one its second. */
  readonly split?: number
  /** Whether the images are windows of something larger, whose sides do not meet: see `closeSeam`. */
  readonly seam?: boolean
  /** Planes of noise that the network is shown beside; left out: none. */
  readonly noise?: number
  /** How often each noisy state stands in its batch, each time beside other noise: see `energyObjective`; default 1. */
  readonly draws?: number
  /** Whether all images of a batch have one time. */
  readonly together?: boolean
}

/** The feeds of one step: `counts` [B, C, …], `target` [B, C·K, …], `weights` [B, 1, …]. */
export type Feeds = Record<string, Value>

/** A function from the step's number to its feeds; it owns its scratch arrays, one caller at a time. */
export function batches(options: BatchOptions): (step: number) => Feeds {
  const states = statesOf(options)
  const { noise, draws = 1, seed } = options
  if (noise === undefined) return states
  const streams = random(seed).fork(5)
  return step => {
    const feeds = repeated(states(step), draws)
    const [rows, , ...lengths] = feeds.counts.shape
    const shape = [rows, ...noiseShape(noise, lengths)]
    const drawn = new Float64Array(sizeOf(shape))
    normals(streams.fork(step), drawn)
    return { ...feeds, noise: { shape, data: Float32Array.from(drawn) } }
  }
}

/** The batch so many times, one behind the other. */
const repeated = (feeds: Feeds, times: number): Feeds =>
  Object.fromEntries(
    Object.entries(feeds).map(([name, { shape, data }]) => {
      const whole =
        data instanceof Int32Array
          ? new Int32Array(times * data.length)
          : new Float32Array(times * data.length)
      for (let k = 0; k < times; k++) whole.set(data, k * data.length)
      return [name, { shape: [times * shape[0], ...shape.slice(1)], data: whole }]
    }),
  )

/** The feeds but for noise. */
function statesOf(options: BatchOptions): (step: number) => Feeds {
  demandGiven(
    'draw batches',
    { options },
    {
      options: { process: 'process', schedule: 'object', source: 'object', batch: 'number', seed: 'number' },
    },
  )
  const {
    process,
    schedule,
    source,
    batch,
    seed,
    classes,
    labelDropout,
    seam = false,
    together = false,
    split,
    told = [],
  } = options
  const { link, channels, sites } = process
  const size = channels * sites
  demand(
    !seam || link.local,
    'close the seam',
    'the process',
    'one whose loss is a sum over sites',
    process.description.kind,
  )
  const [clean, noisy] = [new Int32Array(size), new Int32Array(size)]
  const end = source.paired ? new Int32Array(size) : undefined
  const draws = random(seed).fork(1)
  const [c, ...lattice] = process.shape
  const plane = lattice.length === 1 ? [1, ...lattice] : lattice
  const weigh = weighing(options)
  const shapes = told.map(one => toldShape(one, plane))
  const row = new Float32Array(shapes.reduce((sum, shape) => sum + sizeOf(shape), 0))
  const other = endAmong(told, plane)
  const towards = () =>
    other === undefined
      ? process
      : demandTowards(process, imageIn(other.one, row.subarray(other.at, other.at + (1 + 1 / c) * size)))
  return step => {
    const counts = new Float32Array(batch * size)
    const target = new Float32Array(batch * size * link.width)
    const weights = new Float32Array(batch * sites)
    const [time, label] = [new Float32Array(batch), new Int32Array(batch)]
    const beside = shapes.map(shape => new Float32Array(batch * sizeOf(shape)))
    const stream = draws.fork(step)
    const one = together ? stream.fork(batch).uniform() : undefined
    for (let b = 0; b < batch; b++) {
      const rng = stream.fork(b)
      const known = source.draw(step * batch + b, { random: rng.fork(0), out: clean, end, told: row })
      // One stratum of the schedule's coordinate per image of the batch: every batch sees all times.
      const u = one ?? (b + rng.uniform()) / batch
      const t = schedule.time(u)
      const own = towards()
      own.corrupt(clean, t, { random: rng, noisy, end })
      const knows = split === undefined ? 0 : knownPart(rng.uniform())
      const [begin, past] = knows === 1 ? [0, split] : knows === 2 ? [split, size] : [0, 0]
      noisy.set(clean.subarray(begin, past), begin)
      counts.set(noisy, b * size)
      const part = target.subarray(b * size * link.width, (b + 1) * size * link.width)
      if (own.link.target) own.link.target(clean, { noisy, time: t, end }, part)
      else part.set(clean)
      const weight = weights.subarray(b * sites, (b + 1) * sites).fill(weigh(u) / batch)
      weight.fill(0, begin, past)
      if (seam) closeSeam(weight, process, t)
      time[b] = t
      const named = classes > 0 ? known : undefined
      const silent = (named !== undefined || told.length > 0) && rng.uniform() < labelDropout
      label[b] = split !== undefined ? knows : silent ? classes : (named ?? classes)
      // Of several each is left out now and then, so that any of them can be told alone.
      const alone = told.length + Math.sign(classes) < 2
      const left = () => !alone && rng.uniform() < labelDropout
      if (other || !silent) tell(row, beside, { b, batch, left: other ? () => false : left })
    }
    return {
      counts: { shape: [batch, c, ...plane], data: counts },
      time: { shape: [batch], data: time },
      ...(classes > 0 || split !== undefined ? { label: { shape: [batch], data: label } } : {}),
      ...Object.fromEntries(
        told.map((one, i) => [toldInput(one), { shape: [batch, ...shapes[i]], data: beside[i] }]),
      ),
      target: { shape: [batch, c * link.width, ...plane], data: target },
      weights: { shape: [batch, 1, ...plane], data: weights },
    }
  }
}

/** The process of one image, towards its end. @throws RangeError for one whose images all end alike */
function demandTowards(process: JumpProcess, end: Float64Array): JumpProcess {
  const own = process.towards?.(end)
  if (own) return own
  throw new RangeError(
    cannot('draw batches', 'the process', 'one towards what is seen', process.description.kind),
  )
}

/** Which part is known: 1 the first, 2 the second, for a number in [0, 1); mostly 0, neither. */
const knownPart = (u: number) => (u < 0.25 ? 1 : u < 0.5 ? 2 : 0)

/** Takes the rows of what is told of image b of a batch apart. */
function tell(
  row: Float32Array,
  inputs: readonly Float32Array[],
  { b, batch, left }: { readonly b: number; readonly batch: number; left(): boolean },
): void {
  let at = 0
  for (const input of inputs) {
    const length = input.length / batch
    if (!left()) input.set(row.subarray(at, at + length), b * length)
    at += length
  }
}

/** T, the steps of discrete time in which other weights are told (Blackout, training). */
const STEPS = 1000

/** The weight of an image at the coordinate u of its time. */
function weighing({ process, schedule, weight = 'even' }: BatchOptions): (u: number) => number {
  if (weight === 'even') return () => 1
  const named = weightNamed(process, weight)
  return u => {
    const late = Math.max(u, 1 / STEPS)
    return STEPS * named({ from: schedule.time(late), to: schedule.time(late - 1 / STEPS) })
  }
}

/** A weight that a process knows. @throws RangeError where it knows none of that name */
function weightNamed({ weights = {} }: JumpProcess, name: string): LossWeight {
  if (Object.hasOwn(weights, name)) return weights[name]
  const known = ['even', ...Object.keys(weights)].join(', ')
  throw new RangeError(cannot('weigh the loss', 'the weight', `one of ${known}`, name))
}
