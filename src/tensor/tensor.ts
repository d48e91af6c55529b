/**
 * Symbolic tensors: a graph is the set of nodes that a tensor can reach, nothing more.
 *
 * An operation is one record: the shape rule, the ONNX that computes it and the rule that carries a
 * gradient back, side by side. Nodes are immutable; building one never touches anything outside it.
 */
import { demandGiven } from '../base/given.ts'

export type ElementType = 'float32' | 'int32'

/** The value of one output of a node: a shape and an element type, no data. */
export interface Tensor {
  readonly shape: readonly number[]
  readonly type: ElementType
  readonly node: Node
  /** Which output of the node this is. */
  readonly slot: number
}

/** What a tensor is made of, for the doors of what takes one. */
export const tensorKinds = { shape: 'list', node: 'object' } as const

/** One use of an operation. */
export interface Node {
  readonly op: Op
  readonly inputs: readonly Tensor[]
  readonly attributes: object
  readonly outputs: readonly Tensor[]
}

/** What an operation says while it is printed as ONNX. */
export interface Printer {
  /** Adds an ONNX node and returns the names of its outputs; saying the same again returns the same names. */
  emit(op: string, inputs: readonly string[], attributes?: OnnxAttributes, options?: EmitOptions): string[]
  /** The name of a constant tensor; small constants of equal content share one name unless they are given their own. */
  floats(values: ArrayLike<number>, shape?: readonly number[], name?: string): string
  integers(values: readonly number[], type?: 'int64' | 'int32'): string
}

export interface EmitOptions {
  /** Number of outputs; default 1. */
  readonly outputs?: number
  /** Operator set; default: the standard one. */
  readonly domain?: string
}

/** ONNX attributes by their kind; a plain number is an integer. */
export type OnnxAttributes = Record<string, number | readonly number[] | string | { readonly float: number }>

export interface Signature {
  readonly shape: readonly number[]
  readonly type?: ElementType
}

/** One operation. `A` are its attributes, plain data. */
export interface Op<A extends object = object> {
  readonly name: string
  /** The outputs' shapes; throws a RangeError where the inputs do not fit. */
  shapes(inputs: readonly Tensor[], attributes: A): readonly Signature[]
  /** Prints the ONNX; returns the names of the outputs. */
  onnx(
    printer: Printer,
    inputs: readonly string[],
    node: Node & { readonly attributes: A },
  ): readonly string[]
  /**
   * The gradients of the inputs, given that of the first output. `undefined`: no gradient flows there.
   * Absent: the operation has none.
   */
  backward?(dy: Tensor, node: Node & { readonly attributes: A }): readonly (Tensor | undefined)[]
}

/** Applies an operation: all of its outputs. */
export function applyAll<A extends object>(
  op: Op<A>,
  inputs: readonly Tensor[],
  attributes: A,
): readonly Tensor[] {
  demandGiven(`build ${op.name}`, { inputs }, { inputs: 'list' })
  for (const [i, input] of inputs.entries())
    demandGiven(`build ${op.name}`, { [`input ${i}`]: input }, { [`input ${i}`]: tensorKinds })
  const outputs: Tensor[] = []
  const node: Node = { op: op as unknown as Op, inputs, attributes, outputs }
  op.shapes(inputs, attributes).forEach(({ shape, type = 'float32' }, slot) => {
    outputs.push({ shape, type, node, slot })
  })
  return outputs
}

/** Applies an operation and takes its first output. */
export function apply<A extends object>(op: Op<A>, inputs: readonly Tensor[], attributes: A): Tensor {
  return applyAll(op, inputs, attributes)[0]
}

/** How many elements a shape holds. */
export function sizeOf(shape: readonly number[]): number {
  demandGiven('count the elements', { shape }, { shape: 'list' })
  return shape.reduce((product, length) => product * length, 1)
}

/** Every node that the tensors reach, each after the nodes it reads. */
export function ordered(ends: readonly Tensor[]): Node[] {
  demandGiven('order the graph', { ends }, { ends: 'objects' })
  for (const end of ends) demandGiven('order the graph', { end }, { end: tensorKinds })
  const order: Node[] = []
  const seen = new Set<Node>()
  const open: { node: Node; next: number }[] = []
  for (const end of ends) {
    if (!seen.has(end.node)) open.push({ node: end.node, next: 0 })
    seen.add(end.node)
    while (open.length > 0) {
      const top = open[open.length - 1]
      if (top.next < top.node.inputs.length) {
        const { node } = top.node.inputs[top.next++]
        if (!seen.has(node)) {
          seen.add(node)
          open.push({ node, next: 0 })
        }
      } else {
        order.push(top.node)
        open.pop()
      }
    }
  }
  return order
}
