/**
 * Parameters of a network: asked for by name while the graph is built.
 *
 * The same network function is built against siblings of one interface: `declare()` only collects what is
 * asked for; `sliced()` cuts every parameter out of one flat tensor (training); `fixed()` makes constants
 * (sampling).
 */

import { cannot } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import type { Random } from '../base/random.ts'
import { constant, input, reshape, sizeOf, slice, type Tensor } from '../tensor/index.ts'
import { tensorKinds } from '../tensor/tensor.ts'

/** How a parameter begins: a constant, or uniform in ±bound. */
export type Start = { readonly value: number } | { readonly bound: number }

export interface Parameters {
  /** The parameter of that name; asking twice is an error. */
  get(name: string, shape: readonly number[], start: Start): Tensor
}

export interface Entry {
  readonly name: string
  readonly shape: readonly number[]
  readonly start: Start
  readonly offset: number
}

/** All parameters in the order in which they were asked for: the layout of the flat vector. */
export interface Layout {
  readonly entries: readonly Entry[]
  readonly size: number
}

/** What a layout is made of, for the doors of what takes one. */
export const layoutKinds = { entries: 'objects', size: 'number' } as const

/** Runs a builder to see which parameters it asks for. */
export function layoutOf(build: (parameters: Parameters) => void): Layout {
  demandGiven('lay the network out', { build }, { build: 'function' })
  const entries: Entry[] = []
  const names = new Set<string>()
  let size = 0
  build({
    get(name, shape, start) {
      if (names.has(name)) throw new TypeError(cannot('declare a parameter', 'its name', 'new', name))
      names.add(name)
      entries.push({ name, shape, start, offset: size })
      size += sizeOf(shape)
      return input(name, shape)
    },
  })
  return { entries, size }
}

/** Values for a new network. */
export function initial(layout: Layout, random: Random): Float32Array {
  demandGiven('begin a network', { layout, random }, { layout: layoutKinds, random: 'stream' })
  const values = new Float32Array(layout.size)
  layout.entries.forEach(({ shape, start, offset }, i) => {
    const stream = random.fork(i)
    const end = offset + sizeOf(shape)
    for (let k = offset; k < end; k++)
      values[k] = 'value' in start ? start.value : (2 * stream.uniform() - 1) * start.bound
  })
  return values
}

/**
 * Values for a network that begins with another: of parameters of the same name all where the shape is the same, and of kernels [out, in, ...] with
 * more inputs those that there were, the first ones; the further inputs begin at 0, so that they change nothing yet. Also how many numbers were taken.
 */
export function adopted(
  { layout, values: fresh }: Weights,
  other: Weights,
): { readonly values: Float32Array; readonly taken: number } {
  demandGiven('begin a network', { layout, other }, { layout: layoutKinds, other: { layout: layoutKinds } })
  const theirs = new Map(other.layout.entries.map(entry => [entry.name, entry]))
  const values = fresh.slice()
  let taken = 0
  for (const { name, shape, offset } of layout.entries) {
    const old = theirs.get(name)
    if (!old || !grows(old.shape, shape)) continue
    const rows = shape.length > 2 ? shape[0] : 1
    const [own, all] = [sizeOf(old.shape) / rows, sizeOf(shape) / rows]
    values.fill(0, offset, offset + rows * all)
    for (let row = 0; row < rows; row++) {
      const from = old.offset + row * own
      values.set(other.values.subarray(from, from + own), offset + row * all)
    }
    taken += rows * own
  }
  return { values, taken }
}

/** Whether a shape is another, or that of a kernel with more inputs. */
const grows = (old: readonly number[], shape: readonly number[]): boolean =>
  old.length === shape.length &&
  shape.every((length, axis) => (axis === 1 && shape.length > 2 ? length >= old[axis] : length === old[axis]))

/** The numbers of a network, and which is which. */
export interface Weights {
  readonly layout: Layout
  readonly values: Float32Array
}

/** Finds the place of a parameter in the layout; it must have the shape that is asked for. */
function find(layout: Layout): (name: string, shape: readonly number[]) => number {
  const places = new Map(layout.entries.map(({ name }, place) => [name, place]))
  return (name, shape) => {
    const place = places.get(name)
    if (place === undefined)
      throw new RangeError(cannot('build the network', 'the parameter', 'in the layout', name))
    const declared = layout.entries[place].shape
    if (declared.join() !== shape.join())
      throw new RangeError(cannot('build the network', `the shape of ${name}`, `[${declared}]`, shape))
    return place
  }
}

/** Parameters cut out of one flat tensor [size]; `taken` lists them in the layout's order. */
export function sliced(layout: Layout, flat: Tensor): { parameters: Parameters; taken: Tensor[] } {
  demandGiven('cut the parameters', { layout, flat }, { layout: layoutKinds, flat: tensorKinds })
  const place = find(layout)
  const taken = layout.entries.map(({ shape, offset }) =>
    reshape(slice(flat, 0, offset, offset + sizeOf(shape)), shape),
  )
  return { parameters: { get: (name, shape) => taken[place(name, shape)] }, taken }
}

/** Parameters as constants. */
export function fixed(layout: Layout, values: Float32Array): Parameters {
  demandGiven('fix the parameters', { layout, values }, { layout: layoutKinds, values: 'list' })
  const place = find(layout)
  return {
    get(name, shape) {
      const { offset } = layout.entries[place(name, shape)]
      return constant(values.subarray(offset, offset + sizeOf(shape)), shape, name)
    },
  }
}
