/**
 * Parameters of a network: asked for by name while the graph is built.
 *
 * The same network function is built against siblings of one interface: `declare()` only collects what is
 * asked for; `sliced()` cuts every parameter out of one flat tensor (training); `fixed()` makes constants
 * (sampling).
 */
import { cannot } from '../base/errors.ts'
import type { Random } from '../base/random.ts'
import { constant, input, reshape, sizeOf, slice, type Tensor } from '../graph/index.ts'

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

/** Runs a builder to see which parameters it asks for. */
export function layoutOf(build: (parameters: Parameters) => void): Layout {
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
  const values = new Float32Array(layout.size)
  layout.entries.forEach(({ shape, start, offset }, i) => {
    const stream = random.fork(i)
    const end = offset + sizeOf(shape)
    for (let k = offset; k < end; k++)
      values[k] = 'value' in start ? start.value : (2 * stream.uniform() - 1) * start.bound
  })
  return values
}

function find(layout: Layout): (name: string) => Entry {
  const entries = new Map(layout.entries.map(entry => [entry.name, entry]))
  return name => {
    const entry = entries.get(name)
    if (!entry) throw new RangeError(cannot('build the network', 'the parameter', 'in the layout', name))
    return entry
  }
}

/** Parameters cut out of one flat tensor [size]; `taken` lists them in the layout's order. */
export function sliced(layout: Layout, flat: Tensor): { parameters: Parameters; taken: Tensor[] } {
  const entry = find(layout)
  const taken: Tensor[] = []
  const parameters: Parameters = {
    get(name, shape) {
      const { offset } = entry(name)
      const tensor = reshape(slice(flat, 0, offset, offset + sizeOf(shape)), shape)
      taken.push(tensor)
      return tensor
    },
  }
  return { parameters, taken }
}

/** Parameters as constants. */
export function fixed(layout: Layout, values: Float32Array): Parameters {
  const entry = find(layout)
  return {
    get(name, shape) {
      const { offset } = entry(name)
      return constant(values.subarray(offset, offset + sizeOf(shape)), shape, name)
    },
  }
}
