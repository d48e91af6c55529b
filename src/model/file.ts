/**
 * Model files: ordinary ONNX files that any ONNX Runtime can open, which say what they are in their metadata.
 *
 * Inputs: `counts` [tile, C, …] (sites [H, W], of volumes [D, H, W]) float32, `time` [tile] float32 and, where the model has classes, `label`
 * [tile] int32 (the number of classes: "not told"), `told.NAME` for what else it can be told (docs/conditions.md), and where it draws origins `noise` [tile, planes, …]. Output: `origin` [tile, C·K, …], what is expected of the clean
 * image: its counts, for most processes (K = 1).
 */

import { cannot } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { halves } from '../formats/array.ts'
import { decodeModel, encodeModel, type OnnxModel, type OnnxTensor } from '../formats/onnx.ts'
import { dense, denseMiddle } from '../network/dense.ts'
import { messages, messagesMiddle } from '../network/messages.ts'
import { pair, pairMiddle } from '../network/pair.ts'
import { fixed, type Layout, layoutOf, type Parameters } from '../network/parameters.ts'
import { relations, relationsMiddle } from '../network/relations.ts'
import { toldInputs } from '../network/told.ts'
import {
  noiseShape,
  type Task,
  type UnetInputs,
  type UnetOptions,
  unet,
  unetMiddle,
} from '../network/unet.ts'
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
  options: { task: Task; network: UnetOptions },
  batch: number,
): (parameters: Parameters) => Answer {
  demandGiven(
    'build the network',
    { options },
    {
      options: {
        task: { shape: 'list', periodic: 'list', times: 'list', scale: 'number', classes: 'number' },
        network: { multipliers: 'list', blocks: 'list', attention: 'list' },
      },
    },
  )
  const { task, network } = options
  return parameters => {
    const { inputs, shown } = inputsOf(task, batch)
    const of = { task, options: network }
    return { output: builderOf(task)(parameters, inputs, of), shown }
  }
}

/** The network that suits the ground of a task. */
const builderOf = ({ graph, pairs, parts, apart }: Task) =>
  parts ? pair : pairs ? relations : graph ? messages : apart ? dense : unet
const middleBuilder = ({ graph, pairs, parts, apart }: Task) =>
  parts ? pairMiddle : pairs ? relationsMiddle : graph ? messagesMiddle : apart ? denseMiddle : unetMiddle

function inputsOf(
  { shape, classes, parts, noise, told = [] }: Task,
  batch: number,
): { inputs: UnetInputs; shown: Shown } {
  const label = classes > 0 || parts ? input('label', [batch], 'int32') : undefined
  const shown = { counts: input('counts', [batch, ...shape]), time: input('time', [batch]) }
  const beside = toldInputs(told, { batch, lengths: shape.slice(1) })
  const drawn =
    noise === undefined ? undefined : input('noise', [batch, ...noiseShape(noise, shape.slice(1))])
  return { inputs: { ...shown, label, told: beside, noise: drawn }, shown }
}

/** The layout of the network's flat parameter vector. */
export function layoutFor(of: { task: Task; network: UnetOptions }): Layout {
  demandGiven(
    'lay the network out',
    { of },
    {
      of: {
        task: { shape: 'list', periodic: 'list', times: 'list', scale: 'number', classes: 'number' },
        network: { multipliers: 'list', blocks: 'list', attention: 'list' },
      },
    },
  )
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
export function encodeGraph(outputs: Record<string, Tensor>, options: EncodeOptions = {}): Uint8Array {
  demandGiven('print the graph', { outputs, options }, { outputs: 'object', options: 'object' })
  const { metadata, half, block } = options
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
  options: ModelFileOptions = {},
): Uint8Array {
  demandGiven(
    'write the model',
    { description, parameters, options },
    {
      description: {
        task: { shape: 'list', periodic: 'list', times: 'list', scale: 'number', classes: 'number' },
        network: { multipliers: 'list', blocks: 'list', attention: 'list' },
        process: { kind: 'text' },
      },
      parameters: 'list',
      options: 'object',
    },
  )
  const { half = false, rebuild = process } = options
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

/** What a model has in its middle, as an ONNX file of the same inputs: `middle` [tile, ...shape]. */
export function middleOf({ description, parameters }: ModelFile): {
  readonly bytes: Uint8Array
  readonly shape: readonly number[]
} {
  const { task, network, tile } = description
  const { inputs } = inputsOf(task, tile)
  const of = { task, options: network }
  const middle = middleBuilder(task)(fixed(layoutFor(description), parameters), inputs, of)
  return { bytes: encodeGraph({ middle }), shape: middle.shape.slice(1) }
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
  options: Pick<ModelFileOptions, 'rebuild'> = {},
): ModelFile {
  demandGiven('read the model', { bytes, name, options }, { bytes: 'bytes', name: 'text', options: 'object' })
  const { rebuild = process } = options
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
  if (tensor.type === 'float16') return halves(new Uint16Array(aligned.buffer))
  throw new SyntaxError(
    cannot('read the model', `the weights ${tensor.name}`, 'float32 or float16', tensor.type),
  )
}
