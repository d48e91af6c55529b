// The link of edges: the probabilities of how many there are at a pair of nodes.
import {
  add,
  clip,
  concat,
  constant,
  divide,
  exp,
  log,
  multiply,
  reduceSum,
  reshape,
  subtract,
  type Tensor,
  transpose,
} from '../../tensor/index.ts'
import type { Link, Shown } from './link.ts'
import { SURE, summed } from './terms.ts'

/** Of a chance in single precision. */
const LEAST = 1e-7

/** k over j. */
const choose = (k: number, j: number): number => (j === 0 ? 1 : (choose(k, j - 1) * (k - j + 1)) / j)

/**
 * At most K edges at a pair: the origin is the probability of 1 … K, a softmax over 0 … K of the outputs with what the pair's own
 * state says; 0 off the pairs of nodes that are there. With P pairs, M edges, f = 1 - e^(-forgetting t) of them redrawn and c edges at the
 * pair, these being independent Poisson numbers, λ = f M / P, Bayes' rule has for k edges against none the odds
 *
 *     M / (P - M) · Σ_j (k over j) (1 - f)^j f^(k - j) c! / (c - j)! λ^-j,
 *
 * so the network tells what all the other pairs say. The loss is the mean cross-entropy of the pairs, in nats.
 */
export function edgesLink(of: { nodes: number; forgetting: number; most: number }): Link {
  const { nodes, forgetting, most } = of
  const size = nodes * nodes
  const table = (holds: (i: number, j: number) => boolean) =>
    constant(
      Float32Array.from({ length: size }, (_, at) => Number(holds(Math.floor(at / nodes), at % nodes))),
      [1, 1, nodes, nodes],
    )

  /** 1 at the pairs of nodes that are there, [N, 1, n, n], and how many they are, [N, 1, 1, 1]. */
  function pairsOf(counts: Tensor): { readonly mask: Tensor; readonly room: Tensor } {
    const there = clip(
      reduceSum(
        multiply(
          counts,
          table((i, j) => i === j),
        ),
        [3],
      ),
      0,
      1,
    )
    const both = multiply(there, transpose(there, [0, 1, 3, 2]))
    const mask = multiply(
      both,
      table((i, j) => i < j),
    )
    return { mask, room: clip(reduceSum(mask, [2, 3]), 1, 1e9) }
  }

  function logits(output: Tensor, { counts, time }: Shown) {
    const { mask, room } = pairsOf(counts)
    const edges = multiply(counts, mask)
    const mass = reduceSum(edges, [2, 3])
    const stayed = exp(multiply(reshape(time, [time.shape[0], 1, 1, 1]), -forgetting))
    const gone = clip(subtract(1, stayed), LEAST, 1)
    const strewn = clip(divide(multiply(gone, mass), room), 1e-8, 1e9)
    /** (c over j) j! ((1 - f) / λ)^j, from j = 0 on. */
    const falling = [constant(new Float32Array([1]), [1, 1, 1, 1])]
    for (let j = 0; j < most; j++) {
      const step = multiply(clip(subtract(edges, j), 0, 1e9), divide(stayed, strewn))
      falling.push(multiply(falling[j], step))
    }
    const powers = [falling[0]]
    for (let j = 0; j < most; j++) powers.push(multiply(powers[j], gone))
    const prior = divide(clip(mass, 1e-3, 1e9), clip(subtract(room, mass), 0.5, 1e9))
    const told = Array.from({ length: most }, (_, i) => {
      const terms = falling
        .slice(0, i + 2)
        .map((term, j) => multiply(multiply(term, powers[i + 1 - j]), choose(i + 1, j)))
      return add(log(clip(terms.reduce(add), 1e-25, 1e30)), log(prior))
    })
    return { mask, room, logit: clip(add(output, concat(told, 1)), -SURE, SURE) }
  }

  return {
    width: most,
    local: true,
    ...(most > 1 && {
      target(clean: Int32Array, _: unknown, out: Float32Array) {
        out.fill(0)
        for (let at = 0; at < size; at++)
          if (Math.floor(at / nodes) < at % nodes && clean[at] > 0)
            out[(Math.min(most, clean[at]) - 1) * size + at] = 1
      },
    }),
    origin(output, shown) {
      const { mask, logit } = logits(output, shown)
      const weight = exp(logit)
      return multiply(divide(weight, add(reduceSum(weight, [1]), 1)), mask)
    },
    loss(output, shown, { target, weights }) {
      const { mask, room, logit } = logits(output, shown)
      const normal = log(add(reduceSum(exp(logit), [1]), 1))
      const each = subtract(normal, reduceSum(multiply(target, logit), [1]))
      return summed(multiply(multiply(each, weights), divide(mask, room)))
    },
  }
}
