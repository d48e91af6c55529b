/**
 * Convolutions in the processor's own layout: an optional rewriting of a printed graph.
 *
 * ONNX Runtime computes fastest on channels in blocks, [N, C/b, H, W, b], but moves a convolution there only
 * where its kernel is a constant. While training, kernels are inputs; so this pass writes the runtime's
 * internal operators (domain `com.microsoft.nchwc`) itself and packs the kernels [O, I, kh, kw] in the graph
 * as [O/b, I/b, kh·kw, b, b], the last axis being output channels. The operators exist on processors only
 * and are nobody's public interface: whoever uses the pass must have tried them.
 */
import type { AttributeValue, PrintedGraph, PrintedNode, PrintedTensor } from './print.ts'

/** The runtime's internal operator set. */
export const packedDomain = 'com.microsoft.nchwc'

/** The graph with every `Conv` in blocks of `block` channels whose channels are multiples of it. */
export function packConvolutions(graph: PrintedGraph, block: number): PrintedGraph {
  const constants = new Set(graph.initializers.map(({ name }) => name))
  const writer = new PackedWriter(block)
  for (const node of graph.nodes) {
    const kernel = node.op === 'Conv' && !constants.has(node.inputs[1]) && graph.shapes.get(node.inputs[1])
    const fits =
      kernel && kernel[0] % block === 0 && kernel[1] % block === 0 && !('dilations' in node.attributes)
    if (fits) writer.convolution(node, kernel)
    else writer.nodes.push(node)
  }
  return { ...graph, nodes: writer.nodes, initializers: [...graph.initializers, ...writer.shapes.values()] }
}

/** Collects the nodes; whatever has been packed once is not packed again. */
class PackedWriter {
  readonly nodes: PrintedNode[] = []
  readonly shapes = new Map<string, PrintedTensor>()
  readonly #block: number
  readonly #packed = new Map<string, string>()

  constructor(block: number) {
    this.#block = block
  }

  convolution(
    { inputs: [x, kernel, ...bias], outputs: [y], attributes }: PrintedNode,
    shape: readonly number[],
  ): void {
    const name = `${y}/blocks`
    this.#emit(
      'Conv',
      [this.#blocks(x), this.#kernel(kernel, shape), ...bias],
      name,
      attributes,
      packedDomain,
    )
    this.#emit('ReorderOutput', [name], y, { channels: { int: shape[0] } }, packedDomain)
    this.#packed.set(y, name)
  }

  /** The images of that name in blocks. */
  #blocks(name: string): string {
    const known = this.#packed.get(name)
    if (known !== undefined) return known
    const packed = this.#emit('ReorderInput', [name], `${name}/blocks`, {}, packedDomain)
    this.#packed.set(name, packed)
    return packed
  }

  /** The kernel [O, I, kh, kw] of that name in blocks. */
  #kernel(name: string, [o, i, kh, kw]: readonly number[]): string {
    const known = this.#packed.get(`${name}/kernel`)
    if (known !== undefined) return known
    const b = this.#block
    const split = this.#emit('Reshape', [name, this.#shape([o / b, b, i / b, b, kh * kw])], `${name}/split`)
    const moved = this.#emit('Transpose', [split], `${name}/moved`, { perm: { ints: [0, 2, 4, 3, 1] } })
    const packed = this.#emit('Reshape', [moved, this.#shape([o, i, kh, kw])], `${name}/kernel`)
    this.#packed.set(packed, packed)
    return packed
  }

  #shape(lengths: number[]): string {
    const name = `shape/${lengths.join('x')}`
    const data = new Uint8Array(BigInt64Array.from(lengths, BigInt).buffer)
    this.shapes.set(name, { name, type: 'int64', shape: [lengths.length], data })
    return name
  }

  #emit(
    op: string,
    inputs: string[],
    output: string,
    attributes: Record<string, AttributeValue> = {},
    domain?: string,
  ): string {
    this.nodes.push({
      op,
      inputs,
      outputs: [output],
      attributes,
      ...(domain === undefined ? {} : { domain }),
    })
    return output
  }
}
