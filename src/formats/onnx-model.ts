/**
 * ONNX models as plain values.
 *
 * Only what a feed-forward graph needs: nodes, raw tensors, value types, operator sets and metadata.
 * Subgraphs, sparse tensors and tensors kept in other files are outside it and are refused on reading.
 */
/** Element types, with the number ONNX gives each (`TensorProto.DataType`) and its size in bytes. */
export const onnxTypes = {
  float32: { code: 1, bytes: 4 },
  uint8: { code: 2, bytes: 1 },
  int32: { code: 6, bytes: 4 },
  int64: { code: 7, bytes: 8 },
  bool: { code: 9, bytes: 1 },
  float16: { code: 10, bytes: 2 },
  float64: { code: 11, bytes: 8 },
} as const

export type OnnxType = keyof typeof onnxTypes

/** A constant; `data` holds the elements row-major and little-endian. */
export interface OnnxTensor {
  name: string
  type: OnnxType
  shape: number[]
  data: Uint8Array
}

/** The number ONNX gives each kind of attribute (`AttributeProto.AttributeType`). */
export const onnxAttributes = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7 } as const

/** An attribute; floats are stored in single precision, integers must be safe. */
export type OnnxAttribute =
  | { int: number }
  | { float: number }
  | { ints: number[] }
  | { floats: number[] }
  | { string: string }
  | { tensor: OnnxTensor }

/** One operation; an empty name in `inputs` or `outputs` leaves out an optional one. */
export interface OnnxNode {
  op: string
  /** Operator set, default the standard one. */
  domain?: string
  name?: string
  inputs: string[]
  outputs: string[]
  attributes: Record<string, OnnxAttribute>
}

/** An input or output; a dimension is a size, the name of a free size, or '' where nothing is said of it. */
export interface OnnxValue {
  name: string
  type: OnnxType
  shape: (number | string)[]
}

export interface OnnxGraph {
  name: string
  nodes: OnnxNode[]
  initializers: OnnxTensor[]
  inputs: OnnxValue[]
  outputs: OnnxValue[]
}

export interface OnnxModel {
  irVersion: number
  producer: { name: string; version: string }
  opset: { domain: string; version: number }[]
  metadata: Record<string, string>
  graph: OnnxGraph
}
