/** Graphs that the tests of graphs share, and work done at once. */
import { readFileSync } from 'node:fs'
import { below, random } from '../../src/base/random.ts'
import { type Graph, graph } from '../../src/graph/index.ts'

export function finish<T>(work: Generator<number, T, void>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value as T
  }
}

export const path = (nodes: number): Graph =>
  graph({ nodes, edges: Array.from({ length: nodes - 1 }, (_, i) => [i, i + 1] as const) })

/** Every node from 1 on hangs on an earlier one. */
export function tree(nodes: number, seed: number): Graph {
  const rng = random(seed)
  return graph({
    nodes,
    edges: Array.from({ length: nodes - 1 }, (_, i) => [below(rng, i + 1), i + 1] as const),
  })
}

/** A tree and `more` further edges, with weights in [0.5, 1.5). */
export function tangle(nodes: number, more: number, seed: number): Graph {
  const rng = random(seed)
  const edges = new Map<string, readonly [number, number]>()
  for (let i = 1; i < nodes; i++) {
    const j = below(rng, i)
    edges.set(`${j} ${i}`, [j, i])
  }
  while (edges.size < nodes - 1 + more) {
    const [a, b] = [below(rng, nodes), below(rng, nodes)]
    if (a < b) edges.set(`${a} ${b}`, [a, b])
  }
  const list = [...edges.values()]
  return graph({ nodes, edges: list, weights: list.map(() => 0.5 + rng.uniform()) })
}

export interface Vectors {
  readonly nodes: number
  readonly edges: [number, number][]
  readonly weights: number[]
  readonly rates: number[]
  readonly rho: number
  readonly values: number[]
  readonly kernels: Record<string, { readonly t: number; readonly table: number[] }>
}

/** Made by vectors/kernels.py with scipy. */
export const vectors: Vectors = JSON.parse(
  readFileSync(new URL('./vectors/kernels.json', import.meta.url), 'utf8'),
)

/** The largest difference of two lists. */
export function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]))
  return most
}

/** The largest difference relative to the second list. */
export function apartRelatively(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] / b[i] - 1))
  return most
}
