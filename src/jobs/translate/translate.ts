/** The job `translate`: images of one end of a bridge to such as those of the other, every mass kept. */
import { cannot, InvariantError, refused } from '../../base/errors.ts'
import { type Condition, classes } from '../../model/conditions.ts'
import { decodeModelFile } from '../../model/file.ts'
import { fingerprint } from '../../model/fingerprint.ts'
import { originFunction } from '../../model/origin.ts'
import { told as toldOf } from '../../model/told.ts'
import { type BridgeDescription, process as processOf } from '../../process/index.ts'
import { begunWith, sample, solver, turned } from '../../sampling/index.ts'
import type { Context } from '../context.ts'
import { text, truth, whole } from '../fields.ts'
import { classField, seedField, tellField } from '../generate/fields.ts'
import type { Samples } from '../generate/samples.ts'
import { filesTold, telling } from '../generate/telling.ts'
import { classesNamed } from '../generate/wishes.ts'
import { loadImages } from '../input/images.ts'
import { massesOf } from '../masses.ts'
import { imageFiles } from '../output/files.ts'
import { massArray, seedArray, span } from '../output/images.ts'
import { jobRecord, sha256 } from '../record.ts'
import type { JobOf } from '../schema.ts'

export const translateSchema = {
  model: text({ help: 'needed: a model of a bridge', argument: '<model>', short: 'm' }),
  input: text({ help: 'needed: the images, of the shape that the model knows', argument: '<path>' }),
  back: truth({ help: 'the other way: from images such as --data of the training to those of --from-data' }),
  class: classField('the class to translate to, where the model knows some (default: not told)'),
  tell: tellField,
  calls: whole({
    help: 'network calls (default: what the model says suits it)',
    argument: '<k>',
    least: 1,
    most: 1_000_000,
  }),
  seed: seedField,
} as const

export type TranslateJob = JobOf<typeof translateSchema>

/** Translates the images. @throws UsageError or RangeError for what cannot be translated, Cancelled */
export async function translate(job: TranslateJob, context: Context): Promise<Samples> {
  const { files, say, runtime, signal, onProgress, rebuild = processOf } = context
  const { input, seed, back, calls } = job
  if (job.model === undefined) throw refused('run saltus translate', 'model', 'given', undefined)
  if (input === undefined) throw refused('run saltus translate', 'input', 'given', undefined)
  const { file, bytes } = files.model(job.model)
  const { description } = decodeModelFile(bytes, file, { rebuild })
  const { task, tile, sampling, data, process: law } = description
  if ((law as BridgeDescription).kind !== 'bridge')
    throw new RangeError(
      cannot('translate', 'the model', 'one of a bridge (saltus train --from-data)', law.kind),
    )
  const { counts, count, shape } = loadImages(input, { files, say, split: 'test' })
  if (String(shape) !== String(task.shape))
    throw new RangeError(cannot('translate', `the images of ${input}`, task.shape.join('×'), shape.join('×')))
  const [label, ...others] = job.class === undefined ? [] : classesNamed(job.class, data.classes)
  if (others.length > 0) throw refused('translate', 'class', 'one class', job.class)
  const { told: beside, warnings } = telling(job, description, files)
  for (const words of warnings) say?.(words)
  const conditions: Condition[] = (task.told ?? []).flatMap(one => {
    const rows = beside.find(({ name }) => name === one.name)?.rows
    return rows ? [toldOf(one, image => rows[image % rows.length])] : []
  })
  if (label !== undefined) conditions.push(classes(() => label))
  const process = rebuild(law)
  const program = await runtime.compile(bytes)
  try {
    const told = originFunction(program, description, { conditions, rebuild })
    const masses = massesOf({ counts, count, shape })
    const drawn = await sample({
      process: begunWith(process, counts),
      solver: solver({ ...sampling, ...(calls !== undefined && { calls }) }),
      origin: back ? turned(process, told, { first: task.times[0] }) : told,
      masses,
      seed,
      batch: tile,
      signal,
      onProgress: now =>
        onProgress?.({
          done: now.calls,
          total: now.expectedCalls ?? now.total,
          words: `${now.images}/${count} images`,
        }),
    })
    const images = { counts: drawn.counts, shape: [count, ...task.shape] as const }
    const delivered = massesOf({ counts: images.counts, count, shape })
    if (String(delivered) !== String(masses))
      throw new InvariantError(cannot('translate', 'the masses', String(masses), delivered))
    const print = await fingerprint(originFunction(program, description, { rebuild }), description, runtime)
    const of = { kind: 'translate', ...job }
    const named = [input, ...filesTold(job)].filter(path => files.below(path) === undefined)
    const read = Object.fromEntries(
      await Promise.all(named.map(async path => [path, await sha256(files.read(path))] as const)),
    )
    const hashes = { [job.model]: await sha256(bytes), ...read }
    const record = jobRecord({ job: of, sha256: hashes, fingerprint: print })
    const mass = massArray(images)
    return {
      ...images,
      masses,
      classes: masses.map(() => label),
      record,
      said: `masses ${span(mass.data)}, as they were`,
      files: path =>
        imageFiles(path, images, {
          captions: masses.map(channels => channels.join(' ')),
          more: { mass, seed: seedArray(seed), fingerprint: print },
          record,
        }),
    }
  } finally {
    await program.release()
  }
}
