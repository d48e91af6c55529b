/**
 * A Gaussian diffusion beside a walk: the same network, the same images in the same order, the same steps and calls.
 *
 *     node dist/scripts/gaussian.js train MODEL DATA OUT [--steps n]
 *     node dist/scripts/gaussian.js sample OUT FILE.npz [--count 2000] [--calls 16] [--method heun|euler|2m] [--seed 1]
 *
 * `train` takes network, classes, batch, steps, rates and seed from the file MODEL of a walk that `saltus train` made of the whole
 * images in DATA; again with the same folder OUT it goes on where it was stopped. `sample` writes images and their classes,
 * drawn with the frequencies of the data, for `saltus evaluate`. Heun's method makes 2 N - 1 calls of N steps: of an even
 * number of calls one is left.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cannot } from '../src/base/errors.ts'
import { below, random } from '../src/base/random.ts'
import { duration, interruption, progressBar } from '../src/cli/progress.ts'
import { readCheckpoint, writeCheckpoint } from '../src/cli/train/run-checkpoint.ts'
import { type Beginning, identityOf } from '../src/cli/train/run-file.ts'
import { oneOf, whole } from '../src/cli/usage.ts'
import type { NdArray } from '../src/formats/array.ts'
import { writeNpz } from '../src/formats/npz.ts'
import { decodeModel } from '../src/formats/onnx.ts'
import { packed } from '../src/jobs/output/images.ts'
import { imageData } from '../src/jobs/train/data.ts'
import type { RunOptions } from '../src/jobs/train/options.ts'
import { encodeGraph } from '../src/model/file.ts'
import { fixed, initial, layoutOf } from '../src/network/parameters.ts'
import { writeWhole } from '../src/node/files.ts'
import { imagesAt } from '../src/node/load.ts'
import { loadModel } from '../src/node/models.ts'
import { onnxruntimeNode } from '../src/runtime/onnxruntime-node.ts'
import { adamDefaults } from '../src/training/optimizer.ts'
import { probeBlock } from '../src/training/packing.ts'
import { imageSource } from '../src/training/sources.ts'
import { trainingStep } from '../src/training/step.ts'
import { newState, type TrainingState, train, wholeStep } from '../src/training/trainer.ts'
import {
  type Denoise,
  denoiser,
  denoisingBatches,
  denoisingObjective,
  type Edm,
  methods,
  normal,
  sigmaMax,
  sigmaMin,
  stepsOf,
  toCounts,
  undiffuse,
} from './edm.ts'
import { demandWords } from './words.ts'

const tile = 16
const metadataKey = 'saltus-gaussian'
/** Milliseconds between checkpoints. */
const every = 120_000

/** What a model file says of itself. */
interface Described extends Edm {
  /** How many of 256 images have each class. */
  readonly classes: readonly number[]
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    steps: { type: 'string' },
    count: { type: 'string', default: '2000' },
    calls: { type: 'string', default: '16' },
    method: { type: 'string', default: 'heun' },
    seed: { type: 'string', default: '1' },
  },
})
const [order, ...paths] = demandWords('gaussian.js train|sample MODEL|OUT DATA|FILE.npz', positionals)
if (order === 'train') await trainBeside(paths[0], paths[1], paths[2])
else if (order === 'sample') await sampleInto(paths[0], paths[1])
else throw new RangeError(`Cannot run: the order must be train or sample, got ${order}`)

async function trainBeside(model: string, path: string, out: string): Promise<void> {
  const { description } = loadModel(model)
  const options = description.training as unknown as RunOptions
  const steps = values.steps === undefined ? options.steps : whole('--steps', { least: 1 })(values.steps)
  const data = imageData(imagesAt(path, { split: 'train' }))
  const { shape, counts, labels } = data.images
  const { task } = description
  if (String(shape) !== String(task.shape))
    throw new RangeError(cannot('train', 'the images', `of ${task.shape}, as the model's`, shape))
  const edm: Edm = {
    task: { ...task, times: [sigmaMin, sigmaMax], real: true },
    network: description.network,
    deviation: deviationOf(counts, task.scale),
  }
  const layout = layoutOf(parameters => {
    denoiser(edm, 1)(parameters)
  })
  const { batch, labelDropout, seed } = options
  const source = imageSource(data.source, seed)
  const next = denoisingBatches({ edm, source, batch, random: random(seed).fork(1), labelDropout })
  const runtime = onnxruntimeNode()
  const { block } = await probeBlock(runtime)
  const graph = trainingStep(denoisingObjective(edm, batch), { layout, adam: adamDefaults })
  const program = await runtime.compile(encodeGraph(graph, { block }))
  const keeper = keeperOf(out, { options, checksum: data.checksum }, layout.size)
  const fresh = () => newState(initial(layout, random(seed).fork(2)))
  const start = keeper.start ?? fresh()
  const bar = progressBar('training', { total: steps, from: start.step })
  const { signal, release } = interruption()
  let state = start
  try {
    state = await train(start, {
      ...options,
      steps,
      rate: options.learningRate,
      adam: adamDefaults,
      averageDecay: options.average,
      stepper: wholeStep(program, async step => next(step)),
      signal,
      after(now, { step, loss }) {
        state = now
        keeper.note(now)
        bar.update(step, `loss ${loss.toFixed(4)}`)
      },
    })
  } finally {
    bar.stop()
    release()
    keeper.save(state)
    await program.release()
  }
  const told: Described = { ...edm, classes: sharesOf(labels, edm.task.classes) }
  const denoised = denoiser(edm, tile)(fixed(layout, state.average))
  writeWhole(
    join(out, 'model.onnx'),
    encodeGraph({ denoised }, { metadata: { [metadataKey]: JSON.stringify(told) }, half: 256 }),
  )
  console.log(`${join(out, 'model.onnx')}: ${layout.size} parameters, ${steps * batch} images seen`)
}

/** Keeps the state in a folder, now and then. */
function keeperOf(folder: string, beginning: Beginning, parameters: number) {
  const path = join(folder, 'checkpoint.npz')
  const run = `gaussian ${identityOf(beginning)}`
  mkdirSync(folder, { recursive: true })
  let saved = performance.now()
  const save = (state: TrainingState) => {
    writeCheckpoint(path, { state, pending: { loss: 0, norm: 0, count: 0 } }, run)
    saved = performance.now()
  }
  return {
    start: existsSync(path) ? readCheckpoint(path, { parameters, run }).state : undefined,
    save,
    note(state: TrainingState) {
      if (performance.now() - saved > every) save(state)
    },
  }
}

/** Of the pixels scaled to [-1, 1]. */
function deviationOf(counts: ArrayLike<number>, largest: number): number {
  let [sum, squares] = [0, 0]
  for (let i = 0; i < counts.length; i++) {
    const y = (2 * counts[i]) / largest - 1
    sum += y
    squares += y * y
  }
  return Math.sqrt(squares / counts.length - (sum / counts.length) ** 2)
}

/** How many of 256 images have each class, at least. */
function sharesOf(labels: ArrayLike<number> | undefined, classes: number): number[] {
  const found = new Array<number>(classes).fill(0)
  for (let i = 0; i < (labels?.length ?? 0); i++) found[Number(labels?.[i])]++
  return found.map(n => Math.round((256 * n) / (labels?.length ?? 1)))
}

async function sampleInto(folder: string, file: string): Promise<void> {
  const bytes = new Uint8Array(readFileSync(join(folder, 'model.onnx')))
  const { task, classes } = JSON.parse(decodeModel(bytes, folder).metadata[metadataKey]) as Described
  const [count, seed] = [
    whole('--count', { least: 1 })(values.count),
    whole('--seed', { least: 0 })(values.seed),
  ]
  const method = oneOf('--method', methods)(values.method)
  const { steps, calls } = stepsOf(method, whole('--calls', { least: 1 })(values.calls))
  const size = task.shape.reduce((product, length) => product * length, 1)
  const list = classes.flatMap((n, k) => new Array<number>(n).fill(k))
  const labels = Int32Array.from({ length: count }, (_, i) =>
    list.length > 0
      ? list[
          below(
            random(seed)
              .fork(2 ** 32)
              .fork(i),
            list.length,
          )
        ]
      : 0,
  )
  const program = await onnxruntimeNode().compile(bytes)
  const all = new Int32Array(count * size)
  const began = performance.now()
  const bar = progressBar('sampling', { total: count })
  for (let first = 0; first < count; first += tile) {
    const x = new Float64Array(tile * size)
    const own = labels.slice(first, first + tile)
    for (let b = 0; b < own.length; b++) {
      const stream = random(seed).fork(first + b)
      for (let i = 0; i < size; i++) x[b * size + i] = sigmaMax * normal(stream)
    }
    const label = new Int32Array(tile)
    label.set(own)
    const denoise: Denoise = async (noisy, sigma) => {
      const shape = [tile, ...task.shape]
      const results = await program.run({
        x: { shape, data: Float32Array.from(noisy) },
        sigma: { shape: [tile], data: new Float32Array(tile).fill(sigma) },
        ...(task.classes > 0 ? { label: { shape: [tile], data: label } } : {}),
      })
      return results.denoised.data
    }
    await undiffuse(x, { denoise, method, steps })
    all.set(toCounts(x.subarray(0, own.length * size), task.scale), first * size)
    bar.update(first + own.length)
  }
  bar.stop()
  await program.release()
  const told: Record<string, NdArray> = task.classes > 0 ? { classes: { data: labels, shape: [count] } } : {}
  writeWhole(file, writeNpz({ samples: packed({ counts: all, shape: [count, ...task.shape] }), ...told }))
  const took = duration((performance.now() - began) / 1000)
  console.log(`${file}: ${count} images by ${method} in ${calls} calls each, ${took}`)
}
