/**
 * Everything that is measured on one image or volume of labels.
 */

import { cannot, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import {
  demandGrid,
  fractions,
  gridKinds,
  insideOf,
  type Labels,
  outside,
  phaseOf,
  sitesOf,
  spacingOf,
} from './labels.ts'
import type { Measured, MeasureOptions } from './measured.ts'
import { parts, type Task } from './quantities.ts'
import { quantities, standard } from './quantity.ts'
import { defaultRange, stepOf } from './two-point.ts'
import { rising, type Work, within } from './work.ts'

/** Measures labels on a grid of one to three axes; sites of the label `outside` are no part of the sample. */
export function measure(labelled: Labels, options: MeasureOptions = {}): Work<Measured> {
  demandGiven('measure the structure', { labelled, options }, { labelled: gridKinds, options: 'object' })
  return rising(measured(labelled, options))
}

function* measured(labelled: Labels, options: MeasureOptions): Work<Measured> {
  const { phase = 0, only = standard } = options
  const task = yield* taskOf(labelled, options)
  const chosen = quantities.filter(name => only.includes(name))
  const { shape } = labelled
  const { spacing, step, shares, sample } = task
  let found: Measured = {
    shape,
    spacing,
    step,
    porosity: shares[phase],
    fractions: shares,
    ...(sample !== undefined && { sample }),
  }
  for (const [i, name] of chosen.entries()) {
    yield i / chosen.length
    const part = parts[name](task)
    found = {
      ...found,
      ...('next' in part ? yield* within(part, i / chosen.length, 1 / chosen.length) : part),
    }
  }
  return found
}

/** What is counted once for all quantities. */
interface Counted extends Task {
  /** Of each label. */
  readonly shares: number[]
  /** The share of the grid that is sample, where not all is. */
  readonly sample?: number
}

function* taskOf(labelled: Labels, options: MeasureOptions): Work<Counted> {
  const { phase = 0, only = standard, periodic = false, range } = options
  const what = 'measure the structure'
  demandGrid(labelled, what)
  const right = Number.isInteger(phase) && phase >= 0 && phase < outside
  demand(right, what, 'the phase', `a label from 0 to ${outside - 1}`, phase)
  for (const name of only)
    if (!quantities.includes(name))
      throw new RangeError(cannot(what, 'a quantity', `one of ${quantities.join(', ')}`, name))
  const spacing = spacingOf(labelled.shape, options.spacing, what)
  const inside = insideOf(labelled)
  yield 0
  demand(!inside || !periodic, what, 'the sides', 'not periodic where not all is sample', 'periodic ones')
  const sample = inside && sitesOf(inside) / inside.data.length
  demand(sample !== 0, what, 'the sample', 'at least one site', 'none')
  yield 0
  const shares = fractions(labelled, Math.max(options.labels ?? 2, phase + 1))
  yield 0
  return {
    ...options,
    labelled,
    mask: phaseOf(labelled, phase),
    shares,
    ...(inside && { inside, sample }),
    phase,
    periodic,
    reach: range ?? defaultRange(labelled.shape, spacing),
    spacing,
    step: stepOf(labelled.shape, spacing),
    present: shares.flatMap((share, label) => (share > 0 ? [label] : [])),
    labels: shares.length,
  }
}
