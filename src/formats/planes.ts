/**
 * Grids of any axes as images or volumes: one channel, one time or all of them, and never a channel or a time for a
 * slice unless that is asked for.
 */
import { cannot } from '../base/errors.ts'
import { sizeOf, type TypedArray } from './array.ts'
import type { Grid } from './grid.ts'
import { malformed } from './malformed.ts'
import type { Source } from './source.ts'

/** Which one is wanted of several; `all` takes them for slices. */
export type Choice = number | 'all'

export interface PlaneOptions {
  /** Of channels, or of the samples of a coloured pixel; from 0. */
  readonly channel?: Choice
  /** Of times; from 0. */
  readonly frame?: Choice
}

/** What the first axis of [N, H, W] is, where the file says: slices of one volume, or times. */
export type Pages = 'slices' | 'times'

/** [H, W], [N, H, W] or [N, D, H, W]. */
export interface Planes extends Omit<Grid, 'axes'> {
  readonly pages?: Pages
}

/** A grid whose axes are known by their letters. */
interface Lettered {
  readonly data: TypedArray
  readonly shape: readonly number[]
  readonly axes: string
}

/**
 * Takes the wanted channel and time, drops axes of length 1, and puts times or images first, then slices.
 * @throws RangeError where there are several channels and none is chosen, or a choice is not there; SyntaxError for
 * colours
 */
export function planes(grid: Grid, { channel, frame }: PlaneOptions, source: Source): Planes {
  const { axes: _, ...about } = grid
  const what = `read ${source.name}`
  let now: Lettered = sampled(withoutOnes(grid), { channel, source })
  if (now.axes.includes('C')) now = chosen(now, 'C', { choice: channel, flag: '--channel', what })
  else if (channel !== undefined && channel !== 'all' && !hasSamples(grid))
    demandFirst(channel, { flag: '--channel', thing: 'channel', what })
  if (now.axes.includes('T') && frame !== undefined)
    now = chosen(now, 'T', { choice: frame, flag: '--frame', what })
  else if (frame !== undefined && frame !== 'all' && !now.axes.includes('T'))
    demandFirst(frame, { flag: '--frame', thing: 'time', what })
  if (now.axes.includes('N') && now.axes.includes('T')) {
    const got = `${now.shape.join(' x ')} (${now.axes})`
    throw new RangeError(cannot(what, '--frame', 'given for times of several images', got))
  }
  const order = [...'TNZ'].filter(letter => now.axes.includes(letter)).join('')
  const { data, shape } = ordered(now, `${order}YX`)
  const pages = order.includes('T') ? 'times' : order === 'Z' ? 'slices' : undefined
  return { ...about, data, shape: [...shape], ...(pages && { pages }) }
}

/** Axes of length 1 are none, but for those of a plane. */
function withoutOnes({ data, shape, axes }: Grid): Lettered {
  const kept = [...axes].flatMap((letter, i) => (shape[i] > 1 || 'YX'.includes(letter) ? [i] : []))
  return { data, shape: kept.map(i => shape[i]), axes: kept.map(i => axes[i]).join('') }
}

const hasSamples = ({ axes, shape }: Grid) => axes.includes('S') && shape[axes.indexOf('S')] > 1

function demandFirst(
  index: number,
  { flag, thing, what }: { flag: string; thing: string; what: string },
): void {
  if (index !== 0) throw new RangeError(cannot(what, flag, `0, of the only ${thing}`, index))
}

/** One of the samples of a pixel: the chosen one, or that which all of them are; opaque alpha counts for none. */
function sampled(grid: Lettered, { channel, source }: { channel?: Choice; source: Source }): Lettered {
  const axis = grid.axes.indexOf('S')
  if (axis < 0) return grid
  const what = `read ${source.name}`
  const samples = grid.shape[axis]
  if (channel !== undefined && !grid.axes.includes('C')) {
    if (channel !== 'all')
      return chosen(grid, 'S', { choice: channel, flag: '--channel', what, thing: 'samples' })
    throw new RangeError(cannot(what, '--channel', 'a number: colours are no slices', channel))
  }
  const each = Array.from({ length: samples }, (_, i) => taken(grid, 'S', i))
  const colours = samples % 2 === 0 && opaque(each[samples - 1].data) ? each.slice(0, -1) : each
  const [first, ...others] = colours
  const same = others.every(({ data }) => data.every((value, i) => Object.is(value, first.data[i])))
  if (!same)
    throw malformed(
      source.name,
      'the picture',
      `of labels or grey, or --channel (0 to ${samples - 1}) given`,
      'a coloured one',
    )
  return first
}

/** The largest value of its type (of reals 1) everywhere. */
function opaque(alpha: TypedArray): boolean {
  const most = alpha instanceof Uint8Array ? 255 : alpha instanceof Uint16Array ? 65535 : 1
  return alpha.every(value => value === most)
}

interface ChoiceOptions {
  readonly choice?: Choice
  readonly flag: string
  readonly what: string
  readonly thing?: string
}

/** One index of an axis; all of them as slices (or images of slices) where that is asked for. */
function chosen(
  grid: Lettered,
  letter: 'C' | 'T' | 'S',
  { choice, flag, what, thing = letter === 'C' ? 'channels' : 'times' }: ChoiceOptions,
): Lettered {
  const length = grid.shape[grid.axes.indexOf(letter)]
  if (choice === 'all') {
    const free = [...'ZN'].find(other => !grid.axes.includes(other))
    if (free === undefined) throw new RangeError(cannot(what, flag, 'a number', choice))
    return { ...grid, axes: grid.axes.replace(letter, free) }
  }
  if (choice !== undefined && choice < length) return taken(grid, letter, choice)
  const words = `one of 0 to ${length - 1}, as it has ${length} ${thing}`
  throw new RangeError(cannot(what, flag, words, choice ?? null))
}

/** The part of one index along an axis. */
function taken({ data, shape, axes }: Lettered, letter: string, index: number): Lettered {
  const axis = axes.indexOf(letter)
  const stride = sizeOf(shape.slice(axis + 1))
  const out = new (data.constructor as Uint8ArrayConstructor)(data.length / shape[axis])
  const step = stride * shape[axis]
  if (stride === 1) for (let i = 0; i < out.length; i++) out[i] = data[i * step + index]
  else
    for (let from = index * stride, to = 0; to < out.length; from += step, to += stride)
      out.set(data.subarray(from, from + stride), to)
  return {
    data: out,
    shape: shape.filter((_, i) => i !== axis),
    axes: axes.slice(0, axis) + axes.slice(axis + 1),
  }
}

/** The same numbers with the axes in another order. */
function ordered({ data, shape, axes }: Lettered, order: string): Lettered {
  if (axes === order) return { data, shape, axes }
  const from = [...order].map(letter => axes.indexOf(letter))
  const lengths = from.map(axis => shape[axis])
  const strides = from.map(axis => sizeOf(shape.slice(axis + 1)))
  const out = new (data.constructor as Uint8ArrayConstructor)(data.length)
  const last = lengths.length - 1
  const index = new Array<number>(lengths.length).fill(0)
  for (let to = 0; to < out.length; to += lengths[last]) {
    let start = 0
    for (let axis = 0; axis < last; axis++) start += index[axis] * strides[axis]
    for (let i = 0; i < lengths[last]; i++) out[to + i] = data[start + i * strides[last]]
    for (let axis = last - 1; axis >= 0; axis--) {
      if (++index[axis] < lengths[axis]) break
      index[axis] = 0
    }
  }
  return { data: out, shape: lengths, axes: order }
}
