/**
 * Corrupted batches: everything the training step is fed, drawn from (seed, step) alone.
 *
 * Step k takes the images at positions k·B … of the endless sequence of its source; every image has its own
 * random stream. So a batch can be drawn by any worker, ahead of time, and a resumed run draws the
 * batches that the interrupted one would have drawn.
 */
import { cannot } from '../base/errors.ts'
import { type Random, random } from '../base/random.ts'
import type { JumpProcess, LossWeight } from '../process/process.ts'
import type { Value } from '../runtime/runtime.ts'
import type { Schedule } from '../schedule/index.ts'
import type { Scene } from './masks.ts'
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
  /** `likelihood`, the default, or the name of another weight of the process. */
  readonly weight?: string
  /** Probability that an image's label is not told. */
  readonly labelDropout: number
  /** For networks that see a mask: the hole that an image gets, where its units walk. */
  readonly scene?: (random: Random) => Scene
  /** Whether the images are windows of something larger, whose sides do not meet: see `closeSeam`. */
  readonly seam?: boolean
}

/** The feeds of one step: shapes as the network's images [B, C, H, W] and jumps [B, C·J, H, W]. */
export type Feeds = Record<string, Value>

/** A function from the step's number to its feeds; it owns its scratch arrays, one caller at a time. */
export function batches(options: BatchOptions): (step: number) => Feeds {
  const { process, schedule, source, batch, seed, classes, labelDropout, scene, seam = false } = options
  const sites = process.channels * process.sites
  const [clean, noisy] = [new Int32Array(sites), new Int32Array(sites)]
  const draws = random(seed).fork(1)
  const [c, ...lattice] = process.shape
  const plane = lattice.length === 1 ? [1, ...lattice] : lattice
  const weigh = weighing(options)
  return step => {
    const counts = new Float32Array(batch * sites)
    const capacity = new Float32Array(batch * sites * process.jumps)
    const target = new Float32Array(capacity.length)
    const [time, weights, label] = [new Float32Array(batch), new Float32Array(batch), new Int32Array(batch)]
    const open = new Float32Array(scene ? counts.length : 0)
    const stream = draws.fork(step)
    for (let b = 0; b < batch; b++) {
      const rng = stream.fork(b)
      const known = source.draw(step * batch + b, { random: rng.fork(0), out: clean })
      // One stratum of the schedule's coordinate per image of the batch: every batch sees all times.
      const u = (b + rng.uniform()) / batch
      const t = schedule.time(u)
      const part = target.subarray(b * sites * process.jumps, (b + 1) * sites * process.jumps)
      const hole = scene?.(rng)
      const walk = hole?.process ?? process
      const seen = counts.subarray(b * sites, (b + 1) * sites)
      if (hole) {
        open.set(hole.open, b * sites)
        for (let x = 0; x < sites; x++) if (hole.open[x] === 0) seen[x] = clean[x]
        for (let x = 0; x < sites; x++) clean[x] *= hole.open[x]
      }
      walk.corrupt(clean, t, { random: rng, noisy, target: part })
      const able = capacity.subarray(b * part.length, (b + 1) * part.length)
      walk.capacity(noisy, able, t)
      const share = seam ? closeSeam([part, able], walk, t) : 1
      for (let x = 0; x < sites; x++) seen[x] += noisy[x]
      // The network's clock is that of the whole lattice; a hole mixes sooner.
      time[b] = (t * walk.rate) / process.rate
      // Where a hole holds fewer units than sites its target is mostly noise: it counts for less.
      const units = Math.max(1, hole ? sum(hole.open) : 0, walk.units?.(clean) ?? sum(clean))
      weights[b] = weigh(u, walk) / (units * share)
      label[b] = classes > 0 && known !== undefined && rng.uniform() >= labelDropout ? known : classes
    }
    const jumps = [batch, c * process.jumps, ...plane]
    return {
      counts: { shape: [batch, c, ...plane], data: counts },
      time: { shape: [batch], data: time },
      ...(scene ? { open: { shape: [batch, c, ...plane], data: open } } : {}),
      ...(classes > 0 ? { label: { shape: [batch], data: label } } : {}),
      capacity: { shape: jumps, data: capacity },
      target: { shape: jumps, data: target },
      weights: { shape: [batch], data: weights },
    }
  }
}

/** T, the steps of discrete time in which other weights than that of the path likelihood are told (Blackout, training). */
const STEPS = 1000

/** The weight of an image at the coordinate u of its time, where it walks, before it is divided by the units. */
function weighing({ process, schedule, weight = 'likelihood' }: BatchOptions) {
  if (weight === 'likelihood') return (u: number, walk: JumpProcess) => schedule.slope(u) * walk.rate
  weightNamed(process, weight)
  return (u: number, walk: JumpProcess) => {
    const late = Math.max(u, 1 / STEPS)
    const step = { from: schedule.time(late), to: schedule.time(late - 1 / STEPS) }
    return STEPS * weightNamed(walk, weight)(step)
  }
}

/** A weight that a process knows. @throws RangeError where it knows none of that name */
function weightNamed({ weights = {} }: JumpProcess, name: string): LossWeight {
  if (Object.hasOwn(weights, name)) return weights[name]
  const known = ['likelihood', ...Object.keys(weights)].join(', ')
  throw new RangeError(cannot('weigh the loss', 'the weight', `one of ${known}`, name))
}

function sum(values: Int32Array | Uint8Array): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]
  return total
}
