/** What the page and its worker say to each other. */
import type { Progress } from '../src/jobs/context.ts'
import type { OutFile } from '../src/jobs/files.ts'
import type { JobRecord } from '../src/jobs/record.ts'
import type { ModelDescription } from '../src/model/description.ts'

/** Where a model is: an address, or the bytes of a file that was chosen. */
export interface ModelPlace {
  readonly name: string
  readonly from: string | Uint8Array
}

/** Fields of the job as they stand in the form: texts and numbers, which its schema reads. */
export type Asked = Readonly<Record<string, string | number>>

export type Question =
  | { readonly verb: 'open'; readonly place: ModelPlace }
  | { readonly verb: 'generate'; readonly asked: Asked }
  | { readonly verb: 'files'; readonly name: string }
  | { readonly verb: 'cancel' }

/** An image on its way. */
export interface State {
  readonly image: number
  /** From 1 down to 0. */
  readonly time: number
  /** Units of each channel. */
  readonly masses: readonly number[]
  /** RGBA of every site, [H, W, 4]. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>
  readonly width: number
}

/** What was drawn. */
export interface Drawn {
  /** The samples as they are written. */
  readonly states: readonly State[]
  /** [N, C, H, W] */
  readonly shape: readonly number[]
  readonly fractions?: readonly (readonly number[])[]
  readonly record: JobRecord
  readonly said: string
}

export type Answer =
  | { readonly verb: 'opened'; readonly description: ModelDescription; readonly threads: number }
  | { readonly verb: 'progress'; readonly progress: Progress }
  | { readonly verb: 'state'; readonly state: State }
  | { readonly verb: 'drawn'; readonly drawn: Drawn }
  | { readonly verb: 'files'; readonly files: readonly OutFile[] }
  | { readonly verb: 'said'; readonly sentence: string }
  | { readonly verb: 'failed'; readonly message: string; readonly cancelled: boolean }
