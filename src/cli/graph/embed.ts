/** `saltus graph embed`: a map of points, or of the nodes of a graph. */
import { extname } from 'node:path'
import { Command } from 'commander'
import { cannot, UsageError } from '../../base/errors.ts'
import { random } from '../../base/random.ts'
import {
  decayGraph,
  type Embedded,
  type EmbeddingName,
  embed,
  embeddingNames,
  euclidean,
  nearestGraph,
  type Points,
} from '../../embedding/index.ts'
import { scatterChart } from '../../formats/scatter.ts'
import type { Graph } from '../../graph/index.ts'
import { demandWritable, writeWhole } from '../../node/files.ts'
import { decimal, given, listOf, oneOf, several, whole } from '../usage.ts'
import { type PointFlags, readGraph, readPoints } from './read.ts'
import { withProgress } from './work.ts'

interface Flags extends PointFlags {
  readonly data?: string
  readonly graph?: string
  readonly out?: string[]
  readonly preset: EmbeddingName
  readonly neighbours: number
  readonly decay: number
  readonly links: 'decay' | 'nearest'
  readonly t?: number
  readonly volume: number
  readonly polynomials: boolean
  readonly seed: number
  readonly quiet: boolean
}

export function embedCommand(): Command {
  const text = (part: string) => part
  return new Command('embed')
    .description('a map of points, or of a graph, by the heat that spreads between them')
    .option('--data <file>', 'points: .csv with a line of names (gzip or not), or an array [N, D] of an .npz')
    .option('--graph <file>', 'a graph instead: .json or .csv, as for cluster')
    .option('--out <file>', 'the map: .svg or .csv; may be given several times', several)
    .option('--label <column>', 'column (array of an .npz) by which points are coloured')
    .option('--without <list>', 'columns that are no coordinates', listOf(text))
    .option('--array <name>', 'which array of an .npz')
    .option('--preset <name>', embeddingNames.join(', '), oneOf('--preset', embeddingNames), 'heat')
    .option('--links <kind>', 'decay, nearest', oneOf('--links', ['decay', 'nearest'] as const), 'decay')
    .option('--neighbours <k>', 'of each point', whole('--neighbours', { least: 1 }), 10)
    .option('--decay <alpha>', 'how sharply links end', decimal('--decay', { above: 0 }), 40)
    .option(
      '--t <number>',
      'time of the heat (default: the knee of its entropy)',
      decimal('--t', { above: 0 }),
    )
    .option('--volume <share>', 'of the volume term, 0 to 1', decimal('--volume', { least: 0, most: 1 }), 0)
    .option('--polynomials', 'Chebyshev polynomials: faster, but far pairs are blurred', false)
    .option('--seed <n>', 'of the first vectors', whole('--seed', { least: 0 }), 0)
    .option('--quiet', 'print results and errors only', false)
    .action(run)
}

async function run(flags: Flags): Promise<void> {
  const paths = given('graph embed', '--out', flags.out)
  for (const path of paths) {
    if (!['.svg', '.csv'].includes(extname(path)))
      throw new UsageError(cannot('write the map', '--out', 'a file ending in .svg, .csv', path))
    demandWritable(path)
  }
  if ((flags.data === undefined) === (flags.graph === undefined))
    throw new UsageError(
      cannot('run saltus graph embed', 'one of --data and --graph', 'given', 'both or neither'),
    )
  const { graph, labels } =
    flags.data === undefined ? ofGraph(flags.graph as string) : ofPoints(flags.data, flags)
  const { t, volume, preset, polynomials, quiet } = flags
  const work = (function* () {
    return yield* embed(yield* graph(), { random: random(flags.seed), preset, t, volume, polynomials })
  })()
  const embedded = await withProgress('embed', work, quiet)
  for (const path of paths) writeWhole(path, await drawn(path, embedded, { labels, preset }))
  process.stdout.write(
    `${preset}: ${embedded.map.length / 2} points, t = ${Number(embedded.t.toPrecision(3))}\n`,
  )
}

interface Input {
  readonly graph: () => Generator<number, Graph, void>
  readonly labels?: readonly string[]
}

function ofGraph(path: string): Input {
  const { graph, labels, classes } = readGraph(path, { loops: 'refuse' })
  return {
    // biome-ignore lint/correctness/useYield: it is at hand
    graph: function* () {
      return graph
    },
    labels: labels && Array.from(labels, label => classes?.[label] ?? String(label)),
  }
}

function ofPoints(path: string, flags: Flags): Input {
  const { points, labels } = readPoints(path, flags)
  return { graph: () => linked(points, flags), labels }
}

function* linked(points: Points, { links, neighbours: k, decay }: Flags): Generator<number, Graph, void> {
  const apart = yield* euclidean(points)
  return links === 'nearest'
    ? nearestGraph(apart, points.count, { k })
    : decayGraph(apart, points.count, { k, decay })
}

interface Look {
  readonly labels?: readonly string[]
  readonly preset: string
}

async function drawn(path: string, { map, t }: Embedded, { labels, preset }: Look): Promise<string> {
  const place = (i: number) => [map[2 * i], map[2 * i + 1]] as const
  const count = map.length / 2
  if (extname(path) === '.csv') {
    const rows = Array.from({ length: count }, (_, i) =>
      [...place(i), ...(labels ? [labels[i]] : [])].join(','),
    )
    return `x,y${labels ? ',label' : ''}\n${rows.join('\n')}\n`
  }
  const title = `${preset}, t = ${Number(t.toPrecision(3))}`
  return scatterChart({ title, points: Array.from({ length: count }, (_, i) => place(i)), labels })
}
