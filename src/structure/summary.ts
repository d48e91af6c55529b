/**
 * What is told of a measured structure in one number or one curve each, and of many structures together.
 */
import { demandGiven } from '../base/given.ts'
import { mapAxes, type PerAxis } from './labels.ts'
import type { Measured } from './measured.ts'

/** Numbers by name: "porosity", "tortuosity.x", "chords.y", …. NaN where there is none. */
export type Scalars = Record<string, number>

/** Every scalar of a structure; `unit` is what the unit of its spacing is in another one. */
export function scalars(measured: Measured, unit = 1): Scalars {
  demandGiven('summarise', { measured }, { measured: { fractions: 'list', shape: 'list' } })
  const { fractions, s2, linealPath, specificSurface, step } = measured
  const found: Scalars = { porosity: measured.porosity }
  const put = (name: string, values: PerAxis<number> | undefined, power = 0) => {
    for (const [axis, value] of Object.entries(values ?? {})) found[`${name}.${axis}`] = value * unit ** power
  }
  if (fractions.length > 2)
    for (const [label, share] of fractions.entries()) found[`fractions.${label}`] = share
  put('tortuosity', measured.tortuosity)
  put('relativeDiffusivity', measured.relativeDiffusivity)
  put('periodicTortuosity', measured.periodicTortuosity)
  put('electrodeTortuosity', measured.electrodeTortuosity)
  if (specificSurface) {
    found.specificSurface = specificSurface.faces / unit
    found.specificSurfaceIsotropic = specificSurface.isotropic / unit
  }
  if (s2) found.correlationLength = correlationLength(s2.radial) * step * unit
  if (linealPath) found.linealLength = linealLength(linealPath.mean) * step * unit
  if (measured.chords)
    put(
      'chords',
      mapAxes(measured.chords, ({ mean }) => mean),
      1,
    )
  if (measured.poreSizes) found.poreSizes = measured.poreSizes.mean * unit
  if (measured.exactPoreSizes) found.exactPoreSizes = measured.exactPoreSizes.mean * unit
  put('breakthrough', measured.breakthrough, 1)
  return { ...found, ...phaseScalars(measured, unit) }
}

/** Those of every phase, and of how phases meet. */
function phaseScalars(measured: Measured, unit: number): Scalars {
  const { interfaces, fractions, triplePoints, euler, clusters, lone, representative } = measured
  const axes = measured.shape.filter(length => length > 1).length
  const found: Scalars = {}
  if (interfaces && fractions.length > 2)
    for (const [pair, area] of Object.entries(interfaces)) found[`interfaces.${pair}`] = area / unit
  if (triplePoints) {
    found['triplePoints.perVolume'] = triplePoints.perVolume / unit ** 2
    found['triplePoints.perEdge'] = triplePoints.perEdge
  }
  for (const [label, { specific }] of Object.entries(euler ?? {}))
    found[`specificEuler.${label}`] = specific / unit ** axes
  for (const [label, { count, closed, largest }] of Object.entries(clusters ?? {})) {
    found[`clusters.${label}`] = count
    found[`closed.${label}`] = closed
    found[`largestCluster.${label}`] = largest
  }
  for (const [label, { share, oneVoxelChords }] of Object.entries(lone ?? {})) {
    found[`loneVoxels.${label}`] = share
    found[`oneVoxelChords.${label}`] = oneVoxelChords
  }
  if (representative) found.integralRange = representative.integralRange * unit ** axes
  return found
}

/**
 * The distance at which the autocovariance (S2(r) − φ²)/(φ − φ²) falls to 1/e, between two places on the straight
 * line; NaN where it does not, or where there is one phase only.
 */
export function correlationLength(s2: Float64Array): number {
  demandGiven('measure the length', { s2 }, { s2: 'list' })
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

/** Values at 0, 1, 2, … steps (shortest sides of a site); NaN where there is none. */
export interface Curves {
  s2?: Float64Array
  linealPath?: Float64Array
  /** Shares of the chords of all axes with each length; none without chords. */
  chords?: Float64Array
  /** Shares of the phase with each local thickness; none without walls. */
  poreSizes?: Float64Array
  exactPoreSizes?: Float64Array
  /** The share of the phase that a fluid has filled at each diameter, the mean over the axes. */
  porosimetry?: Float64Array
}

export type CurveName = keyof Curves

export function curves(measured: Measured): Curves {
  demandGiven('summarise', { measured }, { measured: { fractions: 'list', shape: 'list' } })
  const { s2, linealPath, chords, poreSizes, exactPoreSizes, porosimetry } = measured
  const found: Curves = {}
  if (s2) found.s2 = s2.radial
  if (linealPath) found.linealPath = linealPath.mean
  if (chords) {
    const counts = chordsTogether(measured)
    if (counts.length > 0) found.chords = shares(counts)
  }
  if (poreSizes && poreSizes.counts.length > 0) found.poreSizes = shares(poreSizes.counts)
  if (exactPoreSizes && exactPoreSizes.counts.length > 0) found.exactPoreSizes = shares(exactPoreSizes.counts)
  if (porosimetry) {
    const axes = Object.values(porosimetry) as { counts: Float64Array }[]
    const counts = summed(axes.map(axis => axis.counts))
    const sites = measured.porosity * sampleSites(measured) * axes.length
    if (counts.length > 0) found.porosimetry = filled(counts, sites)
  }
  return found
}

const sampleSites = ({ shape, sample = 1 }: Measured): number =>
  shape.reduce((product, length) => product * length, sample)

/** The share of places whose size is at least that, at every size. */
function filled(counts: Float64Array, sites: number): Float64Array {
  const found = new Float64Array(counts.length)
  let sum = 0
  for (let size = counts.length - 1; size >= 0; size--) {
    sum += counts[size]
    found[size] = sum / sites
  }
  return found
}

/** The chords of all axes by their length in steps. */
function chordsTogether({ chords, shape, spacing, step }: Measured): Float64Array {
  const lists = Object.values(chords ?? {}).map(({ counts }, i) => {
    const side = spacing[shape.length - 1 - i] / step
    if (side === 1) return counts as Float64Array
    const found = new Float64Array(Math.round((counts.length - 1) * side) + 1)
    for (let length = 1; length < counts.length; length++) found[Math.round(length * side)] += counts[length]
    return found
  })
  return summed(lists)
}

/** The sum of lists of counts of any lengths. */
export function summed(lists: readonly Float64Array[]): Float64Array {
  demandGiven('summarise the curves', { lists }, { lists: 'lists' })
  const sum = new Float64Array(lists.reduce((most, counts) => Math.max(most, counts.length), 0))
  for (const counts of lists) for (let i = 0; i < counts.length; i++) sum[i] += counts[i]
  return sum
}

/** Counts over their sum; all NaN where that is 0. */
export function shares(counts: Float64Array): Float64Array {
  demandGiven('summarise', { counts }, { counts: 'list' })
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.map(count => count / total)
}

/** The middle of many curves, and how far they spread. */
export interface Band {
  readonly mean: Float64Array
  /** The 5 % and the 95 % quantile at every place. */
  readonly low: Float64Array
  readonly high: Float64Array
  /** The standard error of the mean at every place, of curves that know nothing of each other; NaN of fewer than two. */
  readonly error: Float64Array
}

/** `beyond`: what a curve is after its end: 0 for shares, NaN (left out) for curves that were not measured further. */
export function band(list: readonly Float64Array[], beyond = Number.NaN): Band {
  demandGiven('summarise the curves', { list }, { list: 'lists' })
  const length = list.reduce((most, curve) => Math.max(most, curve.length), 0)
  const [mean, low, high, error] = [0, 1, 2, 3].map(() => new Float64Array(length))
  for (let r = 0; r < length; r++) {
    const values = list
      .map(curve => (r < curve.length ? curve[r] : beyond))
      .filter(value => !Number.isNaN(value))
    mean[r] = values.reduce((sum, value) => sum + value, 0) / values.length
    const squares = values.reduce((sum, value) => sum + (value - mean[r]) ** 2, 0)
    error[r] = values.length > 1 ? Math.sqrt(squares / (values.length - 1) / values.length) : Number.NaN
    values.sort((a, b) => a - b)
    low[r] = quantile(values, 0.05)
    high[r] = quantile(values, 0.95)
  }
  return { mean, low, high, error }
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
  demandGiven('summarise', { values }, { values: 'list' })
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
