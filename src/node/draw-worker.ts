/** Worker: draws the tiles of one drawing that it is asked for, one after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { type Drawing, type Painted, painter, type TileProgress } from '../jobs/draw/drawing.ts'
import { onnxruntimeNode } from '../runtime/onnxruntime-node.ts'

/** What the worker is asked: a tile by its number, the fingerprint of its numerics, or to end. */
export type Question = { readonly tile: number } | 'fingerprint' | 'end'

/** What it answers: how far it has come with the present tile, and then the result or what went wrong. */
export type Answer =
  | Parameters<TileProgress>[0]
  | { readonly result: Painted | string }
  | { readonly failure: { readonly name: string; readonly message: string; readonly stack?: string } }

const answer = (message: Answer) => parentPort?.postMessage(message)

// One thread each: bytes must not depend on how many workers there are.
const painting = painter(workerData as Drawing, onnxruntimeNode(), { threads: 1 })
painting.catch(() => {})

async function serve(question: Exclude<Question, 'end'>): Promise<void> {
  try {
    const { paint, fingerprint } = await painting
    answer({ result: await (question === 'fingerprint' ? fingerprint() : paint(question.tile, answer)) })
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
    answer({ failure: { name, message, stack } })
  }
}

/** With the network and the port gone nothing is left to wait for, and the thread ends. */
async function end(): Promise<void> {
  try {
    await (await painting).end()
  } finally {
    parentPort?.close()
  }
}

parentPort?.on('message', (question: Question) => {
  if (question === 'end') end().catch(() => {})
  else void serve(question)
})
