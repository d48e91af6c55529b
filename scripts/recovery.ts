/**
 * The figures of the learned inverse of deformations in docs/restoration.md:
 * node dist/scripts/recovery.js train|measure MODEL DATA… [--steps n] [--amplitude a] [--base b] [--count n] [--passes n] [--out picture]
 *
 * DATA: folders of MNIST, or .npz with train_images and test_images, of 28 × 28; all of them train one network. measure: of `--count` held-out
 * images of each, deformed by flows of the amplitude, how much of the way of the units is undone, and how alike the images are before and
 * after (correlation), by what the network sees of the deformed image alone, and beside what it was.
 */
import { parseArgs } from 'node:util'
import { random } from '../src/base/random.ts'
import { whole } from '../src/cli/usage.ts'
import { readNpz } from '../src/formats/npz.ts'
import { picture } from '../src/formats/picture.ts'
import {
  encodeInverse,
  guessBy,
  type InverseOptions,
  inverseBatches,
  inverseLayout,
  inverseNetwork,
  inverseObjective,
} from '../src/jobs/recovery/inverse.ts'
import { encodeGraph } from '../src/model/file.ts'
import { initial } from '../src/network/parameters.ts'
import { readBytes, writeWhole } from '../src/node/files.ts'
import { imagesAt } from '../src/node/load.ts'
import { flow, left, pushed, recovered, velocity, wayOf } from '../src/restoration/index.ts'
import { onnxruntimeNode } from '../src/runtime/onnxruntime-node.ts'
import { adamDefaults } from '../src/training/optimizer.ts'
import { probeBlock } from '../src/training/packing.ts'
import { trainingStep } from '../src/training/step.ts'
import { newState, train, wholeStep } from '../src/training/trainer.ts'
import { correlation } from './correlation.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    steps: { type: 'string', default: '800' },
    amplitude: { type: 'string', default: '0.1' },
    base: { type: 'string', default: '12' },
    count: { type: 'string', default: '100' },
    passes: { type: 'string', default: '3' },
    out: { type: 'string' },
  },
})
const [what, model, ...data] = demandWords('recovery.js train|measure MODEL DATA…', positionals)
const [steps, base, count, passes] = [values.steps, values.base, values.count, values.passes].map(
  whole('a number', { least: 1 }),
)
const amplitude = Number(values.amplitude)
const side = 28
const sites = side * side
const options: InverseOptions = {
  shape: [1, side, side],
  scale: 255,
  network: inverseNetwork(base),
}
const runtime = onnxruntimeNode()

/** Images of a part of the data, [N, 28, 28]. */
function images(path: string, split: 'train' | 'test'): ArrayLike<number> {
  if (!path.endsWith('.npz')) return imagesAt(path, { split }).counts
  const array = readNpz(readBytes(path), path)[`${split}_images`]
  if (typeof array === 'string') throw new Error('no array')
  return array.data as Uint8Array
}

async function learn(): Promise<void> {
  const sets = data.map(path => images(path, 'train'))
  // As many of each.
  const each = Math.min(...sets.map(set => set.length))
  const counts = new Uint8Array(each * sets.length)
  sets.forEach((set, k) => {
    for (let at = 0; at < each; at++) counts[k * each + at] = set[at]
  })
  const settings = { steps, batch: 16, rate: 2e-3, warmup: 50, seed: 1 }
  const layout = inverseLayout(options)
  const { block } = await probeBlock(runtime)
  const graph = trainingStep(inverseObjective(options, settings.batch), { layout, adam: adamDefaults })
  const program = await runtime.compile(encodeGraph(graph, { block }), { threads: 1 })
  const next = inverseBatches(options, {
    counts,
    ...settings,
    amplitude: 1.2 * amplitude,
    scales: 3,
    paired: 0.5,
  })
  let sum = 0
  const done = await train(newState(initial(layout, random(1))), {
    ...settings,
    adam: adamDefaults,
    averageDecay: 0.99,
    stepper: wholeStep(program, async step => next(step)),
    after(_, { step, loss }) {
      sum += loss
      if (step % 50 !== 0) return
      console.log(`step ${step}: ${(sum / 50).toFixed(4)}`)
      sum = 0
      if (step % 200 === 0) writeWhole(model, encodeInverse(options, _.average))
    },
  })
  await program.release()
  writeWhole(model, encodeInverse(options, done.average))
}

async function measure(): Promise<void> {
  const program = await runtime.compile(readBytes(model), { threads: 1 })
  for (const path of data) {
    const set = images(path, 'test')
    const own = Array.from({ length: count }, (_, i) =>
      Int32Array.from({ length: sites }, (_, x) => set[i * sites + x]),
    )
    const fields = own.map((_, i) =>
      flow(velocity([side, side], { amplitude, scales: 3, random: random(900 + i) })),
    )
    const moved = own.map((image, i) => pushed(image, fields[i], random(5000 + i)))
    const before = own.map((image, i) => wayOf(image, fields[i])).reduce((a, b) => a + b) / count
    const alike = own.map((image, i) => correlation(image, moved[i])).reduce((a, b) => a + b) / count
    console.log(
      `${path}: ${count} images, units ${before.toFixed(2)} sites away, correlation ${alike.toFixed(3)}`,
    )
    for (const [name, known] of [
      ['the deformed image alone', undefined],
      ['beside what it was', own.flatMap(image => [...image])],
    ] as const)
      for (const k of new Set([1, passes])) {
        const guess = guessBy(program, options, known)
        const back = await recovered(moved, {
          shape: [side, side],
          guess,
          passes: k,
          random: i => random(7000 + i),
        })
        const after = own.map((image, i) => wayOf(image, left(fields[i], back[i].back)))
        const mean = after.reduce((a, b) => a + b) / count
        const now = own.map((image, i) => correlation(image, back[i].image)).reduce((a, b) => a + b) / count
        const kept = own.filter(
          (image, i) => image.reduce((a, b) => a + b) === back[i].image.reduce((a, b) => a + b),
        ).length
        console.log(
          `  ${name}, ${k} passes: ${mean.toFixed(2)} sites left, ${(100 * (1 - mean / before)).toFixed(1)} % undone, correlation ${now.toFixed(3)}, masses kept ${kept}`,
        )
        if (values.out && known && k === passes) {
          const shown = [own, moved, back.map(({ image }) => image)].flatMap(row => row.slice(0, 8))
          const counts = Int32Array.from(shown.flatMap(image => [...image]))
          const name = values.out.replace('.png', `-${data.indexOf(path)}.png`)
          writeWhole(name, picture({ counts, shape: [24, 1, side, side] }, { columns: 8 }).png)
        }
      }
  }
  await program.release()
}

await { train: learn, measure }[what as 'train' | 'measure']()
