/** The job `bits`: how many bits real images cost under a model. */
import { demand, refused } from '../../base/errors.ts'
import { decodeModelFile } from '../../model/file.ts'
import { fingerprint } from '../../model/fingerprint.ts'
import { originFunction } from '../../model/origin.ts'
import { demandAlone } from '../../model/told.ts'
import { process as processOf } from '../../process/index.ts'
import { type Bits, bits as bound, boundOf } from '../../sampling/bits.ts'
import { schedule } from '../../schedule/index.ts'
import type { Context } from '../context.ts'
import { text, whole } from '../fields.ts'
import { nameOf } from '../files.ts'
import { binarised } from '../input/binarise.ts'
import { loadImages } from '../input/images.ts'
import { asCounts } from '../input/ink.ts'
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

/** What a report says beside the means. */
type About = Omit<BitsReport, 'bits' | 'error' | 'prior' | 'nats'>

/** Bounds the bits of real images. @throws RangeError for images that are not the model's, Cancelled */
export async function bits(job: BitsJob, context: Context): Promise<BitsReport> {
  const { about, bounds } = bitsPlan(job, context)
  return reportOf(about, await bounds())
}

/** The bounds of each image, and what of them the limit law has, as a report. */
export function reportOf(about: About, found: Pick<Bits, 'each' | 'priors'>): BitsReport {
  const { bits: mean, error, prior } = boundOf(found)
  const nats = mean * about.dimensions * Math.LN2
  const { images, dimensions, conserved, named } = about
  return { images, dimensions, bits: mean, error, prior, nats, conserved, named }
}

/** What the job asks for, checked. @throws RangeError for images that are not the model's */
export function bitsPlan(job: BitsJob, context: Context) {
  const { files, say, runtime, signal, onProgress, rebuild = processOf } = context
  const { model, reference: path } = job
  if (model === undefined) throw refused('run saltus evaluate', 'model', 'given', undefined)
  if (path === undefined) throw refused('run saltus evaluate', 'reference', 'given', undefined)
  const { file, bytes } = files.model(model)
  const { description } = decodeModelFile(bytes, file, { rebuild })
  demandAlone('evaluate', description.task)
  const { paper } = description.data
  const read = asCounts(loadImages(path, { files, say, split: 'test' }), { name: nameOf(path), paper })
  const set = job.binarise === undefined ? read : binarised(read, job.binarise)
  const { shape } = description.task
  const wanted = `images of ${shape.join('×')}, as the model's`
  demand(set.shape.join() === shape.join(), 'evaluate', 'the reference', wanted, set.shape)
  const law = rebuild(description.process)
  const size = shape.reduce((product, length) => product * length, 1)
  const count = Math.min(job.count, set.count)
  const { tile } = description
  const about: About = {
    ...{ images: count, dimensions: size, conserved: law.conserved, named: law.motion > 0 },
  }
  const chosen = (i: number) => {
    const from = Math.floor((i * set.count) / count) * size
    return set.counts.subarray(from, from + size)
  }
  /** The bounds of the images of some tiles; of all by default. */
  async function bounds(tiles: readonly [number, number] = [0, Math.ceil(count / tile)]) {
    const [first, past] = tiles.map(number => Math.min(count, number * tile))
    const images = new Int32Array((past - first) * size)
    for (let i = first; i < past; i++) images.set(chosen(i), (i - first) * size)
    const program = await runtime.compile(bytes)
    try {
      const origin = originFunction(program, description, { rebuild })
      const { each, priors } = await bound({
        ...{ process: law, origin, images, first, draws: job.draws, seed: job.seed, batch: tile, signal },
        schedule: schedule(description.schedule),
        onProgress: ({ calls, expectedCalls }) => onProgress?.({ done: calls, total: expectedCalls }),
      })
      const numerics = () =>
        fingerprint(originFunction(program, description, { rebuild }), description, runtime)
      return { each, priors, range: [first, past] as const, fingerprint: await numerics() }
    } finally {
      await program.release()
    }
  }
  return { about, tiles: Math.ceil(count / tile), model: { name: model, bytes }, bounds }
}
