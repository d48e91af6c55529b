/** The report of `saltus inspect`: its curves as SVG, with the words and tables as a page, and the words alone. */
import { type LineChartOptions, lineChart, type Point, stacked } from '../../formats/chart.ts'
import type { LoopRow, Spread } from '../../inspection/index.ts'
import type { Inspection } from './inspect.ts'

/** Lines of a text: what it is of, and the words. */
export function linesOf({
  conservativity,
  dimension,
  scales,
  gap,
  probe,
  images,
}: Inspection): [string, string][] {
  const each = <T extends { readonly tau: number }>(rows: readonly T[], text: (row: T) => string) =>
    rows.map(row => `τ ${short(row.tau)}: ${text(row)}`).join('; ')
  const median = ({ median, high }: Spread) => `${short(median)} (95 % below ${short(high)})`
  return [
    ['images', `${images.count} from ${images.from}`],
    ...(conservativity
      ? ([
          ['pairs', each(conservativity, ({ pair }) => median(pair))],
          ['loops', each(conservativity, ({ curl }) => median(curl))],
        ] as [string, string][])
      : []),
    ...(dimension
      ? [
          [
            'dimension',
            each(
              dimension,
              row =>
                `${short(row.effective.median)} carry the answer, largest fall after ${row.dimension.median}`,
            ),
          ] as [string, string],
        ]
      : []),
    ...(scales
      ? [
          [
            'scales',
            scales.bands
              .map(({ from, to, life }) => `${from} to ${to} sites until τ ${short(life)}`)
              .join('; '),
          ] as [string, string],
        ]
      : []),
    ...(gap
      ? [
          [
            'gap',
            `Fréchet ${short(gap.frechet)} between noise 0 and 1, ${short(gap.floor)} between two sets of noise 1 (${gap.samples} samples each, ${gap.features})`,
          ] as [string, string],
        ]
      : []),
    ...(probe
      ? [
          ...probe.attributes.map(({ name, best, bestTau, guess }): [string, string] => [
            `probe ${name}`,
            `${percent(best)} at τ ${short(bestTau)}, a guess ${percent(guess)}`,
          ]),
          ['probe mean', `${percent(probe.own)} each at its own time, ${percent(probe.one)} all at one`] as [
            string,
            string,
          ],
        ]
      : []),
  ]
}

const short = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '–')

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** The curves, one below the other. */
export async function inspectionSvg(found: Inspection): Promise<string> {
  const drawn: string[] = []
  for (const options of chartsOf(found)) drawn.push(await lineChart(options))
  return stacked(drawn)
}

/** A page with the words, then the curves. */
export async function inspectionPage(found: Inspection): Promise<string> {
  const row = ([name, text]: [string, string]) =>
    `<tr><th>${escaped(name)}</th><td>${escaped(text)}</td></tr>`
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<title>${escaped(`Inside ${found.model}`)}</title>`,
    '<style>body{font:15px Helvetica,Arial,sans-serif;max-width:760px;margin:2em auto;color:#222}',
    'table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:3px 14px 3px 0;border-bottom:1px solid #ddd}',
    '</style></head><body>',
    `<h1>${escaped(`Inside ${found.model}`)}</h1>`,
    `<table><tbody>${linesOf(found).map(row).join('\n')}</tbody></table>`,
    await inspectionSvg(found),
    '</body></html>\n',
  ].join('\n')
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, letter => `&#${letter.charCodeAt(0)};`)

function chartsOf({ conservativity, dimension, scales, probe }: Inspection): LineChartOptions[] {
  const tau = { label: 'τ', log: true }
  const charts: LineChartOptions[] = []
  if (conservativity) {
    const line = (pick: (row: LoopRow) => number) => conservativity.map((row): Point => [row.tau, pick(row)])
    charts.push({
      title: 'What the rates owe to each other: 0 if they are exact',
      x: tau,
      y: { label: 'residual of the logarithms', log: true },
      series: [
        { name: 'pairs, median', points: line(row => row.pair.median) },
        { name: 'pairs, 95 %', points: line(row => row.pair.high) },
        { name: 'loops, median', points: line(row => row.curl.median) },
        { name: 'loops, 95 %', points: line(row => row.curl.high) },
      ],
    })
  }
  if (dimension)
    charts.push({
      title: 'The answer of the origin to the noise: eigenvalues over the largest',
      x: { label: 'eigenvalue', log: true },
      y: { label: 'share of the largest', log: true },
      series: dimension.map(({ tau: at, values }) => ({
        name: `τ ${short(at)}`,
        points: values.slice(0, values.length >> 1).map((value, k): Point => [k + 1, value]),
      })),
    })
  if (scales)
    charts.push({
      title: 'Which scales live how long: signal over noise of the octaves',
      x: tau,
      y: { label: 'signal / noise', log: true },
      series: scales.bands.map(({ from, to, snr }) => ({
        name: `${from} to ${to} sites`,
        points: snr.map((value, i): Point => [scales.taus[i], value > 1e-4 ? value : Number.NaN]),
      })),
    })
  if (probe)
    charts.push({
      title: 'What weights alone read off the middle of the network',
      x: tau,
      y: { label: 'share read rightly' },
      series: probe.attributes.map(({ name, right }) => ({
        name,
        points: right.map((value, i): Point => [probe.taus[i], value]),
      })),
    })
  return charts
}
