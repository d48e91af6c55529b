/** What the page and its worker say to each other. */
import type { LineChartOptions } from '../src/formats/lines.ts'
import type { Progress } from '../src/jobs/context.ts'
import type { OutFile } from '../src/jobs/files.ts'
import type { Histogram, Phase } from '../src/jobs/look/look.ts'
import type { Row } from '../src/jobs/measure/table.ts'
import type { JobRecord } from '../src/jobs/record.ts'
import type { ModelDescription } from '../src/model/description.ts'
import type { WebDevice } from '../src/web.ts'

/** Where a model is: an address, or the bytes of a file that was chosen. */
export interface ModelPlace {
  readonly name: string
  readonly from: string | Uint8Array
}

/** Fields of a job as they stand in a form: texts and numbers, which its schema reads. */
export type Asked = Readonly<Record<string, string | number | boolean | readonly string[]>>

/** Counts of an image that was drawn or read, [C, H, W]. */
export interface Picture {
  readonly data: Int32Array
  readonly shape: readonly [number, number, number]
}

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
  /** The counts themselves, where somebody counts them. */
  readonly counts?: Int32Array
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

/** What a scan holds. */
export interface Scan {
  readonly name: string
  /** [N, H, W], or [N, D, H, W]. */
  readonly shape: readonly number[]
  /** Of its voxels, where the file says: 5.7um. */
  readonly voxel?: string
  /** Whether its slices are those of one volume. */
  readonly volume: boolean
  readonly histogram: Histogram
  readonly threshold?: number
  readonly phases: readonly Phase[]
  /** What must be said of its values before they are labels. */
  readonly why?: string
}

/** What was measured. */
export interface Measured {
  readonly rows: readonly Row[]
  readonly charts: readonly LineChartOptions[]
  readonly records: readonly object[]
}

/** A volume as the view takes it: a byte for each voxel, [D, H, W]. */
export interface Voxels {
  readonly data: Uint8Array<ArrayBuffer>
  readonly shape: readonly [number, number, number]
  /** One more than the largest label; 0: greys. */
  readonly labels: number
}

/** A model that was trained. */
export interface Learned {
  readonly model: Uint8Array<ArrayBuffer>
  readonly description: ModelDescription
}

/** What files are written of. */
export type Source = 'samples' | 'completed' | 'scan'

/** Each verb: what is told, and what is answered. */
export interface Verbs {
  open: [
    { readonly place: ModelPlace; readonly device: WebDevice },
    { readonly description: ModelDescription; readonly threads: number; readonly device: WebDevice },
  ]
  /** `keep`: they are what is taken away. */
  generate: [{ readonly asked: Asked; readonly keep: boolean }, Drawn]
  complete: [{ readonly asked: Asked; readonly known: Picture; readonly mask: Uint8Array }, Drawn]
  /** The counts of a sample that was drawn, or of an image in a file. */
  known: [{ readonly sample: number } | { readonly file: File }, { picture: Picture; state: State }]
  diffuse: [{ readonly asked: Asked; readonly picture: Picture }, { readonly states: readonly State[] }]
  look: [{ readonly asked: Asked; readonly files: readonly File[] }, Scan]
  slice: [{ readonly axis: number; readonly at: number }, State]
  voxels: [object, Voxels]
  measure: [
    {
      readonly asked: Asked
      readonly files: readonly File[]
      readonly beside: boolean
      readonly held: boolean
    },
    Measured,
  ]
  train: [{ readonly asked: Asked; readonly from: File | Picture }, Learned]
  files: [{ readonly name: string; readonly of: Source }, { readonly files: readonly OutFile[] }]
}

export type Verb = keyof Verbs

export type Question =
  | { [V in Verb]: { readonly id: number; readonly verb: V; readonly told: Verbs[V][0] } }[Verb]
  | { readonly verb: 'cancel' }

/** What is seen of a job on its way. */
export type Seen =
  | { readonly progress: Progress }
  | { readonly state: State }
  | { readonly said: string }
  | { readonly loss: readonly [step: number, loss: number] }
  | { readonly samples: readonly State[] }

export type Answer =
  | { readonly id: number; readonly answer: Verbs[Verb][1] }
  | { readonly id: number; readonly seen: Seen }
  | { readonly id: number; readonly failed: string; readonly cancelled: boolean }
