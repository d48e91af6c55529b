/**
 * The figures of deformations in docs/restoration.md: node dist/scripts/deformed.js MNIST [--amplitude a] [--steps n] [--images n] [--draws n]
 *
 * 10,000 flows on digits: how many masses are kept, and the share of the sites that fold. Then a classifier that has seen 20 digits of
 * each class alone, and one that has seen 20 deformations of each of them as well (amplitudes even up to the one given), trained alike: the
 * share of `--images` test digits that they read right, for `--draws` other choices of the 20.
 */
import { parseArgs } from 'node:util'
import { random } from '../src/base/random.ts'
import { version } from '../src/base/version.ts'
import { whole } from '../src/cli/usage.ts'
import { classifierLayout, classify, encodeClassifier } from '../src/model/classifier-file.ts'
import { encodeGraph } from '../src/model/file.ts'
import { initial } from '../src/network/parameters.ts'
import { imagesAt } from '../src/node/load.ts'
import { flow, folds, pushed, velocity } from '../src/restoration/deformation.ts'
import { onnxruntimeNode } from '../src/runtime/onnxruntime-node.ts'
import { classificationBatches, classificationObjective } from '../src/training/classification.ts'
import { adamDefaults } from '../src/training/optimizer.ts'
import { probeBlock } from '../src/training/packing.ts'
import { trainingStep } from '../src/training/step.ts'
import { newState, train, wholeStep } from '../src/training/trainer.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    amplitude: { type: 'string', default: '0.1' },
    flows: { type: 'string', default: '10000' },
    steps: { type: 'string', default: '400' },
    images: { type: 'string', default: '2000' },
    draws: { type: 'string', default: '3' },
  },
})
const [data] = demandWords('deformed.js DATA', positionals)
const amplitude = Number(values.amplitude)
const [flows, steps, images, draws] = [values.flows, values.steps, values.images, values.draws].map(
  whole('a number', { least: 1 }),
)
const [real, test] = (['train', 'test'] as const).map(split => imagesAt(data, { split }))
const plane = 28 * 28
const digit = (i: number) => Int32Array.from(real.counts.subarray(i * plane, (i + 1) * plane))
const massOf = (counts: Int32Array) => counts.reduce((sum, n) => sum + n, 0)

function deformed(image: Int32Array, seed: number, share = 1): { image: Int32Array; folds: number } {
  const stream = random(seed)
  const there = flow(velocity([28, 28], { amplitude: share * amplitude, scales: 3, random: stream }))
  return { image: pushed(image, there, stream), folds: folds(there) }
}

let [kept, folded] = [0, 0]
for (let i = 0; i < flows; i++) {
  const own = deformed(digit(i), i)
  kept += Number(massOf(own.image) === massOf(digit(i)))
  folded += own.folds / flows
}
console.log(`masses kept: ${kept} of ${flows}; folds in ${(100 * folded).toFixed(3)} % of the sites`)

interface Shown {
  readonly image: Int32Array
  readonly label: number
}

/** 20 digits of each class, other ones for each draw. */
const fewOf = (draw: number): Shown[] =>
  Array.from({ length: 10 }, (_, label) =>
    Array.from({ length: real.count }, (_, i) => i)
      .filter(i => real.labels?.[i] === label)
      .slice(20 * draw, 20 * (draw + 1)),
  )
    .flat()
    .map(i => ({ image: digit(i), label: real.labels?.[i] ?? 0 }))

/** They with 20 deformations of each, of amplitudes even up to the largest. */
const manyOf = (few: readonly Shown[], draw: number): Shown[] =>
  few.flatMap(({ image, label }, k) => [
    { image, label },
    ...Array.from({ length: 20 }, (_, j) => {
      const { image: other } = deformed(image, 1e6 * (draw + 1) + 1000 * k + j, (j + 1) / 20)
      return { image: other, label }
    }),
  ])
const runtime = onnxruntimeNode()
const { block } = await probeBlock(runtime)
const options = { shape: [1, 28, 28], classes: 10, channels: [8, 16, 32], features: 32, scale: 255 } as const

/** The share of the test digits that are read right by a classifier of these. */
async function right(seen: readonly Shown[], seed: number): Promise<number> {
  const settings = {
    steps,
    batch: 32,
    rate: 2e-3,
    warmup: 20,
    average: 0.99,
    seed,
    shift: 1,
    brightness: 0.2,
  }
  const layout = classifierLayout(options)
  const graph = trainingStep(classificationObjective(options, settings), { layout, adam: adamDefaults })
  const program = await runtime.compile(encodeGraph(graph, { block }), { threads: 1 })
  const counts = new Float32Array(seen.length * plane)
  seen.forEach(({ image }, i) => {
    counts.set(image, i * plane)
  })
  const set = { counts, labels: seen.map(({ label }) => label), count: seen.length }
  const next = classificationBatches({ ...settings, images: set, shape: options.shape })
  const done = await train(newState(initial(layout, random(seed))), {
    ...settings,
    adam: adamDefaults,
    averageDecay: settings.average,
    stepper: wholeStep(program, async step => next(step)),
    after: () => {},
  })
  await program.release()
  const told = { format: 1 as const, version, options, tile: 50, training: {} }
  const sampler = await runtime.compile(encodeClassifier(told, done.average), { threads: 1 })
  const { probabilities } = await classify(sampler, told, test.counts.subarray(0, images * plane))
  let found = 0
  for (let i = 0; i < images; i++) {
    const row = probabilities.subarray(10 * i, 10 * i + 10)
    found += Number(row.indexOf(Math.max(...row)) === test.labels?.[i])
  }
  return found / images
}

const gains: number[] = []
for (let draw = 0; draw < draws; draw++) {
  const few = fewOf(draw)
  const [alone, more] = [await right(few, draw + 1), await right(manyOf(few, draw), draw + 1)]
  gains.push(100 * (more - alone))
  console.log(
    `draw ${draw + 1}: ${(100 * alone).toFixed(2)} % of 20 a class, ${(100 * more).toFixed(2)} % with deformations`,
  )
}
const mean = gains.reduce((sum, gain) => sum + gain, 0) / draws
const spread = Math.sqrt(gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / Math.max(1, draws - 1))
console.log(`gain ${mean.toFixed(2)} ± ${spread.toFixed(2)} points (mean and deviation of ${draws} draws)`)
