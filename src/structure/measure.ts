/**
 * Everything that is measured on one image or volume of labels, in units of its sites.
 */
import { cannot, demand } from '../base/errors.ts'
import { nowhere } from './distance.ts'
import {
  type Interfaces,
  interfaces,
  type SpecificSurface,
  specificSurface,
  triplePoints,
} from './interfaces.ts'
import { demandGrid, fractions, type Labels, type Mask, type PerAxis, perAxis, phaseOf } from './labels.ts'
import { percolates } from './percolation.ts'
import { type Chords, chords, linealPath } from './runs.ts'
import { localThickness } from './thickness.ts'
import { type Transport, transport } from './transport/tortuosity.ts'
import { defaultRange, type TwoPoint, twoPoint } from './two-point.ts'
import type { Work } from './work.ts'

/** What can be asked for; the fractions are always there. */
export const quantities = [
  's2',
  'linealPath',
  'chords',
  'poreSizes',
  'specificSurface',
  'interfaces',
  'percolates',
  'tortuosity',
] as const

export type Quantity = (typeof quantities)[number]

export interface LinealPaths extends PerAxis<Float64Array> {
  /** Mean over the axes. */
  readonly mean: Float64Array
}

/** The distribution of the local thickness over the phase. */
export interface PoreSizes {
  /** How many sites have a thickness that rounds to 0, 1, 2, …; empty where the phase has no walls or no sites. */
  readonly counts: Float64Array
  /** Mean thickness: NaN without sites, Infinity without walls. */
  readonly mean: number
}

export interface Measured {
  readonly shape: readonly number[]
  /** The share of the phase that is measured: of the pores, if that is the phase. */
  readonly porosity: number
  /** The share of every label 0, 1, …. */
  readonly fractions: readonly number[]
  readonly s2?: TwoPoint
  readonly linealPath?: LinealPaths
  readonly chords?: PerAxis<Chords>
  readonly poreSizes?: PoreSizes
  readonly specificSurface?: SpecificSurface
  readonly interfaces?: Interfaces
  /** Where there are three labels or more. */
  readonly triplePoints?: number
  readonly percolates?: PerAxis<boolean>
  readonly tortuosity?: PerAxis<number>
  readonly relativeDiffusivity?: PerAxis<number>
}

export interface MeasureOptions {
  /** The label that is measured, default 0: the pores. */
  readonly phase?: number
  /** Which quantities, default all. */
  readonly only?: readonly Quantity[]
  /** For pairs, runs and interfaces: what leaves the grid comes in again on the other side. Default false. */
  readonly periodic?: boolean
  /** The largest distance of `s2` and `linealPath`, in sites; default half of the shortest axis. */
  readonly range?: number
  /** So many labels are listed at least. */
  readonly labels?: number
}

type Part = Partial<Measured>

interface Task extends MeasureOptions {
  readonly labelled: Labels
  readonly mask: Mask
  readonly periodic: boolean
  readonly reach: number
}

/** Long work in pieces, short work at once. */
const parts: Record<Quantity, (task: Task) => Part | Work<Part>> = {
  *s2({ mask, periodic, reach }) {
    return { s2: yield* twoPoint(mask, { periodic, range: reach }) }
  },
  linealPath({ mask, periodic, reach }) {
    const { shape } = mask
    const axes = shape.map((_, axis) => linealPath(mask, axis, { periodic, range: reach }))
    const mean = axes[0].map((_, r) => {
      // An axis of one site has no segments.
      const known = axes.map(curve => curve[r]).filter(value => !Number.isNaN(value))
      return known.reduce((sum, value) => sum + value, 0) / known.length
    })
    return { linealPath: { ...perAxis(shape.length, axis => axes[axis]), mean } }
  },
  chords({ mask, periodic }) {
    return { chords: perAxis(mask.shape.length, axis => chords(mask, axis, { periodic })) }
  },
  *poreSizes({ mask }) {
    return { poreSizes: poreSizesOf(yield* localThickness(mask)) }
  },
  specificSurface({ mask, periodic }) {
    return { specificSurface: specificSurface(mask, { phase: 1, periodic }) }
  },
  interfaces({ labelled, periodic, labels }) {
    const found = interfaces(labelled, { periodic, labels: labels ?? 2 })
    const three = Object.keys(found).length > 1
    return { interfaces: found, ...(three && { triplePoints: triplePoints(labelled, { periodic }) }) }
  },
  *percolates({ mask }) {
    const found = yield* percolates(mask)
    return { percolates: perAxis(mask.shape.length, axis => found[axis]) }
  },
  *tortuosity({ mask }) {
    const axes = mask.shape.length
    const found: Transport[] = []
    for (let axis = 0; axis < axes; axis++)
      found.push(yield* within(transport(mask, axis), axis / axes, 1 / axes))
    return {
      tortuosity: perAxis(axes, axis => found[axis].tortuosity),
      relativeDiffusivity: perAxis(axes, axis => found[axis].relativeDiffusivity),
    }
  },
}

/** Measures labels on a grid of one to three axes. */
export function* measure(labelled: Labels, options: MeasureOptions = {}): Work<Measured> {
  const { phase = 0, only = quantities, periodic = false, range } = options
  const what = 'measure the structure'
  demandGrid(labelled, what)
  demand(
    Number.isInteger(phase) && phase >= 0 && phase < 256,
    what,
    'the phase',
    'a label from 0 to 255',
    phase,
  )
  for (const name of only)
    if (!quantities.includes(name))
      throw new RangeError(cannot(what, 'a quantity', `one of ${quantities.join(', ')}`, name))
  const mask = phaseOf(labelled, phase)
  const reach = range ?? defaultRange(labelled.shape)
  const task: Task = { ...options, labelled, mask, periodic, reach }
  const chosen = quantities.filter(name => only.includes(name))
  const shares = fractions(labelled, Math.max(options.labels ?? 2, phase + 1))
  let measured: Measured = { shape: labelled.shape, porosity: shares[phase], fractions: shares }
  for (const [i, name] of chosen.entries()) {
    yield i / chosen.length
    const part = parts[name](task)
    measured = {
      ...measured,
      ...('next' in part ? yield* within(part, i / chosen.length, 1 / chosen.length) : part),
    }
  }
  return measured
}

/** A piece of a larger work: its shares from `start` on. */
function* within<T>(work: Work<T>, start: number, part: number): Work<T> {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value as T
    yield start + part * (value as number)
  }
}

function poreSizesOf(squares: Int32Array): PoreSizes {
  const counts: number[] = []
  let [sum, sites] = [0, 0]
  for (const square of squares) {
    if (square === 0) continue
    if (square === nowhere) return { counts: new Float64Array(0), mean: Number.POSITIVE_INFINITY }
    const size = Math.sqrt(square)
    const bin = Math.round(size)
    while (counts.length <= bin) counts.push(0)
    counts[bin]++
    sum += size
    sites++
  }
  return { counts: Float64Array.from(counts), mean: sum / sites }
}
