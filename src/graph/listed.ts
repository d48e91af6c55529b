/** Lists of small graphs out of what files hold, [{n, edges: [[a, b], …]}, …], and as counts [1, N, N] of nodes and edges. */
import { cannot, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'

/** A graph of n nodes, each edge once, with its smaller end first. */
export interface SmallGraph {
  readonly n: number
  readonly edges: readonly (readonly [number, number])[]
}

/** Refuses what is no list of graphs. @throws TypeError */
export function demandSmallGraphs(what: string, graphs: readonly SmallGraph[]): void {
  demandGiven(what, { graphs }, { graphs: 'objects' })
  for (const graph of graphs) demandGiven(what, { graph }, { graph: { n: 'number', edges: 'lists' } })
}

/** Reads a list of graphs without loops and double edges. Throws SyntaxError naming the graph that is none. */
export function smallGraphsOfJson(value: unknown, options: { readonly name: string }): SmallGraph[] {
  demandGiven('read the graphs', { options }, { options: { name: 'text' } })
  const { name } = options
  const wrong = (thing: string, wanted: string, got: unknown) =>
    new SyntaxError(cannot(`read ${name}`, thing, wanted, got))
  if (!Array.isArray(value) || value.length === 0)
    throw wrong('the file', 'a list of graphs [{n, edges}, …]', Array.isArray(value) ? 'an empty one' : value)
  return value.map((one, i) => {
    const { n, edges } = (typeof one === 'object' && one !== null ? one : {}) as Record<string, unknown>
    if (!(Number.isSafeInteger(n) && (n as number) >= 1))
      throw wrong(`n of graph ${i}`, 'the number of nodes', n)
    if (!Array.isArray(edges)) throw wrong(`edges of graph ${i}`, 'a list of pairs', edges)
    const node = (end: unknown) => Number.isSafeInteger(end) && Number(end) >= 0 && Number(end) < Number(n)
    const met = new Set<number>()
    const kept = edges.map((edge): readonly [number, number] => {
      const fits = Array.isArray(edge) && edge.length === 2 && edge.every(node) && edge[0] !== edge[1]
      if (!fits) throw wrong(`an edge of graph ${i}`, `two of its nodes 0 … ${Number(n) - 1}`, edge)
      const [a, b] = [Math.min(...edge), Math.max(...edge)]
      if (met.has(a * Number(n) + b)) throw wrong(`an edge of graph ${i}`, 'listed once', edge)
      met.add(a * Number(n) + b)
      return [a, b]
    })
    return { n: n as number, edges: kept }
  })
}

/** Graphs as counts [graphs, N, N]: 1 at (i, i) for each node, and at (i, j), i < j, for each edge. N is `nodes`, as many as any has. */
export function countsOfGraphs(graphs: readonly SmallGraph[], nodes: number): Uint8Array {
  demandSmallGraphs('tell the counts', graphs)
  demandGiven('tell the counts', { nodes }, { nodes: 'number' })
  const counts = new Uint8Array(graphs.length * nodes * nodes)
  graphs.forEach(({ n, edges }, k) => {
    demand(n <= nodes, 'tell the counts', `the nodes of graph ${k}`, `at most ${nodes}`, n)
    const own = k * nodes * nodes
    for (let i = 0; i < n; i++) counts[own + i * nodes + i] = 1
    for (const [a, b] of edges) counts[own + a * nodes + b] = 1
  })
  return counts
}

/** Counts [graphs, N, N] as graphs; nodes are numbered anew, in their order. */
export function graphsOfCounts(counts: ArrayLike<number>, nodes: number): SmallGraph[] {
  demandGiven('read the counts', { counts, nodes }, { counts: 'list', nodes: 'number' })
  return Array.from({ length: counts.length / (nodes * nodes) }, (_, k) => {
    const at = (i: number, j: number) => counts[(k * nodes + i) * nodes + j]
    const there = Array.from({ length: nodes }, (_, i) => i).filter(i => at(i, i) > 0)
    const edges = there.flatMap((i, a) =>
      there.slice(a + 1).flatMap((j, b) => (at(i, j) > 0 ? [[a, a + 1 + b] as const] : [])),
    )
    return { n: there.length, edges }
  })
}
