/**
 * The network of two parts that are one process: the U-Net over the first, told what the second is, and a head for each.
 *
 * On the way down the network sees the first part alone, and from the middle a small head tells the origin of the second; on the
 * way up it is told the state of the second. A part that is known is shown as it is in place of its state, and the network is told so. So of a second part of one unit it tells P(x | first part), and how far to trust the
 * unit's own state is left to the link, which knows the walk. Parts on one lattice are channels of one U-Net instead.
 */
import {
  add,
  concat,
  constant,
  reduceMean,
  reshape,
  silu,
  siteAxes,
  sizeOf,
  slice,
  type Tensor,
} from '../tensor/index.ts'
import { conv, inside, linear, norm } from './layers.ts'
import type { Parameters } from './parameters.ts'
import {
  down,
  type PartTask,
  type Seen,
  shownTo,
  type Task,
  type UnetInputs,
  type UnetOptions,
  up,
} from './unet.ts'

interface Built {
  readonly task: Task
  readonly options: UnetOptions
}

/** The parts of a task, which has them. */
const partsOf = ({ parts }: Task) => parts as readonly [PartTask, PartTask]

/** The outputs, [N, width, 1, all]: one part behind the other, and zeros where a part has fewer numbers a site. */
export function pair(parameters: Parameters, inputs: UnetInputs, { task, options }: Built): Tensor {
  const [n] = inputs.counts.shape
  const rows = outputs(parameters, inputs, { task, options }).map(y => reshape(y, [n, sizeOf(y.shape) / n]))
  const all = task.width * sizeOf(task.shape)
  const rest = all - rows.reduce((sum, { shape }) => sum + shape[1], 0)
  if (rest > 0) rows.push(constant(new Float32Array(n * rest), [n, rest]))
  return reshape(concat(rows, 1), [n, task.shape[0] * task.width, ...task.shape.slice(1)])
}

/** What lies in the middle: what has been seen of the first part. */
export function pairMiddle(parameters: Parameters, inputs: UnetInputs, { task, options }: Built): Tensor {
  const { first } = seenOf(parameters, inputs, { task, options })
  return down(first.place, first, options).y
}

function outputs(parameters: Parameters, inputs: UnetInputs, { task, options }: Built): readonly Tensor[] {
  const { first, second, alike } = seenOf(parameters, inputs, { task, options })
  const { place } = first
  const [a, b] = partsOf(task)
  const wide = [a, b].map(({ shape, width }) => shape[0] * width)
  const end = (y: Tensor, out: number) =>
    conv(inside(place, 'out'), silu(norm(inside(place, 'last'), y)), { out, gain: 0 })
  const lowest = down(place, first, options)
  if (alike) {
    const both = end(up(place, lowest, { embedding: first.embedding, options }), wide[0] + wide[1])
    return [slice(both, 1, 0, wide[0]), slice(both, 1, wide[0], wide[0] + wide[1])]
  }
  const [n] = inputs.counts.shape
  const flat = reshape(second.x, [n, sizeOf(second.x.shape) / n])
  const size = options.embedding
  const told = silu(linear(inside(place, 'told'), concat([flat, second.embedding], 1), { out: size }))
  const embedding = add(first.embedding, linear(inside(place, 'telling'), told, { out: size, gain: 0 }))
  const features = reduceMean(silu(norm(inside(place, 'pooled'), lowest.y)), siteAxes(lowest.y))
  const known = [reshape(features, [n, lowest.y.shape[1]]), first.embedding, ...(b.lone ? [] : [told])]
  const head = silu(linear(inside(place, 'head'), concat(known, 1), { out: size }))
  const sites = sizeOf(b.shape.slice(1))
  const other = linear(inside(place, 'second'), head, { out: wide[1] * sites, gain: 0 })
  return [end(up(place, lowest, { embedding, options }), wide[0]), other]
}

/** What is shown of each part; of parts on one lattice both in the first. */
function seenOf(parameters: Parameters, inputs: UnetInputs, { task, options }: Built) {
  const [a, b] = partsOf(task)
  const size = sizeOf(a.shape)
  const views = [a, b].map((part, k) => ({
    counts: cut(inputs.counts, part.shape, k * size),
    time: inputs.time,
    label: inputs.label,
  }))
  const of = (part: PartTask) => ({ task: { ...part, times: task.times, classes: 2 }, options })
  const first = shownTo(parameters, views[0], of(a))
  const other: Parameters = { get: (name, ...rest) => parameters.get(`second/${name}`, ...rest) }
  const second = shownTo(other, views[1], of(b))
  const alike = String(a.shape.slice(1)) === String(b.shape.slice(1))
  const joined: Seen = alike
    ? { x: concat([first.x, second.x], 1), embedding: add(first.embedding, second.embedding) }
    : first
  return { first: { ...first, ...joined }, second, alike }
}

/** The counts of a part, [N, C, …], out of those of the whole, [N, 1, 1, all]. */
function cut(counts: Tensor, shape: readonly number[], from: number): Tensor {
  const [n] = counts.shape
  const rows = reshape(counts, [n, sizeOf(counts.shape) / n])
  return reshape(slice(rows, 1, from, from + sizeOf(shape)), [n, ...shape])
}
