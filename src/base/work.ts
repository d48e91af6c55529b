/**
 * Long work in pieces: a generator that pauses now and then and says which share is done, so that whoever
 * drives it may show progress, let other things happen, or stop.
 */
import { Cancelled } from './errors.ts'

/** Yields the share done, 0 to 1, and returns the result. */
export type Work<T> = Generator<number, T, void>

/** Does all of it at once. */
export function finish<T>(work: Work<T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value as T
  }
}

export interface DriveOptions {
  /** Stops the work between two pieces. */
  readonly signal?: AbortSignal
  readonly onProgress?: (share: number) => void
}

/**
 * Does it piece by piece; other events are let in about every 50 ms.
 * @throws Cancelled once the signal has been given
 */
export async function drive<T>(work: Work<T>, { signal, onProgress }: DriveOptions = {}): Promise<T> {
  let paused = Date.now()
  for (;;) {
    const { done, value } = work.next()
    if (done) return value as T
    if (Date.now() - paused < 50) continue
    onProgress?.(value as number)
    await new Promise(resolve => setTimeout(resolve))
    if (signal?.aborted) throw new Cancelled('The work was stopped')
    paused = Date.now()
  }
}
