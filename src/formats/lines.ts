/** What a line chart is made of, as plain data, and as the marks of Observable Plot: for files and for pages alike. */
import type { areaY, dot, line, Markish, ScaleOptions } from '@observablehq/plot'
import { demand } from '../base/errors.ts'

export interface ChartAxis {
  label: string
  /** Logarithmic, default false. */
  log?: boolean
}

/** [x, y]; a value that is not finite, or not positive on a logarithmic axis, leaves a gap. */
export type Point = readonly [number, number]

export interface Series {
  name: string
  points: readonly Point[]
  /** Points instead of a line: measured values. */
  dots?: boolean
}

export interface Area {
  name: string
  points: readonly (readonly [number, number, number])[]
}

export interface LineChartOptions {
  title: string
  x: ChartAxis
  y: ChartAxis
  series: readonly Series[]
  /** A grey area behind the lines: [x, low, high]. */
  band?: Area
  /** Further areas over it, each in a colour of its own. */
  bands?: readonly (Area & { colour: string })[]
  /** In pixels, default 720 x 420. */
  width?: number
  height?: number
}

/** What a chart shows, its keys and its scales. */
export interface Marked {
  readonly marks: Markish[]
  readonly keys: readonly Key[]
  readonly scales: { readonly x: ScaleOptions; readonly y: ScaleOptions }
}

/** What is used of Plot. */
export interface Plotting {
  readonly areaY: typeof areaY
  readonly dot: typeof dot
  readonly line: typeof line
}

/** Lines, areas and points as marks of Plot. Colours repeat after seven series. */
export function lineMarks(Plot: Plotting, options: LineChartOptions): Marked {
  const { x, y, series, band } = options
  const shown = ([a, b]: Point) => shows(x, a) && shows(y, b)
  const all = series.flatMap(({ points }) => points).filter(shown)
  demand(all.length > 0, 'draw a chart', 'the series', 'at least one point that can be shown', series.length)
  const marks: Markish[] = []
  const keys: Key[] = []
  const above: Markish[] = []
  const areas = [...(band ? [{ ...band, colour: '#bbbbbb' }] : []), ...(options.bands ?? [])]
  for (const { name, points, colour: fill } of areas) {
    const area = points.filter(([at, low, high]) => shown([at, low]) && shown([at, high]))
    marks.push(Plot.areaY(area, { x: '0', y1: '1', y2: '2', fill, fillOpacity: 0.5 }))
    keys.push({ name, colour: fill, thick: true })
    for (const [at, low, high] of area) all.push([at, low], [at, high])
  }
  series.forEach(({ name, points, dots }, i) => {
    const stroke = colours[i % colours.length]
    const line = points.map(point => (shown(point) ? point : [Number.NaN, Number.NaN]))
    if (!dots) marks.push(Plot.line(line, { x: '0', y: '1', stroke, strokeWidth: 2 }))
    if (dots) above.push(Plot.dot(points.filter(shown), { x: '0', y: '1', fill: stroke, r: 2 }))
    else if (points.length === 1) marks.push(Plot.dot(line, { x: '0', y: '1', fill: stroke }))
    keys.push({ name, colour: stroke })
  })
  const scales = {
    x: scaleOf(
      x,
      all.map(point => point[0]),
    ),
    y: scaleOf(
      y,
      all.map(point => point[1]),
    ),
  }
  return { marks: [...marks, ...above], keys, scales }
}

/** Whether an axis has a place for a value. */
function shows(axis: ChartAxis, value: number): boolean {
  return Number.isFinite(value) && (!axis.log || value > 0)
}

// The colours of Okabe and Ito, which stay apart in the common kinds of colour blindness; no yellow.
export const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#000000']

export interface Key {
  name: string
  colour: string
  thick?: boolean
}

/** Ticks are written as numbers, not with Plot's "40m"; `values` are those the axis has to show. */
export function scaleOf({ label, log }: ChartAxis, values: readonly number[]): ScaleOptions {
  let [low, high] = [Number.POSITIVE_INFINITY, 0]
  for (const value of values) {
    low = Math.min(low, Math.abs(value))
    high = Math.max(high, Math.abs(value))
  }
  const common = { label, grid: true, labelArrow: 'none', tickFormat: written } as const
  if (log)
    return { ...common, type: 'log', ticks: 10, tickFormat: high > 10 * low ? writtenSparsely : written }
  const ordinary = high === 0 || (high >= 1e-3 && high < 1e7)
  return { ...common, type: 'linear', tickFormat: ordinary ? undefined : written }
}

function written(value: number): string {
  const size = Math.abs(value)
  const short = Number(value.toPrecision(6))
  return size === 0 || (size >= 1e-4 && size < 1e6) ? String(short) : short.toExponential().replace('e+', 'e')
}

/** Only 1, 2 and 5 times a power of ten are written: the others are too close. */
function writtenSparsely(value: number): string {
  return /^[125]e/.test(Number(value.toPrecision(6)).toExponential()) ? written(value) : ''
}
