/**
 * Prints ONNX models: the protobuf messages of onnx.proto3, whose field numbers stand in the code.
 */

import { PbfWriter } from 'pbf'
import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import {
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
  onnxAttributes,
  onnxTypes,
} from './onnx-model.ts'

const what = 'write model'

/**
 * Prints a model. The same model gives the same bytes. The graph comes last, so that every truncated
 * file lacks part of it and none can be read by mistake.
 * @throws RangeError for an unsafe integer or a tensor whose data does not fit its shape
 */
export function encodeModel(model: OnnxModel): Uint8Array {
  demandGiven(
    'write model',
    { model },
    {
      model: {
        irVersion: 'number',
        producer: { name: 'text', version: 'text' },
        opset: 'objects',
        metadata: 'object',
        graph: { nodes: 'objects', initializers: 'objects', inputs: 'objects', outputs: 'objects' },
      },
    },
  )
  const out = new PbfWriter()
  integer(out, 1, model.irVersion, 'the IR version')
  text(out, 2, model.producer.name)
  text(out, 3, model.producer.version)
  for (const opset of model.opset) out.writeMessage(8, writeOpset, opset)
  for (const entry of Object.entries(model.metadata)) out.writeMessage(14, writeEntry, entry)
  out.writeMessage(7, writeGraph, model.graph)
  return out.finish().slice()
}

// Deviation from `PbfWriter.writeStringField` (pbf 5.1.2): that one garbles characters above U+1FFFF.
function text(out: PbfWriter, field: number, value: string): void {
  out.writeBytesField(field, new TextEncoder().encode(value))
}

function integer(out: PbfWriter, field: number, value: number, thing: string): void {
  demand(Number.isSafeInteger(value), what, thing, 'a safe integer', value)
  out.writeVarintField(field, value)
}

function writeOpset(opset: OnnxModel['opset'][number], out: PbfWriter): void {
  text(out, 1, opset.domain)
  integer(out, 2, opset.version, `the version of operator set "${opset.domain}"`)
}

function writeEntry([key, value]: [string, string], out: PbfWriter): void {
  text(out, 1, key)
  text(out, 2, value)
}

function writeGraph(graph: OnnxGraph, out: PbfWriter): void {
  for (const node of graph.nodes) out.writeMessage(1, writeNode, node)
  text(out, 2, graph.name)
  for (const tensor of graph.initializers) out.writeMessage(5, writeTensor, tensor)
  for (const value of graph.inputs) out.writeMessage(11, writeValue, value)
  for (const value of graph.outputs) out.writeMessage(12, writeValue, value)
}

function writeNode(node: OnnxNode, out: PbfWriter): void {
  for (const name of node.inputs) text(out, 1, name)
  for (const name of node.outputs) text(out, 2, name)
  if (node.name) text(out, 3, node.name)
  text(out, 4, node.op)
  for (const entry of Object.entries(node.attributes)) out.writeMessage(5, writeAttribute, entry)
  if (node.domain) text(out, 7, node.domain)
}

function writeAttribute([name, value]: [string, OnnxAttribute], out: PbfWriter): void {
  const thing = `attribute "${name}"`
  text(out, 1, name)
  let kind: keyof typeof onnxAttributes
  if ('float' in value) {
    kind = 'float'
    out.writeFloatField(2, value.float)
  } else if ('int' in value) {
    kind = 'int'
    integer(out, 3, value.int, thing)
  } else if ('string' in value) {
    kind = 'string'
    text(out, 4, value.string)
  } else if ('tensor' in value) {
    kind = 'tensor'
    out.writeMessage(5, writeTensor, value.tensor)
  } else if ('floats' in value) {
    kind = 'floats'
    for (const item of value.floats) out.writeFloatField(7, item)
  } else {
    kind = 'ints'
    for (const item of value.ints) integer(out, 8, item, thing)
  }
  out.writeVarintField(20, onnxAttributes[kind])
}

function writeTensor(tensor: OnnxTensor, out: PbfWriter): void {
  const { code, bytes } = onnxTypes[tensor.type]
  let size = bytes
  for (const length of tensor.shape) {
    demand(length >= 0, what, `the shape of tensor "${tensor.name}"`, 'non-negative', tensor.shape)
    integer(out, 1, length, `the shape of tensor "${tensor.name}"`)
    size *= length
  }
  demand(
    tensor.data.length === size,
    what,
    `the data of tensor "${tensor.name}"`,
    `${size} bytes`,
    tensor.data,
  )
  out.writeVarintField(2, code)
  text(out, 8, tensor.name)
  out.writeBytesField(9, tensor.data)
}

function writeValue(value: OnnxValue, out: PbfWriter): void {
  text(out, 1, value.name)
  out.writeMessage(2, writeType, value)
}

// TypeProto { tensor_type = 1 { elem_type = 1, shape = 2 { dim = 1 { dim_value = 1 | dim_param = 2 } } } }
function writeType(value: OnnxValue, out: PbfWriter): void {
  out.writeMessage(1, writeTensorType, value)
}

function writeTensorType(value: OnnxValue, out: PbfWriter): void {
  out.writeVarintField(1, onnxTypes[value.type].code)
  out.writeMessage(2, writeShape, value)
}

function writeShape(value: OnnxValue, out: PbfWriter): void {
  for (const length of value.shape) out.writeMessage(1, writeDimension, length)
}

function writeDimension(length: number | string, out: PbfWriter): void {
  if (typeof length === 'number') integer(out, 1, length, 'a dimension')
  else if (length !== '') text(out, 2, length)
}
