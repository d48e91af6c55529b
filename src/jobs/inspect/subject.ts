/** What is inspected: an opened model, its process, and images that it is shown. */
import { demand, refused } from '../../base/errors.ts'
import { exp, log } from '../../base/numeric.ts'
import { type NdArray, sizeOf, smallestUnsigned } from '../../formats/array.ts'
import { type ImageSet, imageSet } from '../../formats/dataset.ts'
import type { Asked } from '../../inspection/index.ts'
import { decodeModelFile, type ModelFile } from '../../model/file.ts'
import { demandMean, originFunction } from '../../model/origin.ts'
import { demandAlone } from '../../model/told.ts'
import { type JumpProcess, process as processOf } from '../../process/index.ts'
import type { Program } from '../../runtime/runtime.ts'
import type { Context } from '../context.ts'
import { draw } from '../draw/draw.ts'
import { nameOf } from '../files.ts'
import { generateSchema } from '../generate/asking.ts'
import { generate, generatePlan } from '../generate/generate.ts'
import { loadImages } from '../input/images.ts'
import { asCounts } from '../input/ink.ts'
import { largest } from '../masses.ts'
import { checked } from '../schema.ts'
import type { InspectJob } from './fields.ts'

/** Images, or states of any other shape [C, ...sites]. */
export interface Examined extends Omit<ImageSet, 'shape'> {
  readonly shape: readonly number[]
}

export interface Subject {
  readonly name: string
  readonly model: ModelFile
  readonly process: JumpProcess
  readonly program: Program
  readonly images: Examined
  /** Whether the images are the model's own. */
  readonly own: boolean
  /** What measures ask of the model, which is told no class. */
  asked(onProgress: (share: number) => void): Asked
}

/** How many times are looked at. */
const TIMES = 6

/** The tau from which on is looked: below, a unit is at home. */
const EARLY = 0.3

/** The times asked for, or such even in their logarithm, from where units leave home to half of all. */
export function timesOf({ rate }: JumpProcess, { taus }: Pick<InspectJob, 'taus'>): number[] {
  if (taus) return taus.map(tau => Math.min(1, tau / rate))
  const first = Math.min(0.1, EARLY / rate)
  return Array.from({ length: TIMES }, (_, i) => first * exp((i / (TIMES - 1)) * log(0.5 / first)))
}

/** Opens the model and the images that it is shown: `release` its program when all is done. */
export async function subjectOf(job: InspectJob, context: Context): Promise<Subject> {
  const { files, runtime, signal, rebuild = processOf } = context
  const { name, file, bytes } = files.model(job.model)
  const model = decodeModelFile(bytes, file, { rebuild })
  const { description } = model
  demandAlone('inspect', description.task)
  demandMean('inspect', description.task)
  const process = rebuild(description.process)
  if (description.task.parts && job.data !== undefined)
    throw refused('inspect', 'data', 'left out with a model of two parts: both are drawn', job.data)
  const images =
    job.data === undefined
      ? await statesOf(job, context)
      : asCounts(loadImages(job.data, { ...context, split: 'test' }), {
          name: nameOf(job.data),
          paper: description.data.paper,
        })
  const { shape } = description.task
  demand(
    String(images.shape) === String(shape),
    'inspect',
    'the images',
    `of ${shape.join('×')}, as the model's`,
    images.shape,
  )
  const program = await runtime.compile(bytes)
  const origin = originFunction(program, description, { rebuild })
  return {
    name,
    model,
    process,
    program,
    images,
    own: job.data === undefined,
    asked: onProgress => ({ process, origin, batch: description.tile, signal, onProgress }),
  }
}

/** States of samples of a model: of two parts both. */
async function statesOf({ model, count, calls, seed }: InspectJob, context: Context): Promise<Examined> {
  const told = checked('inspect', generateSchema, { model, count, calls, seed })
  const { drawing } = await generatePlan(told, context)
  const { counts } = await draw(drawing, { ...context, onProgress: undefined })
  const { shape } = drawing.description.task
  return {
    shape,
    count: counts.length / sizeOf(shape),
    counts: smallestUnsigned(largest(counts)).from(counts),
  }
}

/** Samples of a model, as many as the job corrupts unless it is said otherwise: of two parts the first, of volumes all their slices. */
export async function samplesOf(
  { model, count, calls, seed }: InspectJob,
  context: Context,
  options: { readonly count?: number; readonly seed?: number; readonly noise?: number },
): Promise<ImageSet> {
  const told = checked('inspect', generateSchema, { model, count, calls, seed, ...options })
  const { counts, shape } = await generate(told, { ...context, onProgress: undefined })
  return imageSet(slicesOf(counts, shape), undefined, 'samples')
}

/** Images [N, C, H, W] as they are; volumes [N, C, D, H, W] as [N · D, C, H, W]. */
function slicesOf(counts: Int32Array, shape: readonly number[]): NdArray {
  if (shape.length < 5) return { data: counts, shape: [...shape] }
  const [n, c, d, h, w] = shape
  const plane = h * w
  const data = new Int32Array(counts.length)
  for (let i = 0; i < n * c * d; i++) {
    const [volume, channel, z] = [Math.floor(i / (c * d)), Math.floor(i / d) % c, i % d]
    const to = ((volume * d + z) * c + channel) * plane
    data.set(counts.subarray(i * plane, (i + 1) * plane), to)
  }
  return { data, shape: [n * d, c, h, w] }
}

/** Some of the images, evenly spread, [count, C, ...sites]. */
export function someOf({ counts, count, shape }: Examined, wanted: number): Int32Array {
  const size = shape.reduce((product, length) => product * length, 1)
  const taken = Math.min(wanted, count)
  const out = new Int32Array(taken * size)
  for (let i = 0; i < taken; i++) {
    const from = Math.floor((i * count) / taken) * size
    out.set(counts.subarray(from, from + size), i * size)
  }
  return out
}
