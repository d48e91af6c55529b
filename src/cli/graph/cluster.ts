/** `saltus graph cluster`: divides the nodes of a graph, and compares kernels where the classes are known. */
import { extname } from 'node:path'
import { Command } from 'commander'
import { cannot, demand, UsageError } from '../../base/errors.ts'
import { random } from '../../base/random.ts'
import {
  adjustedRand,
  type ClusterMethod,
  clusterMethods,
  clusters,
  heatClusters,
  mutualInformation,
  parameterOf,
  type SweepRow,
  sweep,
} from '../../clustering/index.ts'
import { lineChart } from '../../formats/chart.ts'
import {
  type GraphData,
  mostOfTable,
  type ProximityName,
  proximity,
  proximityNames,
} from '../../graph/index.ts'
import { demandWritable, writeWhole } from '../../node/files.ts'
import { decimal, given, oneOf, whole } from '../usage.ts'
import { readGraph } from './read.ts'
import { withProgress } from './work.ts'

interface Flags {
  readonly graph?: string
  readonly kernel: ProximityName
  readonly t?: number
  readonly clusters?: number
  readonly method: ClusterMethod
  readonly starts: number
  readonly seed: number
  readonly compare: boolean
  readonly dropLoops: boolean
  readonly out?: string
  readonly json: boolean
  readonly quiet: boolean
}

export function clusterCommand(): Command {
  return new Command('cluster')
    .description('divide the nodes of a graph into clusters, by proximities plain or logarithmic')
    .option('--graph <file>', '.json {n, edges, weights, label} or .csv of from, to, weight')
    .option('--kernel <name>', proximityNames.join(', '), oneOf('--kernel', proximityNames), 'log-forest')
    .option(
      '--t <number>',
      'its parameter (default: half of its range; 1 where that has no end)',
      decimal('--t', { above: 0 }),
    )
    .option(
      '--clusters <n>',
      'how many (default: the classes in the file)',
      whole('--clusters', { least: 1 }),
    )
    .option('--method <name>', clusterMethods.join(', '), oneOf('--method', clusterMethods), 'kmeans')
    .option(
      '--starts <n>',
      'starts of k-means, of which the best is kept',
      whole('--starts', { least: 1 }),
      10,
    )
    .option('--seed <n>', 'of the starts', whole('--seed', { least: 0 }), 0)
    .option('--compare', 'all kernels over their parameters against the classes in the file', false)
    .option('--drop-loops', 'leave out edges from a node to itself', false)
    .option('--out <file>', 'node,cluster as .csv; the curves of --compare as .svg or .csv')
    .option('--json', 'print one JSON object', false)
    .option('--quiet', 'print results and errors only', false)
    .action(run)
}

async function run(flags: Flags): Promise<void> {
  const path = given('graph cluster', '--graph', flags.graph)
  const endings = flags.compare ? ['.svg', '.csv'] : ['.csv']
  if (flags.out !== undefined && !endings.includes(extname(flags.out)))
    throw new UsageError(
      cannot('write the result', '--out', `a file ending in ${endings.join(', ')}`, flags.out),
    )
  if (flags.out !== undefined) demandWritable(flags.out)
  const data = readGraph(path, { loops: flags.dropLoops ? 'drop' : 'refuse' })
  const known = data.labels && new Set(data.labels).size
  const count = flags.clusters ?? known
  if (count === undefined)
    throw new UsageError(
      cannot('run saltus graph cluster', '--clusters', 'given (the file names no classes)', null),
    )
  await (flags.compare ? compare : divide)(data, { ...flags, clusters: count })
}

type Settled = Flags & { readonly clusters: number }

async function divide({ graph, labels, names }: GraphData, flags: Settled): Promise<void> {
  const { kernel, method, starts, quiet } = flags
  const t = flags.t ?? parameterOf(graph, kernel, 0.5)
  const options = { clusters: flags.clusters, random: random(flags.seed), starts }
  const sparse = graph.nodes > mostOfTable
  if (sparse)
    demand(
      kernel === 'heat',
      'cluster the graph',
      `the kernel of more than ${mostOfTable} nodes`,
      'heat',
      kernel,
    )
  const work = sparse
    ? heatClusters(graph, { ...options, t })
    : (function* () {
        return yield* clusters(yield* proximity(graph, { kernel, t }), { ...options, method })
      })()
  const { labels: found, inertia } = await withProgress('cluster', work, quiet)
  const rows = Array.from(found, (cluster, i) => `${names?.[i] ?? i},${cluster}`)
  if (flags.out) writeWhole(flags.out, `node,cluster\n${rows.join('\n')}\n`)
  const agreement = labels && {
    rand: adjustedRand(found, labels),
    information: mutualInformation(found, labels),
  }
  if (flags.json)
    process.stdout.write(`${JSON.stringify({ kernel, t, inertia, ...agreement, clusters: [...found] })}\n`)
  else {
    const sizes = new Array<number>(flags.clusters).fill(0)
    for (const cluster of found) sizes[cluster]++
    process.stdout.write(`${kernel}, t = ${short(t)}: clusters of ${sizes.join(', ')} nodes\n`)
    if (agreement)
      process.stdout.write(
        `adjusted Rand index ${agreement.rand.toFixed(3)}, normalised mutual information ${agreement.information.toFixed(3)}\n`,
      )
  }
}

async function compare({ graph, labels }: GraphData, flags: Settled): Promise<void> {
  if (!labels)
    throw new RangeError(cannot('compare kernels', 'the file', 'one that has classes (label)', 'none'))
  const shares = Array.from({ length: 19 }, (_, i) => (i + 1) / 20)
  const { method, seed, starts, clusters: count } = flags
  const options = { labels, clusters: count, kernels: proximityNames, shares, method, seed, starts }
  const rows = await withProgress('compare', sweep(graph, options), flags.quiet)
  const best = proximityNames.flatMap(kernel => bestOf(rows.filter(row => row.kernel === kernel)))
  if (flags.out && extname(flags.out) === '.csv') {
    const lines = rows.map(row => [row.kernel, row.share, row.t, row.rand, row.information].join(','))
    writeWhole(flags.out, `kernel,share,t,rand,information\n${lines.join('\n')}\n`)
  } else if (flags.out) writeWhole(flags.out, await curves(rows))
  if (flags.json) process.stdout.write(`${JSON.stringify({ best, rows })}\n`)
  else {
    const line = (cells: string[]) =>
      `${cells[0].padEnd(20)}${cells
        .slice(1)
        .map(cell => cell.padStart(9))
        .join('')}\n`
    process.stdout.write(line(['kernel', 'best ARI', 'NMI', 'at t', 'mean ARI']))
    for (const { kernel, rand, information, t, mean } of best)
      process.stdout.write(line([kernel, rand.toFixed(3), information.toFixed(3), short(t), mean.toFixed(3)]))
  }
}

function bestOf(rows: readonly SweepRow[]): (SweepRow & { mean: number })[] {
  if (rows.length === 0) return []
  const best = rows.reduce((a, b) => (b.rand > a.rand ? b : a))
  return [{ ...best, mean: rows.reduce((sum, row) => sum + row.rand, 0) / rows.length }]
}

/** One chart per kernel, plain against logarithm, one below the other. */
async function curves(rows: readonly SweepRow[]): Promise<string> {
  const charts: string[] = []
  for (const plain of proximityNames.filter(name => !name.startsWith('log-'))) {
    const series = [plain, `log-${plain}`].map(name => ({
      name,
      points: rows.filter(row => row.kernel === name).map(row => [row.share, row.rand] as const),
    }))
    if (series.every(({ points }) => points.length === 0)) continue
    const x = { label: 'share of the range of the parameter' }
    const chart = await lineChart({
      title: plain,
      x,
      y: { label: 'adjusted Rand index' },
      series,
      width: 480,
      height: 300,
    })
    charts.push(
      chart.replace(
        '<svg ',
        `<svg x="${(charts.length % 2) * 480}" y="${Math.floor(charts.length / 2) * 300}" `,
      ),
    )
  }
  const size = `width="960" height="${Math.ceil(charts.length / 2) * 300}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${charts.join('')}</svg>\n`
}

const short = (value: number): string => String(Number(value.toPrecision(3)))
