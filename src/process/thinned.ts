// Units that die alone: the laws of what is left of them, and of what is born again.
import { exp, expm1, log, log1p } from '../base/numeric.ts'
import type { Random } from '../base/random.ts'

/**
 * Writes the reverse rate of a birth at each count n = 0 … ceiling, [ceiling + 1], where n_0 is any of 0 … ceiling with
 * equal chances and every unit has died at rate 1 for the time tau > 0.
 *
 * With x = e^-tau and S the upper tail of Binomial(ceiling + 1, x), p(n) = S(n + 1) / ((ceiling + 1) x), so that the
 * rate, (n + 1) p(n + 1) / p(n), is (n + 1) S(n + 2) / S(n + 1): n + 1 at first, nearly ceiling/2 e^-tau at the end, and 0
 * at the ceiling. (Ours.)
 */
export function evenBirths(tau: number, out: Float64Array): void {
  const ceiling = out.length - 1
  const odds = 1 / expm1(tau)
  out[ceiling] = 0
  // sum = S(k) / P(k), P the law of that binomial.
  for (let n = ceiling - 1, sum = 1; n >= 0; n--) {
    const k = n + 1
    const beyond = ((ceiling + 1 - k) / (k + 1)) * odds * sum
    out[n] = k / (1 + 1 / beyond)
    sum = 1 + beyond
  }
}

/**
 * KL(n | n_0 ‖ n | any n_0 of 0 … ceiling alike) in nats for each n_0, [ceiling + 1], when every unit has died at rate 1
 * for the time tau > 0.
 */
export function divergences(tau: number, ceiling: number): Float64Array {
  const births = new Float64Array(ceiling + 1)
  evenBirths(tau, births)
  const logOdds = -log(expm1(tau))
  /** log(1 - e^-tau) */
  const logDead = log(-expm1(-tau))
  const even = new Float64Array(ceiling + 1)
  even[0] = log(-expm1((ceiling + 1) * logDead)) + tau - log1p(ceiling)
  for (let n = 0; n < ceiling; n++) even[n + 1] = even[n] + log(births[n] / (n + 1))
  return Float64Array.from({ length: ceiling + 1 }, (_, origin) => {
    let own = origin * logDead
    let sum = 0
    for (let n = 0; n <= origin; n++) {
      sum += exp(own) * (own - even[n])
      own += log((origin - n) / (n + 1)) + logOdds
    }
    return Math.max(0, sum)
  })
}

/** (x_s - x_t) / (1 - x_t), x = e^-tau: the chance that a unit that is dead at tau = t was alive at tau = s < t. */
export function revived(t: number, s: number): number {
  return Math.min(1, (exp(-s) * expm1(s - t)) / expm1(-t))
}

/** Beside a whole number by the rounding of a ratio, of 24 bits: that number. */
const NEAR = 2e-7

/**
 * Rounds numbers >= 0 up or down, in place, so that the mean of each is kept, and their sum but for less than one: where the
 * sum is a whole number, exactly (systematic sampling: one uniform number for the places of all on the line of their sums).
 */
export function roundedTogether(random: Random, means: Float64Array): void {
  let sum = 0
  for (let i = 0; i < means.length; i++) sum += means[i]
  const whole = Math.round(sum)
  const scale = whole > 0 && Math.abs(sum - whole) <= 2 * NEAR * sum ? whole / sum : 1
  // What sums lose in their last digits is less than this.
  let along = random.uniform() + 1e-9
  let before = Math.floor(along)
  for (let i = 0; i < means.length; i++) {
    along += scale * means[i]
    const after = Math.floor(along)
    means[i] = after - before
    before = after
  }
}

/**
 * Scales numbers >= 0 in place to the sum `total`, each at most as large as its room: what has no room is shared by the
 * others, and at last by those that were 0, in proportion to their room. Beyond all of the room nothing goes.
 */
export function scaledTo(values: Float64Array, total: number, room: (i: number) => number): void {
  const full = new Uint8Array(values.length)
  let [left, free, filled] = [total, 0, 0]
  do {
    free = values.reduce((sum, value, i) => sum + (full[i] ? 0 : value), 0)
    filled = 0
    for (let i = 0; i < values.length; i++) {
      if (full[i] || values[i] * left < room(i) * free || free === 0) continue
      values[i] = room(i)
      left -= values[i]
      full[i] = 1
      filled++
    }
  } while (filled > 0)
  const rest = free > 0 ? free : values.reduce((sum, _, i) => sum + (full[i] ? 0 : room(i)), 0)
  const factor = rest > 0 ? Math.max(0, Math.min(left / rest, free > 0 ? Infinity : 1)) : 0
  for (let i = 0; i < values.length; i++) if (!full[i]) values[i] = factor * (free > 0 ? values[i] : room(i))
}

/** An integer of the given mean >= 0, the one below or the one above, by a uniform number: of two means with the same number
 * the larger is never rounded to less. */
export function roundedBy(u: number, mean: number): number {
  const nearest = Math.floor(mean + 0.5)
  return Math.abs(mean - nearest) <= NEAR * mean ? nearest : Math.floor(mean + u)
}
