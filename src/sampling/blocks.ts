// The origin of a large lattice from those of blocks of it, so that a network's memory does not grow with the lattice.
import { Cancelled, demand } from '../base/errors.ts'
import type { OriginFunction } from './solver.ts'

export interface BlocksOptions {
  /** C·K, numbers of the origin per site; counts have C. */
  readonly channels: number
  readonly width: number
  readonly lengths: readonly number[]
  readonly periodic: readonly boolean[]
  /** Sides of what one call sees, and how far from its own sides its origins are not taken. */
  readonly block: readonly number[]
  readonly margin: number
  /** Of one block [1, C, ...block]. */
  readonly origin: OriginFunction
  /** Ends the work with `Cancelled` between two calls. */
  readonly signal?: AbortSignal
}

/** A part of an axis: where the block begins (before 0 on the other side of a torus), and what of it is taken. */
interface Stretch {
  readonly start: number
  readonly from: number
  readonly to: number
}

/**
 * Every block sees its margin of what lies around it and tells what is inside; where a wall is, the block ends there. Which
 * blocks there are depends on the lengths alone, and so do the bytes that come out: not on memory nor on who works.
 */
export function blockOrigins(options: BlocksOptions): OriginFunction {
  const { channels, width, lengths, block, origin, signal } = options
  const axes = lengths.map((_, axis) => stretches(options, axis))
  const product = (of: readonly number[]) => of.reduce((all, length) => all * length, 1)
  const [sites, inside] = [product(lengths), product(block)]
  const state = new Int32Array(channels * inside)
  const out = new Float32Array(channels * width * sites)
  const places = Array.from({ length: product(axes.map(of => of.length)) }, (_, i) => {
    let rest = i
    return axes
      .toReversed()
      .map(of => {
        const stretch = of[rest % of.length]
        rest = Math.floor(rest / of.length)
        return stretch
      })
      .toReversed()
  })

  return async (counts, times, first) => {
    const what = 'tell the origin of a large lattice'
    demand(
      times.length === 1 && counts.length === channels * sites,
      what,
      'the tile',
      'one image',
      times.length,
    )
    for (const place of places) {
      if (signal?.aborted) throw new Cancelled('Sampling was cancelled')
      rows({ lengths, block, place }, (at, i) => {
        for (let c = 0; c < channels; c++) state[c * inside + i] = counts[c * sites + at]
      })
      const told = await origin(state, times, first)
      rows({ lengths, block, place }, (at, i, own) => {
        if (own) for (let c = 0; c < channels * width; c++) out[c * sites + at] = told[c * inside + i]
      })
    }
    return out
  }
}

function stretches({ lengths, periodic, block, margin }: BlocksOptions, axis: number): Stretch[] {
  const [length, side] = [lengths[axis], block[axis]]
  if (side >= length) return [{ start: 0, from: 0, to: length }]
  const count = Math.ceil(length / (side - 2 * margin))
  return Array.from({ length: count }, (_, i) => {
    const [begin, end] = [Math.floor((i * length) / count), Math.floor(((i + 1) * length) / count)]
    const centred = begin - ((side - (end - begin)) >> 1)
    const start = periodic[axis] ? centred : Math.max(0, Math.min(length - side, centred))
    return { start, from: begin - start, to: end - start }
  })
}

/** Every site of a block: its place in the lattice, its place in the block, and whether its origin is taken. */
function rows(
  {
    lengths,
    block,
    place,
  }: { lengths: readonly number[]; block: readonly number[]; place: readonly Stretch[] },
  visit: (at: number, i: number, own: boolean) => void,
): void {
  const last = lengths.length - 1
  const outer = block.slice(0, -1).reduce((all, length) => all * length, 1)
  const { start, from, to } = place[last]
  const length = lengths[last]
  for (let row = 0, i = 0; row < outer; row++) {
    let [rest, base, stride, own] = [row, 0, length, true]
    for (let axis = last - 1; axis >= 0; axis--) {
      const x = rest % block[axis]
      rest = Math.floor(rest / block[axis])
      own &&= x >= place[axis].from && x < place[axis].to
      base += ((((x + place[axis].start) % lengths[axis]) + lengths[axis]) % lengths[axis]) * stride
      stride *= lengths[axis]
    }
    for (let x = 0; x < block[last]; x++, i++)
      visit(base + ((((x + start) % length) + length) % length), i, own && x >= from && x < to)
  }
}
