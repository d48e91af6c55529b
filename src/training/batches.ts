/**
 * Corrupted batches: everything the training step is fed, drawn from (seed, step) alone.
 *
 * Step k takes the images at positions k·B … of one endless shuffled order, epoch by epoch; every image has
 * its own random stream. So a batch can be drawn by any worker, ahead of time, and a resumed run draws the
 * batches that the interrupted one would have drawn.
 */
import { demand } from '../base/errors.ts'
import { below, type Random, random } from '../base/random.ts'
import type { JumpProcess } from '../process/process.ts'
import type { Value } from '../runtime/runtime.ts'
import type { Schedule } from '../schedule/index.ts'
import type { Scene } from './masks.ts'

/** Training images: counts [N, C, ...sites] one after the other, and optionally their classes [N]. */
export interface TrainingImages {
  readonly counts: Uint8Array | Uint16Array | Uint32Array
  readonly count: number
  readonly labels?: ArrayLike<number>
}

export interface BatchOptions {
  readonly process: JumpProcess
  readonly schedule: Schedule
  readonly images: TrainingImages
  readonly batch: number
  readonly seed: number
  /** Number of classes, 0 without; the label `classes` means "not told". */
  readonly classes: number
  /** Probability that an image's label is not told. */
  readonly labelDropout: number
  /** For networks that see a mask: the hole that an image gets, where its units walk. */
  readonly scene?: (random: Random) => Scene
}

/** The feeds of one step: shapes as the network's images [B, C, H, W] and jumps [B, C·J, H, W]. */
export type Feeds = Record<string, Value>

/** A function from the step's number to its feeds; it owns its scratch arrays, one caller at a time. */
export function batches(options: BatchOptions): (step: number) => Feeds {
  const { process, schedule, images, batch, seed, classes, labelDropout, scene } = options
  const sites = process.channels * process.sites
  demand(images.count > 0, 'train', 'the data', 'at least one image', images.count)
  const [clean, noisy] = [new Int32Array(sites), new Int32Array(sites)]
  const order = shuffled(images.count, random(seed).fork(0))
  const draws = random(seed).fork(1)
  const [c, ...lattice] = process.shape
  const plane = lattice.length === 1 ? [1, ...lattice] : lattice
  return step => {
    const counts = new Float32Array(batch * sites)
    const capacity = new Float32Array(batch * sites * process.jumps)
    const target = new Float32Array(capacity.length)
    const [time, weights, label] = [new Float32Array(batch), new Float32Array(batch), new Int32Array(batch)]
    const open = new Float32Array(scene ? counts.length : 0)
    const stream = draws.fork(step)
    for (let b = 0; b < batch; b++) {
      const rng = stream.fork(b)
      const index = order(step * batch + b)
      for (let x = 0; x < sites; x++) clean[x] = images.counts[index * sites + x]
      // One stratum of the schedule's coordinate per image of the batch: every batch sees all times.
      const u = (b + rng.uniform()) / batch
      const t = schedule.time(u)
      const part = target.subarray(b * sites * process.jumps, (b + 1) * sites * process.jumps)
      const hole = scene?.(rng)
      const walk = hole?.process ?? process
      const known = counts.subarray(b * sites, (b + 1) * sites)
      if (hole) {
        open.set(hole.open, b * sites)
        for (let x = 0; x < sites; x++) if (hole.open[x] === 0) known[x] = clean[x]
        for (let x = 0; x < sites; x++) clean[x] *= hole.open[x]
      }
      walk.corrupt(clean, t, { random: rng, noisy, target: part })
      walk.capacity(noisy, capacity.subarray(b * part.length, (b + 1) * part.length))
      for (let x = 0; x < sites; x++) known[x] += noisy[x]
      // The network's clock is that of the whole lattice; a hole mixes sooner.
      time[b] = (t * walk.rate) / process.rate
      // Where a hole holds fewer units than sites its target is mostly noise: it counts for less.
      const units = Math.max(1, hole ? sum(hole.open) : 0, sum(clean))
      weights[b] = (schedule.slope(u) * walk.rate) / units
      label[b] = classes > 0 && rng.uniform() >= labelDropout ? Number(images.labels?.[index]) : classes
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

function sum(values: Int32Array | Uint8Array): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]
  return total
}

/** Position → index, each epoch a new random order of all images. */
function shuffled(count: number, random: Random): (position: number) => number {
  const order = new Uint32Array(count)
  let epoch = -1
  return position => {
    const wanted = Math.floor(position / count)
    if (wanted !== epoch) {
      epoch = wanted
      const rng = random.fork(epoch)
      for (let i = 0; i < count; i++) order[i] = i
      for (let i = count - 1; i > 0; i--) {
        const j = below(rng, i + 1)
        const kept = order[i]
        order[i] = order[j]
        order[j] = kept
      }
    }
    return order[position % count]
  }
}
