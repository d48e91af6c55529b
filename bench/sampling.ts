// Digits of the shipped model, end to end: how one thread divides its time between the network and the leaps, and what
// more threads bring.
import { availableParallelism } from 'node:os'
import { draw } from '../src/cli/draw.ts'
import { learned } from '../src/cli/drawing-flags.ts'
import { loadModel } from '../src/cli/models.ts'
import { rateFunction } from '../src/model/rates.ts'
import { process as processOf } from '../src/process/index.ts'
import { onnxruntimeNode } from '../src/runtime/onnxruntime-node.ts'
import { leap, sample } from '../src/sampling/index.ts'

const count = 64
const mass = 26_000

/** Measures a few numbers of calls and prints the tables. */
export async function run(): Promise<void> {
  const { description, bytes } = loadModel('mnist')
  const masses = Array.from({ length: count }, () => [mass])
  const program = await onnxruntimeNode().compile(bytes, { threads: 1 })
  const rate = rateFunction(program, description)
  console.log(`${count} images of mass ${mass}, tiles of ${description.tile}, one thread`)
  console.log('calls   seconds   network   leaps   leaps of all')
  for (const calls of [32, 64, 128]) {
    const { seconds } = await sample({
      process: processOf(description.process),
      solver: leap({ calls, ...learned }),
      rate,
      masses,
      seed: 1,
      batch: description.tile,
    })
    const all = seconds.rates + seconds.leaps
    const cells = [
      String(calls).padStart(5),
      all.toFixed(1).padStart(9),
      seconds.rates.toFixed(1).padStart(9),
      seconds.leaps.toFixed(1).padStart(7),
    ]
    console.log(`${cells.join(' ')} ${(100 * (seconds.leaps / all)).toFixed(0).padStart(11)} %`)
  }
  await program.release()
  console.log('\nworkers   seconds at 128 calls, start included')
  const solver = leap({ calls: 128, ...learned }).description
  for (const workers of new Set([1, 2, availableParallelism()])) {
    const began = performance.now()
    await draw({ model: bytes, description, solver, seed: 1, masses }, { workers })
    const seconds = (performance.now() - began) / 1000
    console.log(`${String(workers).padStart(7)} ${seconds.toFixed(1).padStart(9)}`)
  }
}
