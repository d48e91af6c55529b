/** A list of small graphs as what a run learns from: nodes on the diagonal of [1, N, N], edges above it. */
import { demand } from '../../base/errors.ts'
import type { ImageSet } from '../../formats/dataset.ts'
import { countsOfGraphs, kindsOf } from '../../graph/index.ts'
import { nameOf } from '../files.ts'
import { loadGraphs } from '../input/graphs.ts'
import type { Reading } from '../input/images.ts'

/** What is known of the graphs. */
export interface Listed {
  /** What nodes may be; left out: all are alike. */
  readonly kinds?: readonly string[]
  /** The most edges at a pair. */
  readonly ceiling: number
}

/** Graphs of at least three nodes each. @throws SyntaxError, RangeError for what are none */
export function listedSet(
  path: string,
  reading: Reading,
): { readonly images: ImageSet; readonly listed: Listed } {
  const graphs = loadGraphs(path, reading)
  const [least, most] = [Math.min, Math.max].map(of => of(...graphs.map(({ n }) => n)))
  demand(least >= 3, `train on ${nameOf(path)}`, 'the nodes of a graph', 'at least 3', least)
  const kinds = kindsOf(graphs)
  const counts = countsOfGraphs(graphs, { nodes: most, kinds })
  const ceiling = Math.max(1, ...graphs.flatMap(({ weights }) => weights ?? []))
  const images: ImageSet = { shape: [1, most, most], count: graphs.length, counts }
  return { images, listed: { ceiling, ...(kinds && { kinds }) } }
}
