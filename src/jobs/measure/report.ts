/** The report of `saltus measure`: curves of the samples against the reference, and the table. */
import { lineChart, stacked } from '../../formats/chart.ts'
import { phaseColours, phasePicture } from '../../formats/phase-picture.ts'
import { toBase64 } from '../../formats/volumes/base64.ts'
import { fractions, outside } from '../../structure/index.ts'
import { nameOf } from '../files.ts'
import { charts } from './charts.ts'
import { voxelText } from './input.ts'
import type { Measurement } from './measure.ts'
import { type Context, type MeasuredSet, phaseName } from './set.ts'
import { type Row, rows, type Sides, subject } from './table.ts'

/** Pictures, curves and the table of what was measured, or the curves alone. */
export const report = ({ context, ...sides }: Measurement, kind: 'html' | 'svg'): Promise<string> =>
  kind === 'svg' ? svgReport(sides, context) : htmlReport(sides, context)

const drawnCharts = (sides: Sides, context: Context) =>
  Promise.all(charts(sides, context).map(options => lineChart({ ...options, width: 720, height: 420 })))

/** Charts one below the other as one SVG. */
const svgReport = async (sides: Sides, context: Context): Promise<string> =>
  stacked(await drawnCharts(sides, context))

/** A page of its own: the table, then the charts. */
async function htmlReport(sides: Sides, context: Context): Promise<string> {
  const drawn = await drawnCharts(sides, context)
  const { samples, reference } = sides
  const names = (sets: readonly MeasuredSet[]) => sets.map(({ name }) => nameOf(name)).join(', ')
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
    'tbody th{font-weight:normal}figure{margin:1em 0}img{max-width:100%;image-rendering:pixelated}',
    'figcaption i{display:inline-block;width:.9em;height:.9em;margin:0 .3em 0 1em;vertical-align:-.1em}',
    '</style></head><body>',
    `<h1>${escaped(title)}</h1>`,
    `<p>Measured: ${escaped(subject(context))}. Voxels of ${escaped(voxelText(context.voxel) || '1')}.</p>`,
    ...figures(sides, context),
    `<table><thead>${row(head, 'th')}</thead><tbody>`,
    ...body.map(line => row(line, 'td')),
    '</tbody></table>',
    '<p>Mean ± standard deviation between images. ∞: nothing gets through; –: no value.',
    reference ? 'KS p: the two-sample test of Kolmogorov and Smirnov.</p>' : '</p>',
    ...drawn,
    '</body></html>\n',
  ].join('\n')
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, letter => `&#${letter.charCodeAt(0)};`)
}

/** A few images of the samples, and of the reference below them. */
function figures({ samples, reference }: Sides, context: Context): string[] {
  const all = samples.flatMap(({ pictures = [] }) => pictures).slice(0, 6)
  const labels = samples[0].measured[0].fractions.length
  const colours = phaseColours(labels)
  const legend = colours
    .map((rgb, label) => `<i style="background:rgb(${rgb})"></i>${escaped(phaseName(label, context))}`)
    .join('')
  return [
    figure(all, { title: 'Samples', labels, legend }),
    ...(reference ? [figure(reference.pictures ?? [], { title: 'Reference', labels, legend })] : []),
  ]
}

function figure(
  pictures: NonNullable<MeasuredSet['pictures']>,
  { title, labels, legend }: { title: string; labels: number; legend: string },
): string {
  if (pictures.length === 0 || pictures[0].shape.length !== 2) return ''
  const [height, width] = pictures[0].shape
  const size = height * width
  const data = new Uint8Array(size * pictures.length)
  pictures.forEach((grid, i) => {
    // What is no part of the sample is drawn as one label more.
    data.set(
      grid.data.map(label => (label === outside ? labels : label)),
      i * size,
    )
  })
  const captions = pictures.map(grid =>
    fractions(grid, labels)
      .map(share => share.toFixed(3))
      .join(' '),
  )
  const shape = [pictures.length, height, width]
  const options = { labels: labels + 1, captions, columns: Math.min(3, pictures.length) }
  const png = toBase64(phasePicture({ data, shape }, options))
  return `<figure><img alt="${title}" src="data:image/png;base64,${png}"><figcaption>${title}:${legend}</figcaption></figure>`
}
