/**
 * Small graphs as units on pairs of nodes: node dist/scripts/small-graphs.js data GRAPHS.json[.gz] FOLDER
 * writes pairs.csv and counts.npz for `saltus train --graph`; … measure GRAPHS.json[.gz] SAMPLES.npz tells how far samples
 * are from the last fifth of the graphs, which is not written to counts.npz.
 *
 * A graph of at most N nodes is 0 or 1 on each of the N (N - 1) / 2 pairs. Two pairs are neighbours where they share a node: a
 * hop redraws one end of an edge (the line graph of the complete graph). Nodes are put in the order of their degrees, the
 * network being one of named nodes: each training graph is written in several orders of equal nodes.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { random } from '../src/base/random.ts'
import { gunzip } from '../src/formats/gzip.ts'
import { openNpz, writeNpz } from '../src/formats/npz.ts'
import { clusteringOf, degreeShares, type Graph, graph, ORBITS, orbitCounts } from '../src/graph/index.ts'
import { discrepancy, gaussianKernel, moverKernel } from '../src/metrics/index.ts'
import { demandWords } from './words.ts'

interface Listed {
  readonly n: number
  readonly edges: readonly (readonly [number, number])[]
}

const [what, path, out] = demandWords(
  'small-graphs.js data|measure GRAPHS.json FOLDER|SAMPLES.npz',
  process.argv.slice(2),
)
const bytes = (name: string) => new Uint8Array(readFileSync(name))
const all = JSON.parse(new TextDecoder().decode(gunzip(bytes(path), path))) as Listed[]
const most = Math.max(...all.map(({ n }) => n))
const kept = Math.floor(0.8 * all.length)
const pairs = Array.from({ length: most * most }, (_, i) => [Math.floor(i / most), i % most] as const).filter(
  ([a, b]) => a < b,
)
const place = new Map(pairs.map(([a, b], i) => [a * most + b, i]))
const pairOf = (a: number, b: number) => place.get(Math.min(a, b) * most + Math.max(a, b)) as number

/** The nodes by breadth first from one of the highest degree, ties broken at random: like graphs lie alike. */
function ordered({ n, edges }: Listed, draw: () => number): Int32Array {
  const near = Array.from({ length: n }, (): number[] => [])
  for (const [a, b] of edges) {
    near[a].push(b)
    near[b].push(a)
  }
  const rank = near.map(list => list.length + 0.5 * draw())
  const byRank = (a: number, b: number) => rank[b] - rank[a]
  const left = new Set(Array.from({ length: n }, (_, i) => i).sort(byRank))
  const order = new Int32Array(n)
  let at = 0
  for (const first of left) {
    const queue = [first]
    for (const node of queue) {
      if (!left.delete(node)) continue
      order[node] = at++
      queue.push(...near[node].filter(other => left.has(other)).sort(byRank))
    }
  }
  return order
}

const COPIES = 20

if (what === 'data') {
  const lines = pairs.flatMap(([a, b], i) =>
    pairs.flatMap(([c, d], j) => (i < j && (a === c || a === d || b === c || b === d) ? [`${i},${j}`] : [])),
  )
  writeFileSync(join(out, 'pairs.csv'), `from,to\n${lines.join('\n')}\n`)
  const stream = random(1)
  const counts = new Uint8Array(kept * COPIES * pairs.length)
  for (let i = 0; i < kept * COPIES; i++) {
    const one = all[i % kept]
    const order = ordered(one, () => stream.uniform())
    for (const [a, b] of one.edges) counts[i * pairs.length + pairOf(order[a], order[b])] = 1
  }
  const shape = [kept * COPIES, 1, pairs.length]
  writeFileSync(join(out, 'counts.npz'), writeNpz({ images: { data: counts, shape } }))
  process.stdout.write(
    `${kept} graphs of at most ${most} nodes, ${pairs.length} pairs, ${lines.length} hops\n`,
  )
} else {
  const samples = openNpz(bytes(out), out).get('samples')?.() as { data: Uint8Array; shape: number[] }
  const drawn = Array.from({ length: samples.shape[0] }, (_, i) =>
    built(pairs.filter((_, k) => samples.data[i * pairs.length + k] > 0)),
  )
  const [known, learned] = [all.slice(kept), all.slice(0, kept)].map(some =>
    some.map(({ edges }) => built(edges)),
  )
  const doubled = Array.from(samples.data).filter(n => n > 1).length
  process.stdout.write(`${drawn.length} samples; edges beyond the first of a pair: ${doubled}\n`)
  for (const [name, some] of [
    ['samples', drawn],
    ['training graphs', learned],
  ] as const) {
    const rows = distances(some, known)
    const mean = Object.values(rows).reduce((sum, value) => sum + value, 0) / 3
    const told = Object.entries(rows).map(([key, value]) => `${key} ${value.toFixed(4)}`)
    process.stdout.write(`${name} against those held out: ${told.join(', ')}, mean ${mean.toFixed(4)}\n`)
  }
}

/** Nodes without an edge are none. */
function built(edges: readonly (readonly [number, number])[]): Graph {
  const names = [...new Set(edges.flat())].sort((a, b) => a - b)
  const at = new Map(names.map((name, i) => [name, i]))
  return graph({
    nodes: Math.max(1, names.length),
    edges: edges.map(([a, b]) => [at.get(a) as number, at.get(b) as number] as const),
  })
}

/** MMD² as in GraphRNN and GDSS: histograms of degrees and of clustering coefficients (100 bins) by the earth mover's kernel, mean orbits by a Gaussian. */
function distances(a: readonly Graph[], b: readonly Graph[]): Record<string, number> {
  const binned = (one: Graph) => {
    const shares = new Float64Array(100)
    for (const value of clusteringOf(one)) shares[Math.min(99, Math.floor(100 * value))] += 1 / one.nodes
    return shares
  }
  const orbits = (one: Graph) => {
    const counts = orbitCounts(one)
    return Float64Array.from({ length: ORBITS }, (_, k) => {
      let sum = 0
      for (let i = 0; i < one.nodes; i++) sum += counts[i * ORBITS + k]
      return sum / one.nodes
    })
  }
  const of = <T>(see: (one: Graph) => T, kernel: (x: T, y: T) => number) =>
    discrepancy(a.map(see), b.map(see), kernel)
  return {
    degree: of(degreeShares, moverKernel()),
    clustering: of(binned, moverKernel({ width: 0.01, sigma: 0.1 })),
    orbits: of(orbits, gaussianKernel(30)),
  }
}
