/** The job `look`: what a scan holds before it is measured: its size, its values, its phases where those go without saying. */
import { refused } from '../../base/errors.ts'
import type { TypedArray } from '../../formats/array.ts'
import type { Scale } from '../../formats/scale.ts'
import { type Labels, labelsOf, otsu, outside } from '../../structure/index.ts'
import type { Context } from '../context.ts'
import { decimal, text } from '../fields.ts'
import { nameOf } from '../files.ts'
import { labelFields } from '../input/label-fields.ts'
import { loadValues } from '../input/labels.ts'
import type { JobOf } from '../schema.ts'

export const lookSchema = {
  input: text({ help: 'needed: a file, or a folder of slices', argument: '<path>' }),
  ...labelFields,
  ignore: decimal({ help: 'sites of this value are no part of the sample', argument: '<value>' }),
} as const

export type LookJob = JobOf<typeof lookSchema>

/** How often values are met. */
export interface Histogram {
  /** Where the first bin begins, and how wide each is. */
  readonly low: number
  readonly width: number
  readonly counts: readonly number[]
}

export interface Phase {
  readonly label: number
  /** Its value in the file, where that is another. */
  readonly value?: number
  readonly voxels: number
  /** Of all voxels that are part of the sample. */
  readonly share: number
}

export interface Look {
  readonly name: string
  /** [N, H, W], or [N, D, H, W] of volumes. */
  readonly shape: readonly number[]
  /** Whether the first of three axes is one of space, where the file says. */
  readonly pages?: 'slices' | 'times'
  readonly scale?: Scale
  readonly values: TypedArray
  readonly histogram: Histogram
  /** The threshold that is offered (Otsu's); undefined where all values are equal. */
  readonly threshold?: number
  /** The phases; none: something must be said of the values first, and `why` says what. */
  readonly phases: readonly Phase[]
  readonly labels?: Labels
  readonly why?: string
}

/** Looks at a scan. @throws SyntaxError or RangeError of one line for what cannot be read, or not with what is told of it */
export async function look(job: LookJob, { files, say }: Pick<Context, 'files' | 'say'>): Promise<Look> {
  const { input, threshold, levels, ignore = Number.NaN } = job
  if (input === undefined) throw refused('look at a scan', 'input', 'given', undefined)
  const { data, shape, pages, scale, labels: told } = await loadValues(input, job, { files, say })
  const name = nameOf(input)
  const seen = { name, shape, pages, scale, values: data }
  const offered = { histogram: histogramOf(data), threshold: otsu(data) }
  try {
    const coded = labelsOf(data, { threshold, levels, ignore, labels: told }, `read ${name}`)
    const labels = { data: coded.data, shape }
    return { ...seen, ...offered, labels, phases: phasesOf(coded.data, coded.values) }
  } catch (error) {
    if (threshold !== undefined || levels !== undefined) throw error
    return { ...seen, ...offered, phases: [], why: (error as Error).message }
  }
}

/** Bins of a histogram, where values are not whole or spread farther. */
const most = 256

/** Whole numbers of a small range one by one, others in 256 bins; what is not finite is left out. */
export function histogramOf(values: TypedArray): Histogram {
  let [low, high, whole] = [Infinity, -Infinity, true]
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (!Number.isFinite(value)) continue
    if (value < low) low = value
    if (value > high) high = value
    if (whole && !Number.isInteger(value)) whole = false
  }
  if (low > high) return { low: 0, width: 1, counts: [] }
  const width = whole && high - low < most ? 1 : (high - low) / most || 1
  const counts = new Array<number>(width === 1 && whole ? high - low + 1 : most).fill(0)
  for (let i = 0; i < values.length; i++) {
    const bin = Math.floor((values[i] - low) / width)
    if (bin >= 0) counts[Math.min(bin, counts.length - 1)]++
  }
  return { low, width, counts }
}

function phasesOf(labels: Uint8Array, values?: readonly number[]): Phase[] {
  const voxels = new Array<number>(256).fill(0)
  for (let i = 0; i < labels.length; i++) voxels[labels[i]]++
  const all = labels.length - voxels[outside]
  return voxels.flatMap((count, label) =>
    count === 0 || label === outside
      ? []
      : {
          label,
          ...(values && values[label] !== label && { value: values[label] }),
          voxels: count,
          share: count / all,
        },
  )
}
