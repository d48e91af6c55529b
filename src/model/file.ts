/**
 * Model files: ordinary ONNX files that any ONNX Runtime can open, which say what they are in their metadata.
 *
 * Inputs: `counts` [tile, C, …] (sites [H, W], of volumes [D, H, W]) float32, `time` [tile] float32 and, where the model has classes, `label`
 * [tile] int32 (the number of classes: "not told"). Output: `origin` [tile, C·K, …], what is expected of the clean
 * image: its counts, for most processes (K = 1).
 */
import { cannot } from '../base/errors.ts'
import { decodeModel, encodeModel, type OnnxModel, type OnnxTensor } from '../formats/onnx.ts'
import { fixed, type Layout, layoutOf, type Parameters } from '../network/parameters.ts'
import { type Task, type UnetOptions, unet } from '../network/unet.ts'
import { process, type Rebuild, type Shown } from '../process/index.ts'
import {
  input,
  irVersion,
  opset,
  type PrintedGraph,
  packed,
  print,
  sizeOf,
  type Tensor,
} from '../tensor/index.ts'
import { checkedDescription } from './checked.ts'
import type { ModelDescription } from './description.ts'

const metadataKey = 'saltus'

/** What a network is shown, and what it gives, [N, C·K, …]. */
export interface Answer {
  readonly output: Tensor
  readonly shown: Shown
}

/** The network's outputs for `batch` images fed by name. */
export function networkOf(
  { task, network }: { task: Task; network: UnetOptions },
  batch: number,
): (parameters: Parameters) => Answer {
  return parameters => {
    const label = task.classes > 0 ? input('label', [batch], 'int32') : undefined
    const shown = { counts: input('counts', [batch, ...task.shape]), time: input('time', [batch]) }
    return { output: unet(parameters, { ...shown, label }, { task, options: network }), shown }
  }
}

/** The layout of the network's flat parameter vector. */
export function layoutFor(of: { task: Task; network: UnetOptions }): Layout {
  return layoutOf(parameters => {
    networkOf(of, 1)(parameters)
  })
}

export interface EncodeOptions {
  readonly metadata?: Record<string, string>
  /** Named constants of this many elements or more are stored in half precision; default: none. */
  readonly half?: number
  /** Convolutions in blocks of so many channels (see `packed`); default: standard operators only. */
  readonly block?: number
}

/** Encodes a graph with metadata as the bytes of an ONNX file. */
export function encodeGraph(
  outputs: Record<string, Tensor>,
  { metadata, half, block }: EncodeOptions = {},
): Uint8Array {
  return encodePrinted(
    print(outputs, { half, instead: block === undefined ? undefined : packed(block) }),
    metadata,
  )
}

/** Encodes a printed graph; every operator set that it uses is listed. */
export function encodePrinted(graph: PrintedGraph, metadata: Record<string, string> = {}): Uint8Array {
  const domains = new Set(['', ...graph.nodes.map(({ domain = '' }) => domain)])
  return encodeModel({
    irVersion,
    producer: { name: 'saltus', version: metadata.version ?? '' },
    opset: [...domains].map(domain => ({ domain, version: domain === '' ? opset : 1 })),
    metadata,
    graph: { name: 'saltus', ...graph },
  })
}

/** How a model file is written. */
export interface ModelFileOptions {
  readonly half?: boolean
  /** Builds the process; a function of your own for processes of your own. */
  readonly rebuild?: Rebuild
}

/** The bytes of a model file. Weights of 256 elements or more are stored in half precision when `half` is true. */
export function encodeModelFile(
  description: ModelDescription,
  parameters: Float32Array,
  { half = false, rebuild = process }: ModelFileOptions = {},
): Uint8Array {
  const layout = layoutFor(description)
  if (parameters.length !== layout.size) {
    throw new RangeError(
      cannot('write the model', 'its parameters', `${layout.size} numbers`, parameters.length),
    )
  }
  const { output, shown } = networkOf(description, description.tile)(fixed(layout, parameters))
  const origin = rebuild(description.process).link.origin(output, shown)
  const metadata = { [metadataKey]: JSON.stringify(description), version: description.version }
  return encodeGraph({ origin }, { metadata, half: half ? 256 : undefined })
}

export interface ModelFile {
  readonly description: ModelDescription
  /** The file itself, which is also the program to run. */
  readonly bytes: Uint8Array
  /** The flat parameter vector, in the layout of the description. */
  readonly parameters: Float32Array
}

/**
 * Reads a model file; `rebuild` builds its process, of a kind of your own as well.
 * @throws SyntaxError where it is not one of ours, or damaged
 */
export function decodeModelFile(
  bytes: Uint8Array,
  name = 'the file',
  { rebuild = process }: Pick<ModelFileOptions, 'rebuild'> = {},
): ModelFile {
  const model = decodeModel(bytes, name)
  const description = describedBy(model, { name, rebuild })
  demandPlaces(description, { name, size: bytes.length })
  const layout = layoutFor(description)
  if (description.parameters !== layout.size) {
    const thing = 'the parameters of its description'
    throw new SyntaxError(
      cannot(`read ${name}`, thing, `${layout.size}, those of its network`, description.parameters),
    )
  }
  // Two bytes are the least that a weight takes: memory is asked for only where the file can fill it.
  if (2 * layout.size > bytes.length) {
    throw new SyntaxError(
      cannot(`read ${name}`, 'the file', `of at least ${2 * layout.size} bytes`, bytes.length),
    )
  }
  const stored = new Map(model.graph.initializers.map(tensor => [tensor.name, tensor]))
  const parameters = new Float32Array(layout.size)
  for (const entry of layout.entries) {
    const tensor = stored.get(entry.name)
    if (!tensor || tensor.shape.join() !== entry.shape.join()) {
      throw new SyntaxError(
        cannot(`read ${name}`, `the weights ${entry.name}`, `of shape [${entry.shape}]`, tensor?.shape),
      )
    }
    parameters.set(floatsOf(tensor), entry.offset)
  }
  const odd = parameters.findIndex(weight => !Number.isFinite(weight))
  if (odd >= 0)
    throw new SyntaxError(cannot(`read ${name}`, 'its weights', 'finite numbers', parameters[odd]))
  return { description, bytes, parameters }
}

/** Where places differ, two numbers for every site and axis stand in the graph: a lattice that the file cannot hold is not built. */
function demandPlaces(
  { task }: ModelDescription,
  { name, size }: { readonly name: string; readonly size: number },
): void {
  const [, ...lengths] = task.shape
  const least = task.homogeneous ? 0 : 4 * lengths.length * sizeOf(lengths)
  if (size >= least) return
  const wanted = `of at least ${least} bytes for ${lengths.join('×')} sites`
  throw new SyntaxError(cannot(`read ${name}`, 'the file', wanted, size))
}

function describedBy(
  model: OnnxModel,
  { name, rebuild }: { readonly name: string; readonly rebuild: Rebuild },
): ModelDescription {
  const text = model.metadata[metadataKey]
  if (text === undefined)
    throw new SyntaxError(cannot(`read ${name}`, 'the file', 'a model of saltus', 'another ONNX model'))
  return checkedDescription(text, name, rebuild)
}

/** Single-precision values of a float32 or float16 tensor. */
function floatsOf(tensor: OnnxTensor): Float32Array {
  const aligned = new Uint8Array(tensor.data)
  if (tensor.type === 'float32') return new Float32Array(aligned.buffer)
  if (tensor.type === 'float16') return Float32Array.from(new Uint16Array(aligned.buffer), fromHalf)
  throw new SyntaxError(
    cannot('read the model', `the weights ${tensor.name}`, 'float32 or float16', tensor.type),
  )
}

function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >>> 10) & 31
  const mantissa = bits & 1023
  if (exponent === 0) return sign * mantissa * 2 ** -24
  return exponent === 31
    ? mantissa
      ? Number.NaN
      : sign * Number.POSITIVE_INFINITY
    : sign * (1 + mantissa / 1024) * 2 ** (exponent - 15)
}
