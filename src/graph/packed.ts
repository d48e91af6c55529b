/**
 * Convolutions in the processor's own layout: an optional rewriting of a printed graph.
 *
 * ONNX Runtime computes fastest on channels in blocks, [N, C/b, H, W, b], but moves a convolution there only
 * where its kernel is a constant. While training, kernels are inputs; so this pass writes the runtime's
 * internal operators (domain `com.microsoft.nchwc`) itself and packs the kernels [O, I, kh, kw] in the graph
 * as [O/b, I/b, kh·kw, b, b], the last axis being output channels. The operators exist on processors only
 * and are nobody's public interface: whoever uses the pass must have tried them.
 */
import type { PrintedGraph, PrintedNode, PrintedTensor } from './print.ts'

/** The runtime's internal operator set. */
export const packedDomain = 'com.microsoft.nchwc'

/** The graph with every `Conv` in blocks of `block` channels whose channels are multiples of it. */
export function packConvolutions(graph: PrintedGraph, block: number): PrintedGraph {
  const constants = new Set(graph.initializers.map(({ name }) => name))
  const lengths = new Lengths()
  const nodes: PrintedNode[] = []
  const packed = new Map<string, string>()
  /** The value of that name in blocks. */
  const blocks = (name: string): string => {
    const known = packed.get(name)
    if (known !== undefined) return known
    nodes.push(node('ReorderInput', [name], `${name}/blocks`, {}, packedDomain))
    packed.set(name, `${name}/blocks`)
    return `${name}/blocks`
  }
  for (const each of graph.nodes) {
    const kernel = each.op === 'Conv' && !constants.has(each.inputs[1]) ? graph.shapes.get(each.inputs[1]) : undefined
    if (!kernel || 'dilations' in each.attributes || kernel[0] % block !== 0 || kernel[1] % block !== 0) {
      nodes.push(each)
      continue
    }
    const [x, weight, ...bias] = each.inputs
    const [y] = each.outputs
    const inputs = [blocks(x), packKernel(weight, kernel, { block, nodes, lengths }), ...bias]
    nodes.push(node('Conv', inputs, `${y}/blocks`, each.attributes, packedDomain))
    nodes.push(node('ReorderOutput', [`${y}/blocks`], y, { channels: { int: kernel[0] } }, packedDomain))
    packed.set(y, `${y}/blocks`)
  }
  return { ...graph, nodes, initializers: [...graph.initializers, ...lengths.tensors] }
}

function node(op: string, inputs: string[], output: string, attributes: PrintedNode['attributes'], domain?: string): PrintedNode {
  return { op, domain, inputs, outputs: [output], attributes }
}

interface Packing {
  readonly block: number
  readonly nodes: PrintedNode[]
  readonly lengths: Lengths
}

/** Emits the packing of a kernel [O, I, kh, kw] and returns its name. */
function packKernel(name: string, [o, i, kh, kw]: readonly number[], { block, nodes, lengths }: Packing): string {
  const [split, moved, packed] = [`${name}/split`, `${name}/moved`, `${name}/kernel`]
  const five = [o / block, block, i / block, block, kh * kw]
  nodes.push(node('Reshape', [name, lengths.get(five)], split, {}))
  nodes.push(node('Transpose', [split], moved, { perm: { ints: [0, 2, 4, 3, 1] } }))
  nodes.push(node('Reshape', [moved, lengths.get([o, i, kh, kw])], packed, {}))
  return packed
}

/** Shapes as constants, each written once. */
class Lengths {
  readonly tensors: PrintedTensor[] = []

  get(shape: readonly number[]): string {
    const name = `shape/${shape.join('x')}`
    if (!this.tensors.some(tensor => tensor.name === name)) {
      const data = new Uint8Array(BigInt64Array.from(shape, BigInt).buffer)
      this.tensors.push({ name, type: 'int64', shape: [shape.length], data })
    }
    return name
  }
}
