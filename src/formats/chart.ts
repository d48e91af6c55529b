/**
 * Charts as standalone SVG: lines over x, and histograms.
 *
 * Drawn by Observable Plot on a document of linkedom. The two take about 0.2 s to load (measured on
 * Node 20), so they are loaded by the first chart and not with this file.
 */
import type { Markish, PlotOptions, ScaleOptions } from '@observablehq/plot'
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

/** Draws lines. Colours repeat after seven series. */
export async function lineChart(options: LineChartOptions): Promise<string> {
  const { x, y, series, band } = options
  const shown = ([a, b]: Point) => shows(x, a) && shows(y, b)
  const all = series.flatMap(({ points }) => points).filter(shown)
  demand(all.length > 0, 'draw a chart', 'the series', 'at least one point that can be shown', series.length)
  const Plot = await import('@observablehq/plot')
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
  return frame([...marks, ...above], { ...options, keys, scales })
}

/** Whether an axis has a place for a value. */
function shows(axis: ChartAxis, value: number): boolean {
  return Number.isFinite(value) && (!axis.log || value > 0)
}

export interface HistogramOptions {
  title: string
  x: { label: string }
  /** Values that are not finite are left out. */
  series: readonly { name: string; values: ArrayLike<number> }[]
  /** Intervals of equal width, shared by all series, default 40. */
  bins?: number
  /** In pixels, default 720 x 420. */
  width?: number
  height?: number
}

/** Draws, per series, the share of its values in each interval: the heights of a series add up to 1. */
export async function histogram(options: HistogramOptions): Promise<string> {
  const { series, bins = 40 } = options
  const what = 'draw a histogram'
  demand(
    Number.isInteger(bins) && bins > 0 && bins <= 1000,
    what,
    'the bins',
    'a whole number from 1 to 1000',
    bins,
  )
  const finite = series.map(({ values }) => Array.from(values).filter(Number.isFinite))
  demand(
    finite.some(values => values.length > 0),
    what,
    'the values',
    'at least one finite number',
    'none',
  )
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const values of finite) {
    for (const value of values) {
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
  }
  if (low === high) [low, high] = [low - 0.5, high + 0.5]
  const Plot = await import('@observablehq/plot')
  const marks: Markish[] = []
  const keys: Key[] = []
  finite.forEach((values, i) => {
    const colour = colours[i % colours.length]
    const steps = stepsOf(values, { low, high, bins })
    marks.push(Plot.areaY(steps, { x: '0', y1: 0, y2: '1', fill: colour, fillOpacity: 0.15 }))
    marks.push(Plot.line(steps, { x: '0', y: '1', stroke: colour, strokeWidth: 1.5 }))
    keys.push({ name: series[i].name, colour })
  })
  const scales = { x: scaleOf(options.x, [low, high]), y: scaleOf({ label: 'share' }, [1]) }
  return frame([...marks, Plot.ruleY([0])], { ...options, keys, scales })
}

/** The outline of a histogram: two points per interval, closed at both ends. */
function stepsOf(values: readonly number[], range: { low: number; high: number; bins: number }): Point[] {
  const { low, high, bins } = range
  const shares = new Float64Array(bins)
  for (const value of values) {
    shares[Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))] += 1 / values.length
  }
  const edge = (k: number) => low + ((high - low) * k) / bins
  const outline = [...shares].flatMap((share, k): Point[] => [
    [edge(k), share],
    [edge(k + 1), share],
  ])
  return [[low, 0], ...outline, [high, 0]]
}

// The colours of Okabe and Ito, which stay apart in the common kinds of colour blindness; no yellow.
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#000000']

export interface Key {
  name: string
  colour: string
  thick?: boolean
}

export interface FrameOptions {
  title: string
  keys: readonly Key[]
  scales: { x: ScaleOptions; y: ScaleOptions }
  width?: number
  height?: number
}

const fontFamily = 'Helvetica, Arial, sans-serif'

/** Charts of one width one below the other. */
export function stacked(charts: readonly string[]): string {
  let [width, height] = [0, 0]
  const placed = charts.map(chart => {
    const [, wide, high] = /^<svg [^>]*width="(\d+)" height="(\d+)"/.exec(chart) ?? []
    const at = height
    width = Math.max(width, Number(wide))
    height += Number(high)
    return chart.replace('<svg ', `<svg y="${at}" `)
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${placed.join('')}</svg>\n`
}

/** Title, legend and plot one below the other, on white. */
export async function frame(marks: Markish[], options: FrameOptions): Promise<string> {
  const { title, keys, scales, width = 720, height = 420 } = options
  const legend = legendOf(keys, width)
  const top = 34 + legend.height
  const Plot = await import('@observablehq/plot')
  const { parseHTML } = await import('linkedom')
  const { document } = parseHTML('<html><body></body></html>')
  const plot: PlotOptions = {
    document,
    width,
    height: height - top,
    marginLeft: 64,
    marginRight: 24,
    marginBottom: 44,
    marginTop: 26,
    style: { fontFamily, fontSize: '13px', background: 'white', color: '#222' },
    x: { ...scales.x, labelAnchor: 'center' },
    y: { ...scales.y, labelOffset: 48 },
    marks: [Plot.frame({ stroke: '#999' }), ...marks],
  }
  const drawn = Plot.plot(plot)
  // Plot's own rules are for pages; what they set is set by attributes here, and drawing programs ignore them.
  drawn.querySelector('style')?.remove()
  drawn.removeAttribute('class')
  const svg = String(drawn.outerHTML)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    ` font-family="${fontFamily}" font-size="13" fill="#222">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    `<text x="16" y="24" font-size="16" font-weight="bold">${escaped(title)}</text>`,
    legend.svg,
    `<g transform="translate(0,${top})">${svg}</g>`,
    '</svg>\n',
  ].join('')
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

function legendOf(keys: readonly Key[], width: number): { svg: string; height: number } {
  let [x, y] = [16, 44]
  let svg = ''
  for (const { name, colour, thick } of keys) {
    // A letter of 13 pixels is about 7 wide; no renderer is at hand to measure it.
    const wide = 30 + 7 * name.length + 18
    if (x > 16 && x + wide > width) [x, y] = [16, y + 20]
    svg += `<line x1="${x}" x2="${x + 22}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="${thick ? 10 : 3}"/>`
    svg += `<text x="${x + 28}" y="${y + 4.5}">${escaped(name)}</text>`
    x += wide
  }
  return { svg, height: y - 44 + 22 }
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, letter => `&#${letter.charCodeAt(0)};`)
}
