/** What `saltus measure --json` prints; docs/measure.md describes it. */

import { kolmogorovSmirnov } from '../../metrics/kolmogorov.ts'
import {
  band,
  type Measured,
  mapAxes,
  type PerAxis,
  type PoreSizes,
  type Representative,
  type Scalars,
  scalars,
  shares,
  spread,
  summed,
} from '../../structure/index.ts'
import { same } from '../input/labels.ts'
import { type Context, type MeasuredSet, phaseName } from './set.ts'

/** One file: of several images the means, and the numbers of each under `images`. */
export function record({ name, measured, representative }: MeasuredSet, context: Context): object {
  const { voxel, phase } = context
  const [first] = measured
  const every = measured.map(one => scalars(one))
  const scalar = (key: string) => finite(spread(every.map(values => values[key] ?? Number.NaN)).mean)
  const axesCount = first.shape.length
  const sides: Record<string, number> = Object.fromEntries(
    ['x', 'y', 'z'].slice(0, axesCount).map((axis, i) => [axis, voxel.sides[axesCount - 1 - i]]),
  )
  const cubic = voxel.sides.every(side => same(side, voxel.sides[0]))
  const axes = (key: string) => perAxis(first.shape.length, axis => scalar(`${key}.${axis}`))
  return {
    name,
    count: measured.length,
    shape: first.shape,
    phase,
    phases: first.fractions.map((_, label) => phaseName(label, context)),
    voxelSize: cubic ? voxel.sides[0] : perAxis(axesCount, axis => sides[axis]),
    ...(voxel.unit && { unit: voxel.unit }),
    ...(first.sample !== undefined && { sample: mean(measured.map(one => one.sample ?? 1)) }),
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
    ...(first.s2 && { correlationLength: scalar('correlationLength'), s2: s2Of(measured, first.step) }),
    ...(first.linealPath && {
      linealLength: scalar('linealLength'),
      linealPath: linealPathOf(measured, first.step),
    }),
    ...(first.chords && { chords: { mean: axes('chords'), ...chordsOf(measured, sides) } }),
    ...(first.poreSizes && {
      poreSizes: { mean: scalar('poreSizes'), ...poreSizesOf(measured, one => one.poreSizes) },
    }),
    ...(first.exactPoreSizes && {
      exactPoreSizes: { mean: scalar('exactPoreSizes'), ...poreSizesOf(measured, one => one.exactPoreSizes) },
    }),
    ...(first.porosimetry && {
      porosimetry: {
        breakthrough: axes('breakthrough'),
        ...perAxis(axesCount, axis => poreSizesOf(measured, one => one.porosimetry?.[axis as 'x'])),
      },
    }),
    ...(first.periodicTortuosity && { periodicTortuosity: axes('periodicTortuosity') }),
    ...(first.electrodeTortuosity && { electrodeTortuosity: axes('electrodeTortuosity') }),
    ...(first.interfaces && { interfaces: interfacesOf(measured) }),
    ...(first.triplePoints && {
      triplePoints: { perVolume: scalar('triplePoints.perVolume'), perEdge: scalar('triplePoints.perEdge') },
    }),
    ...phasesOf(measured),
    ...(first.profiles && { profiles: profilesOf(measured) }),
    ...(representative && { representative: plain(representative) }),
    ...(measured.length > 1 && { images: every.map(values => mapValues(values, finite)) }),
  }
}

/** The samples of all files together against the reference: means, deviations and the test of every scalar. */
export function comparison({
  samples,
  reference,
}: {
  samples: readonly MeasuredSet[]
  reference: MeasuredSet
}): { comparison: Record<string, Compared> } {
  const list = (sets: readonly MeasuredSet[]) =>
    sets.flatMap(({ measured }) => measured.map(one => scalars(one)))
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

/** Shares of all chords of each length, from 1 site; `length` where all sides are equal, else `lengths` per axis. */
function chordsOf(measured: readonly Measured[], sides: Record<string, number>): object {
  const counts = mapAxes(
    axesOf(measured, one => one.chords!),
    list => summed(list.map(chords => chords.counts)),
  )
  const longest = Object.values(counts).reduce((most, list) => Math.max(most, list.length - 1), 0)
  const share = (list: Float64Array) => {
    const all = list.length === 0 ? list : shares(list)
    return Array.from({ length: longest }, (_, i) => all[i + 1] ?? 0)
  }
  const lengths = Object.fromEntries(
    Object.entries(sides).map(([axis, side]) => [axis, places(longest + 1, side).slice(1)]),
  )
  const equal = Object.values(sides).every(side => same(side, sides.x))
  return { ...(equal ? { length: lengths.x } : { lengths }), ...mapAxes(counts, share) }
}

/** Shares of the phase by size; of a fluid that does not get everywhere over what it gets to. */
function poreSizesOf(measured: readonly Measured[], of: (one: Measured) => PoreSizes | undefined): object {
  const counts = summed(measured.map(one => of(one)?.counts ?? new Float64Array(0)))
  return {
    diameter: places(counts.length, measured[0].step),
    share: numbers(counts.length === 0 ? counts : shares(counts)),
  }
}

function interfacesOf(measured: readonly Measured[]): object {
  const pairs = Object.keys(measured[0].interfaces!)
  return Object.fromEntries(pairs.map(pair => [pair, mean(measured.map(one => one.interfaces![pair]))]))
}

/** What is told of every label: means over the images that have it. */
function phasesOf(measured: readonly Measured[]): object {
  const found: Record<string, unknown> = {}
  for (const key of ['euler', 'clusters', 'lone'] as const) {
    if (!measured[0][key]) continue
    const labels = [...new Set(measured.flatMap(one => Object.keys(one[key] ?? {})))]
    found[key] = Object.fromEntries(
      labels.map(label => {
        const known = measured.flatMap(one => (one[key]?.[Number(label)] as object | undefined) ?? [])
        return [label, averaged(known)]
      }),
    )
  }
  return found
}

/** The means of the numbers of objects of one form. */
function averaged(list: readonly object[]): object {
  return Object.fromEntries(
    Object.entries(list[0]).map(([key, value]) => {
      const values = list.map(one => (one as Record<string, unknown>)[key])
      if (typeof value !== 'number') return [key, averaged(values as object[])]
      return [key, finite(mean((values as number[]).filter(Number.isFinite)))]
    }),
  )
}

/** Shares of label 0, 1, … in every plane across each axis. */
function profilesOf(measured: readonly Measured[]): object {
  return mapAxes(
    axesOf(measured, one => one.profiles!),
    list => list[0].map((_, label) => numbers(band(list.map(one => one[label])).mean)),
  )
}

const plain = (values: Representative): object =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === 'number' ? finite(value) : numbers(value),
    ]),
  )

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
