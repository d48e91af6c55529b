/** The job `complete`: holes of any shape filled with exactly what is asked for, and nothing else touched. */
import { cannot, InvariantError, refused } from '../../base/errors.ts'
import type { Surroundings } from '../../model/conditions.ts'
import { decodeModelFile, type ModelFile } from '../../model/file.ts'
import { type ProcessDescription, process as processOf } from '../../process/index.ts'
import type { Context } from '../context.ts'
import type { Drawn } from '../draw/draw.ts'
import { solverOf } from '../draw/solver.ts'
import { text, whole } from '../fields.ts'
import {
  classField,
  drawingFields,
  fractionsField,
  massField,
  modelField,
  porosityField,
} from '../generate/fields.ts'
import { drawPlan } from '../generate/generate.ts'
import type { Plan, Samples } from '../generate/samples.ts'
import type { Reading } from '../input/images.ts'
import type { JobRecord } from '../record.ts'
import { type JobOf, usually } from '../schema.ts'
import { imageHoles } from './images.ts'
import { labelHoles } from './labels.ts'

export const completeSchema = {
  model: { ...modelField, help: 'a model whose units walk: a file, or the name of a shipped one' },
  input: usually(
    text({
      help: 'needed: the images to complete: png, npy, npz, idx, or a folder; of a material its labels',
      argument: '<path>',
    }),
    '',
  ),
  mask: usually(
    text({
      help: 'needed: png or array of the image, [H, W] or [C, H, W], not 0 in the hole',
      argument: '<file>',
    }),
    '',
  ),
  mass: massField(
    'units for the hole, M or MIN:MAX, or several with commas (default: as many as are expected)',
  ),
  class: classField('the class that the network is told (default: none)'),
  porosity: porosityField(
    'materials: pores / all of the completed image, as for sample (default: the hole as what is around it)',
  ),
  fractions: fractionsField('materials: the share of every solid phase in it, as for sample'),
  count: usually(
    whole({
      help: 'how many completions of each image with each mass',
      short: 'n',
      least: 1,
      most: 1_000_000,
    }),
    4,
  ),
  ...drawingFields,
} as const

export type CompleteJob = JobOf<typeof completeSchema>

/** What holes are made of. */
export interface Known {
  /** The name of the model. */
  readonly name: string
  readonly job: CompleteJob
  readonly file: ModelFile
  readonly reading: Reading
}

/** What is to be completed. Building it checks what is asked for, before any work is done. */
export interface Holes extends Omit<Plan, 'noun' | 'drawing' | 'finish'> {
  readonly model: ModelFile
  /** The walk that is undone; default: the model's. */
  readonly process?: ProcessDescription
  readonly surroundings: Surroundings
  /** Of the whole images, holes filled, [N][C]. */
  readonly masses: readonly (readonly number[])[]
  /** The class that the network is told. */
  readonly label?: number
  finish(drawn: Drawn, record: JobRecord): Samples
}

/** What the job asks for, checked. @throws UsageError or RangeError for what cannot be completed */
export async function completePlan(
  job: CompleteJob,
  { files, say }: Pick<Context, 'files' | 'say'>,
): Promise<Plan> {
  for (const field of ['input', 'mask'] as const)
    if (job[field] === '') throw refused('inpaint', field, 'given', 'nothing')
  const { name, file: of, bytes } = files.model(job.model)
  const file = decodeModelFile(bytes, of)
  const { process: law, data } = file.description
  if (processOf(law).motion === 0)
    throw new RangeError(cannot('inpaint', 'the model', 'one whose units walk on a lattice', law.kind))
  const known = { name, job, file, reading: { files, say } }
  const holes = data.material ? await labelHoles(known) : imageHoles(known)
  const { model, process, surroundings, masses, label } = holes
  const { description } = model
  return {
    noun: 'images',
    warnings: holes.warnings,
    names: holes.names,
    drawing: {
      model: model.bytes,
      description,
      process,
      surroundings,
      solver: solverOf(job, description),
      seed: job.seed,
      masses,
      labels: label === undefined ? undefined : masses.map(() => label),
      guidance: job.guidance,
    },
    finish(drawn, record) {
      demandKnown(drawn.counts, surroundings)
      return holes.finish(drawn, record)
    },
  }
}

/** Completes the images of a job. @throws UsageError or RangeError for what cannot be completed, Cancelled */
export async function complete(job: CompleteJob, context: Context): Promise<Samples> {
  return drawPlan(await completePlan(job, context), { kind: 'complete', ...job }, context)
}

/** @throws InvariantError where a known count is not as it was */
function demandKnown(counts: Int32Array, { known, open, each = Infinity }: Surroundings): void {
  const size = open.length
  for (let i = 0; i * size < counts.length; i++) {
    const from = Math.floor(i / each) * size
    for (let x = 0; x < size; x++) {
      const [n, before] = [counts[i * size + x], known[from + x]]
      if (!open[x] && n !== before)
        throw new InvariantError(cannot('inpaint', `site ${x} of image ${i}`, String(before), n))
    }
  }
}
