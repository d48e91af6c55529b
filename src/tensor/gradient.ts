/** Reverse-mode differentiation: one walk back over the graph, each operation carrying its own rule. */

import { cannot } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { constant } from './leaves.ts'
import { add } from './ops/arithmetic.ts'
import { type Node, ordered, type Tensor, tensorKinds } from './tensor.ts'

/**
 * The gradients of a scalar with respect to the given tensors, as further tensors of the same shapes.
 * Throws where the scalar does not depend on one of them, or depends on it through an operation without
 * a backward rule or through a further output of one, as second derivatives of SiLU and of norms do.
 */
export function gradient(scalar: Tensor, wanted: readonly Tensor[]): Tensor[] {
  demandGiven('differentiate', { scalar, wanted }, { scalar: tensorKinds, wanted: 'objects' })
  if (scalar.shape.length !== 0)
    throw new RangeError(cannot('differentiate', 'the loss', 'a scalar', scalar.shape))
  const order = ordered([scalar])
  const depends = dependents(order, wanted)
  const gradients = new Map<Tensor, Tensor>([[scalar, constant(1)]])
  for (const node of order.reverse()) {
    if (!depends.has(node)) continue
    for (const { slot } of node.outputs.slice(1).filter(output => gradients.has(output))) {
      throw new TypeError(
        cannot('differentiate', 'every path', 'through first outputs', `output ${slot} of ${node.op.name}`),
      )
    }
    const dy = gradients.get(node.outputs[0])
    if (dy === undefined || node.inputs.length === 0) continue
    if (!node.op.backward)
      throw new TypeError(cannot('differentiate', 'every operation', 'differentiable', node.op.name))
    const flows = node.op.backward(dy, node)
    node.inputs.forEach((source, i) => {
      const flow = flows[i]
      if (flow === undefined || !depends.has(source.node)) return
      const known = gradients.get(source)
      gradients.set(source, known === undefined ? flow : add(known, flow))
    })
  }
  return wanted.map(tensor => {
    const found = gradients.get(tensor)
    if (found === undefined)
      throw new RangeError(cannot('differentiate', 'the tensor', 'used by the loss', tensor.shape))
    return found
  })
}

/** The nodes through which a wanted tensor reaches the end: only these carry gradients. */
function dependents(order: readonly Node[], wanted: readonly Tensor[]): Set<Node> {
  const found = new Set(wanted.map(tensor => tensor.node))
  for (const node of order) if (node.inputs.some(source => found.has(source.node))) found.add(node)
  return found
}
