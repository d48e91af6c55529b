/** What a model file says of the data it has learned from, and of the ground of its task. */
import { demand } from '../../base/errors.ts'
import type { DataDescription } from '../../model/description.ts'
import { type PackedGaussian, packGaussian } from '../../model/gaussian.ts'
import { numbersIn, type Told } from '../../network/told.ts'
import type { Task } from '../../network/unet.ts'
import {
  type BlockLaw,
  type ChainDescription,
  type CompleteDescription,
  type GraphDescription,
  type JointDescription,
  type JumpProcess,
  type ProcessDescription,
  process as rebuilt,
} from '../../process/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import { blockLaw } from '../../training/block-law.ts'
import { fitGaussian } from '../../training/fit-gaussian.ts'
import type { SourceDescription } from '../../training/sources.ts'
import { nameOf } from '../files.ts'
import { largest, massesOf } from '../masses.ts'
import type { Examples, TrainingData } from './data.ts'
import type { RunOptions } from './options.ts'

/** The edges that a network is told, where the process has any. */
export function graphOf(law: ProcessDescription): Pick<Task, 'graph'> {
  const { edges, weights } = law as Partial<GraphDescription>
  return edges ? { graph: { edges, ...(weights && { weights }) } } : {}
}

/** Whether a network is told that sites have no neighbours. */
export function apartOf(law: ProcessDescription): Pick<Task, 'apart'> {
  const { nodes, edges } = law as Partial<CompleteDescription & GraphDescription>
  return nodes !== undefined && !edges ? { apart: true } : {}
}

/** Of how many states a network is told one at each site, where the process has any. */
export function statesOf(law: ProcessDescription): Pick<Task, 'states'> {
  const { matrix, origin } = law as Partial<ChainDescription>
  return matrix && origin ? { states: origin.length } : {}
}

/** The parts that a network is told, where the process has any. */
export function partsOf(
  law: ProcessDescription,
  { parts, boundary }: Pick<TrainingData, 'parts'> & Pick<RunOptions, 'boundary'>,
): Pick<Task, 'parts'> {
  if (!parts) return {}
  const { parts: laws } = law as JointDescription
  const [a, b] = parts.map(({ shape, largest, lone }, k) => ({
    shape,
    width: rebuilt(laws[k]).link.width,
    periodic: shape.slice(1).map(() => laws[k].kind === 'spatial' && boundary === 'periodic'),
    scale: largest,
    ...(lone && { lone }),
    ...statesOf(laws[k]),
  }))
  return { parts: [a, b] }
}

export function describeData(
  options: RunOptions,
  { images, ends = images, count, material, paper, columns, source, parts, told, listed }: TrainingData,
  process: JumpProcess,
): DataDescription {
  const masses = parts || listed ? kept(images, process) : massesOf(images)
  const totals = masses.map(mass => mass.reduce((sum, m) => sum + m, 0))
  const order = totals.map((_, i) => i).sort((a, b) => totals[a] - totals[b] || a - b)
  const second = parts?.[1].classes
  const labels = second ? classesOf(images, second.length) : options.labels ? images.labels : undefined
  const shown = typical(order, labels)
  const names = labels && (images.classes ?? Array.from({ length: 1 + largest(labels) }, (_, i) => String(i)))
  return {
    name: nameOf(options.data),
    count,
    shape: images.shape,
    largest: Math.max(1, largest(images.counts), largest(ends.counts)),
    masses: shown.map(i => masses[i]),
    ...(labels ? { labels: shown.map(i => Number(labels[i])) } : {}),
    ...numbersTold(source, { told, shown, lengths: images.shape.slice(1) }),
    range: [totals[order[0]], totals[order[order.length - 1]]],
    classes: parts ? [] : (names ?? []),
    ...(second && { second }),
    ...(material ? { material: { ...material, ...coarse(source) } } : {}),
    ...(paper === undefined ? {} : { paper }),
    ...(columns ? { columns } : {}),
    ...(material || parts || listed
      ? {}
      : { gaussian: expected(images, labels ? names?.length : undefined) }),
  }
}

/** The class of each example whose last counts are one unit on so many. */
function classesOf({ counts, count }: Examples, classes: number): number[] {
  const size = counts.length / count
  return Array.from({ length: count }, (_, i) =>
    counts.subarray((i + 1) * size - classes, (i + 1) * size).findIndex(n => n > 0),
  )
}

/** What each example keeps, part by part. */
function kept({ counts, count }: Examples, process: JumpProcess): number[][] {
  const size = process.sites * process.channels
  return Array.from({ length: count }, (_, i) =>
    process.invariant(Int32Array.from(counts.subarray(i * size, (i + 1) * size))),
  )
}

/** Of some images the numbers that are told, where any are. */
function numbersTold(
  source: SourceDescription,
  {
    told = [],
    shown,
    lengths,
  }: { told?: readonly Told[]; shown: readonly number[]; lengths: readonly number[] },
): Pick<DataDescription, 'told'> {
  const stored = source.kind === 'pairs' ? source.clean : source.kind === 'stored' ? source : undefined
  if (!stored?.told || !told.some(({ kind }) => kind === 'numbers')) return {}
  const { told: rows, count } = stored
  const width = rows.length / count
  const own = (i: number) => rows.subarray(i * width, (i + 1) * width)
  return { told: shown.map(i => numbersIn(told, own(i), lengths).map(value => Number(value.toFixed(3)))) }
}

/** What is known of a material on lengths beyond those of a crop. */
function coarse(source: SourceDescription): { blocks?: BlockLaw } {
  const lone = source.kind === 'crops' && source.labels.length === sizeOf(source.shape)
  const law = lone ? blockLaw(source) : undefined
  return law ? { blocks: law } : {}
}

/** How many images stand for all in the table of masses. */
const tableSize = 512

/**
 * Images that stand for all, given in the order of their masses: of each class as many as its share is, to the nearest, and
 * in each spread evenly over the masses; by mass again.
 */
function typical(order: readonly number[], labels: ArrayLike<number> | undefined): number[] {
  const most = Math.min(order.length, tableSize)
  const ranks = new Map<number, number[]>()
  order.forEach((image, rank) => {
    const label = labels ? Number(labels[image]) : 0
    const own = ranks.get(label)
    if (own) own.push(rank)
    else ranks.set(label, [rank])
  })
  const chosen = [...ranks.values()].flatMap(own => {
    const share = Math.max(1, Math.round((most * own.length) / order.length))
    return Array.from({ length: share }, (_, i) => own[Math.floor(((i + 0.5) * own.length) / share)])
  })
  return chosen.sort((a, b) => a - b).map(rank => order[rank])
}

/** What is expected of a hole by what is known around it. */
function expected({ counts, labels, shape, count }: Examples, classes: number | undefined): PackedGaussian {
  demand(count > 1, 'train', 'the images', '[N, H, W] or [N, C, H, W], two at least', count)
  const size = shape.reduce((product, length) => product * length, 1)
  const of = classes === undefined ? {} : { labels, classes }
  return packGaussian(fitGaussian({ counts, size, ...of, largest: Math.max(1, largest(counts)) }))
}
