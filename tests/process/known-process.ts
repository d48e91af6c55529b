// A jump process on few states, known by its jumps alone: the oracle of every process.
import type { JumpProcess } from '../../src/process/index.ts'

export type State = readonly number[]

/** What is said of a process beside its code: nothing here may be taken from it. */
export interface Facts {
  readonly process: JumpProcess
  /** All states of an image that matter; those that are left out must hardly ever be seen. */
  readonly states: readonly State[]
  /** Forward jumps out of a state, and their rates in units of `process.rate`. */
  forward(state: State): readonly (readonly [State, number])[]
  /** What reverse jump j at site x of channel c makes of a state; undefined where it cannot happen. */
  reverse(state: State, place: { c: number; j: number; x: number }): State | undefined
  /** P(n_0) up to a factor, 0 where the data never are. */
  data(state: State): number
  /** The limit law up to a factor. */
  limit(state: State): number
  /** What every trajectory conserves, and what `limit` is asked for. */
  conserved(state: State): readonly number[]
}

/** The laws that follow from the jumps; tau in units of 1 / rate. */
export interface Known extends Facts {
  index(counts: ArrayLike<number>): number
  readonly data0: Float64Array
  /** P(n_t | n_0 = state). */
  from(state: number, tau: number): Float64Array
  /** A law after the time tau. */
  after(law: Float64Array, tau: number): Float64Array
  /** Reverse rates / rate of the jumps [C, J, sites] out of a state where p_t is the law. */
  rates(law: Float64Array, state: number): Float64Array
  /** P(n_0 | n_t = state) where n_0 has the law `prior`. */
  posterior(prior: Float64Array, tau: number, state: number): Float64Array
  /** E[target | n_t = state], [C, K, ...sites], where n_0 has the law `prior`. */
  origin(prior: Float64Array, tau: number, state: number): Float64Array
  /** P(n_s | n_t = state) where n_0 has the law `prior`, by Bayes alone. */
  back(prior: Float64Array, at: { t: number; s: number; state: number }): Float64Array
}

export function known(facts: Facts): Known {
  const { states, process } = facts
  const { channels, jumps, sites, rate, link } = process
  const count = states.length
  const places = new Map(states.map((state, i) => [state.join(), i]))
  const index = (counts: ArrayLike<number>) => places.get(Array.from(counts).join()) ?? -1
  /** Where jumps lead and how fast; what leads out of the states stays, which hardly ever happens. */
  const out = states.map(state =>
    facts
      .forward(state)
      .map(([to, speed]) => ({ to: index(to), speed }))
      .filter(({ to, speed }) => to >= 0 && speed > 0),
  )
  const leaving = out.map(list => list.reduce((sum, { speed }) => sum + speed, 0))
  const fastest = Math.max(...leaving, 1e-300)
  const speedOf = new Map(out.flatMap((list, i) => list.map(({ to, speed }) => [i * count + to, speed])))

  /** By steps of the Taylor series of the master equation. */
  function after(law: Float64Array, tau: number): Float64Array {
    const steps = Math.max(1, Math.ceil((fastest * tau) / 2))
    let now: Float64Array = law
    for (let step = 0; step < steps; step++) {
      let term: Float64Array = now
      const sum = now.slice()
      for (let k = 1; k < 60; k++) {
        const next = new Float64Array(count)
        for (let i = 0; i < count; i++) {
          if (term[i] === 0) continue
          next[i] -= term[i] * leaving[i]
          for (const { to, speed } of out[i]) next[to] += term[i] * speed
        }
        let largest = 0
        for (let i = 0; i < count; i++) {
          next[i] *= tau / steps / k
          sum[i] += next[i]
          largest = Math.max(largest, Math.abs(next[i]))
        }
        if (largest < 1e-18) break
        term = next
      }
      now = sum
    }
    return now.map(p => Math.max(0, p))
  }

  /** Laws from every state are asked for again and again at the same times. */
  const laws = new Map<string, Float64Array>()
  function from(state: number, tau: number): Float64Array {
    const key = `${state} ${tau}`
    const found = laws.get(key)
    if (found) return found
    const law = new Float64Array(count)
    law[state] = 1
    const made = after(law, tau)
    laws.set(key, made)
    return made
  }

  function posterior(prior: Float64Array, tau: number, state: number): Float64Array {
    return normalised(prior.map((p, o) => (p > 0 ? p * from(o, tau)[state] : 0)))
  }

  return {
    ...facts,
    index,
    data0: lawOf(states, state => facts.data(state)),
    from,
    after,
    posterior,
    rates(law, state) {
      const list = new Float64Array(channels * jumps * sites)
      for (let c = 0, at = 0; c < channels; c++)
        for (let j = 0; j < jumps; j++)
          for (let x = 0; x < sites; x++, at++) {
            const to = facts.reverse(states[state], { c, j, x })
            if (to === undefined || law[state] === 0) continue
            const undone = speedOf.get(index(to) * count + state) ?? 0
            list[at] = index(to) < 0 ? 0 : (undone * law[index(to)]) / law[state]
          }
      return list
    },
    origin(prior, tau, state) {
      const out = new Float64Array(channels * sites * link.width)
      const noisy = Int32Array.from(states[state])
      const target = new Float32Array(out.length)
      posterior(prior, tau, state).forEach((p, o) => {
        if (p === 0) return
        const clean = Int32Array.from(states[o])
        if (link.target) link.target(clean, { noisy, time: tau / rate }, target)
        else target.set(clean)
        for (let i = 0; i < out.length; i++) out[i] += p * target[i]
      })
      return out
    },
    back(prior, { t, s, state }) {
      const likely = posterior(prior, t, state)
      const law = new Float64Array(count)
      likely.forEach((p, o) => {
        if (p < 1e-15) return
        // P(n_s | n_0, n_t) = P_s(n_s | n_0) P_(t - s)(n_t | n_s) / P_t(n_t | n_0).
        const bridge = normalised(from(o, s).map((q, i) => (q > 1e-14 ? q * from(i, t - s)[state] : 0)))
        for (let i = 0; i < count; i++) law[i] += p * bridge[i]
      })
      return law
    },
  }
}

/** All ways to have `sites` numbers of 0 … most. */
export function grids(sites: number, most: number): State[] {
  let list: State[] = [[]]
  for (let x = 0; x < sites; x++)
    list = list.flatMap(state => Array.from({ length: most + 1 }, (_, n) => [...state, n]))
  return list
}

/** The normalised law of a weight over the states. */
export function lawOf(states: readonly State[], weight: (state: State) => number): Float64Array {
  return normalised(Float64Array.from(states, weight))
}

function normalised(law: Float64Array): Float64Array {
  const sum = law.reduce((a, b) => a + b)
  return law.map(p => p / sum)
}

/** Total variation. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, p, i) => sum + Math.abs(p - b[i]) / 2, 0)
}
