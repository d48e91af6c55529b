/** The page's side of the worker: one worker, ended and started anew where it does not stop by itself. */
import type { Answer, Question, Seen, Verb, Verbs } from './protocol.ts'

/** Milliseconds that a job may take to stop before its worker is ended. */
const patience = 200

/** What went wrong in the worker, or that it was told to stop. */
export class Failed extends Error {
  readonly cancelled: boolean
  constructor(message: string, cancelled: boolean) {
    super(message)
    this.cancelled = cancelled
  }
}

export interface Client {
  /** @throws Failed with a sentence */
  ask<V extends Verb>(verb: V, told: Verbs[V][0], onSeen?: (seen: Seen) => void): Promise<Verbs[V][1]>
  /** Stops the job that is under way: at its next call of the network, or with the worker where that takes long. */
  cancel(): void
}

interface Waiting {
  readonly onSeen?: (seen: Seen) => void
  resolve(answer: Verbs[Verb][1]): void
  reject(error: Failed): void
}

/** `onAnew`: the worker was ended, and the new one knows of no model. */
export function client({ onAnew }: { readonly onAnew: () => void }): Client {
  let stopping: ReturnType<typeof setTimeout> | undefined
  let asked = 0
  const waiting = new Map<number, Waiting>()
  let worker = started()

  function started(): Worker {
    const fresh = new Worker(new URL('./worker/worker.ts', import.meta.url), { type: 'module' })
    fresh.addEventListener('message', ({ data }: MessageEvent<Answer>) => onAnswer(data))
    fresh.addEventListener('error', event =>
      failAll(new Failed(`The worker failed: ${event.message}`, false)),
    )
    return fresh
  }

  function onAnswer(data: Answer): void {
    const who = waiting.get(data.id)
    if (!who) return
    if ('seen' in data) {
      who.onSeen?.(data.seen)
      return
    }
    waiting.delete(data.id)
    clearTimeout(stopping)
    if ('answer' in data) who.resolve(data.answer)
    else who.reject(new Failed(data.failed, data.cancelled))
  }

  function failAll(error: Failed): void {
    const all = [...waiting.values()]
    waiting.clear()
    for (const { reject } of all) reject(error)
  }

  return {
    ask<V extends Verb>(verb: V, told: Verbs[V][0], onSeen?: (seen: Seen) => void) {
      const id = asked++
      worker.postMessage({ id, verb, told } as Question)
      return new Promise<Verbs[V][1]>((resolve, reject) => {
        waiting.set(id, { onSeen, resolve: resolve as Waiting['resolve'], reject })
      })
    },
    cancel() {
      worker.postMessage({ verb: 'cancel' } satisfies Question)
      clearTimeout(stopping)
      stopping = setTimeout(() => {
        worker.terminate()
        worker = started()
        failAll(new Failed('The work was cancelled', true))
        onAnew()
      }, patience)
    },
  }
}
