/** A painter on a worker thread of its own. */
import { Worker } from 'node:worker_threads'
import { Cancelled, cannot, InvariantError } from '../base/errors.ts'
import type { Drawing, Painted, Painter, TileProgress } from '../jobs/draw/drawing.ts'
import type { Answer, Question } from './draw-worker.ts'

/** Starts the thread; what goes wrong with it shows in the answers. */
export function painterThread(drawing: Drawing): Painter {
  const worker = new Worker(new URL('./draw-worker.js', import.meta.url), { workerData: drawing })
  let waiting: { resolve(result: Painted | string): void; reject(error: Error): void } | undefined
  let progress: TileProgress | undefined
  let gone: Error | undefined
  let ending: Promise<void> | undefined
  const fail = (error: Error) => {
    waiting?.reject(error)
    waiting = undefined
  }
  worker.on('message', (answer: Answer) => {
    if ('calls' in answer) progress?.(answer)
    else if ('failure' in answer) fail(revived(answer.failure))
    else {
      waiting?.resolve(answer.result)
      waiting = undefined
    }
  })
  const ended = new Promise<void>(resolve => {
    worker.on('exit', status => {
      gone ??= died(`exit status ${status}`)
      fail(gone)
      resolve()
    })
  })
  worker.on('error', error => {
    gone = died((error as Error).message)
    fail(gone)
  })
  const ask = (question: Question) =>
    new Promise<Painted | string>((resolve, reject) => {
      if (gone) {
        reject(gone)
        return
      }
      waiting = { resolve, reject }
      worker.postMessage(question)
    })
  // A call of the network is waited for: a thread that is ended in the middle of one takes the process along.
  function close(): Promise<void> {
    worker.postMessage('end' satisfies Question)
    return ended
  }
  return {
    async paint(tile, onProgress) {
      progress = onProgress
      return (await ask({ tile })) as Painted
    },
    fingerprint: async () => (await ask('fingerprint')) as string,
    end: () => {
      ending ??= close()
      return ending
    },
  }
}

const died = (reason: string) =>
  new Error(cannot('draw images', 'a worker thread', 'alive', reason.split('\n')[0]))

/** An error as the worker threw it; what is not in the words of this program becomes one line of them. */
function revived({ name, message, stack }: { name: string; message: string; stack?: string }): Error {
  if (name === 'Cancelled') return new Cancelled(message)
  if (name === 'InvariantError') return Object.assign(new InvariantError(message), { stack })
  if (name === 'RangeError') return new RangeError(message)
  return message.startsWith('Cannot ') ? new Error(message) : died(message)
}
