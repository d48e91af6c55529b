/** The curves of the report: samples against the reference, with what is natural to vary. */
import type { Area, LineChartOptions, Point, Series } from '../../formats/lines.ts'
import { type Band, band, type CurveName, curves, type Measured } from '../../structure/index.ts'
import { nameOf } from '../files.ts'
import { type Context, type MeasuredSet, phaseName } from './set.ts'
import { type Sides, unitText } from './table.ts'

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
  {
    name: 'exactPoreSizes',
    title: 'Pore sizes, exact (balls between centres)',
    x: 'diameter',
    y: 'share of the phase',
    beyond: 0,
  },
  {
    name: 'porosimetry',
    title: 'Porosimetry: filled through a face, mean of the axes',
    x: 'diameter',
    y: 'share of the phase',
    beyond: 0,
  },
]

/** How many files get a line each; more are taken together. */
const mostLines = 6

/** The charts, as plain data. */
export function charts(sides: Sides, context: Context): LineChartOptions[] {
  const curves = kinds.flatMap(kind => chartOf(kind, sides, context) ?? [])
  return [...curves, ...profileCharts(sides, context), ...sizeCharts(sides, context)]
}

/** Undefined where there is nothing to draw. */
function chartOf(kind: Kind, { samples, reference }: Sides, context: Context): LineChartOptions | undefined {
  const { step } = samples[0].measured[0]
  const points = (curve: Float64Array) => Array.from(curve, (value, r): Point => [r * step, value])
  const series: Series[] = []
  const drawn: Drawn[] = []
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
  return {
    title: kind.title,
    x: { label: lengthLabel(kind.x, context) },
    y: { label: kind.y },
    series,
    ...bandsOf(drawn, step, reference !== undefined),
  }
}

interface Drawn {
  readonly name: string
  readonly found: Band
  readonly count: number
}

/**
 * What varies by nature: single images of the reference, or of what is alone, in grey; over it how far the means of
 * either side may be off, two standard errors, so that a wrong mean is seen even inside the spread of single images.
 */
function bandsOf(drawn: readonly Drawn[], step: number, compared: boolean): Partial<LineChartOptions> {
  const wide = compared
    ? drawn.find(({ name }) => name === 'reference')
    : drawn.length === 1
      ? drawn[0]
      : undefined
  const area = ({ name, low, high }: { name: string; low: Float64Array; high: Float64Array }): Area => ({
    name,
    points: Array.from(low, (value, r) => [r * step, value, high[r]] as const),
  })
  const single = wide && wide.count > 1 ? wide : undefined
  const colours = compared ? ['#7fb7d8', '#eaaf80'] : ['#7fb7d8']
  const several = drawn.flatMap((one, i) =>
    one.count > 1 && i < colours.length && (compared || single) ? [{ ...one, colour: colours[i] }] : [],
  )
  const bands = several.map(({ name, colour, found: { mean, error } }) => ({
    ...area({
      name: `mean of ${compared ? name : 'the images'} ± 2 s.e.`,
      low: mean.map((value, r) => value - 2 * error[r]),
      high: mean.map((value, r) => value + 2 * error[r]),
    }),
    colour,
  }))
  return {
    ...(single && {
      band: area({
        name: `5 to 95 % of single images${compared ? ` of ${single.name}` : ''}`,
        ...single.found,
      }),
    }),
    bands,
  }
}

const lengthLabel = (of: string, { voxel: { unit, sides } }: Context): string =>
  `${of}${unitText(unit, 1) || (sides.every(side => side === 1) ? ' [pixels]' : '')}`

/** The share of the phase across each axis, one line per side and axis. */
function profileCharts({ samples, reference }: Sides, context: Context): LineChartOptions[] {
  const sets = [together(samples), ...(reference ? [reference] : [])]
  const series = sets.flatMap((set, i): Series[] => {
    const side = reference ? `${i === 0 ? 'samples' : 'reference'}, ` : ''
    return Object.keys(set.measured[0].profiles ?? {}).map((axis, k) => ({
      name: `${side}along ${axis}`,
      points: profilePoints(set.measured, { axis: axis as 'x', k, phase: context.phase }),
    }))
  })
  if (series.length === 0 || !series.some(({ points }) => points.length > 1)) return []
  const title = `Share of ${phaseName(context.phase, context)} across the axes`
  return [{ title, x: { label: lengthLabel('place', context) }, y: { label: 'share' }, series }]
}

function profilePoints(
  measured: readonly Measured[],
  { axis, k, phase }: { axis: 'x'; k: number; phase: number },
): Point[] {
  const { mean } = band(measured.flatMap(one => one.profiles?.[axis]?.[phase] ?? []))
  const side = measured[0].spacing[measured[0].shape.length - 1 - k]
  return Array.from(mean, (value, at): Point => [(at + 0.5) * side, value])
}

/** Deviations of the share between blocks, against what the integral range says of large ones. */
function sizeCharts({ samples, reference }: Sides, context: Context): LineChartOptions[] {
  const sets =
    samples.length > mostLines || reference
      ? [...samples.slice(0, 1), ...(reference ? [reference] : [])]
      : samples
  const series = sets.flatMap(({ name, representative, measured }): Series[] => {
    if (!representative || representative.side.length < 2) return []
    const { side, deviation, integralRange } = representative
    const { mean: phi } = band(measured.map(one => Float64Array.of(one.porosity)))
    const axes = measured[0].shape.filter(length => length > 1).length
    const law = (length: number) => Math.sqrt((phi[0] * (1 - phi[0]) * integralRange) / length ** axes)
    const points = Array.from(side, (length, i): Point => [length, deviation[i]])
    const short = !reference ? nameOf(name) : name === reference.name ? 'reference' : 'samples'
    // Of large blocks alone: the law is one of long run.
    const large = [...side].filter(length => law(length) < 0.5)
    return [
      { name: short, points },
      { name: `${short}: √(φ(1 − φ)A/V)`, points: large.map((length): Point => [length, law(length)]) },
    ]
  })
  if (!series.some(({ points }) => points.some(([, y]) => y > 0))) return []
  const title = 'How large a sample must be: deviation of the share between blocks'
  const x = { label: lengthLabel('side of the blocks', context), log: true }
  return [{ title, x, y: { label: 'standard deviation', log: true }, series }]
}

function together(sets: readonly MeasuredSet[]): MeasuredSet {
  if (sets.length === 1) return sets[0]
  return { name: `all ${sets.length} files`, measured: sets.flatMap(({ measured }) => measured) }
}
