/** Training a classifier of images: cross-entropy, shifted and brightened images, batches drawn from (seed, step). */
import { below, random } from '../base/random.ts'
import { type ClassifierOptions, classifier } from '../network/classifier.ts'
import { add, exp, input, log, multiply, oneHot, reduceSum, subtract, total } from '../tensor/index.ts'
import type { Feeds } from './batches.ts'
import type { Objective } from './step.ts'

/** Mean cross-entropy with labels smoothed by `smoothing`; fed `counts` [N, C, H, W] and `label` [N]. */
export function classificationObjective(
  options: ClassifierOptions,
  { batch, smoothing = 0.05 }: { batch: number; smoothing?: number },
): Objective {
  return parameters => {
    const { logits } = classifier(parameters, input('counts', [batch, ...options.shape]), options)
    const wanted = add(
      multiply(oneHot(input('label', [batch], 'int32'), options.classes), 1 - smoothing),
      smoothing / options.classes,
    )
    const normal = log(reduceSum(exp(logits), [1]))
    return multiply(total(multiply(wanted, subtract(normal, logits))), 1 / batch)
  }
}

export interface ClassificationData {
  /** Counts [N, C, H, W] and labels [N]. */
  readonly images: {
    readonly counts: ArrayLike<number>
    readonly labels: ArrayLike<number>
    readonly count: number
  }
  readonly shape: readonly [number, number, number]
  readonly batch: number
  readonly seed: number
  /** Largest shift in sites, along both axes. */
  readonly shift: number
  /** Images are multiplied by a factor of 1 ± this. */
  readonly brightness: number
}

/** A function from the step's number to its feeds. */
export function classificationBatches({
  images,
  shape,
  batch,
  seed,
  shift,
  brightness,
}: ClassificationData): (step: number) => Feeds {
  const [channels, height, width] = shape
  const plane = height * width
  return step => {
    const counts = new Float32Array(batch * channels * plane)
    const label = new Int32Array(batch)
    for (let b = 0; b < batch; b++) {
      const rng = random(seed).fork(step).fork(b)
      const index = below(rng, images.count)
      const [dy, dx] = [below(rng, 2 * shift + 1) - shift, below(rng, 2 * shift + 1) - shift]
      const factor = 1 + brightness * (2 * rng.uniform() - 1)
      label[b] = images.labels[index]
      for (let c = 0; c < channels; c++) {
        const [from, to] = [(index * channels + c) * plane, (b * channels + c) * plane]
        for (let y = Math.max(0, dy); y < Math.min(height, height + dy); y++) {
          for (let x = Math.max(0, dx); x < Math.min(width, width + dx); x++) {
            counts[to + y * width + x] = factor * images.counts[from + (y - dy) * width + x - dx]
          }
        }
      }
    }
    return { counts: { shape: [batch, ...shape], data: counts }, label: { shape: [batch], data: label } }
  }
}
