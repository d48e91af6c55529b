// Asking a model of many states: whole tiles for the origin function, one origin or one set of rates for every state.
import { Cancelled, demand } from '../base/errors.ts'
import type { JumpProcess } from '../process/process.ts'
import type { OriginFunction } from '../sampling/solver.ts'

/** What is asked, and who listens. */
export interface Asked {
  readonly process: JumpProcess
  readonly origin: OriginFunction
  /** Images per call of the origin function: what is missing is filled up with the last state. */
  readonly batch: number
  readonly onProgress?: (share: number) => void
  /** Ends the work with `Cancelled` before the next call. */
  readonly signal?: AbortSignal
}

/** States [C, ...sites] at one time, and what is told of each, [C, J, ...sites]: all reverse rates / rate. */
export type RateFunction = (states: readonly Int32Array[], time: number) => Promise<Float64Array[]>

/** Calls `see` with the origin [C, K, ...sites] of every state at one time; it is good until the next state. */
export async function eachOrigin(
  { process, origin, batch, signal }: Asked,
  states: readonly Int32Array[],
  { time, see }: { time: number; see(origin: Float32Array, state: number): void },
): Promise<void> {
  demand(Number.isSafeInteger(batch) && batch >= 1, 'ask a model', 'the batch', 'an integer >= 1', batch)
  const size = process.channels * process.sites
  const width = size * process.link.width
  const tile = new Int32Array(batch * size)
  const times = new Float64Array(batch).fill(time)
  for (let first = 0; first < states.length; first += batch) {
    if (signal?.aborted) throw new Cancelled('The inspection was cancelled', { cause: signal.reason })
    for (let slot = 0; slot < batch; slot++)
      tile.set(states[Math.min(first + slot, states.length - 1)], slot * size)
    const told = await origin(tile, times, first)
    for (let slot = 0; slot < batch && first + slot < states.length; slot++)
      see(told.subarray(slot * width, (slot + 1) * width), first + slot)
  }
}

/** The rates that a process makes of a model's origins. */
export function ratesBy(asked: Asked): RateFunction {
  const { process } = asked
  const length = process.channels * process.sites * process.jumps
  return async (states, time) => {
    const all: Float64Array[] = []
    await eachOrigin(asked, states, {
      time,
      see(origin, state) {
        const out = new Float64Array(length)
        process.rates(states[state], origin, { time, out })
        all.push(out)
      },
    })
    return all
  }
}

/** Corrupts images [N, C, ...sites] one after the other, the k-th of all being image k mod N. */
export function corrupted(
  process: JumpProcess,
  images: ArrayLike<number>,
  {
    time,
    count,
    random,
  }: { time: number; count: number; random: (k: number) => Parameters<JumpProcess['corrupt']>[2]['random'] },
): Int32Array[] {
  const size = process.channels * process.sites
  const known = images.length / size
  const whole = Number.isSafeInteger(known) && known >= 1
  demand(whole, 'inspect', 'the images', `of ${size} counts each`, images.length)
  const clean = new Int32Array(size)
  return Array.from({ length: count }, (_, k) => {
    for (let x = 0, from = (k % known) * size; x < size; x++) clean[x] = images[from + x]
    const noisy = new Int32Array(size)
    process.corrupt(clean, time, { random: random(k), noisy })
    return noisy
  })
}
