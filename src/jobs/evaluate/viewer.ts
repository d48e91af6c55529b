/** What the job `evaluate` sees in images: what a classifier tells of them, or simple features of images of any kind. */
import { demand } from '../../base/errors.ts'
import type { ImageSet } from '../../formats/dataset.ts'
import { simpleFeatureCount, simpleFeatures } from '../../metrics/features.ts'
import { classify, decodeClassifier } from '../../model/classifier-file.ts'
import type { Context } from '../context.ts'
import { largest } from '../masses.ts'

/** What is seen in N images. */
export interface Seen {
  /** [N, size] */
  readonly features: Float32Array
  /** [N, classes]; of a classifier. */
  readonly probabilities?: Float32Array
}

export interface Viewer {
  /** What the features are, for the report. */
  readonly told: string
  /** How many features an image has. */
  readonly size: number
  /** How many classes are told apart; 0: none. */
  readonly classes: number
  see(set: ImageSet): Promise<Seen>
  release(): Promise<void>
}

/** The classifier that looks where none is asked for. */
export const usualClassifier = 'mnist-classifier'

/**
 * The classifier asked for, which refuses images of another shape than its own; the usual one for images that have its
 * shape, where none is asked for; and simple features, 48 a channel over the largest count of the reference, otherwise or
 * by the name `none`.
 */
export async function viewer(
  reference: ImageSet,
  { classifier, files, runtime }: Pick<Context, 'files' | 'runtime'> & { readonly classifier?: string },
): Promise<Viewer> {
  if (classifier === 'none') return simple(reference)
  const { name, file, bytes } = files.model(classifier ?? usualClassifier)
  const description = decodeClassifier(bytes, file)
  const { shape, features: size, classes } = description.options
  const fits = ({ shape: of }: ImageSet) => String(of) === String(shape)
  if (classifier === undefined && !fits(reference)) return simple(reference)
  const program = await runtime.compile(bytes)
  return {
    told: name,
    size,
    classes,
    see: set => classify(program, description, set.counts),
    release: () => program.release(),
  }
}

function simple({ shape, counts }: ImageSet): Viewer {
  const most = Math.max(1, largest(counts))
  return {
    told: 'simple features',
    size: simpleFeatureCount(shape[0]),
    classes: 0,
    see: async set => ({ features: simpleFeatures(set.counts, { shape, largest: most }) }),
    release: async () => {},
  }
}

/** @throws RangeError where the set has another shape than the reference's, or fewer images than asked for. */
export function comparable(
  set: ImageSet,
  thing: string,
  { shape, least }: { shape: readonly number[]; least: number },
) {
  const wanted = `images of ${shape.join('×')}`
  demand(String(set.shape) === String(shape), 'evaluate', thing, wanted, set.shape)
  demand(set.count >= least, 'evaluate', `the number of ${thing}`, `at least ${least}`, set.count)
}
