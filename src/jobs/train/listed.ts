/** A list of small graphs as what a run learns from: nodes on the diagonal of [1, N, N], edges above it. */
import { demand } from '../../base/errors.ts'
import type { ImageSet } from '../../formats/dataset.ts'
import { countsOfGraphs, kindsOf } from '../../graph/index.ts'
import { nameOf } from '../files.ts'
import { loadGraphs } from '../input/graphs.ts'
import type { Reading } from '../input/images.ts'

/** The most nodes that a graph has which `edges` walks on. */
const MOST = 64

/** What is known of the graphs. */
export interface Listed {
  /** What nodes may be; left out: all are alike. */
  readonly kinds?: readonly string[]
  /** The most edges at a pair. */
  readonly ceiling: number
}

/** Graphs of 3 to 64 nodes each. @throws SyntaxError, RangeError for what are none */
export function listedSet(
  path: string,
  reading: Reading,
): { readonly images: ImageSet; readonly listed: Listed } {
  const graphs = loadGraphs(path, reading)
  const odd = graphs.findIndex(({ n }) => n < 3 || n > MOST)
  const wanted = `from 3 to ${MOST}`
  demand(odd < 0, `train on ${nameOf(path)}`, `the nodes of graph ${odd}`, wanted, graphs[odd]?.n)
  const most = graphs.reduce((largest, { n }) => Math.max(largest, n), 0)
  const kinds = kindsOf(graphs)
  const counts = countsOfGraphs(graphs, { nodes: most, kinds })
  const ceiling = graphs.reduce((largest, { weights = [] }) => Math.max(largest, ...weights), 1)
  const images: ImageSet = { shape: [1, most, most], count: graphs.length, counts }
  return { images, listed: { ceiling, ...(kinds && { kinds }) } }
}
