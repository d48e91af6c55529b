/**
 * Trains the classifier behind `saltus evaluate`: node dist/scripts/train-classifier.js DATA OUT.onnx [STEPS]
 *
 * DATA is the folder of the MNIST files. Reports the accuracy on the test images.
 */
import { random } from '../src/base/random.ts'
import { version } from '../src/base/version.ts'
import { duration, progressBar } from '../src/cli/progress.ts'
import type { ImageSet } from '../src/formats/dataset.ts'
import { classifierLayout, classify, encodeClassifier } from '../src/model/classifier-file.ts'
import { encodeGraph } from '../src/model/file.ts'
import { initial } from '../src/network/parameters.ts'
import { writeWhole } from '../src/node/files.ts'
import { imagesAt as loadImages } from '../src/node/load.ts'
import { onnxruntimeNode } from '../src/runtime/onnxruntime-node.ts'
import { classificationBatches, classificationObjective } from '../src/training/classification.ts'
import { adamDefaults } from '../src/training/optimizer.ts'
import { probeBlock } from '../src/training/packing.ts'
import { trainingStep } from '../src/training/step.ts'
import { newState, train, wholeStep } from '../src/training/trainer.ts'
import { demandWords } from './words.ts'

const [data, out, stepsText = '6000'] = demandWords(
  'train-classifier.js DATA OUT.onnx',
  process.argv.slice(2),
)
const [images, test] = [loadImages(data, { split: 'train' }), loadImages(data, { split: 'test' })]
const options = {
  shape: images.shape,
  classes: 10,
  channels: [16, 32, 64],
  features: 64,
  scale: 255,
} as const
const settings = {
  steps: Number(stepsText),
  batch: 64,
  rate: 2e-3,
  warmup: 100,
  average: 0.998,
  seed: 3,
  shift: 2,
  brightness: 0.4,
}
const runtime = onnxruntimeNode()
const layout = classifierLayout(options)
const { block } = await probeBlock(runtime)
const graph = trainingStep(classificationObjective(options, settings), { layout, adam: adamDefaults })
const program = await runtime.compile(encodeGraph(graph, { block }))
const next = classificationBatches({ ...settings, images: labelled(images), shape: images.shape })
const bar = progressBar('training', { total: settings.steps })
const began = performance.now()
const done = await train(newState(initial(layout, random(settings.seed))), {
  ...settings,
  adam: adamDefaults,
  averageDecay: settings.average,
  stepper: wholeStep(program, async step => next(step)),
  after: (_, { step, loss }) => bar.update(step, `loss ${loss.toFixed(3)}`),
})
bar.stop()
await program.release()

const seconds = Math.round((performance.now() - began) / 1000)
const describe = (accuracy?: number) => ({
  format: 1 as const,
  version,
  options,
  tile: 50,
  training: { ...settings, seconds, accuracy },
})
const sampler = await runtime.compile(encodeClassifier(describe(), done.average))
const { probabilities } = await classify(sampler, describe(), test.counts)
const accuracy = accuracyOf(probabilities, labelled(test).labels)
writeWhole(out, encodeClassifier(describe(accuracy), done.average))
process.stdout.write(
  `${out}: ${layout.size} parameters, ${(100 * accuracy).toFixed(2)} % of ${test.count} test images right, ${duration(seconds)}\n`,
)

function labelled(set: ImageSet) {
  if (!set.labels) throw new Error(`Cannot train a classifier: ${data} must have labels, got none`)
  return { counts: set.counts, labels: set.labels, count: set.count }
}

function accuracyOf(probabilities: Float32Array, labels: ArrayLike<number>): number {
  let right = 0
  for (let i = 0; i < labels.length; i++) {
    const row = probabilities.subarray(i * options.classes, (i + 1) * options.classes)
    if (row.indexOf(Math.max(...row)) === labels[i]) right++
  }
  return right / labels.length
}
