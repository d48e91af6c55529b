/** The job `bits`: how many bits real images cost under a model. */
import { demand, refused } from '../../base/errors.ts'
import { decodeModelFile } from '../../model/file.ts'
import { originFunction } from '../../model/origin.ts'
import { process as processOf } from '../../process/index.ts'
import { bits as bound } from '../../sampling/index.ts'
import { schedule } from '../../schedule/index.ts'
import type { Context } from '../context.ts'
import { text, whole } from '../fields.ts'
import { binarised } from '../input/binarise.ts'
import { loadImages } from '../input/images.ts'
import { type JobOf, usually } from '../schema.ts'

export const bitsSchema = {
  model: text({
    help: 'bits: a model file, or the name of a shipped model',
    argument: '<model>',
    short: 'm',
  }),
  reference: text({
    help: 'needed: real images; of a folder of the MNIST files the test images',
    argument: '<path>',
  }),
  count: usually(
    whole({ help: 'bits: how many images of the reference, evenly spread', short: 'n', least: 1 }),
    256,
  ),
  draws: usually(whole({ help: 'bits: times at which each is seen', least: 1 }), 32),
  binarise: whole({ help: 'bits: one unit where the count is at least n, as for training', least: 1 }),
  seed: usually(whole({ help: 'bits: seed', least: 0 }), 0),
} as const

export type BitsJob = JobOf<typeof bitsSchema>

/** A bound on the bits of the real images, by a model that is told no class. */
export interface BitsReport {
  readonly images: number
  /** Numbers of an image, C·H·W. */
  readonly dimensions: number
  /** Bits per dimension, with their standard error; and what of them the limit law has. */
  readonly bits: number
  readonly error: number
  readonly prior: number
  readonly nats: number
  /** Masses of an image that the bits are given. */
  readonly conserved: number
  /** Whether the bound is that of units with names. */
  readonly named: boolean
}

/** Bounds the bits of real images. @throws RangeError for images that are not the model's, Cancelled */
export async function bits(job: BitsJob, context: Context): Promise<BitsReport> {
  const { files, say, runtime, signal, onProgress, rebuild = processOf } = context
  const { model, reference: path } = job
  if (model === undefined) throw refused('run saltus evaluate', 'model', 'given', undefined)
  if (path === undefined) throw refused('run saltus evaluate', 'reference', 'given', undefined)
  const { file, bytes } = files.model(model)
  const { description } = decodeModelFile(bytes, file, { rebuild })
  const read = loadImages(path, { files, say, split: 'test' })
  const set = job.binarise === undefined ? read : binarised(read, job.binarise)
  const { shape } = description.task
  const wanted = `images of ${shape.join('×')}, as the model's`
  demand(set.shape.join() === shape.join(), 'evaluate', 'the reference', wanted, set.shape)
  const law = rebuild(description.process)
  const size = shape.reduce((product, length) => product * length, 1)
  const count = Math.min(job.count, set.count)
  const images = new Int32Array(count * size)
  for (let i = 0; i < count; i++) {
    const from = Math.floor((i * set.count) / count) * size
    images.set(set.counts.subarray(from, from + size), i * size)
  }
  const program = await runtime.compile(bytes)
  try {
    const found = await bound({
      process: law,
      origin: originFunction(program, description, { rebuild }),
      images,
      draws: job.draws,
      schedule: schedule(description.schedule),
      seed: job.seed,
      batch: description.tile,
      signal,
      onProgress: ({ calls, expectedCalls }) => onProgress?.({ done: calls, total: expectedCalls }),
    })
    const { bits: mean, error, prior } = found
    const { conserved, motion } = law
    const nats = mean * size * Math.LN2
    return { images: count, dimensions: size, bits: mean, error, prior, nats, conserved, named: motion > 0 }
  } finally {
    await program.release()
  }
}
