/** What goes with the images of a run, and the process that it asks for. */
import { refused } from '../../base/errors.ts'
import { listsGraphs } from '../input/graphs.ts'
import { processNamed } from './processes.ts'

/** The fields of the job that say so. */
export interface Beside {
  readonly data?: string
  readonly window?: number
  readonly binarise?: number
  readonly ink?: boolean
  readonly fromData?: string
  readonly pairing?: string
  readonly coupling?: string
  readonly graph?: string
  readonly tell?: unknown
  readonly with?: string
  readonly within?: number
}

/** The process of whole images where none is named. */
export const otherwise = ({ data, window, fromData, graph, with: other }: Beside) =>
  other !== undefined
    ? 'joint'
    : graph !== undefined
      ? 'graph'
      : fromData !== undefined
        ? 'bridge'
        : data !== undefined && window === undefined && listsGraphs(data)
          ? 'edges'
          : 'spatial'

/** A bridge has two ends, what goes towards something seen has one to see, a joint process two parts. */
export function demandEnds(
  { data, fromData, pairing, coupling, graph, tell, within, binarise, ink, with: other }: Beside,
  process: string,
): void {
  const drawings = process === 'spatial' || process === 'blackout'
  if (ink && (!drawings || binarise !== undefined))
    throw refused('train', 'ink', 'left out but with whole images that walk or die, as they are', 'given')
  if (process === 'edges') {
    if (!listsGraphs(data ?? ''))
      throw refused('train', 'data', 'a list of graphs, .json, with --process edges', data)
    const [lone] = Object.entries({ tell, binarise }).find(([, value]) => value !== undefined) ?? []
    if (lone) throw refused('train', lone, 'left out with --process edges', 'given')
  }
  if (within !== undefined && process !== 'shift')
    throw refused('train', 'within', 'left out without --process shift', within)
  if (other !== undefined && process !== 'joint')
    throw refused('train', 'with', `left out with --process ${process}`, other)
  if (other !== undefined && tell !== undefined)
    throw refused('train', 'tell', 'left out with --with', 'given')
  if (other === undefined && process === 'joint')
    throw refused('train', 'with', 'given with --process joint', undefined)
  if (graph !== undefined && process !== 'graph')
    throw refused('train', 'graph', `left out with --process ${process}`, graph)
  const { other: end, needsOther } = processNamed(process)
  if (needsOther && fromData === undefined)
    throw refused('train', 'fromData', `given with --process ${process}`, undefined)
  if (end === 'seen' && fromData !== undefined && (tell !== undefined || within !== undefined))
    throw refused('train', 'fromData', 'left out with --tell and --within', fromData)
  if (end === 'images') return
  const told = { ...(end === undefined && { fromData }), pairing, coupling }
  const [lone] = Object.entries(told).find(([, value]) => value !== undefined) ?? []
  if (lone) throw refused('train', lone, 'left out without --process bridge', 'given')
}
