/** What `saltus measure` prints on the terminal, and its CSV. */
import { type Scalars, type Spread, scalars, spread } from '../../structure/index.ts'
import { type Compared, type Context, comparison, type MeasuredSet } from './json.ts'

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
  const lists = sets.map(({ measured }) => measured.map(one => scalars(one, context.voxel.length)))
  const keys = [...new Set(lists.flatMap(list => list.flatMap(values => Object.keys(values))))]
  return [
    { label: '', cells: sets.map(({ name }) => name) },
    { label: 'images', cells: sets.map(({ measured }) => String(measured.length)) },
    ...percolationRows(sets),
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
  const { comparison: found } = comparison(sides, context)
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

export function table(sides: Sides, context: Context): string {
  const all = rows(sides, context)
  const width = (column: number) => Math.max(...all.map(row => row.cells[column].length))
  const widths = all[0].cells.map((_, column) => width(column))
  const labels = Math.max(...all.map(row => row.label.length))
  const line = ({ label, cells }: Row) =>
    [label.padEnd(labels), ...cells.map((text, column) => text.padEnd(widths[column]))].join('  ').trimEnd()
  return `${all.map(line).join('\n')}\n`
}

const names: Record<string, [name: string, dimension: number]> = {
  tortuosity: ['tortuosity factor', 0],
  relativeDiffusivity: ['relative diffusivity', 0],
  specificSurface: ['specific surface', -1],
  specificSurfaceIsotropic: ['specific surface, isotropic', -1],
  correlationLength: ['correlation length', 1],
  linealLength: ['lineal-path length', 1],
  chords: ['mean chord', 1],
  poreSizes: ['mean pore size', 1],
  interfaces: ['interface', -1],
  triplePoints: ['triple points', -2],
}

/** A name for people, with its unit: "mean chord x [um]". */
export function labelOf(key: string, { voxel: { unit }, phase }: Context): string {
  if (key === 'porosity') return phase === 0 ? 'porosity' : `fraction of label ${phase}`
  const [head, detail = ''] = key.split('.')
  if (head === 'fractions') return `fraction of label ${detail}`
  const [name, dimension] = names[head]
  return `${name}${detail && ` ${detail}`}${unitText(unit, dimension)}`
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
export function csv(sets: readonly MeasuredSet[], { voxel }: Context): string {
  const lines: { name: string; image: number; values: Scalars }[] = sets.flatMap(({ name, measured }) =>
    measured.map((one, image) => ({ name, image, values: scalars(one, voxel.length) })),
  )
  const keys = [...new Set(lines.flatMap(({ values }) => Object.keys(values)))]
  const field = (value: number | undefined) =>
    value === undefined || Number.isNaN(value) ? '' : Number.isFinite(value) ? String(value) : 'inf'
  const quoted = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const rows = lines.map(({ name, image, values }) =>
    [quoted(name), image, ...keys.map(key => field(values[key]))].join(','),
  )
  return `${[['file', 'image', ...keys].join(','), ...rows].join('\n')}\n`
}
