/** The job `learn-recovery`: a network that tells how images like these were deformed, from its own deformations of them. */
import { cannot, refused } from '../../base/errors.ts'
import { random } from '../../base/random.ts'
import { encodeGraph } from '../../model/file.ts'
import { initial } from '../../network/parameters.ts'
import { adamDefaults } from '../../training/optimizer.ts'
import { probeBlock } from '../../training/packing.ts'
import { trainingStep } from '../../training/step.ts'
import { newState, train, wholeStep } from '../../training/trainer.ts'
import type { Context } from '../context.ts'
import { decimal, text, whole } from '../fields.ts'
import { nameOf } from '../files.ts'
import { seedField } from '../generate/fields.ts'
import { loadImages } from '../input/images.ts'
import { largest } from '../masses.ts'
import { type JobOf, usually } from '../schema.ts'
import {
  encodeInverse,
  type InverseOptions,
  inverseBatches,
  inverseLayout,
  inverseNetwork,
  inverseObjective,
} from './inverse.ts'

export const learnSchema = {
  input: text({
    help: 'needed: images of one channel, as they are before they are deformed: png, npy, npz, idx, or a folder',
    argument: '<path>',
  }),
  amplitude: usually(
    decimal({
      help: 'largest deformation, as saltus deform has it: a share of the shorter side',
      argument: '<share>',
      above: 0,
      most: 0.3,
    }),
    0.12,
  ),
  scales: usually(whole({ help: 'scales of the flows', least: 1, most: 6 }), 3),
  steps: usually(whole({ help: 'training steps', least: 1 }), 1600),
  batch: usually(whole({ help: 'images per step', least: 1, most: 4096 }), 16),
  base: usually(whole({ help: 'channels of the finest level', least: 1, most: 512 }), 12),
  seed: seedField,
} as const

export type LearnJob = JobOf<typeof learnSchema>

/** Half of the images are seen beside what they were, half alone. */
const PAIRED = 0.5

export interface Learned {
  readonly bytes: Uint8Array
  readonly said: string
}

/** Trains in one thread. @throws UsageError or RangeError for images that are none of one channel, Diverged, Cancelled */
export async function learn(
  { input, steps, base, batch, amplitude, scales, seed }: LearnJob,
  { files, say, runtime, threads, signal, onProgress }: Context,
): Promise<Learned> {
  if (input === undefined) throw refused('run saltus recovery train', 'input', 'given', undefined)
  const { counts, shape, count } = loadImages(input, { files, say, split: 'train' })
  const [channels, height, width] = shape
  const even = height % 4 === 0 && width % 4 === 0
  if (channels !== 1 || !even)
    throw new RangeError(
      cannot(
        'learn to undo deformations',
        `the images of ${nameOf(input)}`,
        'of one channel, with sides that 4 divides',
        shape.join('×'),
      ),
    )
  const options: InverseOptions = {
    shape: [1, height, width],
    scale: Math.max(1, largest(counts)),
    network: inverseNetwork(base),
  }
  const layout = inverseLayout(options)
  const { block } = await probeBlock(runtime)
  const graph = trainingStep(inverseObjective(options, batch), { layout, adam: adamDefaults })
  const program = await runtime.compile(encodeGraph(graph, { block }), { threads })
  const next = inverseBatches(options, { counts, batch, seed, amplitude, scales, paired: PAIRED })
  let last = Number.NaN
  try {
    const done = await train(newState(initial(layout, random(seed).fork(2))), {
      ...{ steps, rate: 2e-3, warmup: Math.min(50, steps), adam: adamDefaults, averageDecay: 0.99, signal },
      stepper: wholeStep(program, async step => next(step)),
      after(_, { step, loss }) {
        last = loss
        onProgress?.({ done: step, total: steps, words: `loss ${loss.toFixed(4)}` })
      },
    })
    return {
      bytes: encodeInverse(options, done.average),
      said: `${count} images, ${steps} steps, loss ${last.toFixed(4)}`,
    }
  } finally {
    await program.release()
  }
}
