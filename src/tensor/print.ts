/**
 * A graph printed as ONNX (opset 20): plain records, ready for an encoder.
 *
 * The printer owns the names. Nodes and constants of equal content are written once, and only what the
 * outputs need is kept.
 */

import { cannot } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { type InputAttributes, inputOp } from './leaves.ts'
import {
  type ElementType,
  type EmitOptions,
  type Node,
  type OnnxAttributes,
  ordered,
  type Printer,
  sizeOf,
  type Tensor,
} from './tensor.ts'

export type AttributeValue = { int: number } | { float: number } | { ints: number[] } | { string: string }

export interface PrintedNode {
  readonly op: string
  /** Operator set; left out: the standard one. */
  readonly domain?: string
  readonly inputs: string[]
  readonly outputs: string[]
  readonly attributes: Record<string, AttributeValue>
}

export interface PrintedTensor {
  readonly name: string
  readonly type: 'float32' | 'float16' | 'int64' | 'int32'
  readonly shape: number[]
  /** Little-endian bytes. */
  readonly data: Uint8Array
}

export interface PrintedValue {
  readonly name: string
  readonly type: ElementType
  readonly shape: number[]
}

export interface PrintedGraph {
  readonly nodes: PrintedNode[]
  readonly initializers: PrintedTensor[]
  readonly inputs: PrintedValue[]
  readonly outputs: PrintedValue[]
}

export const opset = 20
export const irVersion = 9

/** Another way to print one node: the names of its outputs, given the printer and the names of earlier tensors. */
export type Emitter = (printer: Printer, nameOf: (tensor: Tensor) => string) => readonly string[]

export interface PrintOptions {
  /** Named constants of so many elements or more are stored in half precision; default: none. */
  readonly half?: number
  /** Says which nodes are printed in another way than their operation's own. */
  readonly instead?: (node: Node) => Emitter | undefined
}

/** Prints the graph that computes the named outputs. */
export function print(outputs: Record<string, Tensor>, options: PrintOptions = {}): PrintedGraph {
  demandGiven('print the graph', { outputs, options }, { outputs: 'object', options: 'object' })
  const { half = Number.POSITIVE_INFINITY, instead } = options
  const writer = new Writer(half)
  const names = new Map<Tensor, string>()
  const nameOf = (tensor: Tensor) => names.get(tensor) as string
  const inputs = new Map<string, PrintedValue>()
  for (const node of ordered(Object.values(outputs))) {
    if (node.op === (inputOp as unknown)) {
      const { name, shape, type } = node.attributes as InputAttributes
      if (inputs.has(name))
        throw new TypeError(cannot('print a graph', 'the names of its inputs', 'unique', name))
      inputs.set(name, { name, type, shape: [...shape] })
    }
    const emitter = instead?.(node)
    const written = emitter ? emitter(writer, nameOf) : node.op.onnx(writer, node.inputs.map(nameOf), node)
    node.outputs.forEach((tensor, i) => {
      names.set(tensor, written[i])
    })
  }
  const values = Object.entries(outputs).map(([name, { type, shape }]) => ({ name, type, shape: [...shape] }))
  const taken = new Set([...inputs.keys(), ...writer.names()])
  for (const { name } of values) {
    if (taken.has(name)) throw new TypeError(cannot('print a graph', 'the names of its outputs', 'new', name))
  }
  const wanted = Object.entries(outputs).map(([name, tensor]) => [name, nameOf(tensor)] as const)
  return { ...finished(writer, wanted), inputs: [...inputs.values()], outputs: values }
}

/** The nodes and constants that the outputs need, the outputs under their own names. */
function finished(
  { nodes, initializers }: Writer,
  outputs: readonly (readonly [name: string, from: string])[],
) {
  const made = new Set(nodes.flatMap(node => node.outputs))
  const own = new Map<string, string>()
  const copies: PrintedNode[] = []
  for (const [name, from] of outputs) {
    if (made.has(from) && !own.has(from)) own.set(from, name)
    else copies.push({ op: 'Identity', inputs: [own.get(from) ?? from], outputs: [name], attributes: {} })
  }
  const renamed = (names: string[]) => names.map(name => own.get(name) ?? name)
  const needed = new Set(outputs.flat())
  const kept: PrintedNode[] = []
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some(name => needed.has(name))) continue
    for (const name of node.inputs) needed.add(name)
    kept.push({ ...node, inputs: renamed(node.inputs), outputs: renamed(node.outputs) })
  }
  return {
    nodes: [...kept.reverse(), ...copies],
    initializers: initializers.filter(({ name }) => needed.has(name)),
  }
}

class Writer implements Printer {
  readonly nodes: PrintedNode[] = []
  readonly initializers: PrintedTensor[] = []
  readonly #half: number
  readonly #known = new Map<string, string>()
  readonly #emitted = new Map<string, string[]>()
  #count = 0

  constructor(half: number) {
    this.#half = half
  }

  emit(
    op: string,
    inputs: readonly string[],
    attributes: OnnxAttributes = {},
    { outputs = 1, domain }: EmitOptions = {},
  ): string[] {
    const key = JSON.stringify([domain, op, inputs, attributes, outputs])
    const known = this.#emitted.get(key)
    if (known !== undefined) return known
    const names = Array.from({ length: outputs }, () => `t${this.#count++}`)
    const entries = Object.entries(attributes).map(([name, value]) => [name, attribute(value)] as const)
    const set = domain === undefined ? {} : { domain }
    this.nodes.push({
      op,
      ...set,
      inputs: [...inputs],
      outputs: names,
      attributes: Object.fromEntries(entries),
    })
    this.#emitted.set(key, names)
    return names
  }

  /** Every name given so far. */
  names(): string[] {
    return [...this.nodes.flatMap(({ outputs }) => outputs), ...this.initializers.map(({ name }) => name)]
  }

  floats(values: ArrayLike<number>, shape: readonly number[] = [], name?: string): string {
    const full = Float32Array.from(values)
    if (full.length !== sizeOf(shape))
      throw new RangeError(cannot('print a constant', 'its length', String(sizeOf(shape)), full.length))
    if (name === undefined || full.length < this.#half)
      return this.#constant('float32', shape, bytes(full), name)
    const stored = this.#constant('float16', shape, bytes(halves(full)), name)
    return this.emit('Cast', [stored], { to: 1 })[0]
  }

  integers(values: readonly number[], type: 'int64' | 'int32' = 'int64'): string {
    const data = type === 'int64' ? BigInt64Array.from(values, BigInt) : Int32Array.from(values)
    return this.#constant(type, [values.length], bytes(data))
  }

  #constant(type: PrintedTensor['type'], shape: readonly number[], data: Uint8Array, own?: string): string {
    const key = own ?? (data.length <= 64 ? `${type}[${shape}]${data}` : `#${this.#count}`)
    const known = this.#known.get(key)
    if (known !== undefined && own !== undefined)
      throw new TypeError(cannot('print a graph', 'the names of its constants', 'unique', own))
    if (known !== undefined) return known
    const name = own ?? `c${this.#count++}`
    this.initializers.push({ name, type, shape: [...shape], data })
    this.#known.set(key, name)
    return name
  }
}

function attribute(value: OnnxAttributes[string]): AttributeValue {
  if (typeof value === 'number') return { int: value }
  if (typeof value === 'string') return { string: value }
  return 'float' in value ? { float: value.float } : { ints: [...value] }
}

const bytes = (data: ArrayBufferView): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

/** IEEE half precision, rounded to nearest even; what is too large becomes the largest finite value, NaN stays NaN. */
export function halves(values: Float32Array): Uint16Array {
  demandGiven('halve the precision', { values }, { values: 'singles' })
  const out = new Uint16Array(values.length)
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  for (let i = 0; i < values.length; i++) {
    const sign = (bits[i] >>> 16) & 0x8000
    const size = Math.abs(values[i])
    if (Number.isNaN(size)) out[i] = sign | 0x7e00
    else if (size >= 65520) out[i] = sign | 0x7bff
    else if (size < 2 ** -14) out[i] = sign | even(size * 2 ** 24)
    else {
      const mantissa = bits[i] & 0x7fffff
      const exponent = ((bits[i] >>> 23) & 0xff) - 112
      out[i] = sign | even(exponent * 1024 + mantissa / 8192)
    }
  }
  return out
}

/** The nearest integer, ties to even. */
function even(x: number): number {
  const floor = Math.floor(x)
  const rest = x - floor
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor
}
