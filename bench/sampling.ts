// Sampling end to end: how one thread divides its time between the network and the moves, and what more threads bring.
import { availableParallelism } from 'node:os'
import { draw } from '../src/jobs/draw/draw.ts'
import type { ModelFile } from '../src/model/file.ts'
import { originFunction } from '../src/model/origin.ts'
import { machine } from '../src/node/machine.ts'
import { loadModel, newShipped } from '../src/node/models.ts'
import { process as processOf } from '../src/process/index.ts'
import { onnxruntimeNode } from '../src/runtime/onnxruntime-node.ts'
import { sample, solver } from '../src/sampling/index.ts'

/** How many samples of a model are drawn: of crops, and of images. */
const [crops, images] = [100, 64]

const cell = (value: number, width: number) => value.toFixed(2).padStart(width)

/** Measures all shipped models, or those named, and prints their tables. */
export async function run({ models = newShipped() }: { models?: readonly string[] } = {}): Promise<void> {
  if (models.length === 0) console.log('No model of this format here: nothing to draw.')
  for (const name of models) {
    const file = loadModel(name)
    const { masses, material } = file.description.data
    const { conserved } = processOf(file.description.process)
    const count = material ? crops : images
    const wanted = Array.from({ length: count }, (_, i) => masses[i % masses.length].slice(0, conserved))
    const { shape } = file.description.task
    console.log(`${name}: ${count} samples of ${shape.join('×')}, tiles of ${file.description.tile}`)
    await alone(file, wanted)
    await together(file, wanted)
  }
}

/** On one thread, by several numbers of calls. */
async function alone({ description, bytes }: ModelFile, masses: readonly number[][]): Promise<void> {
  const program = await onnxruntimeNode().compile(bytes, { threads: 1 })
  console.log('one thread   calls   seconds   network   moves   moves of all')
  for (const calls of [8, 16, 32]) {
    const { seconds } = await sample({
      process: processOf(description.process),
      solver: solver({ ...description.sampling, calls }),
      origin: originFunction(program, description),
      masses,
      seed: 1,
      batch: description.tile,
    })
    const all = seconds.origins + seconds.moves
    const share = `${(100 * (seconds.moves / all)).toFixed(0)} %`
    const cells = [cell(all, 9), cell(seconds.origins, 9), cell(seconds.moves, 7), share.padStart(14)]
    console.log(`${String(calls).padStart(18)} ${cells.join(' ')}`)
  }
  await program.release()
}

/** As `saltus sample` does it, start included. */
async function together({ description, bytes }: ModelFile, masses: readonly number[][]): Promise<void> {
  const { calls } = solver(description.sampling)
  console.log(`workers   seconds by default (${calls} calls), start included`)
  for (const workers of new Set([1, 2, availableParallelism()])) {
    const began = performance.now()
    await draw(
      { model: bytes, description, solver: description.sampling, seed: 1, masses },
      machine({ workers }),
    )
    console.log(`${String(workers).padStart(7)} ${cell((performance.now() - began) / 1000, 9)}`)
  }
  console.log('')
}
