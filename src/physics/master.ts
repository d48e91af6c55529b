/**
 * The exact law of a wandering unit: the master equation of a network, by uniformisation.
 *
 * With q ≥ every total rate and P = 1 + Q/q, exp(Qt) = Σ_k e^{−qt} (qt)^k/k! P^k (Jensen 1953): all terms are ≥ 0, nothing
 * cancels. Births at an even rate b add ∫₀ᵗ exp(Qs) ds = (1/q) Σ_k P(N(qt) > k) P^k, N Poisson.
 */
import { demand } from '../base/errors.ts'
import { exp } from '../base/numeric.ts'
import type { Network } from './network.ts'

export interface LawOptions {
  /** A node, or the law at time 0 (any sum) [nodes]. */
  readonly start: number | ArrayLike<number>
  /** Rising, from 0. */
  readonly times: readonly number[]
  /** As in `wander`: units come into being evenly over [0, births), with the law `start`. Default 0. */
  readonly births?: number
}

export interface Law {
  /** Probability of each node at each time, [times, nodes]. */
  readonly nodes: Float64Array
  /** Probability of having left by each exit, [times, exits]. */
  readonly exits: Float64Array
}

/** Largest q t of one piece: e^−q t is far from underflow. */
const PIECE = 400

/** The law of one unit at some times; about q·t·(number of jumps) steps. */
export function law(network: Network, { start, times, births = 0 }: LawOptions): Law {
  const { nodes, exits } = network
  const size = nodes + exits.length
  const first = new Float64Array(size)
  if (typeof start === 'number') first[start] = 1
  else {
    let sum = 0
    for (let i = 0; i < nodes; i++) sum += start[i]
    for (let i = 0; i < nodes; i++) first[i] = start[i] / sum
  }
  const step = stepOf(network, size)
  const out: Law = {
    nodes: new Float64Array(times.length * nodes),
    exits: new Float64Array(times.length * exits.length),
  }
  let now = 0
  let state = births > 0 ? new Float64Array(size) : first
  times.forEach((time, k) => {
    demand(time >= now, 'compute a law', 'the times', 'rising from 0', [...times])
    const born = Math.min(time, births)
    if (born > now) state = step(state, born - now, { law: first, rate: 1 / births })
    state = step(state, time - Math.max(now, born))
    now = time
    out.nodes.set(state.subarray(0, nodes), k * nodes)
    out.exits.set(state.subarray(nodes), k * exits.length)
  })
  return out
}

type Step = (
  state: Float64Array,
  time: number,
  source?: { law: Float64Array; rate: number },
) => Float64Array<ArrayBuffer>

function stepOf({ nodes, total, first, to, rate }: Network, size: number): Step {
  const q = total.reduce((most, value) => Math.max(most, value), 0)
  /** P applied to a law. */
  const apply = (p: Float64Array): Float64Array => {
    const next = p.slice()
    for (let i = 0; i < nodes; i++) {
      if (p[i] === 0) continue
      next[i] -= (p[i] * total[i]) / q
      for (let k = first[i]; k < first[i + 1]; k++)
        next[to[k] >= 0 ? to[k] : nodes - 1 - to[k]] += (p[i] * rate[k]) / q
    }
    return next
  }
  const piece: Step = (state, time, source) => {
    const sum = new Float64Array(size)
    let [p, born] = [state, source?.law]
    let weight = exp(-q * time)
    let below = weight
    for (let k = 0; ; k++) {
      // `above` = P(N > k); born units have jumped k times before the end with weight above / q.
      const above = Math.max(0, 1 - below)
      for (let i = 0; i < size; i++) sum[i] += weight * p[i]
      if (born) for (let i = 0; i < size; i++) sum[i] += ((above * source!.rate) / q) * born[i]
      if (k > q * time && weight < 1e-17) return sum
      p = apply(p)
      if (born) born = apply(born)
      weight *= (q * time) / (k + 1)
      below += weight
    }
  }
  return (state, time, source) => {
    const pieces = Math.ceil((q * time) / PIECE)
    let now = Float64Array.from(state)
    if (q === 0 && source) for (let i = 0; i < size; i++) now[i] += source.rate * time * source.law[i]
    for (let k = 0; k < pieces; k++) now = piece(now, time / pieces, source)
    return now
  }
}
