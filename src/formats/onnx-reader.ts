/**
 * Reads ONNX models (onnx.proto3) from bytes that may be truncated, damaged or foreign.
 *
 * Every tensor's bytes are checked against its shape. Unknown fields are skipped.
 */

import { PbfReader } from 'pbf'
import { demandGiven } from '../base/given.ts'
import { malformed } from './malformed.ts'
import {
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxType,
  type OnnxValue,
  onnxAttributes,
  onnxTypes,
} from './onnx-model.ts'
import {
  bytesOf,
  each,
  fixed32,
  fixed64,
  integer,
  nested,
  repeated,
  type Source,
  text,
  varint,
} from './protobuf.ts'

/**
 * Reads a model. Tensors are copies, so that a typed array may be laid over `data` at once.
 * @param name what the errors call the file
 * @throws SyntaxError `Cannot read <name>: …` for anything that is not a whole model of this kind
 */
export function decodeModel(bytes: Uint8Array, name = 'model'): OnnxModel {
  demandGiven('read the model', { bytes, name }, { bytes: 'bytes', name: 'text' })
  const source: Source = { pbf: new PbfReader(bytes), name, limit: bytes.length }
  try {
    return readModel(source)
  } catch (error) {
    if (error instanceof SyntaxError) throw error
    throw malformed(name, 'the file', 'an ONNX model', String(error instanceof Error ? error.message : error))
  }
}

function readModel(source: Source): OnnxModel {
  const model = { irVersion: 0, producer: { name: '', version: '' }, opset: [] as OnnxModel['opset'] }
  const metadata: [string, string][] = []
  let graph: OnnxGraph | undefined
  each(source, {
    1: () => (model.irVersion = integer(source)),
    2: () => (model.producer.name = text(source)),
    3: () => (model.producer.version = text(source)),
    7: () => {
      if (graph) throw malformed(source.name, 'graph', 'there once', 'a second one')
      graph = readGraph(source)
    },
    8: () => model.opset.push(readOpset(source)),
    14: () => metadata.push(readEntry(source)),
  })
  if (!graph) throw malformed(source.name, 'graph', 'present', 'none')
  if (model.irVersion < 1) throw malformed(source.name, 'the IR version', 'at least 1', model.irVersion)
  if (model.opset.length === 0) throw malformed(source.name, 'the operator set', 'stated', 'none')
  return { ...model, metadata: Object.fromEntries(metadata), graph }
}

function readOpset(source: Source): OnnxModel['opset'][number] {
  const opset = { domain: '', version: 0 }
  nested(source, {
    1: () => (opset.domain = text(source)),
    2: () => (opset.version = integer(source)),
  })
  return opset
}

function readEntry(source: Source): [string, string] {
  const entry: [string, string] = ['', '']
  nested(source, {
    1: () => (entry[0] = text(source)),
    2: () => (entry[1] = text(source)),
  })
  return entry
}

function readGraph(source: Source): OnnxGraph {
  const graph: OnnxGraph = { name: '', nodes: [], initializers: [], inputs: [], outputs: [] }
  const refuse = () => {
    throw malformed(source.name, 'every constant', 'dense', 'a sparse one')
  }
  nested(source, {
    1: () => graph.nodes.push(readNode(source)),
    2: () => (graph.name = text(source)),
    5: () => graph.initializers.push(readTensor(source)),
    11: () => graph.inputs.push(readValue(source)),
    12: () => graph.outputs.push(readValue(source)),
    15: refuse,
  })
  return graph
}

function readNode(source: Source): OnnxNode {
  const node: OnnxNode = { op: '', inputs: [], outputs: [], attributes: {} }
  const attributes: [string, OnnxAttribute][] = []
  nested(source, {
    1: () => node.inputs.push(text(source)),
    2: () => node.outputs.push(text(source)),
    3: () => (node.name = text(source)),
    4: () => (node.op = text(source)),
    5: () => attributes.push(readAttribute(source)),
    7: () => (node.domain = text(source)),
  })
  if (node.op === '') throw malformed(source.name, 'the operation of a node', 'stated', 'none')
  node.attributes = Object.fromEntries(attributes)
  return node
}

function readAttribute(source: Source): [string, OnnxAttribute] {
  let name = ''
  let kind = 0
  let float = 0
  let int = 0
  let string = ''
  let tensor: OnnxTensor | undefined
  const floats: number[] = []
  const ints: number[] = []
  nested(source, {
    1: () => (name = text(source)),
    2: () => repeated(source, fixed32, value => (float = value)),
    3: () => (int = integer(source)),
    4: () => (string = text(source)),
    5: () => (tensor = readTensor(source)),
    7: () => repeated(source, fixed32, value => floats.push(value)),
    8: () => repeated(source, varint, value => ints.push(value)),
    20: () => (kind = integer(source)),
  })
  if (kind === onnxAttributes.float) return [name, { float }]
  if (kind === onnxAttributes.int) return [name, { int }]
  if (kind === onnxAttributes.string) return [name, { string }]
  if (kind === onnxAttributes.tensor && tensor) return [name, { tensor }]
  if (kind === onnxAttributes.floats) return [name, { floats }]
  if (kind === onnxAttributes.ints) return [name, { ints }]
  const wanted = `of one of the kinds ${Object.values(onnxAttributes).join(', ')} and present`
  throw malformed(source.name, `attribute "${name}"`, wanted, kind)
}

function readTensor(source: Source): OnnxTensor {
  let name = ''
  let code = 0
  let raw: Uint8Array | undefined
  const shape: number[] = []
  const values: number[] = []
  const value = (item: number) => values.push(item)
  nested(source, {
    1: () => repeated(source, varint, length => shape.push(length)),
    2: () => (code = integer(source)),
    3: () => {
      throw malformed(source.name, 'every tensor', 'in one piece', 'a segment')
    },
    4: () => repeated(source, fixed32, value),
    5: () => repeated(source, varint, value),
    7: () => repeated(source, varint, value),
    8: () => (name = text(source)),
    9: () => (raw = bytesOf(source).slice()),
    10: () => repeated(source, fixed64, value),
    14: () => {
      if (integer(source) !== 0)
        throw malformed(source.name, 'every tensor', 'inside the file', 'an external one')
    },
  })
  const thing = `tensor "${name}"`
  const type = typeOf(source, code, thing)
  const size = sizeOf(source, shape, thing)
  const data = raw ?? pack(values, type)
  const wanted = size * onnxTypes[type].bytes
  if (data.length !== wanted)
    throw malformed(source.name, `the data of ${thing}`, `${wanted} bytes`, data.length)
  return { name, type, shape, data }
}

function sizeOf(source: Source, shape: number[], thing: string): number {
  let size = 1
  for (const length of shape) {
    size *= length
    if (length < 0 || !Number.isSafeInteger(size)) {
      throw malformed(source.name, `the shape of ${thing}`, 'of non-negative sizes and a safe product', shape)
    }
  }
  return size
}

function typeOf(source: Source, code: number, thing: string): OnnxType {
  for (const type of Object.keys(onnxTypes) as OnnxType[]) if (onnxTypes[type].code === code) return type
  throw malformed(source.name, `the type of ${thing}`, `one of ${Object.keys(onnxTypes).join(', ')}`, code)
}

/** Values that came as a list of numbers (half floats: as their bits), as raw bytes. */
function pack(values: number[], type: OnnxType): Uint8Array {
  const data = new Uint8Array(values.length * onnxTypes[type].bytes)
  const view = new DataView(data.buffer)
  for (let i = 0; i < values.length; i++) {
    if (type === 'float32') view.setFloat32(i * 4, values[i], true)
    else if (type === 'float64') view.setFloat64(i * 8, values[i], true)
    else if (type === 'int64') view.setBigInt64(i * 8, BigInt(values[i]), true)
    else if (type === 'int32') view.setInt32(i * 4, values[i], true)
    else if (type === 'float16') view.setUint16(i * 2, values[i], true)
    else view.setUint8(i, values[i])
  }
  return data
}

function readValue(source: Source): OnnxValue {
  let name = ''
  let code = 0
  let shape: OnnxValue['shape'] | undefined
  const dimension = () => {
    let length: number | string = ''
    const size = () => {
      length = integer(source)
    }
    const free = () => {
      length = text(source)
    }
    nested(source, { 1: size, 2: free })
    shape?.push(length)
  }
  const tensorShape = () => {
    shape = []
    nested(source, { 1: dimension })
  }
  const elements = () => {
    code = integer(source)
  }
  const tensorType = () => nested(source, { 1: elements, 2: tensorShape })
  nested(source, {
    1: () => (name = text(source)),
    2: () => nested(source, { 1: tensorType }),
  })
  const thing = `value "${name}"`
  const type = typeOf(source, code, thing)
  if (!shape) throw malformed(source.name, `the shape of ${thing}`, 'stated', 'none')
  return { name, type, shape }
}
