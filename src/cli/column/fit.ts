/** `saltus column fit`: two parameters per analyte from chromatograms and breakthrough curves. */
import { Command } from 'commander'
import { cannot, UsageError } from '../../base/errors.ts'
import { numbersOf, type Table } from '../../formats/csv.ts'
import {
  type ColumnModel,
  columnUnit,
  findPeaks,
  fitAnalyte,
  type Interval,
  pooled,
  quantity,
  resolution,
} from '../../physics/index.ts'
import { aligned, demandEndings, short, writeResult } from '../physical/outputs.ts'
import { readTable } from '../physical/tables.ts'
import { decimal, given, oneOf, several } from '../usage.ts'
import { type FittedAnalyte, fitPicture } from './picture.ts'

interface Flags {
  readonly data?: string
  readonly deadTime?: string
  readonly timeUnit?: string
  readonly input: 'step' | 'pulse'
  readonly model: ColumnModel
  readonly noise: 'constant' | 'counts'
  readonly prominence: number
  readonly out?: string[]
  readonly json: boolean
  readonly quiet: boolean
}

export function fitCommand(): Command {
  return new Command('fit')
    .description(
      'fit two parameters per analyte to a chromatogram or to breakthrough curves, with intervals of 95 %',
    )
    .option('--data <file>', 'needed: CSV, times in the first column, signals in the others')
    .option(
      '--dead-time <time>',
      'needed: time of a molecule that is never adsorbed, with its unit: 30s, 1.5min',
    )
    .option('--time-unit <unit>', 'unit of the time column where its head names none: s, min, h')
    .option(
      '--input <kind>',
      'what was let in: step (breakthrough) or pulse (peaks)',
      oneOf('--input', ['step', 'pulse'] as const),
      'pulse',
    )
    .option(
      '--model <name>',
      'kinetic: adsorption and desorption; dispersive: retardation and Péclet number',
      oneOf('--model', ['kinetic', 'dispersive'] as const),
      'kinetic',
    )
    .option(
      '--noise <kind>',
      'constant, or counts (variance = mean)',
      oneOf('--noise', ['constant', 'counts'] as const),
      'constant',
    )
    .option(
      '--prominence <share>',
      'least height of a peak over its valleys, share of the range',
      decimal('--prominence', { above: 0, most: 0.99 }),
      0.01,
    )
    .option('--out <file>', '.svg (data, fit, residuals) or .csv; may be given several times', several)
    .option('--json', 'print one JSON object', false)
    .option('--quiet', 'print results and errors only', false)
    .addHelpText(
      'after',
      `
Examples:
  saltus column fit --data peaks.csv --dead-time 1.2min --time-unit min --out fit.svg
  saltus column fit --data step.csv --input step --dead-time 30s --time-unit s --model dispersive --noise counts
`,
    )
    .action((flags: Flags) => run(flags))
}

async function run(flags: Flags): Promise<void> {
  const path = given('column fit', '--data', flags.data)
  const deadText = given('column fit', '--dead-time', flags.deadTime)
  demandEndings(flags.out, ['.svg', '.csv'])
  const table = readTable(path)
  if (table.columns.length < 2)
    throw new UsageError(
      cannot('fit', `the columns of ${path}`, 'times and one signal at least', table.columns.length),
    )
  const { unit, factor } = columnUnit('time', table.columns[0], flags.timeUnit)
  const dead = quantity('time', deadText) / factor
  const began = performance.now()
  const found = fitAll(table, { ...flags, dead })
  const seconds = (performance.now() - began) / 1000
  const sorted = [...found].sort((a, b) => a.mean - b.mean)
  const pairs = sorted.slice(1).map((second, k) => ({
    pair: [sorted[k].name, second.name],
    resolution: resolution(sorted[k], second),
  }))
  await writeResult(flags.out, {
    pictures: () => fitPicture(found, { unit, path }),
    arrays: () => ({}),
    columns: () => ({
      [`time_${unit}`]: Float64Array.from(found.flatMap(({ times }) => [...times])),
      analyte: Float64Array.from(found.flatMap(({ times }, k) => Array.from(times, () => k + 1))),
      measured: Float64Array.from(found.flatMap(({ values }) => [...values])),
      fitted: Float64Array.from(found.flatMap(({ fitted }) => [...fitted])),
    }),
  })
  // What diffuses alike in one column has one Péclet number.
  const peclets = found.flatMap(({ parameters }) => parameters.peclet ?? [])
  const together = peclets.length > 1 ? pooled(peclets) : undefined
  if (flags.json)
    process.stdout.write(
      `${JSON.stringify({
        ...{ peclet: together, data: path, unit, dead, model: flags.model, seconds },
        analytes: found.map(({ name, parameters, mean, deviation, amount, rms }) => ({
          ...{ name, ...parameters, mean, deviation, amount, rms },
        })),
        resolution: pairs,
      })}\n`,
    )
  else {
    process.stdout.write(tableOf(found, pairs, unit))
    if (together) process.stdout.write(`peclet of all, if they diffuse alike: ${cell(together)}\n`)
  }
}

function fitAll(table: Table, flags: Flags & { readonly dead: number }): FittedAnalyte[] {
  const times = numbersOf(table, 0)
  const found: FittedAnalyte[] = []
  for (let c = 1; c < table.columns.length; c++) {
    const values = numbersOf(table, c)
    if (values.every(value => value <= 0))
      throw new RangeError(
        cannot('fit', `the signal ${table.columns[c]}`, 'above 0 somewhere', 'nothing above 0'),
      )
    const name = table.columns[c]
    if (flags.input === 'step') {
      const low = values.findIndex(value => value < 0)
      if (low >= 0)
        throw new RangeError(cannot('fit', `row ${low + 1} of ${name}`, 'a concentration ≥ 0', values[low]))
      found.push({ name, times, values, ...fitAnalyte({ times, values }, flags) })
      continue
    }
    for (const { from, top, to } of findPeaks(values, flags)) {
      const own = { times: times.slice(from, to + 1), values: values.slice(from, to + 1) }
      if (own.times.length < 8) continue
      found.push({ name: `${short(times[top], 5)}`, ...own, ...fitAnalyte(own, flags) })
    }
  }
  if (found.length === 0)
    throw new RangeError(cannot('fit', 'the signal', 'one with a peak of that prominence', 'none'))
  return found
}

const cell = ({ value, low, high }: Interval) => `${short(value, 4)} (${short(low, 4)} … ${short(high, 4)})`

function tableOf(
  found: readonly FittedAnalyte[],
  pairs: readonly { resolution: number }[],
  unit: string,
): string {
  const names = Object.keys(found[0].parameters)
  const rows = found.map(({ name, parameters, mean, amount, rms }) => [
    name,
    ...names.map(key => cell(parameters[key])),
    short(mean, 5),
    short(amount, 4),
    short(100 * rms, 3),
  ])
  const head = ['analyte', ...names, `mean [${unit}]`, 'amount', 'residual %']
  const list = pairs.map(({ resolution: apart }) => short(apart, 3)).join(', ')
  return aligned([head, ...rows]) + (list ? `resolution of neighbours: ${list}\n` : '')
}
