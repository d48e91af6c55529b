// The law that a solver has at its end, to its steps and all, worked out over every state.
import { neighbours } from '../../lattice/index.ts'
import type { JumpProcess } from '../../process/process.ts'
import type { Work } from '../../structure/work.ts'
import { hopping } from '../cfl.ts'
import { lead, type Momentum } from '../multistep.ts'
import type { FewUnits } from './enumerable.ts'
import type { Subject } from './subject.ts'

/** 1: `ancestral`, 2: `multistep` without damping. Damped, it remembers every call, and has no law on few states. */
export type Order = 1 | 2

/**
 * The law at the last of the times, when the first begins with the law that it should have: so neither the limit nor the last
 * step to 0, which draws or settles, plays a part. A solver of order two remembers the state of the call before.
 */
export function* steppedLaw(
  subject: Subject,
  { order, times }: { readonly order: Order; readonly times: readonly number[] },
): Work<Float64Array> {
  const { count } = subject
  /** By the state, and of order two by the state before it, [before * count + now]. */
  let law = new Map(Array.from(subject.at(times[0]), (p, s) => [s, p] as const))
  let momenta: (Momentum | undefined)[] = new Array(count)
  for (let k = 0; k + 1 < times.length; k++) {
    yield k / times.length
    const [time, to] = [times[k], times[k + 1]]
    const origins = Array.from({ length: count }, (_, s) => subject.origin(s, time))
    const next = new Map<number, number>()
    for (const [key, p] of law) {
      if (p === 0) continue
      const now = key % count
      const before = order === 2 ? momenta[(key - now) / count] : undefined
      const { led } = lead(before, origins[now], { time, to, damping: 1 })
      const after = subject.back(now, Float64Array.from(led), { from: time, to })
      for (let s = 0; s < count; s++) {
        const place = order === 2 ? now * count + s : s
        next.set(place, (next.get(place) ?? 0) + p * after[s])
      }
    }
    momenta = origins.map(origin => ({ velocity: origin, time }))
    law = next
  }
  const out = new Float64Array(count)
  for (const [key, p] of law) out[key % count] += p
  return out
}

/**
 * The law at the end of `cfl` (DSD alg. 2) on a process of few units, from that at t = 1. Its step depends on the state, so
 * that no two images see the same times. Backwards, then: with F(n, t) the law at the end of an image that is n at t,
 *
 *     F(n, t) = Σ_n' P(n -> n') F(n', t - dt),   F(n, 0) = n,
 *
 * on `points` even times, a straight line between two of them; P by every way in which the units may hop.
 */
export function* hoppedLaw(
  few: FewUnits,
  options: {
    readonly process: JumpProcess
    readonly fraction: number
    readonly noise: number
    readonly points: number
  },
): Work<Float64Array> {
  const { process, fraction, noise, points } = options
  const { states } = few
  const count = states.length
  const out = new Float64Array(process.sites * process.jumps)
  /** [time, state, state at the end]; a state is itself at time 0. */
  const ends = Array.from({ length: points + 1 }, () => new Float64Array(count * count))
  for (let s = 0; s < count; s++) ends[0][s * count + s] = 1
  for (let k = 1; k <= points; k++) {
    if (k % 16 === 0) yield k / points
    const time = k / points
    states.forEach((state, s) => {
      const told = Float32Array.from(few.expected(state, time))
      process.rates(state, told, { time, noise, out })
      const step = time - hopping(process, state, { rates: out, time, fraction, noise })
      const place = (time - step) * points
      const below = Math.min(k - 1, Math.floor(place))
      const share = Math.min(1, place - below)
      const after = few.moved(state, movesOf(few, state, { rates: out, span: process.rate * step }))
      for (let n = 0; n < count; n++) {
        if (after[n] === 0) continue
        for (let end = 0; end < count; end++) {
          const later = share === 0 ? 0 : share * ends[below + 1][n * count + end]
          ends[k][s * count + end] += after[n] * ((1 - share) * ends[below][n * count + end] + later)
        }
      }
    })
  }
  const law = new Float64Array(count)
  few.at(1).forEach((p, s) => {
    for (let end = 0; end < count; end++) law[end] += p * ends[points][s * count + end]
  })
  return law
}

/** Where a unit at each site goes, [sites, sites], by at most one hop, given the rates of all units of a site together. */
function movesOf(
  { lattice }: FewUnits,
  state: Int32Array,
  { rates, span }: { rates: Float64Array; span: number },
): Float64Array {
  const { size: sites } = lattice
  const reached = neighbours(lattice)
  const moves = new Float64Array(sites * sites)
  for (let x = 0; x < sites; x++) moves[x * sites + x] = 1
  reached.forEach((y, i) => {
    const x = i % sites
    if (y < 0 || state[x] === 0 || rates[i] === 0) return
    const p = (span * rates[i]) / state[x]
    moves[x * sites + y] += p
    moves[x * sites + x] -= p
  })
  return moves
}
