/**
 * The figures of docs/graphs.md: node dist/scripts/graphs.js compare|random|maps|held-out|speed [data] [pictures]
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { random } from '../src/base/random.ts'
import { readPoints } from '../src/cli/graph/read.ts'
import { clusters, rejectCurve, type SweepRow, sweep } from '../src/clustering/index.ts'
import {
  decayGraph,
  type Embedded,
  embed,
  embeddingNames,
  euclidean,
  heatDistances,
  interpolationError,
  normalisedHeat,
  shortestWays,
} from '../src/embedding/index.ts'
import { lineChart } from '../src/formats/chart.ts'
import { scatterChart } from '../src/formats/scatter.ts'
import {
  distances,
  eigen,
  type Graph,
  graph,
  graphOfJson,
  plainProximities,
  planted,
  proximity,
  proximityNames,
} from '../src/graph/index.ts'

const [what = 'compare', data = '../shared/data', pictures = 'docs'] = process.argv.slice(2)
const shares = Array.from({ length: 19 }, (_, i) => (i + 1) / 20)

function finish<T>(work: Generator<number, T, void>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value as T
  }
}

const read = (name: string) =>
  graphOfJson(JSON.parse(readFileSync(join(data, 'graphs/communities', `${name}.json`), 'utf8')), { name })

const tableLine = (cells: readonly string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`)

/** Best and mean index over the parameter, plain and logarithmic, one line per graph. */
function comparison(name: string, g: Graph, labels: ArrayLike<number>): SweepRow[] {
  const count = new Set(Array.from(labels)).size
  const rows = finish(sweep(g, { labels, clusters: count, kernels: proximityNames, shares, starts: 6 }))
  const cells = plainProximities.map(plain =>
    [plain, `log-${plain}`]
      .map(kernel => {
        const found = rows.filter(row => row.kernel === kernel).map(({ rand }) => rand)
        return `${Math.max(...found).toFixed(2)} (${(found.reduce((a, b) => a + b, 0) / found.length).toFixed(2)})`
      })
      .join(' / '),
  )
  tableLine([name, ...cells])
  return rows
}

async function compare(): Promise<void> {
  tableLine(['graph', ...plainProximities])
  for (const name of ['karate', 'dolphins', 'football', 'polbooks', 'news_2cl1_0.1']) {
    const { graph: g, labels } = read(name)
    const rows = comparison(name, g, labels as Int32Array)
    if (name !== 'football') continue
    const series = ['forest', 'log-forest', 'communicability', 'log-communicability'].map(kernel => ({
      name: kernel,
      points: rows.filter(row => row.kernel === kernel).map(({ share, rand }) => [share, rand] as const),
    }))
    const [x, y] = [{ label: 'share of the range of the parameter' }, { label: 'adjusted Rand index' }]
    writeFileSync(
      join(pictures, 'graphs-football.svg'),
      await lineChart({ title: 'Football: plain and logarithmic', x, y, series }),
    )
  }
}

async function randomGraphs(): Promise<void> {
  tableLine(['graph', ...plainProximities])
  for (const [sizes, inside, outside] of [
    [[50, 50], 0.3, 0.1],
    [[30, 70], 0.3, 0.1],
    [[40, 40, 40, 40], 0.3, 0.08],
  ] as const) {
    const { graph: g, labels } = planted({ sizes, inside, outside, random: random(1) })
    const name = `${sizes.join(' + ')}, ${inside} / ${outside}`
    comparison(name, g, labels)
    if (sizes.length !== 2 || sizes[0] === sizes[1]) continue
    const series = (
      ['heat', 'log-heat', 'communicability', 'log-communicability', 'walk', 'log-walk'] as const
    ).map(kernel => ({
      name: kernel,
      points: rejectCurve(
        distances(finish(proximity(g, { kernel, t: kernel.endsWith('walk') ? 0.05 : 0.2 }))),
        labels,
      ),
    }))
    const [x, y] = [{ label: 'pairs of two classes accepted' }, { label: 'pairs of one class rejected' }]
    const title = `Reject curves, planted classes of ${name}`
    writeFileSync(join(pictures, 'graphs-reject.svg'), await lineChart({ title, x, y, series }))
  }
}

const sets = [
  {
    name: 'guo',
    file: 'manifold/guo_embryo_428x48_norm.csv.gz',
    label: 'num_cells',
    without: ['cell', 'Cell'],
  },
  { name: 'pbmc', file: 'manifold/pbmc68k_reduced_700x765.npz', label: 'label', without: [] },
]

/** Share of points whose nearest other point on the map has the same label. */
function purity({ map }: Embedded, labels: readonly string[]): number {
  const n = labels.length
  let same = 0
  for (let i = 0; i < n; i++) {
    let [best, least] = [-1, Infinity]
    for (let j = 0; j < n; j++) {
      const d = Math.hypot(map[2 * i] - map[2 * j], map[2 * i + 1] - map[2 * j + 1])
      if (j !== i && d < least) [best, least] = [j, d]
    }
    if (labels[best] === labels[i]) same++
  }
  return same / n
}

function maps(): void {
  tableLine(['set', 'preset', 't', 'neighbour of the same label'])
  for (const { name, file, ...flags } of sets) {
    const { points, labels = [] } = readPoints(join(data, file), flags)
    const g = decayGraph(finish(euclidean(points)), points.count)
    for (const preset of embeddingNames) {
      const made = finish(embed(g, { random: random(1), preset }))
      tableLine([name, preset, made.t.toFixed(1), purity(made, labels).toFixed(3)])
      const dots = labels.map((_, i) => [made.map[2 * i], made.map[2 * i + 1]] as const)
      const svg = scatterChart({
        title: `${name}: ${preset}, t = ${made.t.toFixed(1)}`,
        points: dots,
        labels,
      })
      writeFileSync(join(pictures, `graphs-${name}-${preset}.svg`), svg)
    }
  }
}

/** Each inner stage of the embryo from the stages before and after it, mean of ten draws. */
function heldOut(): void {
  const { points, labels = [] } = readPoints(join(data, sets[0].file), sets[0])
  const stages = [...new Set(labels)].sort((a, b) => Number(a) - Number(b))
  const straight = finish(euclidean(points))
  const g = decayGraph(straight, points.count)
  const kernel = finish(normalisedHeat(g, { t: 5.6, exact: true }))
  const ways = finish(shortestWays(g, (i, j) => straight[i * points.count + j]))
  const costs: [string, Float64Array][] = [
    ['heat', heatDistances(kernel, { t: 5.6 })],
    ['shortest ways', ways],
    ['straight', straight],
    ['any', new Float64Array(straight.length).fill(1)],
  ]
  tableLine(['stage held out', ...costs.map(([name]) => name)])
  const of = (stage: string) => labels.flatMap((label, i) => (label === stage ? [i] : []))
  for (let s = 1; s + 1 < stages.length; s++) {
    const [before, heldOutOnes, after] = [of(stages[s - 1]), of(stages[s]), of(stages[s + 1])]
    const cells = costs.map(([, apart]) => {
      let sum = 0
      for (let seed = 0; seed < 10; seed++) {
        const cost = apart.map(value => value * value)
        sum += interpolationError(points, { before, after, heldOut: heldOutOnes, cost, random: random(seed) })
      }
      return (sum / 10).toFixed(2)
    })
    tableLine([stages[s], ...cells])
  }
}

/** Processor seconds, so that what else runs does not count. */
function speed(): void {
  const timed = (name: string, work: () => void) => {
    const began = process.cpuUsage()
    work()
    process.stdout.write(`${name}: ${(process.cpuUsage(began).user / 1e6).toFixed(1)} s\n`)
  }
  const rng = random(1)
  const drawn = (nodes: number) =>
    planted({ sizes: [nodes / 2, nodes / 2], inside: 20 / nodes, outside: 4 / nodes, random: rng })
  const thousand = drawn(1000)
  timed('clusters of 1,000 nodes by log-forest', () => {
    const table = finish(proximity(thousand.graph, { kernel: 'log-forest', t: 1 }))
    finish(clusters(table, { clusters: 2, random: random(1) }))
  })
  const coordinates = Float64Array.from({ length: 6000 }, () => rng.uniform())
  for (const polynomials of [true, false])
    timed(`map of 2,000 points, ${polynomials ? 'polynomials' : 'exact sums'}`, () => {
      const apart = finish(euclidean({ data: coordinates, count: 2000, dimensions: 3 }))
      finish(embed(decayGraph(apart, 2000), { random: random(1), polynomials }))
    })
  const n = 3000
  const matrix = new Float64Array(n * n)
  const edges = drawn(n).graph
  for (let i = 0; i < n; i++) {
    matrix[i * n + i] = edges.degree[i]
    for (let k = edges.start[i]; k < edges.start[i + 1]; k++) matrix[i * n + edges.to[k]] = -1
  }
  timed('all modes of 3,000 nodes', () => finish(eigen(matrix, n)))
  timed('a graph of 100,000 nodes', () => {
    graph({ nodes: 100_000, edges: Array.from({ length: 99_999 }, (_, i) => [i, i + 1] as const) })
  })
}

const jobs: Record<string, () => void | Promise<void>> = {
  compare,
  random: randomGraphs,
  maps,
  'held-out': heldOut,
  speed,
}
await jobs[what]()
