/** The job `recover`: deformed images with their units pushed back, as a network tells. */
import { cannot, InvariantError, refused } from '../../base/errors.ts'
import { random } from '../../base/random.ts'
import { writeNpz } from '../../formats/npz.ts'
import { recovered } from '../../restoration/index.ts'
import type { Context } from '../context.ts'
import { text, whole } from '../fields.ts'
import { endingOf, nameOf, type OutFile } from '../files.ts'
import { seedField } from '../generate/fields.ts'
import { loadImages } from '../input/images.ts'
import { imageFiles } from '../output/files.ts'
import { imageNames, massArray, packed, seedArray } from '../output/images.ts'
import { jobRecord, recordKey, recordText } from '../record.ts'
import { type JobOf, usually } from '../schema.ts'
import { decodeInverse, guessBy } from './inverse.ts'

export const recoverSchema = {
  model: text({ help: 'needed: a network of saltus recovery train', argument: '<file>', short: 'm' }),
  input: text({ help: 'needed: deformed images: png, npy, npz, idx, or a folder', argument: '<path>' }),
  before: text({
    help: 'what they are to become, one image for each, or one for all (default: not known; then the least surprising shape)',
    argument: '<path>',
  }),
  passes: usually(whole({ help: 'how often what is left is told anew', least: 1, most: 100 }), 3),
  seed: seedField,
} as const

export type RecoverJob = JobOf<typeof recoverSchema>

export interface RecoveredImages {
  /** [N, 1, H, W] */
  readonly counts: Int32Array
  readonly said: string
  files(path: string): Promise<readonly OutFile[]>
}

/** @throws UsageError or RangeError for images that are not those of the network */
export async function recover(
  { model, input, before, passes, seed }: RecoverJob,
  { files, say, runtime, threads }: Context,
): Promise<RecoveredImages> {
  if (model === undefined) throw refused('run saltus recovery apply', 'model', 'given', undefined)
  if (input === undefined) throw refused('run saltus recovery apply', 'input', 'given', undefined)
  const file = files.read(model)
  const options = decodeInverse(file, nameOf(model))
  const [, height, width] = options.shape
  const sites = height * width
  const set = loadImages(input, { files, say })
  const known = before === undefined ? undefined : loadImages(before, { files, say })
  for (const [name, of] of Object.entries({ [input]: set, ...(known && { [before ?? '']: known }) }))
    if (String(of.shape) !== String(options.shape))
      throw new RangeError(
        cannot(
          'undo deformations',
          `the images of ${nameOf(name)}`,
          options.shape.join('×'),
          of.shape.join('×'),
        ),
      )
  if (known && known.count !== set.count && known.count !== 1)
    throw new RangeError(
      cannot(
        'undo deformations',
        `the images of ${nameOf(before ?? '')}`,
        `${set.count}, or one`,
        known.count,
      ),
    )
  const told =
    known &&
    Float64Array.from({ length: set.count * sites }, (_, at) => known.counts[at % known.counts.length])
  const images = Array.from({ length: set.count }, (_, i) =>
    Int32Array.from(set.counts.subarray(i * sites, (i + 1) * sites)),
  )
  const program = await runtime.compile(file, { threads })
  try {
    const found = await recovered(images, {
      ...{ shape: [height, width], passes, guess: guessBy(program, options, told) },
      random: image => random(seed).fork(image),
    })
    const counts = new Int32Array(set.count * sites)
    const displacement = new Float32Array(2 * set.count * sites)
    found.forEach(({ image, back }, i) => {
      demandKept(images[i], image, i)
      counts.set(image, i * sites)
      displacement.set(back.data, 2 * i * sites)
    })
    const shape = [set.count, ...options.shape] as [number, number, number, number]
    const job = { kind: 'recover', model, input, before, passes, seed }
    const record = jobRecord({ job, sha256: {}, fingerprint: 'none' })
    const far = Math.sqrt(displacement.reduce((sum, v) => sum + v * v, 0) / set.count / sites)
    return {
      counts,
      said: `${set.count} taken back by ${Number(far.toPrecision(3))} sites (root mean square), masses kept: equal`,
      async files(to) {
        const [name] = imageNames(to, shape)
        if (endingOf(to) !== '.npz') return imageFiles(to, { counts, shape }, { record })
        const more = {
          mass: massArray({ counts, shape }),
          displacement: { data: displacement, shape: [set.count, 2, height, width] },
          seed: seedArray(seed),
          [recordKey]: recordText(record),
        }
        return [{ name, bytes: writeNpz({ samples: packed({ counts, shape }), ...more }) }]
      },
    }
  } finally {
    await program.release()
  }
}

function demandKept(before: Int32Array, after: Int32Array, image: number): void {
  const [was, is] = [before, after].map(counts => counts.reduce((sum, n) => sum + n, 0))
  if (was !== is)
    throw new InvariantError(cannot('undo deformations', `the mass of image ${image}`, String(was), is))
}
