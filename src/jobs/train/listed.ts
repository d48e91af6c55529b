/** A list of small graphs as what a run learns from: nodes on the diagonal of [1, N, N], edges above it. */
import { demand } from '../../base/errors.ts'
import type { ImageSet } from '../../formats/dataset.ts'
import { countsOfGraphs } from '../../graph/index.ts'
import { nameOf } from '../files.ts'
import { loadGraphs } from '../input/graphs.ts'
import type { Reading } from '../input/images.ts'

/** Graphs of at least three nodes each. @throws SyntaxError, RangeError for what are none */
export function listedSet(path: string, reading: Reading): ImageSet {
  const graphs = loadGraphs(path, reading)
  const [least, most] = [Math.min, Math.max].map(of => of(...graphs.map(({ n }) => n)))
  demand(least >= 3, `train on ${nameOf(path)}`, 'the nodes of a graph', 'at least 3', least)
  return { shape: [1, most, most], count: graphs.length, counts: countsOfGraphs(graphs, most) }
}
