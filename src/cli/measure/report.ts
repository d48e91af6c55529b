/** The report of `saltus measure`: curves of the samples against the reference, and the table. */
import { basename } from 'node:path'
import { type LineChartOptions, lineChart, type Point, type Series } from '../../formats/chart.ts'
import { type Band, band, type CurveName, curves } from '../../structure/index.ts'
import type { Context, MeasuredSet } from './json.ts'
import { type Row, rows, type Sides, unitText } from './table.ts'

interface Kind {
  readonly name: CurveName
  readonly title: string
  readonly x: string
  readonly y: string
  /** What a curve is beyond its end. */
  readonly beyond: number
}

const kinds: readonly Kind[] = [
  { name: 's2', title: 'Two-point correlation', x: 'distance', y: 'S2', beyond: Number.NaN },
  { name: 'linealPath', title: 'Lineal path', x: 'length', y: 'L', beyond: Number.NaN },
  { name: 'chords', title: 'Chord lengths', x: 'length', y: 'share of the chords', beyond: 0 },
  {
    name: 'poreSizes',
    title: 'Pore sizes (local thickness)',
    x: 'diameter',
    y: 'share of the phase',
    beyond: 0,
  },
]

/** How many files get a line each; more are taken together. */
const mostLines = 6

/** Charts one below the other as one SVG. */
export async function svgReport(sides: Sides, context: Context): Promise<string> {
  const charts = await chartsOf(sides, context)
  const placed = charts.map((chart, i) => chart.replace('<svg ', `<svg y="${i * chartHeight}" `))
  const size = `width="${chartWidth}" height="${charts.length * chartHeight}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${placed.join('')}</svg>\n`
}

/** A page of its own: the table, then the charts. */
export async function htmlReport(sides: Sides, context: Context): Promise<string> {
  const charts = await chartsOf(sides, context)
  const { samples, reference } = sides
  const names = (sets: readonly MeasuredSet[]) => sets.map(({ name }) => basename(name)).join(', ')
  const title = `Structure of ${names(samples)}${reference ? ` against ${names([reference])}` : ''}`
  const [head, ...body] = rows(sides, context)
  const row = ({ label, cells }: Row, tag: string) =>
    `<tr><th>${escaped(label)}</th>${cells.map(cell => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<title>${escaped(title)}</title>`,
    '<style>body{font:15px Helvetica,Arial,sans-serif;max-width:720px;margin:2em auto;color:#222}',
    'table{border-collapse:collapse}th,td{text-align:left;padding:2px 14px 2px 0;border-bottom:1px solid #ddd}',
    'tbody th{font-weight:normal}</style></head><body>',
    `<h1>${escaped(title)}</h1>`,
    `<table><thead>${row(head, 'th')}</thead><tbody>`,
    ...body.map(line => row(line, 'td')),
    '</tbody></table>',
    '<p>Mean ± standard deviation between images. ∞: nothing gets through; –: no value.',
    reference ? 'KS p: the two-sample test of Kolmogorov and Smirnov.</p>' : '</p>',
    ...charts,
    '</body></html>\n',
  ].join('\n')
}

const chartWidth = 720
const chartHeight = 420

async function chartsOf(sides: Sides, context: Context): Promise<string[]> {
  const charts: string[] = []
  for (const kind of kinds) {
    const options = chartOf(kind, sides, context)
    if (options) charts.push(await lineChart({ ...options, width: chartWidth, height: chartHeight }))
  }
  return charts
}

/** Undefined where there is nothing to draw. */
function chartOf(
  kind: Kind,
  { samples, reference }: Sides,
  { voxel }: Context,
): LineChartOptions | undefined {
  const points = (curve: Float64Array) => Array.from(curve, (value, r): Point => [r * voxel.length, value])
  const series: Series[] = []
  const drawn: { name: string; found: Band; count: number }[] = []
  const sets = samples.length > mostLines || reference ? [together(samples)] : samples
  for (const { name, measured } of reference ? [...sets, reference] : sets) {
    const list = measured.flatMap(one => curves(one)[kind.name] ?? [])
    if (list.length === 0) continue
    const found = band(list, kind.beyond)
    const mean = list.length > 1 ? `, mean of ${list.length}` : ''
    const side = reference ? (measured === reference.measured ? 'reference' : 'samples') : name
    series.push({ name: `${side}${mean}`, points: points(found.mean) })
    drawn.push({ name: side, found, count: list.length })
  }
  if (!series.some(({ points }) => points.some(([, y]) => Number.isFinite(y)))) return undefined
  // The natural variation: of the reference, or of what is alone.
  const wide = reference
    ? drawn.find(({ name }) => name === 'reference')
    : drawn.length === 1
      ? drawn[0]
      : undefined
  const range = wide && wide.count > 1 ? wide : undefined
  return {
    title: kind.title,
    x: { label: `${kind.x}${unitText(voxel.unit, 1) || (voxel.length === 1 ? ' [pixels]' : '')}` },
    y: { label: kind.y },
    series,
    ...(range && {
      band: {
        name: `5 to 95 % of ${range.name}`,
        points: Array.from(
          range.found.low,
          (low, r) => [r * voxel.length, low, range.found.high[r]] as const,
        ),
      },
    }),
  }
}

function together(sets: readonly MeasuredSet[]): MeasuredSet {
  if (sets.length === 1) return sets[0]
  return { name: `all ${sets.length} files`, measured: sets.flatMap(({ measured }) => measured) }
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, letter => `&#${letter.charCodeAt(0)};`)
}
