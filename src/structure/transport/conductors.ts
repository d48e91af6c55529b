/** What conducts, how well, and how large its sites are: the options of all that is measured by diffusion. */
import { demand } from '../../base/errors.ts'
import { type Labels, type Mask, outside, spacingOf } from '../labels.ts'

export interface TransportOptions {
  /** Conductivity of label 0, 1, …, at least 0, 0 of labels beyond; default 1 of label 1 alone, as of masks. */
  readonly conductivity?: readonly number[]
  /** Lengths of the sides of a site, [axes]; default 1. */
  readonly spacing?: readonly number[]
  /** Whether the sides along the flow let through what comes in again on the other side. Default false. */
  readonly periodic?: boolean
  /** The relative error of the flux that is allowed, default 1e-7. */
  readonly tolerance?: number
  /** Whether the concentrations are wanted too. Default false. */
  readonly concentration?: boolean
}

export interface Conductors {
  /** 1 at the sites that conduct. */
  readonly mask: Mask
  /** Of every label 0 to 255. */
  readonly conductivity: Float64Array
  /** The mean conductivity of the sites of the sample. */
  readonly mean: number
  /** How many sites there are in the sample. */
  readonly inside: number
  readonly spacing: readonly number[]
  readonly periodic: boolean
  readonly tolerance: number
}

export function conductors(labels: Labels, axis: number, options: TransportOptions): Conductors {
  const what = 'measure the transport'
  const { periodic = false, tolerance = 1e-7, conductivity: list = [0, 1] } = options
  const axes = labels.shape.length
  demand(Number.isInteger(axis) && axis >= 0 && axis < axes, what, 'the axis', `from 0 to ${axes - 1}`, axis)
  const right = list.every(value => value >= 0 && Number.isFinite(value))
  demand(right && list.length <= outside, what, 'the conductivities', 'at least 0, one per label', list)
  demand(tolerance > 0 && tolerance < 1, what, 'the tolerance', 'between 0 and 1', tolerance)
  const conductivity = new Float64Array(256)
  conductivity.set(list)
  const { data, shape } = labels
  const mask = new Uint8Array(data.length)
  const counts = new Float64Array(256)
  for (let i = 0; i < data.length; i++) {
    counts[data[i]]++
    if (conductivity[data[i]] > 0) mask[i] = 1
  }
  const inside = data.length - counts[outside]
  const sum = counts.reduce((total, count, label) => total + count * conductivity[label], 0)
  return {
    mask: { data: mask, shape },
    conductivity,
    mean: sum / inside,
    inside,
    spacing: spacingOf(shape, options.spacing, what),
    periodic,
    tolerance,
  }
}
