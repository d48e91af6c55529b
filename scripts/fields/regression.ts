/**
 * The plain regression beside a model: the same network, told the same, trained on as many images at the same learning rate, but its outputs are
 * the values themselves, by least squares. The engine is the one that trains models.
 */
import { below, random } from '../../src/base/random.ts'
import { encodeGraph, layoutFor, networkOf } from '../../src/model/file.ts'
import { toldFeeds, toldRow } from '../../src/model/told.ts'
import { fixed, initial } from '../../src/network/parameters.ts'
import { toldInput } from '../../src/network/told.ts'
import type { Task, UnetOptions } from '../../src/network/unet.ts'
import { onnxruntimeNode } from '../../src/runtime/onnxruntime-node.ts'
import { input, multiply, subtract, total } from '../../src/tensor/index.ts'
import { adamDefaults } from '../../src/training/optimizer.ts'
import { probeBlock } from '../../src/training/packing.ts'
import { trainingStep } from '../../src/training/step.ts'
import { newState, train, wholeStep } from '../../src/training/trainer.ts'

export interface Regression {
  /** The model's own; it is told one image. */
  readonly task: Task
  readonly network: UnetOptions
  /** What is told of each image, and its field [C, H, W]. */
  readonly given: readonly ArrayLike<number>[]
  readonly fields: readonly ArrayLike<number>[]
  readonly steps: number
  readonly batch: number
  readonly rate: number
  readonly warmup: number
  readonly average: number
  readonly seed: number
}

/** Trains in one thread; gives a function from what is told to fields. */
export async function regressed(options: Regression) {
  const { task, given, fields, steps, batch, seed } = options
  const size = fields[0].length
  const { mean, deviation } = momentsOf(fields)
  const of = { task: { ...task, times: [1e-3, 1] as const }, network: options.network }
  const layout = layoutFor(of)
  const network = networkOf(of, batch)
  const runtime = onnxruntimeNode()
  const { block } = await probeBlock(runtime)
  const graph = trainingStep(
    parameters => {
      const { output } = network(parameters)
      const off = subtract(output, input('target', output.shape))
      return multiply(total(multiply(off, off)), 1 / (batch * size))
    },
    { layout, adam: adamDefaults },
  )
  const program = await runtime.compile(encodeGraph(graph, { block }), { threads: 1 })
  const fed = (rows: readonly ArrayLike<number>[]) => fedBy(task, rows, batch)
  const done = await train(newState(initial(layout, random(seed).fork(2))), {
    ...{ steps, rate: options.rate, warmup: options.warmup, adam: adamDefaults },
    averageDecay: options.average,
    stepper: wholeStep(program, async step => {
      const rng = random(seed).fork(step)
      const chosen = Array.from({ length: batch }, () => below(rng, given.length))
      const target = new Float32Array(batch * size)
      chosen.forEach((i, b) => {
        for (let x = 0; x < size; x++) target[b * size + x] = (fields[i][x] - mean) / deviation
      })
      return {
        ...fed(chosen.map(i => given[i])),
        target: { shape: [batch, ...task.shape], data: target },
      }
    }),
    after() {},
  })
  await program.release()
  const { output } = network(fixed(layout, done.average))
  const teller = await runtime.compile(encodeGraph({ field: output }, {}), { threads: 1 })
  return {
    parameters: layout.size,
    async tell(rows: readonly ArrayLike<number>[]): Promise<Float64Array[]> {
      const told: Float64Array[] = []
      for (let first = 0; first < rows.length; first += batch) {
        const here = rows.slice(first, first + batch)
        const { field } = await teller.run(fed(here))
        here.forEach((_, b) => {
          const own = (field.data as Float32Array).subarray(b * size, (b + 1) * size)
          told.push(Float64Array.from(own, value => mean + deviation * value))
        })
      }
      return told
    },
  }
}

/** What the network is fed: no units, the end of time, and what is told. */
function fedBy(task: Task, rows: readonly ArrayLike<number>[], batch: number) {
  const [one] = task.told ?? []
  const told = toldFeeds(task, batch)
  rows.forEach((given, b) => {
    const row = toldRow(one, given, task.shape.slice(1))
    told[toldInput(one)].data.set(row, b * row.length)
  })
  const size = task.shape.reduce((a, b) => a * b)
  return {
    counts: { shape: [batch, ...task.shape], data: new Float32Array(batch * size) },
    time: { shape: [batch], data: new Float32Array(batch).fill(1) },
    ...told,
  }
}

function momentsOf(fields: readonly ArrayLike<number>[]) {
  let [n, sum, squares] = [0, 0, 0]
  for (const field of fields)
    for (let x = 0; x < field.length; x++) {
      n++
      sum += field[x]
      squares += field[x] ** 2
    }
  return { mean: sum / n, deviation: Math.sqrt(squares / n - (sum / n) ** 2) || 1 }
}
