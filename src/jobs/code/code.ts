/** The jobs `encode` and `decode`: images as the numbers that draw them, and the images that the same numbers draw elsewhere. */
import { cannot, InvariantError, refused } from '../../base/errors.ts'
import type { NdArray } from '../../formats/array.ts'
import { openNpz, writeNpz } from '../../formats/npz.ts'
import { lattice } from '../../lattice/index.ts'
import { type Condition, classes } from '../../model/conditions.ts'
import type { ModelDescription } from '../../model/description.ts'
import { decodeModelFile } from '../../model/file.ts'
import { originFunction } from '../../model/origin.ts'
import { process as processOf, type SpatialDescription } from '../../process/index.ts'
import { type Code, coded } from '../../restoration/index.ts'
import { guided, type Solver, sample } from '../../sampling/index.ts'
import type { Context } from '../context.ts'
import { decimal, text, whole } from '../fields.ts'
import { nameOf, type OutFile } from '../files.ts'
import { classField, modelField, seedField } from '../generate/fields.ts'
import { classesNamed } from '../generate/wishes.ts'
import { loadImages } from '../input/images.ts'
import { asCounts } from '../input/ink.ts'
import { massesOf } from '../masses.ts'
import { imageFiles } from '../output/files.ts'
import { massArray, seedArray, span } from '../output/images.ts'
import { jobRecord, recordKey, recordText } from '../record.ts'
import { type JobOf, usually } from '../schema.ts'

const shared = {
  model: { ...modelField, help: 'a model of images whose units walk' },
  class: classField('the class that the network is told (default: none)'),
  guidance: usually(
    decimal({ help: 'how far the origin leans towards the class', argument: '<w>', least: 0, most: 100 }),
    1,
  ),
} as const

export const encodeSchema = {
  input: text({ help: 'needed: images of the model: png, npy, npz, idx', argument: '<path>' }),
  ...shared,
  calls: usually(whole({ help: 'network calls', argument: '<k>', least: 2, most: 10_000 }), 16),
  seed: seedField,
} as const

export const decodeSchema = {
  input: text({ help: 'needed: a code of saltus encode', argument: '<path>' }),
  ...shared,
} as const

export type EncodeJob = JobOf<typeof encodeSchema>
export type DecodeJob = JobOf<typeof decodeSchema>

export interface Coded {
  /** [N, C, H, W]; of an encoding the images that went in. */
  readonly counts: Int32Array
  readonly said: string
  files(path: string): Promise<readonly OutFile[]>
}

/** Where the units of images are at first, and how they move. */
interface Codes {
  readonly calls: number
  /** [N][C] */
  readonly masses: readonly (readonly number[])[]
  readonly list: readonly Code[]
}

/** @throws UsageError or RangeError for images that are not the model's, Cancelled */
export async function encode(job: EncodeJob, context: Context): Promise<Coded> {
  if (job.input === undefined) throw refused('run saltus encode', 'input', 'given', undefined)
  const going = await ground(job, job.calls, context)
  const { shape } = going.description.task
  const { paper } = going.description.data
  const set = asCounts(loadImages(job.input, context), { name: nameOf(job.input), paper })
  if (String(set.shape) !== String(shape))
    throw new RangeError(
      cannot('encode', `the images of ${nameOf(job.input)}`, shape.join('×'), set.shape.join('×')),
    )
  const list: Code[] = []
  const clean = Int32Array.from(set.counts)
  const masses = massesOf({ counts: clean, count: set.count, shape })
  demandRoom(masses, { calls: job.calls, axes: shape.length - 1 })
  const solver = going.solvers.encoder((image, code) => {
    list[image] = code
  })
  const counts = await going.run(solver, { clean, masses, seed: job.seed })
  if (counts.some((n, at) => n !== clean[at]))
    throw new InvariantError(cannot('encode', 'the images', 'those that went in', 'others'))
  const record = jobRecord({ job: { kind: 'encode', ...job }, sha256: {}, fingerprint: 'none' })
  return {
    counts,
    said: `${set.count} encoded in ${job.calls} calls, masses ${span(masses.flat())}`,
    files: async path => [
      {
        name: path,
        // Uniform numbers do not pack: it took most of the time, and a twentieth off.
        bytes: writeNpz(
          {
            ...arraysOf({ calls: job.calls, masses, list }),
            seed: seedArray(job.seed),
            [recordKey]: recordText(record),
          },
          { pack: false },
        ),
      },
    ],
  }
}

/** @throws UsageError or RangeError for a code that is not the model's, Cancelled */
export async function decode(job: DecodeJob, context: Context): Promise<Coded> {
  if (job.input === undefined) throw refused('run saltus decode', 'input', 'given', undefined)
  const codes = codesIn(context.files.read(job.input), nameOf(job.input))
  const going = await ground(job, codes.calls, context)
  const { shape } = going.description.task
  const { paper } = going.description.data
  const [channels, height, width] = shape
  const sites = height * width
  const clean = new Int32Array(codes.masses.length * channels * sites)
  codes.masses.flat().forEach((mass, i) => {
    clean[i * sites] = mass
  })
  const solver = going.solvers.decoder(image => codes.list[image])
  const counts = await going.run(solver, { clean, masses: codes.masses, seed: 0 })
  const count = codes.masses.length
  const images = { counts, shape: [count, ...shape] as const }
  const masses = massesOf({ counts, count, shape })
  if (String(masses) !== String(codes.masses))
    throw new InvariantError(cannot('decode', 'the masses', String(codes.masses), masses))
  const record = jobRecord({ job: { kind: 'decode', ...job }, sha256: {}, fingerprint: 'none' })
  return {
    counts,
    said: `${count} decoded in ${codes.calls} calls, masses ${span(masses.flat())}: those of the code`,
    files: path => imageFiles(path, images, { paper, more: { mass: massArray(images) }, record }),
  }
}

/** The model, its walk, and how images go through it. */
async function ground(
  { model: named, class: told, guidance }: Pick<EncodeJob, 'model' | 'class' | 'guidance'>,
  calls: number,
  { files, runtime, rebuild = processOf, threads, signal, onProgress }: Context,
) {
  const { file: of, bytes } = files.model(named)
  const { description, bytes: network } = decodeModelFile(bytes, of, { rebuild })
  const process = rebuild(description.process)
  if (description.process.kind !== 'spatial')
    throw new RangeError(
      cannot('code images', 'the model', 'one of images whose units walk', description.process.kind),
    )
  const { lengths, boundaries } = description.process as SpatialDescription
  const { smallest, bend } = description.sampling as { smallest?: number; bend?: number }
  const solvers = coded({ lattice: lattice(lengths, boundaries), calls, smallest, bend })
  const label = labelOf(told, description)
  return {
    description,
    solvers,
    async run(
      solver: Solver,
      { clean, masses, seed }: { clean: Int32Array; masses: readonly (readonly number[])[]; seed: number },
    ): Promise<Int32Array> {
      const program = await runtime.compile(network, { threads })
      const asked = (conditions: readonly Condition[]) =>
        originFunction(program, description, { rebuild, conditions })
      // A model that takes no class is told none.
      const origin =
        label === undefined ? asked([]) : guided(guidance, asked([classes(() => label)]), asked([]))
      const total = Math.ceil(masses.length / description.tile) * calls
      try {
        const drawn = await sample({
          ...{ process, solver, origin, masses, seed, signal, resume: clean, batch: description.tile },
          onProgress: now =>
            onProgress?.({ done: now.calls, total, words: `${now.images}/${now.total} images` }),
        })
        return drawn.counts
      } finally {
        await program.release()
      }
    },
  }
}

function labelOf(named: string | undefined, { data }: ModelDescription): number | undefined {
  const labels = named === undefined ? [] : classesNamed(named, data.classes)
  if (labels.length > 1) throw refused('code images', 'class', 'one class', named)
  return labels[0]
}

/** Bytes of a file of codes at most: archives end there. */
const most = 2 ** 32 - 2 ** 20

/** @throws RangeError for more images than the codes of one file hold */
function demandRoom(
  masses: readonly (readonly number[])[],
  { calls, axes }: { calls: number; axes: number },
): void {
  const units = masses.flat().reduce((sum, mass) => sum + mass, 0)
  const takes = units * (4 + 8 * calls * axes)
  const fits = Math.floor((masses.length * most) / Math.max(1, takes))
  if (takes > most)
    throw new RangeError(cannot('encode', 'the images', `at most about ${fits} in one file`, masses.length))
}

/** Codes side by side: the places of all units, and [calls · axes] numbers of each. */
function arraysOf({ calls, masses, list }: Codes): Record<string, NdArray> {
  const units = list.reduce((sum, { places }) => sum + places.length, 0)
  const places = new Int32Array(units)
  const uniforms = new Float64Array(list.reduce((sum, code) => sum + code.uniforms.length, 0))
  let [unit, at] = [0, 0]
  for (const code of list) {
    places.set(code.places, unit)
    uniforms.set(code.uniforms, at)
    unit += code.places.length
    at += code.uniforms.length
  }
  return {
    places: { data: places, shape: [units] },
    uniforms: { data: uniforms, shape: [uniforms.length] },
    mass: { data: Uint32Array.from(masses.flat()), shape: [masses.length, masses[0].length] },
    calls: { data: Uint32Array.of(calls), shape: [] },
  }
}

function codesIn(bytes: Uint8Array, name: string): Codes {
  const arrays = openNpz(bytes, name)
  const read = (key: string): NdArray => {
    const array = arrays.get(key)?.()
    if (array === undefined || typeof array === 'string')
      throw new RangeError(cannot(`read ${name}`, 'it', 'a code of saltus encode', 'none'))
    return array
  }
  const [places, uniforms, mass, steps] = ['places', 'uniforms', 'mass', 'calls'].map(read)
  const calls = Number(steps.data[0])
  const channels = mass.shape[1]
  const masses = Array.from({ length: mass.shape[0] }, (_, i) =>
    Array.from({ length: channels }, (_, c) => Number(mass.data[i * channels + c])),
  )
  const per = uniforms.data.length / Math.max(1, places.data.length)
  let unit = 0
  const list = masses.map(of => {
    const end = unit + of.reduce((sum, n) => sum + n, 0)
    const code = {
      places: Int32Array.from(places.data.subarray(unit, end) as Int32Array),
      uniforms: Float64Array.from(uniforms.data.subarray(unit * per, end * per) as Float64Array),
    }
    unit = end
    return code
  })
  return { calls, masses, list }
}
