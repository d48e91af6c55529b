/**
 * What is told of a measured structure in one number or one curve each, and of many structures together.
 */
import { mapAxes, type PerAxis } from './labels.ts'
import type { Measured } from './measure.ts'

/** Numbers by name: "porosity", "tortuosity.x", "chords.y", …. NaN where there is none. */
export type Scalars = Record<string, number>

/** Every scalar of a structure whose sites have sides of that length. */
export function scalars(measured: Measured, voxel = 1): Scalars {
  const { fractions, s2, linealPath, chords, poreSizes, specificSurface, interfaces } = measured
  const found: Scalars = { porosity: measured.porosity }
  const put = (name: string, values: PerAxis<number>) => {
    for (const [axis, value] of Object.entries(values)) found[`${name}.${axis}`] = value
  }
  if (fractions.length > 2)
    for (const [label, share] of fractions.entries()) found[`fractions.${label}`] = share
  if (measured.tortuosity) put('tortuosity', measured.tortuosity)
  if (measured.relativeDiffusivity) put('relativeDiffusivity', measured.relativeDiffusivity)
  if (specificSurface) {
    found.specificSurface = specificSurface.faces / voxel
    found.specificSurfaceIsotropic = specificSurface.isotropic / voxel
  }
  if (s2) found.correlationLength = correlationLength(s2.radial) * voxel
  if (linealPath) found.linealLength = linealLength(linealPath.mean) * voxel
  if (chords)
    put(
      'chords',
      mapAxes(chords, ({ mean }) => mean * voxel),
    )
  if (poreSizes) found.poreSizes = poreSizes.mean * voxel
  if (interfaces && fractions.length > 2)
    for (const [pair, area] of Object.entries(interfaces)) found[`interfaces.${pair}`] = area / voxel
  if (measured.triplePoints !== undefined) found.triplePoints = measured.triplePoints / voxel ** 2
  return found
}

/**
 * The distance at which the autocovariance (S2(r) − φ²)/(φ − φ²) falls to 1/e, between two places on the straight
 * line; NaN where it does not, or where there is one phase only.
 */
export function correlationLength(s2: Float64Array): number {
  const phi = s2[0]
  const rest = (r: number) => (s2[r] - phi * phi) / (phi - phi * phi)
  const level = Math.exp(-1)
  for (let r = 1; r < s2.length; r++) {
    const [before, now] = [rest(r - 1), rest(r)]
    if (now <= level) return r - 1 + (before - level) / (before - now)
  }
  return Number.NaN
}

/** How far one gets on average from a random place of the phase along an axis to its end: Σ L(r)/φ over the range. */
export function linealLength(path: Float64Array): number {
  return path[0] > 0 ? path.reduce((sum, value) => sum + value, 0) / path[0] : Number.NaN
}

/** Values at 0, 1, 2, … sites; NaN where there is none. */
export interface Curves {
  s2?: Float64Array
  linealPath?: Float64Array
  /** Shares of the chords of all axes with each length; none without chords. */
  chords?: Float64Array
  /** Shares of the phase with each local thickness; none without walls. */
  poreSizes?: Float64Array
}

export type CurveName = keyof Curves

export function curves({ s2, linealPath, chords, poreSizes }: Measured): Curves {
  const found: Curves = {}
  if (s2) found.s2 = s2.radial
  if (linealPath) found.linealPath = linealPath.mean
  if (chords) {
    const counts = summed(Object.values(chords).map(axis => axis.counts))
    if (counts.length > 0) found.chords = shares(counts)
  }
  if (poreSizes && poreSizes.counts.length > 0) found.poreSizes = shares(poreSizes.counts)
  return found
}

/** The sum of lists of counts of any lengths. */
export function summed(lists: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(lists.reduce((most, counts) => Math.max(most, counts.length), 0))
  for (const counts of lists) for (let i = 0; i < counts.length; i++) sum[i] += counts[i]
  return sum
}

/** Counts over their sum; all NaN where that is 0. */
export function shares(counts: Float64Array): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.map(count => count / total)
}

/** The middle of many curves, and how far they spread. */
export interface Band {
  readonly mean: Float64Array
  /** The 5 % and the 95 % quantile at every place. */
  readonly low: Float64Array
  readonly high: Float64Array
}

/** `beyond`: what a curve is after its end: 0 for shares, NaN (left out) for curves that were not measured further. */
export function band(list: readonly Float64Array[], beyond = Number.NaN): Band {
  const length = list.reduce((most, curve) => Math.max(most, curve.length), 0)
  const [mean, low, high] = [0, 1, 2].map(() => new Float64Array(length))
  for (let r = 0; r < length; r++) {
    const values = list
      .map(curve => (r < curve.length ? curve[r] : beyond))
      .filter(value => !Number.isNaN(value))
    mean[r] = values.reduce((sum, value) => sum + value, 0) / values.length
    values.sort((a, b) => a - b)
    low[r] = quantile(values, 0.05)
    high[r] = quantile(values, 0.95)
  }
  return { mean, low, high }
}

/** Of values in rising order, between two of them on the straight line; NaN of none. */
function quantile(values: readonly number[], share: number): number {
  const at = share * (values.length - 1)
  const below = Math.floor(at)
  const above = Math.min(values.length - 1, below + 1)
  return values.length === 0 ? Number.NaN : values[below] + (at - below) * (values[above] - values[below])
}

/** Mean and standard deviation (of the values, not of the mean) of those that are finite, and how many are not. */
export interface Spread {
  readonly mean: number
  readonly deviation: number
  /** How many are finite, Infinity, NaN. */
  readonly count: number
  readonly infinite: number
  readonly missing: number
}

export function spread(values: readonly number[]): Spread {
  const finite = values.filter(Number.isFinite)
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length
  const squares = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const missing = values.filter(Number.isNaN).length
  return {
    mean,
    deviation: finite.length > 1 ? Math.sqrt(squares / (finite.length - 1)) : 0,
    count: finite.length,
    infinite: values.length - finite.length - missing,
    missing,
  }
}
