// A finite-state chain at every site: categories that change into each other by any matrix of rates.
import { demand } from '../base/errors.ts'
import { expm1, log } from '../base/numeric.ts'
import type { Random } from '../base/random.ts'
import { exponential, inverse, largestRate, stationary } from './exponential.ts'
import type { JumpProcess, ProcessDescription, ReverseStep } from './process.ts'
import { type ChainMatrix, checkedMatrix, isClosed, mixing } from './rate-matrix.ts'
import { type Standing, standing } from './standing.ts'

export interface ChainOptions extends ChainMatrix {
  /** Of the lattice. */
  readonly lengths: readonly number[]
  /** C, default 1. */
  readonly channels?: number
  /** tau at t = 1; by default every state is then within e^-9 of the limit. */
  readonly rate?: number
}

/** Enough to rebuild the process. */
export interface ChainDescription extends ProcessDescription {
  readonly kind: 'chain'
  readonly lengths: readonly number[]
  readonly channels: number
  readonly matrix: readonly number[]
  readonly origin: readonly number[]
  readonly rate: number
}

/**
 * Every site is in one of S states, 0 … S - 1, and changes from a to b at the rate Q(a, b) in the time tau = rate * t:
 * P_tau = exp(Q tau), exactly. Reverse jump j changes the state of the site to j, at the rate
 *
 *     Q(j, a) p_t(j) / p_t(a),
 *
 * p_t the law of the site given all others; with a known origin n_0 it is P_tau(n_0, ·). `capacity` has the law of data
 * without structure there. A site is one unit; nothing is conserved. `uniformRates` and `absorbingRates` are the usual
 * matrices (Austin et al. 2021, arXiv 2107.03006).
 */
export function chain(options: ChainOptions): JumpProcess {
  const { lengths, channels = 1 } = options
  const what = 'build the chain'
  const { matrix, origin, states } = checkedMatrix(what, options)
  const end = stationary(matrix, states)
  demand(end !== undefined, what, 'the matrix', 'one that leads from all states to one law', 'another')
  const rate = options.rate ?? mixing(matrix, end)
  const ground: Standing = standing(what, { lengths, channels, jumps: states, rate })
  const { sites } = ground.same
  const size = channels * sites
  /** Where all of b -> a that can be is one jump, the ratios tell the whole law of a site; else only its neighbours'. */
  const whole = isClosed(matrix, states)
  const description: ChainDescription = {
    kind: 'chain',
    lengths: [...lengths],
    channels,
    matrix: [...matrix],
    origin: [...origin],
    rate,
  }

  /** P over the time tau, of the last two that were asked for: images of a batch ask for the same. */
  const known: { tau: number; table: Float64Array }[] = []
  function over(tau: number): Float64Array {
    const found = known.find(one => one.tau === tau)
    if (found) return found.table
    const table = exponential(matrix, states, tau)
    if (known.length === 2) known.shift()
    known.push({ tau, table })
    return table
  }

  const bare = new Float64Array(states * states)
  let bareTime = -1
  /** Reverse rates of data without structure, at [a * S + j]. */
  function featureless(time: number): void {
    if (time === bareTime) return
    const law = lawAt(over(rate * time), origin)
    bareTime = time
    for (let a = 0; a < states; a++)
      for (let j = 0; j < states; j++)
        bare[a * states + j] = a === j || law[a] === 0 ? 0 : (matrix[j * states + a] * law[j]) / law[a]
  }

  function held(state: number): number {
    if (!(state >= 0 && state < states))
      demand(false, 'take an image', 'every state', `in 0 … ${states - 1}`, state)
    return state
  }

  const each = new Float64Array(states)

  /** Takes every site to the state that `next` says, given the rates of its jumps in `each` and their sum. */
  function change(
    counts: Int32Array,
    ratios: Float32Array,
    time: number,
    next: (state: number, sum: number) => number,
  ): void {
    featureless(time)
    for (let c = 0, x = 0; c < channels; c++)
      for (let i = 0; i < sites; i++, x++) {
        const a = held(counts[x])
        let sum = 0
        for (let j = 0; j < states; j++) {
          each[j] = bare[a * states + j] * ratios[(c * states + j) * sites + i]
          sum += each[j]
        }
        if (sum > 0) counts[x] = next(a, sum)
      }
  }

  /** One jump or none: to j with the probability chance(sum) each[j] / sum. */
  function jumpOnce(chance: (sum: number, state: number) => number, random: Random) {
    return (state: number, sum: number): number => {
      const p = chance(sum, state)
      const u = random.uniform()
      return u < p ? pick(each, (u / p) * sum) : state
    }
  }

  /**
   * At frozen ratios to data without structure, whose law changes over the step: without it a state a is left at the rate
   * Λ(tau) = d log p_tau(a) / d tau - Q(a, a), which integrate to log p_t(a) / p_s(a) - Q(a, a) (t - s).
   */
  function leap(counts: Int32Array, ratios: Float32Array, { from, to, random }: ReverseStep): void {
    const late = lawAt(over(rate * from), origin)
    const early = lawAt(over(rate * to), origin)
    featureless(from)
    const durations = late.map((p, a) => {
      const sum = total(bare.subarray(a * states, (a + 1) * states))
      const time = rate * (from - to)
      return sum > 0 ? (log(p / early[a]) - matrix[a * (states + 1)] * time) / sum : time
    })
    change(
      counts,
      ratios,
      from,
      jumpOnce((sum, a) => -expm1(-durations[a] * sum), random),
    )
  }

  return {
    ...ground.same,
    description,
    units: () => size,

    corrupt(clean, time, draw) {
      ground.corruption(clean, time, draw)
      const { random, noisy, target } = draw
      const law = over(rate * time)
      for (let c = 0, x = 0; c < channels; c++)
        for (let i = 0; i < sites; i++, x++) {
          const row = held(clean[x]) * states
          const a = pick(law.subarray(row, row + states), random.uniform())
          noisy[x] = a
          for (let j = 0; j < states; j++)
            target[(c * states + j) * sites + i] =
              j === a ? 0 : (matrix[j * states + a] * law[row + j]) / law[row + a]
        }
    },

    limit(masses, { random, out }) {
      ground.limit(masses, out)
      for (let x = 0; x < size; x++) out[x] = pick(end, random.uniform())
    },

    capacity(counts, out, time) {
      ground.capacity(counts, out, time)
      featureless(time)
      for (let c = 0, x = 0; c < channels; c++)
        for (let i = 0; i < sites; i++, x++)
          for (let j = 0, a = held(counts[x]); j < states; j++)
            out[(c * states + j) * sites + i] = bare[a * states + j]
    },

    hop(counts, ratios, step) {
      ground.step('hop', counts, ratios, step)
      const time = rate * (step.from - step.to)
      change(
        counts,
        ratios,
        step.from,
        jumpOnce(sum => Math.min(1, time * sum), step.random),
      )
    },

    /** The first jump alone: no rates are known of where it leads. */
    leap(counts, ratios, step) {
      ground.step('leap', counts, ratios, step)
      leap(counts, ratios, step)
    },

    /**
     * From a to b with the probability p_s(b) P(b, a) / p_t(a), P over the step, where p_t = p_s P is known from the ratios
     * up to a factor (Lou et al. 2023, arXiv 2310.16834, for any matrix): exact whatever the step, for one site. Where
     * a jump that leads to a must be two of the matrix's, the ratios do not tell p_t and a leap is made.
     */
    bridge(counts, ratios, step) {
      ground.step('bridge', counts, ratios, step)
      const { from, to, random } = step
      const table = over(rate * (from - to))
      const back = whole ? inverse(table, states) : undefined
      if (!back) {
        leap(counts, ratios, step)
        return
      }
      change(counts, ratios, from, a => {
        // p_t / p_t(a): each[j] = Q(j, a) p_t(j) / p_t(a).
        for (let j = 0; j < states; j++) {
          const known = matrix[j * states + a]
          each[j] = j === a ? 1 : known > 0 ? each[j] / known : 0
        }
        return posterior(each, { back, over: table, a }) ? pick(each, random.uniform() * total(each)) : a
      })
    },

    /** With the largest rate of the matrix on top, for at that rate the rates of the jumps themselves may change. */
    fastest(counts, ratios, time) {
      ground.fastest(counts, ratios, time)
      let largest = 0
      change(counts, ratios, time, (a, sum) => {
        largest = Math.max(largest, sum)
        return a
      })
      return largest > 0 ? rate * (largest + largestRate(matrix, states)) : 0
    },

    divergence(clean) {
      const law = over(rate)
      const even = lawAt(law, origin)
      let sum = 0
      for (let x = 0; x < size; x++)
        for (let a = 0, row = held(clean[x]) * states; a < states; a++)
          if (law[row + a] > 0) sum += law[row + a] * log(law[row + a] / even[a])
      return Math.max(0, sum)
    },
  }
}

/** The law of a site after a table of laws, at [a * S + b], from the law of a. */
function lawAt(table: Float64Array, origin: Float64Array): Float64Array {
  const states = origin.length
  return origin.map((_, b) => origin.reduce((sum, p, a) => sum + p * table[a * states + b], 0))
}

/** The state on which u in [0, total) falls, of states with these weights; never one without weight. */
function pick(weights: Float64Array, u: number): number {
  let left = u
  let last = 0
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue
    last = i
    left -= weights[i]
    if (left < 0) return i
  }
  return last
}

function total(weights: Float64Array): number {
  let sum = 0
  for (let i = 0; i < weights.length; i++) sum += weights[i]
  return sum
}

/**
 * From p_t [S] up to a factor to p_s(b) P(b, a), in place, where `over` is P over the step and `back` its inverse. Ratios
 * that are not those of a law can make some negative: these are none. False where all are.
 */
function posterior(
  law: Float64Array,
  { back, over, a }: { back: Float64Array; over: Float64Array; a: number },
): boolean {
  const states = law.length
  const now = law.slice()
  for (let b = 0; b < states; b++) {
    let sum = 0
    for (let c = 0; c < states; c++) sum += now[c] * back[c * states + b]
    law[b] = Math.max(0, sum) * over[b * states + a]
  }
  return total(law) > 0
}
