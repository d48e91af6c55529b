/**
 * Elution times without the events between: what the hops and stays of a molecule add up to, exact in law.
 *
 * L hops at rate v take a gamma time t of L terms; in it the molecule sticks N ~ Poisson(k_a t) times, and its stays add up
 * to a gamma time of N terms at rate k_d (Giddings & Eyring 1955). Three draws for a molecule, however many events it makes.
 */
import { demand } from '../base/errors.ts'
import { log } from '../base/numeric.ts'
import { poisson } from '../base/poisson.ts'
import { type Random, random } from '../base/random.ts'
import type { Work } from '../base/work.ts'
import type { LatticeColumn } from './elution.ts'
import { exponential } from './exponential.ts'

/** From so many terms on a sum is drawn by rejection. */
const MANY = 12

/** The sum of n exponential times of mean 1, n a whole number from 0. */
export function erlang(rng: Random, n: number): number {
  if (n >= MANY) return gamma(rng, n)
  let sum = 0
  for (let k = 0; k < n; k++) sum += exponential(rng)
  return sum
}

/** Gamma law of shape ≥ 1, from a normal x: d(1 + cx)³ with d = shape − ⅓, c = 1/√9d, by rejection (Marsaglia & Tsang 2000). */
function gamma(rng: Random, shape: number): number {
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal(rng)
    const v = (1 + c * x) ** 3
    if (v > 0 && log(1 - rng.uniform()) < 0.5 * x * x + d - d * v + d * log(v)) return d * v
  }
}

/** Of mean 0 and variance 1, by Marsaglia's polar method. */
function normal(rng: Random): number {
  for (;;) {
    const a = 2 * rng.uniform() - 1
    const b = 2 * rng.uniform() - 1
    const s = a * a + b * b
    if (s < 1 && s > 0) return a * Math.sqrt((-2 * log(s)) / s)
  }
}

export interface ElutionSums extends LatticeColumn {
  readonly units: number
  readonly seed: number
}

/** Molecules between two pauses. */
const PIECE = 20_000

/** When every molecule leaves, [units]; molecule i draws from the stream (seed, i) alone. */
export function* elutionSums(options: ElutionSums): Work<Float64Array<ArrayBuffer>> {
  const { sites, hop, adsorb, desorb, units, seed } = options
  const what = 'elute molecules'
  demand(Number.isSafeInteger(units) && units >= 0, what, 'the units', 'a whole number from 0', units)
  demand(Number.isSafeInteger(sites) && sites >= 1, what, 'the sites', 'a whole number from 1', sites)
  for (const [name, rate] of Object.entries({ hop, desorb }))
    demand(rate > 0 && rate < Infinity, what, `the rate ${name}`, 'finite and above 0', rate)
  demand(adsorb >= 0 && adsorb < Infinity, what, 'the rate adsorb', 'finite and ≥ 0', adsorb)
  const seeds = random(seed)
  const times = new Float64Array(units)
  for (let i = 0; i < units; i++) {
    const rng = seeds.fork(i)
    const moving = erlang(rng, sites) / hop
    times[i] = moving + erlang(rng, poisson(rng, adsorb * moving)) / desorb
    if (i % PIECE === PIECE - 1) yield (i + 1) / units
  }
  return times
}
