/** `saltus column`: molecules walk through a chromatograph, their times of elution beside the exact law. */
import { availableParallelism } from 'node:os'
import { Command } from 'commander'
import { drive } from '../../base/work.ts'
import { lineChart, type Point, type Series } from '../../formats/chart.ts'
import {
  type ElutionLaw,
  type ElutionTest,
  elutionDensity,
  elutionSums,
  type LatticeColumn,
  latticeColumn,
  latticeWalk,
  resolution,
  testElution,
} from '../../physics/index.ts'
import { aligned, demandEndings, short, watched, writeResult } from '../physical/outputs.ts'
import { decimal, oneOf, several, whole } from '../usage.ts'
import { wanderOn } from '../wander/shards.ts'
import { type AnalyteRates, analytes } from './analytes.ts'
import { fitCommand } from './fit.ts'
import { solveCommand } from './solve.ts'

interface Flags {
  readonly sites: number
  readonly hop: number
  readonly analytes: AnalyteRates[]
  readonly by: 'events' | 'sums'
  readonly units: number
  readonly seed: number
  readonly workers: number
  readonly out?: string[]
  readonly json: boolean
  readonly quiet: boolean
}

export function columnCommand(): Command {
  return new Command('column')
    .enablePositionalOptions()
    .description(
      'gas chromatography: molecules that hop, stick and come off, one by one; solve and fit as sub-commands',
    )
    .option('--sites <n>', 'sites of the column', whole('--sites', { least: 1, most: 100_000 }), 200)
    .option('--hop <rate>', 'hops per unit of time', decimal('--hop', { above: 0 }), 100)
    .option(
      '--analytes <list>',
      'name=adsorption:desorption rates, …',
      analytes,
      analytes('A=10:40,B=20:40,C=30:36,D=40:32'),
    )
    .option(
      '--by <route>',
      'events: hop by hop; sums: what hops and stays add up to, the same law, a hundred times as fast',
      oneOf('--by', ['events', 'sums'] as const),
      'events',
    )
    .option('--units <n>', 'molecules of each', whole('--units', { least: 1, most: 10_000_000 }), 100_000)
    .option('--seed <n>', 'seed', whole('--seed', { least: 0 }), 0)
    .option('--workers <n>', 'threads', whole('--workers', { least: 1, most: 256 }), availableParallelism())
    .option('--out <file>', '.svg, or .npz with all times; may be given several times', several)
    .option('--json', 'print one JSON object', false)
    .option('--quiet', 'print results and errors only', false)
    .addHelpText(
      'after',
      `
Examples:
  saltus column --by sums --units 1000000 --out column.svg
  saltus column --sites 50 --analytes slow=20:10,fast=10:40
`,
    )
    .action((flags: Flags) => run(flags))
    .addCommand(solveCommand())
    .addCommand(fitCommand())
}

interface Eluted extends AnalyteRates {
  readonly times: Float64Array
  readonly law: ElutionLaw
  readonly test: ElutionTest
  readonly events: number
}

async function run(flags: Flags): Promise<void> {
  demandEndings(flags.out, ['.svg', '.npz'])
  const began = performance.now()
  const eluted: Eluted[] = []
  for (const [index, analyte] of flags.analytes.entries())
    eluted.push(await watched(analyte.name, flags, options => elute(flags, { analyte, index, options })))
  const seconds = (performance.now() - began) / 1000
  await writeResult(flags.out, {
    pictures: () => picture(eluted, flags),
    arrays: () =>
      Object.fromEntries(
        eluted.map(({ name, times }) => [`times ${name}`, { data: times, shape: [times.length] }]),
      ),
  })
  const pairs = eluted.slice(1).map((second, k) => ({
    pair: [eluted[k].name, second.name],
    simulated: resolution(moments(eluted[k].test), moments(second.test)),
    exact: resolution(moments(eluted[k].law), moments(second.law)),
  }))
  if (flags.json) {
    const rows = eluted.map(({ name, adsorb, desorb, test, law, events }) => ({
      ...{ name, adsorb, desorb, events, ...test },
      exact: { mean: law.mean, variance: law.variance },
    }))
    const { sites, hop, units, seed, by } = flags
    process.stdout.write(
      `${JSON.stringify({ sites, hop, units, seed, by, seconds, analytes: rows, resolution: pairs })}\n`,
    )
    return
  }
  process.stdout.write(
    aligned([
      ['analyte', 'mean', 'exact', 'variance', 'exact', 'distance'],
      ...eluted.map(({ name, test, law }) => [
        name,
        ...[test.mean, law.mean, test.variance, law.variance].map(value => short(value, 5)),
        test.statistic.toFixed(5),
      ]),
    ]),
  )
  for (const { pair, simulated, exact } of pairs)
    process.stdout.write(`resolution ${pair.join(', ')}: ${short(simulated, 3)} (exact ${short(exact, 3)})\n`)
  const events = eluted.reduce((sum, one) => sum + one.events, 0)
  const made = flags.by === 'sums' ? `${eluted.length * flags.units} sums` : `${events} events`
  process.stdout.write(`${made} in ${short(seconds, 3)} s, every molecule accounted for\n`)
}

const moments = ({ mean, variance }: { mean: number; variance: number }) => ({
  mean,
  deviation: Math.sqrt(variance),
})

interface Elution {
  readonly analyte: AnalyteRates
  readonly index: number
  readonly options: { signal: AbortSignal; onProgress: (share: number) => void }
}

async function elute(flags: Flags, { analyte, index, options }: Elution): Promise<Eluted> {
  const { sites, hop, units, by } = flags
  const { adsorb, desorb } = analyte
  // Analytes have seeds of their own: 2^20 apart, so that neighbouring seeds share nothing.
  const seed = flags.seed + index * 2 ** 20
  const column = { sites, hop, adsorb, desorb }
  const { left: times, events } =
    by === 'sums'
      ? { left: await drive(elutionSums({ ...column, units, seed }), options), events: 0 }
      : await wanderOn(
          { network: networkOf(column), units, seed, until: Infinity, start: 0 },
          { ...options, workers: flags.workers },
        )
  const law = latticeColumn(column)
  return { ...analyte, times, law, test: testElution(times, law), events }
}

function networkOf({ sites, hop, adsorb, desorb }: LatticeColumn) {
  return latticeWalk({
    axes: [{ length: sites, forward: hop, backward: 0, ends: ['reflecting', 'absorbing'] }],
    mobility: [1, 0],
    switches: [
      { from: 0, to: 1, rate: adsorb },
      { from: 1, to: 0, rate: desorb },
    ],
  })
}

/** Histograms of the times as dots, exact densities as lines. */
function picture(eluted: readonly Eluted[], { units, sites }: Flags): Promise<string> {
  const last = Math.max(...eluted.map(({ law }) => law.mean + 4.5 * Math.sqrt(law.variance)))
  const first = Math.min(...eluted.map(({ law }) => law.mean - 4.5 * Math.sqrt(law.variance)))
  const from = Math.max(0, first)
  const bins = 300
  const width = (last - from) / bins
  const middles = Float64Array.from({ length: bins }, (_, b) => from + (b + 0.5) * width)
  const series = eluted.flatMap(({ name, times, law }): Series[] => {
    const heights = new Float64Array(bins)
    for (const t of times) {
      const b = Math.floor((t - from) / width)
      if (b >= 0 && b < bins) heights[b] += 1 / (units * width)
    }
    const exact = elutionDensity(law, middles)
    const points = (values: Float64Array) => Array.from(values, (value, b): Point => [middles[b], value])
    return [
      { name: `${name}: ${units} molecules`, points: points(heights), dots: true },
      { name: 'exact', points: points(exact) },
    ]
  })
  const title = `A column of ${sites} sites: when molecules leave it, and the law of Giddings and Eyring`
  return lineChart({
    title,
    x: { label: 'time (in the unit of one over the rates)' },
    y: { label: 'share per unit of time' },
    series,
    height: 460,
  })
}
