/**
 * Long work in pieces: a generator that pauses now and then and says which share is done, so that whoever
 * drives it may show progress, let other things happen, or stop.
 */

import { Cancelled } from './errors.ts'
import { demandGiven } from './given.ts'

/** Yields the share done, 0 to 1, and returns the result. */
export type Work<T> = Generator<number, T, void>

/** Does all of it at once. */
export function finish<T>(work: Work<T>): T {
  demandGiven('do the work', { work }, { work: 'work' })
  for (;;) {
    const { done, value } = work.next()
    if (done) return value as T
  }
}

/** A piece of a larger work: its shares from `start` on. */
export function* within<T>(work: Work<T>, start: number, part: number): Work<T> {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value as T
    yield start + part * (value as number)
  }
}

/** Does `part` for the numbers from 0 on, some at a time: inner loops stay plain functions. */
export function* pieces(
  length: number,
  part: (from: number, to: number) => void,
  most = 2 ** 20,
): Work<void> {
  for (let from = 0; from < length; from += most) {
    const to = Math.min(length, from + most)
    part(from, to)
    yield to / length
  }
}

/** The same work with shares that never fall, whatever rounding does to them. */
export function* rising<T>(work: Work<T>): Work<T> {
  for (let most = 0; ; ) {
    const { done, value } = work.next()
    if (done) return value as T
    most = Math.min(1, Math.max(most, value as number))
    yield most
  }
}

export interface DriveOptions {
  /** Stops the work between two pieces. */
  readonly signal?: AbortSignal
  readonly onProgress?: (share: number) => void
}

/** Lets other events in between two pieces of work that are at once. @throws Cancelled once the signal has been given */
export async function breath(signal?: AbortSignal): Promise<void> {
  await new Promise(resolve => setTimeout(resolve))
  if (signal?.aborted) throw new Cancelled('The work was stopped', { cause: signal.reason })
}

/**
 * Does it piece by piece; other events are let in about every 50 ms.
 * @throws Cancelled once the signal has been given
 */
export async function drive<T>(work: Work<T>, options: DriveOptions = {}): Promise<T> {
  demandGiven('do the work', { work, options }, { work: 'work', options: 'object' })
  const { signal, onProgress } = options
  let paused = performance.now()
  for (;;) {
    const { done, value } = work.next()
    if (performance.now() - paused >= 50) {
      if (!done) onProgress?.(value)
      await breath(signal)
      paused = performance.now()
    }
    if (done) return value
  }
}
