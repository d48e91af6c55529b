/**
 * The network for small graphs: features of nodes and of pairs of nodes, which no order of the nodes changes.
 *
 * Nodes look at each other by attention that the features of their pair lean (as in the graph transformers of Dwivedi & Bresson 2021),
 * and pairs see their two nodes and the ways over a third one, Σ_k x_ik x_kj. It begins with what walks on the noisy
 * graph say: powers of D^-1/2 A D^-1/2, on their diagonal the probabilities of return.
 */
import {
  add,
  clip,
  concat,
  constant,
  divide,
  greater,
  log,
  matmul,
  multiply,
  reduceSum,
  reshape,
  silu,
  softmax,
  sqrt,
  subtract,
  type Tensor,
  transpose,
} from '../tensor/index.ts'
import { conv, inside, modulatedNorm, norm, type Place } from './layers.ts'
import type { Parameters } from './parameters.ts'
import { embed, type Task, type UnetInputs, type UnetOptions } from './unet.ts'

interface Built {
  readonly task: Task
  readonly options: UnetOptions
}

/** What is known of a graph on the way through: [N, d, n, 1] of the nodes, [N, c, n, n] of the pairs. */
interface Features {
  readonly nodes: Tensor
  readonly pairs: Tensor
}

/** Which nodes and pairs are there, and what everything is modulated by. */
interface Around {
  /** [N, 1, n, 1] */
  readonly there: Tensor
  /** [N, 1, n, n], 0 on the diagonal. */
  readonly both: Tensor
  readonly embedding: Tensor
}

const HEADS = 4

/** Powers of the walk that are looked at. */
const STEPS = 6

/** The outputs, [N, K, n, n], the same from i to j as from j to i. */
export function relations(parameters: Parameters, inputs: UnetInputs, built: Built): Tensor {
  const { place, pairs } = trunk(parameters, inputs, { ...built, part: 1 })
  return conv(inside(place, 'out'), silu(norm(inside(place, 'last'), pairs)), {
    out: built.task.width,
    side: 1,
    gain: 0,
  })
}

/** What lies in the middle of it: the features of the pairs, [N, base, n, n]. */
export function relationsMiddle(parameters: Parameters, inputs: UnetInputs, built: Built): Tensor {
  return trunk(parameters, inputs, { ...built, part: 0.5 }).pairs
}

/** As many layers as the levels have blocks together; `part` of them. */
function trunk(
  parameters: Parameters,
  inputs: UnetInputs,
  { task, options, part }: Built & { readonly part: number },
): Features & { readonly place: Place } {
  const place: Place = { parameters, name: 'relations', periodic: [false, false] }
  const { there, both, seen, mean } = seenOf(inputs.counts, task)
  const embedding = embed(inside(place, 'embed'), { ...inputs, mean }, { task, size: options.embedding })
  const around = { there, both, embedding }
  let features: Features = {
    nodes: masked(conv(inside(place, 'nodes'), seen.nodes, { out: 2 * options.base, side: 1 }), there),
    pairs: masked(conv(inside(place, 'pairs'), seen.pairs, { out: options.base, side: 1 }), both),
  }
  const layers = options.blocks.reduce((sum, count) => sum + count, 0)
  for (let k = 0; k < Math.ceil(part * layers); k++)
    features = layer(inside(place, `layer${k}`), features, around)
  return { ...features, place }
}

const masked = (x: Tensor, mask: Tensor): Tensor => multiply(x, mask)

const flipped = (x: Tensor): Tensor => transpose(x, [0, 1, 3, 2])

/** What counts [N, 1, n, n] show: nodes on the diagonal, edges above it. */
function seenOf(counts: Tensor, { kinds = 1, width }: Pick<Task, 'kinds' | 'width'>) {
  const [batch, , n] = counts.shape
  const table = (of: (i: number, j: number) => boolean) =>
    constant(
      Float32Array.from({ length: n * n }, (_, at) => Number(of(Math.floor(at / n), at % n))),
      [1, 1, n, n],
    )
  const unit = table((i, j) => i === j)
  const diagonal = (x: Tensor) => reduceSum(multiply(x, unit), [3])
  const kind = diagonal(counts)
  const there = clip(kind, 0, 1)
  const sorts = Array.from({ length: kinds }, (_, k) =>
    kinds === 1 ? there : multiply(greater(kind, k + 0.5), subtract(1, greater(kind, k + 1.5))),
  )
  const both = multiply(multiply(there, flipped(there)), subtract(1, unit))
  const upper = multiply(
    counts,
    table((i, j) => i < j),
  )
  const edges = add(upper, flipped(upper))
  const degree = reduceSum(edges, [3])
  const scale = divide(1, sqrt(clip(degree, 1, 1e9)))
  const walk = multiply(multiply(edges, scale), flipped(scale))
  const powers = [walk]
  while (powers.length < STEPS) powers.push(matmul(powers[powers.length - 1], walk))
  const shared = matmul(edges, edges)
  const nodes = [...sorts, multiply(degree, 0.25), log(add(degree, 1)), ...powers.slice(1).map(diagonal)]
  const mass = multiply(reduceSum(degree, [2, 3]), 0.5)
  const count = reduceSum(there, [2, 3])
  const each = kinds === 1 ? [count] : [count, ...sorts.map(sort => reduceSum(sort, [2, 3]))]
  const several = width === 1 ? [] : Array.from({ length: width }, (_, k) => greater(edges, k + 0.5))
  return {
    there,
    both,
    seen: {
      nodes: concat(nodes, 1),
      pairs: concat([edges, ...several, ...powers.map(power => multiply(power, 4)), log(add(shared, 1))], 1),
    },
    // Edges a node, and nodes of each kind.
    mean: reshape(concat([divide(mass, clip(count, 1, 1e9)), ...each], 1), [batch, 1 + each.length]),
  }
}

function layer(place: Place, { nodes, pairs }: Features, around: Around): Features {
  const { there, both, embedding } = around
  const [batch, d, n] = nodes.shape
  const c = pairs.shape[1]
  const look = (name: string, x: Tensor, out: number, gain = 1) =>
    conv(inside(place, name), x, { out, side: 1, gain })
  const shown = silu(norm(inside(place, 'norm1'), nodes))
  const between = masked(silu(norm(inside(place, 'norm2'), pairs)), both)

  const depth = Math.floor(d / HEADS)
  const [q, k, v] = ['q', 'k', 'v'].map(name =>
    reshape(look(name, shown, HEADS * depth), [batch, HEADS, depth, n]),
  )
  const leaning = look('lean', between, HEADS)
  const scores = add(multiply(matmul(flipped(q), k), 1 / Math.sqrt(depth)), leaning)
  const weights = softmax(add(scores, multiply(subtract(both, 1), 40)))
  const heard = reshape(matmul(v, flipped(weights)), [batch, HEADS * depth, n, 1])
  const met = multiply(reduceSum(between, [3]), 1 / Math.sqrt(n))
  const said = look('hear', concat([shown, heard, met], 1), d)
  const thought = look('node', silu(modulatedNorm(inside(place, 'norm3'), said, embedding)), d, 0.1)
  const next = masked(multiply(add(nodes, thought), Math.SQRT1_2), there)

  const ways = look('ways', between, Math.max(4, c >> 1))
  const over = multiply(matmul(masked(ways, both), masked(ways, both)), 1 / Math.sqrt(n))
  const [a, b] = ['sum', 'product'].map(name =>
    look(name, silu(norm(inside(place, `${name}/norm`), next)), c),
  )
  const ends = add(add(a, flipped(a)), multiply(b, flipped(b)))
  const told = add(look('pair1', concat([between, over], 1), c), ends)
  const drawn = look('pair2', silu(modulatedNorm(inside(place, 'norm4'), told, embedding)), c, 0.1)
  return { nodes: next, pairs: masked(multiply(add(pairs, drawn), Math.SQRT1_2), both) }
}
