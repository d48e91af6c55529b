/** `saltus wander`: units on a lattice or a graph, every event at its exact time, the exact law drawn over them. */
import { availableParallelism } from 'node:os'
import { Command } from 'commander'
import { cannot, UsageError } from '../../base/errors.ts'
import { numbersOf } from '../../formats/csv.ts'
import { type End, graphWalk, latticeWalk, law, type Network, type Wandering } from '../../physics/index.ts'
import { aligned, demandEndings, short, watched, writeResult } from '../physical/outputs.ts'
import { readTable } from '../physical/tables.ts'
import { decimal, listOf, oneOf, several, whole } from '../usage.ts'
import { type Shown, wanderPicture } from './picture.ts'
import { wanderOn } from './shards.ts'

interface Flags {
  readonly sites: number
  readonly forward: number
  readonly backward?: number
  readonly ends: (End | 'periodic')[]
  readonly adsorb: number
  readonly desorb: number
  readonly decay: number
  readonly graph?: string
  readonly start?: number
  readonly births: number
  readonly units: number
  readonly times: number[]
  readonly seed: number
  readonly workers: number
  readonly out?: string[]
  readonly json: boolean
  readonly quiet: boolean
}

const rate = (flag: string) => decimal(flag, { least: 0 })

export function wanderCommand(): Command {
  return new Command('wander')
    .description(
      'let independent units wander on a line or a graph: exact event times, beside their exact law',
    )
    .option('--sites <n>', 'sites of the line', whole('--sites', { least: 1, most: 1_000_000 }), 100)
    .option('--forward <rate>', 'hops to the right per unit of time', rate('--forward'), 1)
    .option('--backward <rate>', 'hops to the left (default: as --forward)', rate('--backward'))
    .option(
      '--ends <list>',
      'reflecting, absorbing, or periodic; one for both ends or two: reflecting,absorbing',
      listOf(oneOf('--ends', ['reflecting', 'absorbing', 'periodic'] as const)),
      ['reflecting'],
    )
    .option('--adsorb <rate>', 'a unit stops', rate('--adsorb'), 0)
    .option('--desorb <rate>', 'and goes on', rate('--desorb'), 0)
    .option('--decay <rate>', 'a unit is gone', rate('--decay'), 0)
    .option('--graph <file>', 'instead of a line: edges as CSV, a,b or a,b,rate, nodes from 0')
    .option('--start <node>', 'where all begin (default: the middle)', whole('--start', { least: 0 }))
    .option('--births <time>', 'they come evenly over this time, not at once', rate('--births'), 0)
    .option('--units <n>', 'how many', whole('--units', { least: 1, most: 100_000_000 }), 100_000)
    .option('--times <list>', 'when they are counted', listOf(decimal('--times', { least: 0 })), [10, 100])
    .option('--seed <n>', 'seed', whole('--seed', { least: 0 }), 0)
    .option('--workers <n>', 'threads', whole('--workers', { least: 1, most: 256 }), availableParallelism())
    .option('--out <file>', '.svg, .csv or .npz; may be given several times', several)
    .option('--json', 'print one JSON object', false)
    .option('--quiet', 'print results and errors only', false)
    .addHelpText(
      'after',
      `
Examples:
  saltus wander --sites 80 --ends reflecting,absorbing --forward 3 --backward 2 --times 2,10,40 --out walk.svg
  saltus wander --graph edges.csv --start 0 --times 1,10
`,
    )
    .action((flags: Flags) => run(flags))
}

async function run(flags: Flags): Promise<void> {
  demandEndings(flags.out, ['.svg', '.csv', '.npz'])
  const network = flags.graph ? graphOf(flags.graph) : lineOf(flags)
  const places = flags.graph ? network.nodes : flags.sites
  const times = [...flags.times].sort((a, b) => a - b)
  const walk: Wandering = {
    network,
    units: flags.units,
    seed: flags.seed,
    until: times[times.length - 1] || Number.MIN_VALUE,
    start: flags.start ?? Math.floor(places / 2),
    births: flags.births,
    times,
  }
  const began = performance.now()
  const found = await watched('wander', flags, options =>
    wanderOn(walk, { ...options, workers: flags.workers }),
  )
  const seconds = (performance.now() - began) / 1000
  const exact = law(network, walk as Wandering & { times: number[] })
  const shown = { walk, places, times, found, exact }
  await writeResult(flags.out, {
    pictures: () => wanderPicture(shown),
    arrays: () => ({
      counts: { data: found.counts, shape: [times.length, network.nodes] },
      expected: { data: exact.nodes.map(p => p * flags.units), shape: [times.length, network.nodes] },
      gone: { data: found.gone, shape: [times.length, network.exits.length] },
      times: { data: Float64Array.from(times), shape: [times.length] },
    }),
    columns: () => ({
      node: Float64Array.from({ length: network.nodes }, (_, i) => i),
      ...Object.fromEntries(
        times.flatMap((t, k) => [
          [`counts_t${t}`, found.counts.subarray(k * network.nodes, (k + 1) * network.nodes)],
          [
            `expected_t${t}`,
            exact.nodes.subarray(k * network.nodes, (k + 1) * network.nodes).map(p => p * flags.units),
          ],
        ]),
      ),
    }),
  })
  const rows = summaries(shown)
  if (flags.json) process.stdout.write(`${JSON.stringify({ ...plain(walk), events: found.events, rows })}\n`)
  else {
    process.stdout.write(
      aligned([
        ['time', 'there', 'left', 'not born', 'chi² / bins'],
        ...rows.map(row => [
          short(row.time),
          `${row.there}`,
          `${row.left}`,
          `${row.unborn}`,
          `${short(row.chiSquare, 3)} / ${row.bins}`,
        ]),
      ]),
    )
    process.stdout.write(`${found.events} events in ${short(seconds, 3)} s, every unit accounted for\n`)
  }
}

const plain = ({ units, seed, births, start }: Wandering) => ({ units, seed, births, start })

function lineOf(flags: Flags): Network {
  const { sites, forward, backward = forward, ends, adsorb, desorb, decay } = flags
  if (ends.length > 2 || (ends.length === 2 && ends.includes('periodic')))
    throw new UsageError(
      cannot('let units wander', '--ends', 'one word, or two that are no periodic', ends.join()),
    )
  const [low, high = low] = ends
  return latticeWalk({
    axes: [
      {
        length: sites,
        forward,
        backward,
        ends: low === 'periodic' || high === 'periodic' ? 'periodic' : [low, high],
      },
    ],
    mobility: adsorb > 0 ? [1, 0] : [1],
    switches:
      adsorb > 0
        ? [
            { from: 0, to: 1, rate: adsorb },
            { from: 1, to: 0, rate: desorb },
          ]
        : [],
    decay: adsorb > 0 ? [decay, decay] : [decay],
  })
}

function graphOf(path: string): Network {
  const table = readTable(path)
  const columns = table.columns.map((_, c) => numbersOf(table, c))
  const edges = table.rows.map((_, i) => columns.map(column => column[i]))
  const nodes = 1 + edges.reduce((most, [a, b]) => Math.max(most, a, b), 0)
  return graphWalk({ nodes, edges })
}

/** Per time: how many units are where, and chi² of the counts against their law over the bins that expect 5 or more. */
function summaries({ walk, times, found, exact }: Shown) {
  const { nodes, exits } = walk.network
  return times.map((time, k) => {
    let [there, chiSquare, bins] = [0, 0, 0]
    for (let i = k * nodes; i < (k + 1) * nodes; i++) {
      there += found.counts[i]
      const expected = walk.units * exact.nodes[i]
      if (expected < 5) continue
      chiSquare += (found.counts[i] - expected) ** 2 / expected
      bins++
    }
    const gone = found.gone.subarray(k * exits.length, (k + 1) * exits.length)
    const left = gone.reduce((sum, n) => sum + n, 0)
    return {
      time,
      there,
      left,
      exits: Object.fromEntries(exits.map((name, e) => [name, gone[e]])),
      unborn: found.unborn[k],
      chiSquare,
      bins,
    }
  })
}
