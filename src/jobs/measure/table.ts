/** What `saltus measure` prints on the terminal, and its CSV. */
import { type Scalars, type Spread, scalars, spread } from '../../structure/index.ts'
import { type Compared, comparison } from './json.ts'
import { type Context, type MeasuredSet, phaseName } from './set.ts'

/** Most columns of numbers beside each other; more files are taken together. */
const widest = 4

export interface Row {
  readonly label: string
  readonly cells: readonly string[]
}

export interface Sides {
  readonly samples: readonly MeasuredSet[]
  readonly reference?: MeasuredSet
}

/** The cells of the table, its head first. */
export function rows({ samples, reference }: Sides, context: Context): Row[] {
  if (reference) return comparedRows({ samples, reference }, context)
  const together = {
    name: `all ${samples.length} files`,
    measured: samples.flatMap(({ measured }) => measured),
  }
  const sets = samples.length > widest ? [together] : samples
  const lists = sets.map(({ measured }) => measured.map(one => scalars(one)))
  const keys = [...new Set(lists.flatMap(list => list.flatMap(values => Object.keys(values))))]
  return [
    { label: '', cells: sets.map(({ name }) => name) },
    { label: 'images', cells: sets.map(({ measured }) => String(measured.length)) },
    ...percolationRows(sets),
    ...sampleSizeRows(sets, context),
    ...keys.map(key => ({
      label: labelOf(key, context),
      cells: lists.map(list => cell(spread(list.map(values => values[key] ?? Number.NaN)))),
    })),
  ]
}

function comparedRows(
  sides: { samples: readonly MeasuredSet[]; reference: MeasuredSet },
  context: Context,
): Row[] {
  const count = (sets: readonly MeasuredSet[]) =>
    String(sets.reduce((sum, { measured }) => sum + measured.length, 0))
  const { comparison: found } = comparison(sides)
  const side = (part: Compared['samples']) => cell({ ...part, mean: part.mean ?? Number.NaN })
  return [
    { label: '', cells: ['samples', 'reference', 'KS p'] },
    { label: 'images', cells: [count(sides.samples), count([sides.reference]), ''] },
    ...percolationRows([
      { name: '', measured: sides.samples.flatMap(({ measured }) => measured) },
      sides.reference,
    ]).map(({ label, cells }) => ({ label, cells: [...cells, ''] })),
    ...Object.entries(found).map(([key, { samples, reference, p }]) => ({
      label: labelOf(key, context),
      cells: [side(samples), side(reference), p === null ? '–' : short(p, 2)],
    })),
  ]
}

/** How many of the images lead from face to face, per axis. */
function percolationRows(sets: readonly MeasuredSet[]): Row[] {
  const axes = Object.keys(sets[0].measured[0].percolates ?? {}) as 'x'[]
  return axes.map(axis => ({
    label: `percolates ${axis}`,
    cells: sets.map(({ measured }) => {
      const count = measured.filter(({ percolates }) => percolates?.[axis]).length
      return measured.length === 1 ? (count ? 'yes' : 'no') : `${short((100 * count) / measured.length, 3)} %`
    }),
  }))
}

/** How large a square or cube must be for a share that is off by 5 % at most, in 95 of 100 samples. */
function sampleSizeRows(sets: readonly MeasuredSet[], { voxel: { unit } }: Context): Row[] {
  if (!sets.some(({ representative }) => representative)) return []
  const text = (value = Number.NaN) => (Number.isFinite(value) ? short(value, 3) : '–')
  return [
    {
      label: `side of a sample for ±5 %${unitText(unit, 1)}`,
      cells: sets.map(({ representative }) => text(representative?.sideFor5)),
    },
    {
      label: 'error of this sample [%]',
      cells: sets.map(({ representative }) => text(100 * (representative?.error ?? Number.NaN))),
    },
  ]
}

/** What is measured, and then the rows. */
export function table(sides: Sides, context: Context): string {
  const all = rows(sides, context)
  const widths = all[0].cells.map((_, column) =>
    all.reduce((most, row) => Math.max(most, row.cells[column].length), 0),
  )
  const labels = all.reduce((most, row) => Math.max(most, row.label.length), 0)
  const line = ({ label, cells }: Row) =>
    [label.padEnd(labels), ...cells.map((text, column) => text.padEnd(widths[column]))].join('  ').trimEnd()
  return `${all.map(line).join('\n')}\n`
}

/** "label 0 (pore), value 255 in the file": what is measured, in words. */
export function subject(context: Context): string {
  const { phase, values, names } = context
  const name = names?.[phase] ?? (phase === 0 ? 'pore' : undefined)
  const value = values && values[phase] !== phase ? `, value ${values[phase]} in the file` : ''
  return `label ${phase}${name ? ` (${name})` : ''}${value}`
}

/** `of`: what stands behind the point is an axis, a label or two. */
const names: Record<string, [name: string, dimension: number | 'volume', of?: 'label' | 'pair']> = {
  tortuosity: ['tortuosity factor', 0],
  relativeDiffusivity: ['relative diffusivity', 0],
  periodicTortuosity: ['tortuosity factor, periodic sides,', 0],
  electrodeTortuosity: ['electrode tortuosity factor', 0],
  specificSurface: ['specific surface', -1],
  specificSurfaceIsotropic: ['specific surface, isotropic', -1],
  correlationLength: ['correlation length', 1],
  linealLength: ['lineal-path length', 1],
  chords: ['mean chord', 1],
  poreSizes: ['mean pore size', 1],
  exactPoreSizes: ['mean pore size, exact', 1],
  breakthrough: ['breakthrough diameter', 1],
  interfaces: ['interface', -1, 'pair'],
  fractions: ['fraction of', 0, 'label'],
  clusters: ['clusters of', 0, 'label'],
  closed: ['closed share of', 0, 'label'],
  largestCluster: ['largest cluster of', 0, 'label'],
  loneVoxels: ['lone voxels of', 0, 'label'],
  oneVoxelChords: ['one-voxel chords of', 0, 'label'],
  specificEuler: ['specific Euler number of', 'volume', 'label'],
  integralRange: ['integral range', 'volume'],
}

/** A name for people, with its unit: "mean chord x [um]". */
export function labelOf(key: string, context: Context): string {
  const { voxel, phase } = context
  const axes = voxel.sides.length
  const { unit } = voxel
  if (key === 'porosity') return phase === 0 ? 'porosity' : `fraction of ${phaseName(phase, context)}`
  if (key === 'triplePoints.perVolume')
    return `triple ${axes === 3 ? 'lines per volume' : 'points per area'}${unitText(unit, -2)}`
  if (key === 'triplePoints.perEdge')
    return `triple ${axes === 3 ? 'edges / inner edges' : 'corners / inner corners'}`
  const [head, detail = ''] = key.split('.')
  const [name, dimension, of] = names[head]
  const known = (label: string) => phaseName(Number(label), context)
  const detailed = of === 'label' ? known(detail) : of === 'pair' ? pairName(detail, context) : detail
  const power = dimension === 'volume' ? (head === 'integralRange' ? axes : -axes) : dimension
  return `${name}${detailed && ` ${detailed}`}${unitText(unit, power)}`
}

/** "0-1", or "pore–binder" where labels have names. */
function pairName(pair: string, context: Context): string {
  if (!context.names) return pair
  return pair
    .split('-')
    .map(label => phaseName(Number(label), context))
    .join('–')
}

/** The unit of lengths to that power, in brackets. */
export function unitText(unit: string, power: number): string {
  if (power === 0 || unit === '') return ''
  return ` [${power === 1 ? unit : `${unit}^${power}`}]`
}

/** The mean, the deviation between images, and what has no finite value. */
function cell({ mean, deviation, count, infinite, missing }: Spread): string {
  const all = count + infinite + missing
  if (count === 0) return infinite > 0 ? '∞' : '–'
  const spreads = all > 1 ? ` ± ${short(deviation, 2)}` : ''
  const others = [infinite > 0 ? `${infinite} ∞` : '', missing > 0 ? `${missing} –` : ''].filter(Boolean)
  return `${short(mean, 4)}${spreads}${others.length > 0 ? ` (${others.join(', ')})` : ''}`
}

const short = (value: number, digits: number): string => String(Number(value.toPrecision(digits)))

/** One line per image: file, number of the image, every scalar; empty where there is none, inf where infinite. */
export function csv(sets: readonly MeasuredSet[]): string {
  const lines: { name: string; image: number; values: Scalars }[] = sets.flatMap(({ name, measured }) =>
    measured.map((one, image) => ({ name, image, values: scalars(one) })),
  )
  const keys = [...new Set(lines.flatMap(({ values }) => Object.keys(values)))]
  const field = (value: number | undefined) =>
    value === undefined || Number.isNaN(value) ? '' : Number.isFinite(value) ? String(value) : 'inf'
  // What a spreadsheet would take for a formula is kept a text.
  const plain = (text: string) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)
  const quoted = (text: string) =>
    /[",\n\r]/.test(plain(text)) ? `"${plain(text).replaceAll('"', '""')}"` : plain(text)
  const rows = lines.map(({ name, image, values }) =>
    [quoted(name), image, ...keys.map(key => field(values[key]))].join(','),
  )
  return `${[['file', 'image', ...keys].join(','), ...rows].join('\n')}\n`
}
