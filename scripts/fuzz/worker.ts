/** Worker: feeds one reader after the other until it is told to end; says what it reads, so that others see where it stays. */
import { parentPort, workerData } from 'node:worker_threads'
import { inputOf, wrong } from './fuzz.ts'
import { readers } from './readers.ts'

export interface FuzzData {
  readonly names: readonly string[]
  /** Inputs of each. */
  readonly inputs: number
  readonly seed: number
  /** [reader, input]: where it is. */
  readonly place: Int32Array
  /** Where it begins: after one that never ended. */
  readonly from: readonly [number, number]
}

export type FuzzReport =
  | { readonly found: { readonly reader: string; readonly bytes: Uint8Array; readonly why: string } }
  | { readonly done: string; readonly inputs: number; readonly seconds: number }

const { names, inputs, seed, place, from } = workerData as FuzzData
const all = readers()
const say = (report: FuzzReport) => parentPort?.postMessage(report)

for (let r = from[0]; r < names.length; r++) {
  const reader = all[names[r]]
  const began = performance.now()
  const first = r === from[0] ? from[1] : 0
  for (let i = first; i < inputs; i++) {
    place[0] = r
    place[1] = i
    const bytes = inputOf(reader, seed, i)
    const why = await wrong(reader, bytes)
    if (why !== undefined) say({ found: { reader: names[r], bytes, why } })
  }
  say({ done: names[r], inputs: inputs - first, seconds: (performance.now() - began) / 1000 })
}
