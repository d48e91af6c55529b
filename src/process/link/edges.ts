// The link of edges: the probability that a pair of nodes is joined.
import {
  add,
  clip,
  constant,
  divide,
  exp,
  log,
  multiply,
  reduceSum,
  reshape,
  sigmoid,
  softplus,
  subtract,
  type Tensor,
  transpose,
} from '../../tensor/index.ts'
import type { Link, Shown } from './link.ts'
import { SURE, summed } from './terms.ts'

/** Of a chance in single precision. */
const LEAST = 1e-7

/**
 * At most one edge at a pair: the origin is D = σ(output + what the pair's own state says), 0 off the pairs of nodes that are there.
 * With P pairs, M edges, f = 1 - e^(-forgetting t) of them redrawn and c edges at the pair, these being independent Poisson numbers,
 * Bayes' rule has the odds
 *
 *     M / (P - M) · (f + (1 - f) c / λ),      λ = f M / P,
 *
 * so the network tells what all the other pairs say. The loss is the mean cross-entropy of the pairs, in nats.
 */
export function edgesLink({ nodes, forgetting }: { nodes: number; forgetting: number }): Link {
  const upper = Float32Array.from({ length: nodes * nodes }, (_, at) =>
    Number(Math.floor(at / nodes) < at % nodes),
  )
  const unit = Float32Array.from({ length: nodes * nodes }, (_, at) => Number(at % (nodes + 1) === 0))

  /** 1 at the pairs of nodes that are there, [N, 1, n, n], and how many they are, [N, 1, 1, 1]. */
  function pairsOf(counts: Tensor): { readonly mask: Tensor; readonly room: Tensor } {
    const there = reduceSum(multiply(counts, constant(unit, [1, 1, nodes, nodes])), [3])
    const both = multiply(there, transpose(there, [0, 1, 3, 2]))
    const mask = multiply(both, constant(upper, [1, 1, nodes, nodes]))
    return { mask, room: clip(reduceSum(mask, [2, 3]), 1, 1e9) }
  }

  function logits(output: Tensor, { counts, time }: Shown) {
    const { mask, room } = pairsOf(counts)
    const edges = multiply(counts, mask)
    const mass = reduceSum(edges, [2, 3])
    const stayed = exp(multiply(reshape(time, [time.shape[0], 1, 1, 1]), -forgetting))
    const gone = clip(subtract(1, stayed), LEAST, 1)
    const strewn = clip(divide(multiply(gone, mass), room), 1e-12, 1e9)
    const own = add(multiply(edges, divide(stayed, strewn)), gone)
    const prior = divide(clip(mass, 1e-3, 1e9), clip(subtract(room, mass), 0.5, 1e9))
    const told = add(log(clip(own, LEAST, 1e12)), log(prior))
    return { mask, room, logit: clip(add(output, told), -SURE, SURE) }
  }

  return {
    width: 1,
    local: true,
    origin(output, shown) {
      const { mask, logit } = logits(output, shown)
      return multiply(mask, sigmoid(logit))
    },
    loss(output, shown, { target, weights }) {
      const { mask, room, logit } = logits(output, shown)
      const each = subtract(softplus(logit), multiply(target, logit))
      return summed(multiply(multiply(each, weights), divide(mask, room)))
    },
  }
}
