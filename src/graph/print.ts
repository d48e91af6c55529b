/**
 * A graph printed as ONNX (opset 20): plain records, ready for an encoder.
 *
 * The printer owns the names. Constants of equal content are written once.
 */
import { cannot } from '../base/errors.ts'
import { inputOp, type InputAttributes } from './leaves.ts'
import { type ElementType, type OnnxAttributes, ordered, type Printer, sizeOf, type Tensor } from './tensor.ts'

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
  /** Shapes of the values that the operations exchange, by name; what an operation only uses within is not here. */
  readonly shapes: ReadonlyMap<string, readonly number[]>
}

export const opset = 20
export const irVersion = 9

/** Prints the graph that computes the named outputs. Named constants of `half` elements or more are stored in half precision. */
export function print(outputs: Record<string, Tensor>, options: { readonly half?: number } = {}): PrintedGraph {
  const writer = new Writer(options.half ?? Number.POSITIVE_INFINITY)
  const names = new Map<Tensor, string>()
  const inputs = new Map<string, PrintedValue>()
  const shapes = new Map<string, readonly number[]>()
  for (const node of ordered(Object.values(outputs))) {
    if (node.op === (inputOp as unknown)) {
      const { name, shape, type } = node.attributes as InputAttributes
      if (inputs.has(name)) throw new TypeError(cannot('print a graph', 'the names of its inputs', 'unique', name))
      inputs.set(name, { name, type, shape: [...shape] })
    }
    const read = node.inputs.map(tensor => names.get(tensor) as string)
    const written = node.op.onnx(writer, read, node)
    node.outputs.forEach((tensor, i) => {
      names.set(tensor, written[i])
      shapes.set(written[i], tensor.shape)
    })
  }
  const values = Object.entries(outputs).map(([name, tensor]) => {
    writer.copy(names.get(tensor) as string, name)
    return { name, type: tensor.type, shape: [...tensor.shape] }
  })
  return { nodes: writer.nodes, initializers: writer.initializers, inputs: [...inputs.values()], outputs: values, shapes }
}

class Writer implements Printer {
  readonly nodes: PrintedNode[] = []
  readonly initializers: PrintedTensor[] = []
  readonly #half: number
  readonly #known = new Map<string, string>()
  #count = 0

  constructor(half: number) {
    this.#half = half
  }

  emit(op: string, inputs: readonly string[], attributes: OnnxAttributes = {}, outputs = 1): string[] {
    const names = Array.from({ length: outputs }, () => `t${this.#count++}`)
    const entries = Object.entries(attributes).map(([key, value]) => [key, attribute(value)] as const)
    this.nodes.push({ op, inputs: [...inputs], outputs: names, attributes: Object.fromEntries(entries) })
    return names
  }

  copy(from: string, to: string): void {
    this.nodes.push({ op: 'Identity', inputs: [from], outputs: [to], attributes: {} })
  }

  floats(values: ArrayLike<number>, shape: readonly number[] = [], name?: string): string {
    const full = Float32Array.from(values)
    if (full.length !== sizeOf(shape)) throw new RangeError(cannot('print a constant', 'its length', String(sizeOf(shape)), full.length))
    if (name === undefined || full.length < this.#half) return this.#constant('float32', shape, bytes(full), name)
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

const bytes = (data: ArrayBufferView): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

/** IEEE half precision, rounded to nearest even; what is too large becomes the largest finite value. */
export function halves(values: Float32Array): Uint16Array {
  const out = new Uint16Array(values.length)
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  for (let i = 0; i < values.length; i++) {
    const sign = (bits[i] >>> 16) & 0x8000
    const size = Math.abs(values[i])
    if (size >= 65520) out[i] = sign | 0x7bff
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
