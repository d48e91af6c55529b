/** Graphs out of what files hold: an object {n, edges, weights, label, classes}, or rows "from, to, weight". */

import { cannot } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { type Graph, graph } from './graph.ts'

export interface GraphData {
  readonly graph: Graph
  /** [nodes], what the file calls each. */
  readonly names?: readonly string[]
  /** [nodes], a class of each node, 0 … */
  readonly labels?: Int32Array
  readonly classes?: readonly string[]
}

export interface ReadGraphOptions {
  /** What the errors call the file. */
  readonly name: string
  readonly loops?: 'refuse' | 'drop'
}

/** Reads {n, edges: [[a, b], …], weights?, label?, classes?}. Throws SyntaxError or RangeError. */
export function graphOfJson(value: unknown, options: ReadGraphOptions): GraphData {
  demandGiven('read the graph', { options }, { options: { name: 'text' } })
  const { name, loops } = options
  const wrong = (thing: string, wanted: string, got: unknown) =>
    new SyntaxError(cannot(`read ${name}`, thing, wanted, got))
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong('the file', 'one object {n, edges}', Array.isArray(value) ? 'a list' : value)
  const { n, edges, weights, label, classes } = value as Record<string, unknown>
  if (!Number.isSafeInteger(n)) throw wrong('n', 'the number of nodes', n)
  if (!Array.isArray(edges)) throw wrong('edges', 'a list of pairs', edges)
  const pair = (edge: unknown) => Array.isArray(edge) && edge.length === 2 && edge.every(Number.isSafeInteger)
  const odd = edges.findIndex(edge => !pair(edge))
  if (odd >= 0) throw wrong(`edge ${odd}`, 'a pair of nodes', edges[odd])
  if (weights !== undefined && !(Array.isArray(weights) && weights.every(w => typeof w === 'number')))
    throw wrong('weights', 'a list of numbers', weights)
  const built = graph({ nodes: n as number, edges, weights, loops })
  if (label === undefined) return { graph: built }
  const known =
    Array.isArray(label) && label.length === n && label.every(l => Number.isSafeInteger(l) && l >= 0)
  if (!known) throw wrong('label', `${n} classes, whole numbers from 0`, 'something else')
  const labels = Int32Array.from(label as number[])
  const names = Array.isArray(classes) ? classes.map(String) : undefined
  return { graph: built, labels, classes: names }
}

/**
 * Reads rows of two node names and perhaps a weight. Nodes come in the order of their names where these are all whole
 * numbers, else in the order in which they are met.
 */
export function graphOfRows(rows: readonly (readonly string[])[], options: ReadGraphOptions): GraphData {
  demandGiven('read the graph', { rows, options }, { rows: 'lists', options: { name: 'text' } })
  const { name, loops } = options
  const names = [...new Set(rows.flatMap(row => row.slice(0, 2)))]
  if (names.every(one => /^\d+$/.test(one))) names.sort((a, b) => Number(a) - Number(b))
  const place = new Map(names.map((one, i) => [one, i]))
  const weighted = rows[0].length > 2
  const weights = rows.map((row, i) => {
    const weight = weighted && row[2] !== '' ? Number(row[2]) : Number.NaN
    if (weighted && !Number.isFinite(weight))
      throw new SyntaxError(cannot(`read ${name}`, `the weight in row ${i + 1}`, 'a finite number', row[2]))
    return weight
  })
  const edges = rows.map(([from, to]) => [place.get(from) as number, place.get(to) as number] as const)
  return {
    graph: graph({ nodes: names.length, edges, weights: weighted ? weights : undefined, loops }),
    names,
  }
}
