/** What `saltus measure --json` prints; docs/measure.md describes it. */
import { kolmogorovSmirnov } from '../../metrics/kolmogorov.ts'
import {
  band,
  type Measured,
  mapAxes,
  type PerAxis,
  type Scalars,
  scalars,
  shares,
  spread,
  summed,
} from '../../structure/index.ts'
import type { VoxelSize } from '../label-input.ts'

/** One file or folder of the command line, or the whole reference, measured. */
export interface MeasuredSet {
  readonly name: string
  readonly measured: readonly Measured[]
}

export interface Context {
  readonly voxel: VoxelSize
  /** The label that was measured. */
  readonly phase: number
}

/** One file: of several images the means, and the numbers of each under `images`. */
export function record({ name, measured }: MeasuredSet, { voxel, phase }: Context): object {
  const [first] = measured
  const every = measured.map(one => scalars(one, voxel.length))
  const scalar = (key: string) => finite(spread(every.map(values => values[key] ?? Number.NaN)).mean)
  const axes = (key: string) => perAxis(first.shape.length, axis => scalar(`${key}.${axis}`))
  return {
    name,
    count: measured.length,
    shape: first.shape,
    phase,
    voxelSize: voxel.length,
    ...(voxel.unit && { unit: voxel.unit }),
    porosity: scalar('porosity'),
    fractions: first.fractions.map((_, label) => mean(measured.map(one => one.fractions[label]))),
    ...(first.percolates && { percolates: percolation(measured) }),
    ...(first.tortuosity && {
      tortuosity: axes('tortuosity'),
      relativeDiffusivity: axes('relativeDiffusivity'),
    }),
    ...(first.specificSurface && {
      specificSurface: scalar('specificSurface'),
      specificSurfaceIsotropic: scalar('specificSurfaceIsotropic'),
    }),
    ...(first.s2 && { correlationLength: scalar('correlationLength'), s2: s2Of(measured, voxel.length) }),
    ...(first.linealPath && {
      linealLength: scalar('linealLength'),
      linealPath: linealPathOf(measured, voxel.length),
    }),
    ...(first.chords && { chords: { mean: axes('chords'), ...chordsOf(measured, voxel.length) } }),
    ...(first.poreSizes && {
      poreSizes: { mean: scalar('poreSizes'), ...poreSizesOf(measured, voxel.length) },
    }),
    ...(first.interfaces && { interfaces: interfacesOf(measured, voxel.length) }),
    ...(first.triplePoints !== undefined && { triplePoints: scalar('triplePoints') }),
    ...(measured.length > 1 && { images: every.map(values => mapValues(values, finite)) }),
  }
}

/** The samples of all files together against the reference: means, deviations and the test of every scalar. */
export function comparison(
  { samples, reference }: { samples: readonly MeasuredSet[]; reference: MeasuredSet },
  { voxel }: Context,
): { comparison: Record<string, Compared> } {
  const list = (sets: readonly MeasuredSet[]) =>
    sets.flatMap(({ measured }) => measured.map(one => scalars(one, voxel.length)))
  const [a, b] = [list(samples), list([reference])]
  const found: Record<string, Compared> = {}
  for (const key of Object.keys(a[0])) found[key] = compared(valuesOf(a, key), valuesOf(b, key))
  return { comparison: found }
}

interface Part {
  readonly mean: number | null
  readonly deviation: number
  readonly count: number
  readonly infinite: number
  readonly missing: number
}

export interface Compared {
  readonly samples: Part
  readonly reference: Part
  /** Of the two-sample test of Kolmogorov and Smirnov; null where one side has no value. */
  readonly statistic: number | null
  readonly p: number | null
}

const valuesOf = (list: readonly Scalars[], key: string) => list.map(values => values[key] ?? Number.NaN)

export function compared(a: readonly number[], b: readonly number[]): Compared {
  const part = (values: readonly number[]) => {
    const found = spread(values)
    return { ...found, mean: finite(found.mean) }
  }
  const known = (values: readonly number[]) => values.filter(value => !Number.isNaN(value))
  const some = known(a).length > 0 && known(b).length > 0
  const { statistic, p } = some ? kolmogorovSmirnov(known(a), known(b)) : { statistic: null, p: null }
  return { samples: part(a), reference: part(b), statistic, p }
}

function perAxis<T>(axes: number, of: (axis: string) => T): Record<string, T> {
  return Object.fromEntries(['x', 'y', 'z'].slice(0, axes).map(axis => [axis, of(axis)]))
}

function percolation(measured: readonly Measured[]): object {
  if (measured.length === 1) return measured[0].percolates!
  return mapAxes(
    axesOf(measured, one => one.percolates!),
    list => mean(list.map(Number)),
  )
}

function s2Of(measured: readonly Measured[], side: number): object {
  const curve = (list: readonly Float64Array[]) => numbers(band(list).mean)
  const radial = curve(measured.map(one => one.s2!.radial))
  return {
    r: places(radial.length, side),
    ...mapAxes(
      axesOf(measured, one => one.s2!),
      curve,
    ),
    radial,
  }
}

function linealPathOf(measured: readonly Measured[], side: number): object {
  const curve = (list: readonly Float64Array[]) => numbers(band(list).mean)
  const average = curve(measured.map(one => one.linealPath!.mean))
  return {
    r: places(average.length, side),
    ...mapAxes(
      axesOf(measured, one => one.linealPath!),
      curve,
    ),
    mean: average,
  }
}

/** Shares of all chords of each length, from 1. */
function chordsOf(measured: readonly Measured[], side: number): object {
  const counts = mapAxes(
    axesOf(measured, one => one.chords!),
    list => summed(list.map(chords => chords.counts)),
  )
  const longest = Object.values(counts).reduce((most, list) => Math.max(most, list.length - 1), 0)
  const share = (list: Float64Array) => {
    const all = list.length === 0 ? list : shares(list)
    return Array.from({ length: longest }, (_, i) => all[i + 1] ?? 0)
  }
  return { length: places(longest + 1, side).slice(1), ...mapAxes(counts, share) }
}

function poreSizesOf(measured: readonly Measured[], side: number): object {
  const counts = summed(measured.map(one => one.poreSizes!.counts))
  return {
    diameter: places(counts.length, side),
    share: numbers(counts.length === 0 ? counts : shares(counts)),
  }
}

function interfacesOf(measured: readonly Measured[], side: number): object {
  const pairs = Object.keys(measured[0].interfaces!)
  return Object.fromEntries(
    pairs.map(pair => [pair, mean(measured.map(one => one.interfaces![pair])) / side]),
  )
}

/** For every axis the values of all images. */
function axesOf<T>(measured: readonly Measured[], of: (one: Measured) => PerAxis<T>): PerAxis<T[]> {
  const [first] = measured
  return perAxis(first.shape.length, axis =>
    measured.map(one => of(one)[axis as 'x']!),
  ) as unknown as PerAxis<T[]>
}

/** Distances 0, 1, 2, … sites. */
const places = (length: number, side: number): number[] => Array.from({ length }, (_, r) => r * side)

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** JSON knows neither infinity nor NaN. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

const numbers = (values: Float64Array): (number | null)[] => Array.from(values, finite)

const mapValues = (values: Scalars, of: (value: number) => number | null) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, of(value)]))
