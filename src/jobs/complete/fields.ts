/** The fields of the job `complete`, and what its plans are made of. */
import type { Surroundings } from '../../model/conditions.ts'
import type { ModelFile } from '../../model/file.ts'
import type { ProcessDescription } from '../../process/index.ts'
import type { Drawn } from '../draw/draw.ts'
import { text, whole } from '../fields.ts'
import {
  classField,
  drawingFields,
  fractionsField,
  massField,
  modelField,
  porosityField,
} from '../generate/fields.ts'
import type { Plan, Samples } from '../generate/samples.ts'
import type { Reading } from '../input/images.ts'
import type { JobRecord } from '../record.ts'
import { type JobOf, usually } from '../schema.ts'

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
