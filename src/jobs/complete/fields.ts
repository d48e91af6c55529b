/** The fields of the job `complete`, and what its plans are made of. */
import type { Surroundings } from '../../model/conditions.ts'
import type { ModelFile } from '../../model/file.ts'
import type { KnownStates } from '../../model/known-states.ts'
import type { ProcessDescription } from '../../process/index.ts'
import type { Drawn } from '../draw/draw.ts'
import { type Range, several, text, whole } from '../fields.ts'
import {
  classField,
  drawingFields,
  type FractionsLike,
  fractionsField,
  massField,
  modelField,
  porosityField,
  temperatureField,
} from '../generate/fields.ts'
import type { Plan, Samples } from '../generate/samples.ts'
import type { Reading } from '../input/images.ts'
import type { JobRecord } from '../record.ts'
import { type Field, type JobOf, usually } from '../schema.ts'

/** Shares by the names of phases too: a text that is read when the phases are known. */
const named = (
  field: ReturnType<typeof fractionsField>,
): Field<NamedFractions, string | FractionsLike | readonly string[]> => ({
  ...field,
  understood: undefined,
  fallback: undefined,
  read: value => (typeof value === 'string' && value.includes('=') ? value : field.read(value)),
})

type NamedFractions = string | readonly (readonly Range[])[]

const betweenField: Field<readonly [number, number], string | readonly number[]> = {
  help: 'the part of the cycles, END:BEGINNING as shares of the calls that are still to come',
  argument: '<a:b>',
  wanted: 'END:BEGINNING, 0 <= END < BEGINNING < 1',
  read(value) {
    const parts = typeof value === 'string' ? value.split(':').map(Number) : value
    if (!Array.isArray(parts) || parts.length !== 2) return undefined
    const [end, beginning] = parts as number[]
    return end >= 0 && end < beginning && beginning < 1 ? [end, beginning] : undefined
  },
}

export const completeSchema = {
  model: {
    ...modelField,
    help: 'a model whose units walk, or of states: a file, or the name of a shipped one',
  },
  input: text({
    help: 'needed: the images to complete: png, npy, npz, idx, or a folder; of a material its labels',
    argument: '<path>',
  }),
  mask: text({
    help: 'png or array of the image, [H, W] or [C, H, W], not 0 in the hole; needed without --known',
    argument: '<file>',
  }),
  known: several(
    text({
      help: 'what is known outside the mask, by name or number: channels of images (the others are found), or phases of a material (the other voxels share the other phases)',
      argument: '<names>',
    }),
  ),
  mass: massField(
    'units for the hole, M or MIN:MAX, or several with commas (default: as many as are expected)',
  ),
  class: classField('the class that the network is told (default: none)'),
  porosity: porosityField(
    'materials: pores / all of the completed image, as for sample (default: the hole as what is around it)',
  ),
  fractions: named(
    fractionsField('materials: the share of every solid phase in it, as for sample; or binder=0.1'),
  ),
  cycles: usually(
    whole({
      help: 'how often part of the way is gone forward and back again, so that what is known spreads',
      least: 0,
      most: 10_000,
    }),
    0,
  ),
  between: usually(betweenField, [0.5, 0.7] as const),
  count: usually(
    whole({
      help: 'how many completions of each image with each mass',
      short: 'n',
      least: 1,
      most: 1_000_000,
    }),
    4,
  ),
  temperature: temperatureField,
  ...drawingFields,
} as const

export type CompleteJob = JobOf<typeof completeSchema>

/** What holes are made of. */
export interface Known {
  /** The name of the model. */
  readonly name: string
  readonly job: CompleteJob
  /** The paths of the known images, and of the mask. */
  readonly input: string
  /** Left out: all of the image, but for what is known by name. */
  readonly mask: string | undefined
  readonly file: ModelFile
  readonly reading: Reading
}

/** What is to be completed. Building it checks what is asked for, before any work is done. */
export interface Holes extends Omit<Plan, 'noun' | 'drawing' | 'finish'> {
  readonly model: ModelFile
  /** The walk that is undone; default: the model's. */
  readonly process?: ProcessDescription
  readonly surroundings?: Surroundings
  /** Or, of a chain, the states around holes. */
  readonly known?: KnownStates
  /** Of the whole images, holes filled, [N][C]. */
  readonly masses: readonly (readonly number[])[]
  /** The class that the network is told. */
  readonly label?: number
  finish(drawn: Drawn, record: JobRecord): Samples
}
