/**
 * The network for walks on a graph: the nodes pass messages along its edges, beside the U-Net of lattices.
 *
 * Each block is that of the U-Net with the neighbours in place of the 3×3 window: a node's own features, the mean of its
 * neighbours' (weights of the edges) and the mean over all nodes, mixed by matrices (graph convolutions; Gilmer et al. 2017
 * for the name). Nodes are told apart by features of their own, since the graph of a model is always the same.
 */
import {
  add,
  concat,
  constant,
  matmul,
  multiply,
  reduceMean,
  reshape,
  silu,
  type Tensor,
} from '../tensor/index.ts'
import { conv, inside, modulatedNorm, norm, type Place } from './layers.ts'
import type { Parameters } from './parameters.ts'
import { shownTo, type Task, type UnetInputs, type UnetOptions } from './unet.ts'

interface Built {
  readonly task: Task
  readonly options: UnetOptions
}

/** Features of a node's own. */
const OWN = 8

/** The outputs, [N, C·width, 1, nodes]. */
export function messages(parameters: Parameters, inputs: UnetInputs, built: Built): Tensor {
  const { place, y } = trunk(parameters, inputs, { ...built, part: 1 })
  const { shape, width } = built.task
  return conv(inside(place, 'out'), silu(norm(inside(place, 'last'), y)), {
    out: shape[0] * width,
    side: 1,
    gain: 0,
  })
}

/** What lies in the middle of it, [N, base, 1, nodes]. */
export function messagesMiddle(parameters: Parameters, inputs: UnetInputs, built: Built): Tensor {
  return trunk(parameters, inputs, { ...built, part: 0.5 }).y
}

/** As many blocks as the levels have together, base · multiplier wide; `part` of them. */
function trunk(
  parameters: Parameters,
  inputs: UnetInputs,
  { task, options, part }: Built & { readonly part: number },
): { readonly place: Place; readonly y: Tensor } {
  const { place, x, embedding } = shownTo(parameters, inputs, { task, options })
  const [n, , , nodes] = x.shape
  const own = parameters.get(`${place.name}/nodes`, [1, OWN, 1, nodes], { bound: 1 })
  const everywhere = multiply(own, constant(new Float32Array(n).fill(1), [n, 1, 1, 1]))
  const average = constant(averaging(task, nodes), [nodes, nodes])
  let y = conv(inside(place, 'in'), concat([x, everywhere], 1), { out: options.base, side: 1 })
  const blocks = options.blocks.reduce((sum, count) => sum + count, 0)
  for (let b = 0; b < Math.ceil(part * blocks); b++)
    y = block(inside(place, `block${b}`), y, { average, embedding })
  return { place, y }
}

function block(
  place: Place,
  x: Tensor,
  { average, embedding }: { average: Tensor; embedding: Tensor },
): Tensor {
  const [n, c, , nodes] = x.shape
  const seen = silu(norm(inside(place, 'norm1'), x))
  const near = reshape(matmul(reshape(seen, [n * c, nodes]), average), [n, c, 1, nodes])
  const all = multiply(reduceMean(seen, [3]), constant(new Float32Array(nodes).fill(1), [1, 1, 1, nodes]))
  const said = [seen, near, all]
  const first = conv(inside(place, 'conv1'), concat(said, 1), { out: c, side: 1 })
  const shaped = silu(modulatedNorm(inside(place, 'norm2'), first, embedding))
  const second = conv(inside(place, 'conv2'), shaped, { out: c, side: 1, gain: 0.1 })
  return multiply(add(x, second), Math.SQRT1_2)
}

/** The matrix by which rows of features become the means over the neighbours, [nodes, nodes]. */
function averaging({ graph }: Task, nodes: number): Float32Array {
  const matrix = new Float32Array(nodes * nodes)
  const degree = new Float64Array(nodes)
  const { edges = [], weights } = graph ?? {}
  edges.forEach(([a, b], i) => {
    const weight = weights ? weights[i] : 1
    matrix[a * nodes + b] = matrix[b * nodes + a] = weight
    degree[a] += weight
    degree[b] += weight
  })
  return matrix.map((weight, at) => (weight === 0 ? 0 : weight / degree[at % nodes]))
}
