/** The one job that is under way: how far it is, what it says, and how it is stopped. */
import { batch, signal } from '@preact/signals'
import type { Progress } from '../src/jobs/context.ts'
import { client, type Failed } from './client.ts'
import type { Seen, Verb, Verbs } from './protocol.ts'

/** The job that is under way. */
export const running = signal<Verb | undefined>(undefined)
/** A job that was cancelled is not out of the worker yet. */
export const stopping = signal(false)
export const progress = signal<Progress | undefined>(undefined)
/** Seconds left of the job, where it is known. */
export const left = signal<number | undefined>(undefined)
/** What went wrong, and what should be known, in a sentence each. */
export const trouble = signal('')
export const news = signal('')
/** How often the worker was started anew: it has forgotten what it held. */
export const lives = signal(0)

const worker = client({
  onAnew() {
    lives.value++
  },
})

/** Asks the worker for something that takes no time worth speaking of; what goes wrong becomes a sentence. */
export async function ask<V extends Verb>(verb: V, told: Verbs[V][0]): Promise<Verbs[V][1] | undefined> {
  try {
    return await worker.ask(verb, told)
  } catch (error) {
    if (!(error as Failed).cancelled) trouble.value = (error as Error).message
    return undefined
  }
}

/** Runs a job. Undefined where it failed, which is said, or was cancelled. */
export async function run<V extends Verb>(
  verb: V,
  told: Verbs[V][0],
  onSeen?: (seen: Seen) => void,
): Promise<Verbs[V][1] | undefined> {
  if (running.value || stopping.value) return undefined
  const began = performance.now()
  batch(() => {
    running.value = verb
    trouble.value = ''
    news.value = 'Working'
    progress.value = undefined
    left.value = undefined
  })
  const seen = (of: Seen) => {
    if (running.value !== verb) return
    if ('said' in of) news.value = of.said
    if ('progress' in of) {
      const { done, total } = of.progress
      const seconds = (performance.now() - began) / 1000
      batch(() => {
        progress.value = of.progress
        left.value = done > 0 ? (seconds * (total - done)) / done : undefined
      })
    } else onSeen?.(of)
  }
  let answer: Verbs[V][1] | undefined
  try {
    answer = await worker.ask(verb, told, seen)
  } catch (error) {
    if (!(error as Failed).cancelled) trouble.value = (error as Error).message
  }
  // What was cancelled has no result, even where it came to its end meanwhile.
  const cancelled = stopping.value
  batch(() => {
    stopping.value = false
    running.value = undefined
    if (!cancelled && answer === undefined) news.value = ''
  })
  return cancelled ? undefined : answer
}

/** No further state is shown; the worker stops at its next call, or is ended. */
export function cancel(): void {
  if (!running.value || stopping.value) return
  batch(() => {
    running.value = undefined
    stopping.value = true
    news.value = 'Cancelled'
  })
  worker.cancel()
}
