/** Lists of small graphs out of what files hold, [{n, edges: [[a, b], …]}, …], and as counts [1, N, N] of nodes and edges. */
import { cannot, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'

/** A graph of n nodes, each pair once, with its smaller end first. */
export interface SmallGraph {
  readonly n: number
  readonly edges: readonly (readonly [number, number])[]
  /** [edges], how many edges each is (the order of a bond); left out: 1. */
  readonly weights?: readonly number[]
  /** [n], what the nodes are (atoms: C, N, O); left out: all alike. */
  readonly label?: readonly string[]
}

/** The most nodes of a graph that is read: more are a mistake, or no small graph. */
const MOST = 10_000

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
    const { n, edges, weights, label } = (typeof one === 'object' && one !== null ? one : {}) as Record<
      string,
      unknown
    >
    if (!(Number.isSafeInteger(n) && Number(n) >= 1 && Number(n) <= MOST))
      throw wrong(`n of graph ${i}`, `the number of nodes, 1 to ${MOST}`, n)
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
    const list = (of: unknown, holds: (value: unknown) => boolean): of is never[] =>
      Array.isArray(of) && of.every(holds)
    const order = (weight: unknown) =>
      Number.isSafeInteger(weight) && Number(weight) >= 1 && Number(weight) <= 4
    if (weights !== undefined && !(list(weights, order) && weights.length === kept.length))
      throw wrong(`weights of graph ${i}`, 'a whole number from 1 to 4 for each edge', weights)
    const name = (word: unknown) => typeof word === 'string' && /^[^\s,]{1,16}$/.test(word)
    if (label !== undefined && !(list(label, name) && label.length === n))
      throw wrong(`label of graph ${i}`, 'a word for each node', label)
    return {
      n: n as number,
      edges: kept,
      ...(weights !== undefined && { weights }),
      ...(label !== undefined && { label }),
    }
  })
}

/** What the nodes of some graphs may be, in the order of their names; undefined where nothing is said. @throws RangeError where it is of some alone */
export function kindsOf(graphs: readonly SmallGraph[]): string[] | undefined {
  demandSmallGraphs('tell the kinds', graphs)
  const told = graphs.filter(({ label }) => label !== undefined).length
  if (told === 0) return undefined
  demand(
    told === graphs.length,
    'tell the kinds',
    'the graphs with labels',
    `all ${graphs.length}, or none`,
    told,
  )
  const names = [...new Set(graphs.flatMap(({ label }) => label ?? []))].sort()
  return names.length > 1 ? names : undefined
}

export interface SmallGraphOptions {
  /** N */
  readonly nodes: number
  /** What nodes may be; left out: all are alike. */
  readonly kinds?: readonly string[]
}

/** Graphs as counts [graphs, N, N]: at (i, i) 1, or the number of its kind from 1, for each node, and at (i, j), i < j, the edges. */
export function countsOfGraphs(graphs: readonly SmallGraph[], options: SmallGraphOptions): Uint8Array {
  demandSmallGraphs('tell the counts', graphs)
  demandGiven('tell the counts', { options }, { options: { nodes: 'number', kinds: 'list?' } })
  const { nodes, kinds } = options
  const counts = new Uint8Array(graphs.length * nodes * nodes)
  graphs.forEach(({ n, edges, weights, label }, k) => {
    demand(n <= nodes, 'tell the counts', `the nodes of graph ${k}`, `at most ${nodes}`, n)
    const own = k * nodes * nodes
    for (let i = 0; i < n; i++) {
      const kind = kinds ? kinds.indexOf(label?.[i] ?? '') : 0
      demand(kind >= 0, 'tell the counts', `node ${i} of graph ${k}`, `one of ${kinds}`, label?.[i])
      counts[own + i * nodes + i] = 1 + kind
    }
    edges.forEach(([a, b], e) => {
      counts[own + a * nodes + b] = weights?.[e] ?? 1
    })
  })
  return counts
}

/** Counts [graphs, N, N] as graphs; nodes are numbered anew, in their order. Orders are told where any is above 1. */
export function graphsOfCounts(counts: ArrayLike<number>, options: SmallGraphOptions): SmallGraph[] {
  demandGiven(
    'read the counts',
    { counts, options },
    { counts: 'list', options: { nodes: 'number', kinds: 'list?' } },
  )
  const { nodes, kinds } = options
  return Array.from({ length: counts.length / (nodes * nodes) }, (_, k) => {
    const at = (i: number, j: number) => counts[(k * nodes + i) * nodes + j]
    const there = Array.from({ length: nodes }, (_, i) => i).filter(i => at(i, i) > 0)
    const pairs = there.flatMap((i, a) => there.slice(a + 1).map((j, b) => [a, a + 1 + b, at(i, j)] as const))
    const joined = pairs.filter(([, , order]) => order > 0)
    return {
      n: there.length,
      edges: joined.map(([a, b]) => [a, b] as const),
      ...(joined.some(([, , order]) => order > 1) && { weights: joined.map(([, , order]) => order) }),
      ...(kinds && { label: there.map(i => kinds[at(i, i) - 1]) }),
    }
  })
}
