/** The fields of the job `generate`, and what its plans are made of. */
import type { ModelDescription } from '../../model/description.ts'
import type { Rebuild } from '../../process/index.ts'
import type { Drawing } from '../draw/drawing.ts'
import type { JobOf } from '../schema.ts'
import { askedFields, drawingFields } from './fields.ts'
import type { Wish } from './wishes.ts'

export const generateSchema = { ...askedFields(16), ...drawingFields } as const

export type GenerateJob = JobOf<typeof generateSchema>

/** What a plan is made of. */
export interface Asking {
  /** The name of the model. */
  readonly name: string
  readonly description: ModelDescription
  readonly job: GenerateJob
  readonly rebuild: Rebuild
  /** What of `data.told` is told of image number i, NaN where nothing is; left out: nothing at all. */
  readonly like?: (image: number) => readonly number[]
  /** What the user should know of how it is drawn. */
  readonly warnings?: readonly string[]
  /** How what is wished is drawn. */
  drawing(wished: readonly Wish[]): Drawing
}
