/**
 * Charts as standalone SVG: lines over x, and histograms.
 *
 * Drawn by Observable Plot on a document of linkedom. The two take about 0.2 s to load (measured on
 * Node 20), so they are loaded by the first chart and not with this file.
 */
import type { Markish, PlotOptions, ScaleOptions } from '@observablehq/plot'
import { demand } from '../base/errors.ts'
import { colours, type Key, type LineChartOptions, lineMarks, type Point, scaleOf } from './lines.ts'

export {
  type Area,
  type ChartAxis,
  type Key,
  type LineChartOptions,
  type Point,
  type Series,
  scaleOf,
} from './lines.ts'

/** Draws lines. Colours repeat after seven series. */
export async function lineChart(options: LineChartOptions): Promise<string> {
  const { marks, keys, scales } = lineMarks(await import('@observablehq/plot'), options)
  return frame(marks, { ...options, keys, scales })
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
