/**
 * What is known where a law is known on every state: whether rates carry it, and currents that change rates and not the law.
 */
import type { FewUnits } from '../sampling/study/index.ts'

/** Reverse rates / rate out of a state at a time, [J, sites]. */
export type RatesThere = (counts: Int32Array, time: number) => ArrayLike<number>

/** The hops of all states: from which to which, along which jump and site, [J, sites] as one number. */
interface Moves {
  readonly from: Int32Array
  readonly to: Int32Array
  readonly at: Int32Array
}

function movesOf({ states, index, reached }: FewUnits): Moves {
  const sites = states[0].length
  const all: [number, number, number][] = []
  states.forEach((state, s) => {
    reached.forEach((y, at) => {
      const x = at % sites
      if (y < 0 || y === x || state[x] === 0) return
      const next = state.slice()
      next[x]--
      next[y]++
      all.push([s, index(next), at])
    })
  })
  const column = (k: number) => Int32Array.from(all, move => move[k])
  return { from: column(0), to: column(1), at: column(2) }
}

/**
 * The residual of the master equation: with the reverse rates λ the law should flow backward as it flowed forward,
 *
 *     -∂p/∂t (n) = Σ_n' p(n') λ(n'→n) - p(n) λ(n→n'),
 *
 * and this is Σ_n |difference of the two sides| / Σ_n |∂p/∂t (n)|: 0 for rates that carry the law from time to time, exact or
 * not (*Closing the ODE-SDE gap in score-based diffusion models through the Fokker-Planck equation*, arXiv 2311.15996, for
 * continuous laws).
 */
export function masterResidual(few: FewUnits, rates: RatesThere, time: number): number {
  const { states } = few
  const sites = states[0].length
  const { from, to, at } = movesOf(few)
  const law = few.at(time)
  const told = states.map(state => rates(state, time))
  const [forward, both] = [new Float64Array(law.length), new Float64Array(law.length)]
  for (let k = 0; k < from.length; k++) {
    const [s, n] = [from[k], to[k]]
    const there = states[s][at[k] % sites] * law[s]
    const back = told[s][at[k]] * law[s]
    forward[s] -= there
    forward[n] += there
    both[s] -= there + back
    both[n] += there + back
  }
  const sum = (flow: Float64Array) => flow.reduce((all, value) => all + Math.abs(value), 0)
  return sum(both) / sum(forward)
}

/**
 * Exact rates and a current on top: round every plaquette of states that two hops a and b, along different axes or from
 * different sites, make in both orders, the rates of one sense are raised by strength · min p / p(state), which moves as much
 * into every state as out of it. They carry the same law, and their circulation is not 0 (gauge freedom).
 */
export function gauged(few: FewUnits, strength: number): RatesThere {
  const { states } = few
  const [first, second] = twoMoves(few)
  const { from, to, at } = movesOf(few)
  const along = (jump: number) =>
    new Map(Array.from(from, (s, k) => [s, k] as const).filter(([, k]) => at[k] === jump))
  const steps = [first.out, second.out, first.back, second.back].map(along)
  const loops = states.flatMap((_, s) => {
    const loop: number[] = []
    let now = s
    for (const step of steps) {
      const k = step.get(now)
      if (k === undefined) return []
      loop.push(k)
      now = to[k]
    }
    return now === s ? [loop] : []
  })
  return (counts, time) => {
    const here = few.index(counts)
    const law = few.at(time)
    const rates = few.rates(counts, time)
    for (const loop of loops) {
      const least = Math.min(...loop.map(k => law[from[k]]))
      for (const k of loop) if (from[k] === here) rates[at[k]] += (strength * least) / law[here]
    }
    return rates
  }
}

interface BothWays {
  readonly out: number
  readonly back: number
}

/** A hop from the first site, one from the last, and their ways back. */
function twoMoves({ reached, states }: FewUnits): [BothWays, BothWays] {
  const sites = states[0].length
  const hopFrom = (x: number): BothWays => {
    const out = reached.findIndex((y, at) => at % sites === x && y >= 0 && y !== x)
    const back = reached.findIndex((y, at) => at % sites === reached[out] && y === x)
    return { out, back }
  }
  return [hopFrom(0), hopFrom(sites - 1)]
}
