/** The page's side of the worker: one worker, ended and started anew where it does not stop by itself. */
import type { Answer, Question } from './protocol.ts'

/** Milliseconds that a job may take to stop before its worker is ended. */
const patience = 200

export interface Client {
  ask(question: Question): void
  /** Stops the job that is under way: at its next call of the network, or with the worker where that takes long. */
  cancel(): void
}

/** `onAnew`: the worker was ended, and the new one knows of no model. */
export function client({
  onAnswer,
  onAnew,
}: {
  readonly onAnswer: (answer: Answer) => void
  readonly onAnew: () => void
}): Client {
  let stopping: ReturnType<typeof setTimeout> | undefined
  let worker = started()
  function started(): Worker {
    const fresh = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    fresh.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      if (data.verb === 'failed' || data.verb === 'drawn') clearTimeout(stopping)
      onAnswer(data)
    })
    fresh.addEventListener('error', event => {
      onAnswer({ verb: 'failed', message: `The worker failed: ${event.message}`, cancelled: false })
    })
    return fresh
  }
  return {
    ask: question => worker.postMessage(question),
    cancel() {
      worker.postMessage({ verb: 'cancel' } satisfies Question)
      clearTimeout(stopping)
      stopping = setTimeout(() => {
        worker.terminate()
        worker = started()
        onAnew()
        onAnswer({ verb: 'failed', message: 'Drawing was cancelled', cancelled: true })
      }, patience)
    },
  }
}
