/**
 * Whether rates are those of a law: what exact reverse rates owe to each other, whatever the law is.
 *
 * Exact rates of units that walk at the rate r are λ(x→y; n) = r (n_y + 1) p(n') / p(n) with n' = n - e_x + e_y, and so
 *
 *     λ(x→y; n) λ(y→x; n') = r² n_x (n_y + 1),
 *
 * r² being the product of the forward paces of both hops where these differ (`JumpProcess.pace`), and log p(n') - log p(n) summed round a plaquette, hops a and b in both orders, is 0 (*On gauge freedom, conservativity
 * and intrinsic dimensionality estimation in diffusion models*, arXiv 2402.03845, has the continuous counterpart, which needs
 * the true score; these need nothing but the rates). Neither is necessary for right samples, see `gauged()`, nor sufficient.
 */

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { log } from '../base/numeric.ts'
import { below, type Random, random } from '../base/random.ts'
import type { JumpProcess } from '../process/process.ts'
import { corrupted, type RateFunction } from './asking.ts'
import { type Spread, spreadOf } from './spread.ts'

export interface LoopOptions {
  /** One whose units walk. */
  readonly process: JumpProcess
  readonly rates: RateFunction
  /** [N, C, ...sites]; better none that the model has learned from. */
  readonly images: ArrayLike<number>
  readonly times: readonly number[]
  /** Pairs of hops at every time, default 64: three states are asked for each. */
  readonly loops?: number
  readonly seed: number
  readonly onProgress?: (share: number) => void
}

/** At a time t: tau = rate t, and how far off the logarithms are, without their sign. */
export interface LoopRow {
  readonly time: number
  readonly tau: number
  /** |log λ(x→y; n) λ(y→x; n') / (r² n_x (n_y + 1))| */
  readonly pair: Spread
  /** |circulation of log p| round a plaquette. */
  readonly curl: Spread
}

/** A hop of one unit: along jump j, from one site to another of a channel. */
interface Hop {
  readonly c: number
  readonly j: number
  readonly from: number
  readonly to: number
}

/** Both residuals at every time, on hops of random units and of their neighbours. */
export async function conservativity(options: LoopOptions): Promise<LoopRow[]> {
  demandGiven(
    'inspect the rates',
    { options },
    { options: { process: 'process', rates: 'function', images: 'list', times: 'list', seed: 'number' } },
  )
  const { process, rates, images, times, loops = 64, seed, onProgress } = options
  const { reached, rate, channels, sites } = process
  if (!reached)
    demand(false, 'inspect the rates', 'the process', 'one whose units walk', process.description.kind)
  const rows: LoopRow[] = []
  for (const [i, time] of times.entries()) {
    const stream = random(seed).fork(i)
    const states = corrupted(process, images, { time, count: loops, random: k => stream.fork(k) })
    const hops = states.map((state, k) =>
      twoHops(state, { reached, channels, sites }, stream.fork(loops + k)),
    )
    const told = await rates(
      states.flatMap((state, k) => [state, ...(hops[k] ?? []).map(hop => hopped(state, hop, sites))]),
      time,
    )
    const [pair, curl]: [number[], number[]] = [[], []]
    let at = 0
    states.forEach((state, k) => {
      const two = hops[k]
      if (!two) {
        at++
        return
      }
      const loop = new Loop(process, { state, time }, two)
      pair.push(...loop.pairs(told.slice(at, at + 3)))
      curl.push(loop.circulation(told.slice(at, at + 3)))
      at += 3
    })
    rows.push({ time, tau: rate * time, pair: spreadOf(pair), curl: spreadOf(curl) })
    onProgress?.((i + 1) / times.length)
  }
  return rows
}

interface Ground {
  readonly reached: (channel: number) => Int32Array
  readonly channels: number
  readonly sites: number
}

/** A hop of a random unit, and one of another unit beside it that can happen before or after; none where there are none. */
function twoHops(
  state: Int32Array,
  { reached, sites }: Ground,
  rng: Random,
): readonly [Hop, Hop] | undefined {
  const total = state.reduce((sum, n) => sum + n, 0)
  for (let tries = 0; total > 1 && tries < 100; tries++) {
    let [left, x] = [below(rng, total), 0]
    while (left >= state[x]) left -= state[x++]
    const c = Math.floor(x / sites)
    const hops = reached(c)
    const jumps = hops.length / sites
    const from = x % sites
    const j = below(rng, jumps)
    const to = hops[j * sites + from]
    const around = [from, to, ...Array.from({ length: jumps }, (_, d) => hops[d * sites + from])]
    const other = around[below(rng, around.length)]
    const k = below(rng, jumps)
    if (to < 0 || to === from || other < 0) continue
    const reach = hops[k * sites + other]
    // The second hop needs a unit of its own, before the first one and after it.
    const units = state[c * sites + other] - (other === from ? 1 : 0)
    if (units < 1 || reach < 0 || reach === other) continue
    return [
      { c, j, from, to },
      { c, j: k, from: other, to: reach },
    ]
  }
  return undefined
}

function hopped(state: Int32Array, { c, from, to }: Hop, sites: number): Int32Array {
  const next = state.slice()
  next[c * sites + from]--
  next[c * sites + to]++
  return next
}

/** A state n and two hops: what the rates at n, n + a and n + b, in this order, say. */
class Loop {
  private readonly process: JumpProcess
  private readonly state: Int32Array
  private readonly time: number
  private readonly hops: readonly [Hop, Hop]
  constructor(
    process: JumpProcess,
    { state, time }: { readonly state: Int32Array; readonly time: number },
    hops: readonly [Hop, Hop],
  ) {
    this.process = process
    this.state = state
    this.time = time
    this.hops = hops
  }

  private rate(rates: Float64Array, { c, j, from }: Hop): number {
    return rates[(c * this.process.jumps + j) * this.process.sites + from]
  }

  /** How fast a hop is forward, over r. */
  private pace({ c, j, from }: Hop): number {
    return this.process.pace?.(c, this.time)[j * this.process.sites + from] ?? 1
  }

  /** The jump that takes a hop back. */
  private back({ c, from, to }: Hop): Hop {
    const { sites, jumps, reached } = this.process
    const hops = reached!(c)
    let j = 0
    while (j < jumps && hops[j * sites + to] !== from) j++
    return { c, j, from: to, to: from }
  }

  pairs([here, ...there]: readonly Float64Array[]): number[] {
    const { sites } = this.process
    return this.hops.map((hop, k) => {
      const [n, m] = [this.state[hop.c * sites + hop.from], this.state[hop.c * sites + hop.to]]
      const back = this.back(hop)
      const product = this.rate(here, hop) * this.rate(there[k], back)
      return Math.abs(log(product / (this.pace(hop) * this.pace(back) * n * (m + 1))))
    })
  }

  circulation([here, afterA, afterB]: readonly Float64Array[]): number {
    const { sites } = this.process
    const [a, b] = this.hops
    /** log p(n') / p(n) of a hop, `before` it the other one. */
    const rise = (rates: Float64Array, hop: Hop, before?: Hop) => {
      const state = before ? hopped(this.state, before, sites) : this.state
      return log(this.rate(rates, hop) / (state[hop.c * sites + hop.to] + 1))
    }
    return Math.abs(rise(here, a) + rise(afterA, b, a) - rise(here, b) - rise(afterB, a, b))
  }
}
