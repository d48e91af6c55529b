// A finite-state chain at every site: categories that change into each other by any matrix of rates.
import { demand } from '../base/errors.ts'
import { log } from '../base/numeric.ts'
import { exponential, largestRate, stationary } from './exponential.ts'
import { demandDraw, demandLength, demandOptions, demandPlace, demandSpan } from './given.ts'
import { statesLink } from './link/states.ts'
import type { JumpProcess, ProcessDescription } from './process.ts'
import { type ChainMatrix, checkedMatrix, mixing } from './rate-matrix.ts'
import { type Standing, standing } from './standing.ts'

export interface ChainOptions extends ChainMatrix {
  /** Of the lattice. */
  readonly lengths: readonly number[]
  /** C, default 1. */
  readonly channels?: number
  /** tau at t = 1; by default every state is then within e^-9 of the limit. */
  readonly rate?: number
  /** Whether the last step takes the most probable state of every site, as a mask wants it, and does not draw one. Default: false. */
  readonly settles?: boolean
}

/** Enough to rebuild the process. */
export interface ChainDescription extends ProcessDescription {
  readonly kind: 'chain'
  readonly lengths: readonly number[]
  readonly channels: number
  readonly matrix: readonly number[]
  readonly origin: readonly number[]
  readonly rate: number
  readonly settles?: boolean
}

/**
 * Every site is in one of S states, 0 … S - 1, and changes from a to b at the rate Q(a, b) in the time tau = rate * t:
 * P_tau = exp(Q tau), exactly. The origin is the law D of the clean state at every site, [C, S, ...sites]. Given it the state
 * c at t comes from b at s with the probability
 *
 *     Σ_a D(a) P_s(a, b) P_(t-s)(b, c) / P_t(a, c),
 *
 * and reverse jump j, the change of the site to j, has the rate Q(j, c) Σ_a D(a) P_t(a, j) / P_t(a, c): exact for one site.
 * A site is one unit; nothing is conserved. `uniformRates` and `absorbingRates` are the usual matrices (Austin et al. 2021,
 * arXiv 2107.03006).
 */
export function chain(options: ChainOptions): JumpProcess {
  const what = 'build the chain'
  demandOptions(what, options)
  const { lengths, channels = 1, settles = false } = options
  const { matrix, origin: even, states } = checkedMatrix(what, options)
  const end = stationary(matrix, states)
  demand(end !== undefined, what, 'the matrix', 'one that leads from all states to one law', 'another')
  const rate = options.rate ?? mixing(matrix, end)
  const ground: Standing = standing(what, { lengths, channels, jumps: states, rate, width: states })
  const { sites } = ground.same
  const size = channels * sites
  const description: ChainDescription = {
    kind: 'chain',
    lengths: [...lengths],
    channels,
    matrix: [...matrix],
    origin: [...even],
    rate,
    ...(settles && { settles }),
  }

  /** P over the time tau, of the last that were asked for: images of a batch ask for the same. */
  const known: { tau: number; table: Float64Array }[] = []
  function over(tau: number): Float64Array {
    const found = known.find(one => one.tau === tau)
    if (found) return found.table
    const table = exponential(matrix, states, tau)
    if (known.length === 4) known.shift()
    known.push({ tau, table })
    return table
  }

  function held(state: number): number {
    if (!(state >= 0 && state < states))
      demand(false, 'take an image', 'every state', `in 0 … ${states - 1}`, state)
    return state
  }

  const law = new Float64Array(states)
  /** Where number a of site x of an array [C, S, sites] lies. */
  const place = (x: number, a: number) => (Math.floor(x / sites) * states + a) * sites + (x % sites)

  /** D(a) / P_t(a, c) into `law`, for the state c of site x at t: 0 where c cannot come from a, or no data hold a (a mask). */
  function backward(
    origin: ArrayLike<number>,
    x: number,
    { table, c }: { table: Float64Array; c: number },
  ): void {
    let sum = 0
    for (let a = 0; a < states; a++) {
      const p = table[a * states + c]
      law[a] = p > 0 && even[a] > 0 ? origin[place(x, a)] : 0
      sum += law[a]
    }
    for (let a = 0; a < states; a++) if (law[a] > 0) law[a] /= sum * table[a * states + c]
  }

  return {
    ...ground.same,
    description,
    link: statesLink({ states, sites }),

    corrupt(clean, time, draw) {
      ground.corruption(clean, time, draw)
      const { random, noisy } = draw
      const table = over(rate * time)
      for (let x = 0; x < size; x++) {
        const row = held(clean[x]) * states
        noisy[x] = pick(table.subarray(row, row + states), random.uniform())
      }
    },

    limit(masses, draw) {
      demandDraw('draw the limit', draw)
      const { random, out } = draw
      ground.limit(masses, out)
      for (let x = 0; x < size; x++) out[x] = pick(end, random.uniform())
    },

    rates(counts, origin, options) {
      ground.told(counts, origin, options)
      const table = over(rate * options.time)
      for (let x = 0; x < size; x++) {
        const c = held(counts[x])
        backward(origin, x, { table, c })
        for (let j = 0; j < states; j++) {
          let sum = 0
          for (let a = 0; a < states; a++) sum += law[a] * table[a * states + j]
          options.out[place(x, j)] = j === c ? 0 : matrix[j * states + c] * sum
        }
      }
    },

    /** With the largest rate of the matrix on top, for at that rate the rates of the jumps themselves may change. */
    fastest(_, rates) {
      let largest = 0
      for (let x = 0; x < size; x++) {
        let sum = 0
        for (let j = 0; j < states; j++) sum += rates[place(x, j)]
        largest = Math.max(largest, sum)
      }
      return largest > 0 ? largest + largestRate(matrix, states) : 0
    },

    hop(counts, rates, step) {
      demandSpan(step)
      ground.hop(counts, rates)
      const { span, random } = step
      for (let x = 0; x < size; x++) {
        let sum = 0
        for (let j = 0; j < states; j++) {
          law[j] = rates[place(x, j)]
          sum += law[j]
        }
        const chance = Math.min(1, sum * span)
        const u = random.uniform()
        if (u < chance) counts[x] = pick(law, (u / chance) * sum)
      }
    },

    undo(counts, origin, step) {
      ground.step(counts, origin, step)
      const { from, to, random } = step
      const [table, early, late] = [over(rate * from), over(rate * to), over(rate * (from - to))]
      const next = new Float64Array(states)
      for (let x = 0; x < size; x++) {
        const c = held(counts[x])
        backward(origin, x, { table, c })
        let total = 0
        for (let b = 0; b < states; b++) {
          let sum = 0
          for (let a = 0; a < states; a++) sum += law[a] * early[a * states + b]
          next[b] = sum * late[b * states + c]
          total += next[b]
        }
        if (total > 0) counts[x] = pick(next, random.uniform() * total)
      }
    },

    ...(settles && {
      settle(counts, origin) {
        demandPlace('settle', 'counts', counts, size)
        demandLength('settle', 'the origin', origin, size * states)
        for (let x = 0; x < size; x++) {
          held(counts[x])
          // A mask is no clean state, whatever is told of it.
          const chances = Array.from(even, (p, a) => (p > 0 ? origin[place(x, a)] : -1))
          counts[x] = chances.indexOf(Math.max(...chances))
        }
      },
    }),

    divergence(clean) {
      const table = over(rate)
      const bare = lawAt(table, even)
      let sum = 0
      for (let x = 0; x < size; x++)
        for (let a = 0, row = held(clean[x]) * states; a < states; a++)
          if (table[row + a] > 0) sum += table[row + a] * log(table[row + a] / bare[a])
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
