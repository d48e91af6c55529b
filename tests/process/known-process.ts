// A jump process on few states, known by its jumps alone: the oracle of every process.
import type { JumpProcess } from '../../src/process/index.ts'
import type { RateFunction } from '../../src/sampling/index.ts'

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
  /** The law of data without structure up to a factor, whose reverse rates are the capacity. */
  even(state: State): number
  /** What every trajectory conserves, and what `limit` is asked for. */
  conserved(state: State): readonly number[]
}

/** log t of the earliest law and the distance to the next: rates are off by half of that at most. */
const [EARLIEST, SPACING] = [-17, 1 / 100]

/** The laws that follow from the jumps. */
export interface Known extends Facts {
  index(counts: ArrayLike<number>): number
  readonly data0: Float64Array
  /** P(n_t | n_0 = state), for every state, at tau. */
  from(state: number, tau: number): Float64Array
  /** A law after the time tau. */
  after(law: Float64Array, tau: number): Float64Array
  /** Reverse rates / rate of the jumps [C, J, sites] out of a state where p_t is the law. */
  rates(law: Float64Array, state: number): Float64Array
  /** The exact rate function of the data. */
  readonly exact: RateFunction
}

export function known(facts: Facts): Known {
  const { states, process } = facts
  const { channels, jumps, sites, rate } = process
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
  const normalised = (weight: (state: State) => number) => {
    const law = Float64Array.from(states, weight)
    const sum = law.reduce((a, b) => a + b)
    return law.map(p => p / sum)
  }
  const data0 = normalised(state => facts.data(state))

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

  function rates(law: Float64Array, state: number): Float64Array {
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
  }

  /** Times are taken from a grid, even in log t; every law is worked out once, from that before it. */
  const laws: { tau: number; law: Float64Array }[] = [{ tau: 0, law: data0 }]
  function lawAt(time: number): { law: Float64Array; at: number } {
    const place = Math.max(0, Math.round((Math.log(time) - EARLIEST) / SPACING))
    while (laws.length <= place) {
      const [last, tau] = [laws[laws.length - 1], rate * Math.exp(EARLIEST + SPACING * laws.length)]
      laws.push({ tau, law: after(last.law, tau - last.tau) })
    }
    return { law: laws[place].law, at: place }
  }
  const lists = new Map<number, Float32Array>()
  const exact: RateFunction = (counts, times) => {
    const size = channels * sites
    const ratios = new Float32Array(counts.length * jumps).fill(1)
    const capacity = new Float32Array(size * jumps)
    for (let i = 0; i < times.length; i++) {
      const image = counts.subarray(i * size, (i + 1) * size)
      const state = index(image)
      if (state < 0) continue
      const { law, at } = lawAt(times[i])
      const key = at * count + state
      let list = lists.get(key)
      if (!list) {
        process.capacity(image, capacity, Math.min(1, Math.exp(EARLIEST + SPACING * at)))
        list = Float32Array.from(rates(law, state), (r, k) => (r === 0 ? 0 : r / capacity[k]))
        lists.set(key, list)
      }
      ratios.set(list, i * list.length)
    }
    return ratios
  }

  return {
    ...facts,
    index,
    data0,
    from(state, tau) {
      const law = new Float64Array(count)
      law[state] = 1
      return after(law, tau)
    },
    after,
    rates,
    exact,
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
  const law = Float64Array.from(states, weight)
  const sum = law.reduce((a, b) => a + b)
  return law.map(p => p / sum)
}
