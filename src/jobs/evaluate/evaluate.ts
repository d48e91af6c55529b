/** The job `evaluate`: how near samples are to real images. */
import { refused } from '../../base/errors.ts'
import type { ImageSet } from '../../formats/dataset.ts'
import { frechet, moments } from '../../metrics/frechet.ts'
import { distanceOfHistograms, histogramOf } from '../../metrics/histogram.ts'
import type { Context } from '../context.ts'
import { text } from '../fields.ts'
import { loadImages } from '../input/images.ts'
import { largest, massesOf } from '../masses.ts'
import type { JobOf } from '../schema.ts'
import { comparable, type Seen, usualClassifier, type Viewer, viewer } from './viewer.ts'

export const evaluateSchema = {
  samples: text({
    help: 'needed but for --bits: samples, .npz, .npy or any images that train reads',
    argument: '<path>',
  }),
  reference: text({
    help: 'needed: real images; of a folder of the MNIST files the test images',
    argument: '<path>',
  }),
  real: text({
    help: 'other real images for the floor real-against-real (default: every so many images of the reference are set apart for it)',
    argument: '<path>',
  }),
  classifier: text({
    help: `the classifier whose features are compared, or none for simple ones (default: ${usualClassifier} where the images fit)`,
    argument: '<model>',
  }),
} as const

export type EvaluateJob = JobOf<typeof evaluateSchema>

/** What is reported; the Fréchet distances are in the features named. What a classifier tells is left out without one. */
export interface Evaluation {
  readonly samples: number
  readonly reference: number
  readonly features: string
  readonly mass: { readonly samples: Spread; readonly reference: Spread }
  /** The largest count. */
  readonly largest: { readonly samples: number; readonly reference: number }
  /** Total variation between the histograms of counts per pixel, 0 … 1. */
  readonly histogram: number
  readonly frechet: number
  /** The same of other real images, as many as the samples that were compared, to the same real images. */
  readonly floor: number
  /** How many images either distance is of, and to how many real ones: distances of other numbers are not comparable. */
  readonly compared: {
    readonly images: number
    readonly to: number
    /** Where the real images of the floor come from. */
    readonly floor: 'other images' | 'images set apart from the reference'
  }
  /** Share of samples that the classifier gives a probability of at least 0.9. */
  readonly sure?: number
  readonly sureReference?: number
  /** Share of the samples recognised as each class. */
  readonly classes?: readonly number[]
  /** Where the samples carry classes: the share recognised as theirs. */
  readonly right?: number
}

export interface Spread {
  readonly least: number
  readonly mean: number
  readonly most: number
}

/** Compares samples with real images. @throws RangeError for images that cannot be compared */
export async function evaluate(job: EvaluateJob, context: Context): Promise<Evaluation> {
  const { files, say, runtime } = context
  const { samples: path, reference: known } = job
  if (path === undefined) throw refused('run saltus evaluate', 'samples', 'given', undefined)
  if (known === undefined) throw refused('run saltus evaluate', 'reference', 'given', undefined)
  const samples = loadImages(path, { files, say })
  const reference = loadImages(known, { files, say, split: 'test' })
  const other = job.real === undefined ? undefined : loadImages(job.real, { files, say, split: 'train' })
  const view = await viewer(reference, { files, runtime, classifier: job.classifier })
  try {
    const { shape } = reference
    comparable(samples, 'the samples', { shape, least: 2 })
    comparable(reference, 'the reference', { shape, least: other ? 2 : 4 })
    if (other) comparable(other, 'the real images', { shape, least: 2 })
    const [seen, real] = [await view.see(samples), await view.see(reference)]
    // As many real images as samples: the distance depends on how many there are.
    const few = other && { ...other, counts: other.counts.subarray(0, samples.counts.length) }
    return report({ samples, reference, seen, real, other: few && (await view.see(few)) }, view)
  } finally {
    await view.release()
  }
}

interface Material {
  readonly samples: ImageSet
  readonly reference: ImageSet
  readonly seen: Seen
  readonly real: Seen
  readonly other?: Seen
}

function report(
  { samples, reference, seen, real, other }: Material,
  { told, size, classes }: Viewer,
): Evaluation {
  const { apart, rest } = other
    ? { apart: other.features, rest: real.features }
    : setApart(real.features, size, Math.min(samples.count, reference.count >> 1))
  // The distance depends on how many there are: both are of as many images, and to the same ones.
  const images = Math.min(samples.count, apart.length / size)
  const law = moments(rest, size)
  const distance = (features: Float32Array) =>
    frechet(moments(features.subarray(0, images * size), size), law)
  return {
    samples: samples.count,
    reference: reference.count,
    features: told,
    mass: { samples: spread(samples), reference: spread(reference) },
    largest: { samples: largest(samples.counts), reference: largest(reference.counts) },
    histogram: distanceOfHistograms(histogramOf(samples.counts), histogramOf(reference.counts)),
    frechet: distance(seen.features),
    floor: distance(apart),
    compared: {
      images,
      to: rest.length / size,
      floor: other ? 'other images' : 'images set apart from the reference',
    },
    ...recognised(samples, seen, { real, classes }),
  }
}

/**
 * Sets some images apart, evenly spread: the files of data sets are sorted, by class or by who wrote them, so that one half
 * is another law than the other.
 */
function setApart(
  features: Float32Array,
  size: number,
  take: number,
): { apart: Float32Array; rest: Float32Array } {
  const count = features.length / size
  const chosen = new Set(Array.from({ length: take }, (_, i) => Math.floor((i * count) / take)))
  const gathered = (wanted: boolean) => features.filter((_, i) => chosen.has(Math.floor(i / size)) === wanted)
  return { apart: gathered(true), rest: gathered(false) }
}

/** What a classifier tells of the samples. */
function recognised(
  { labels }: ImageSet,
  { probabilities }: Seen,
  { real, classes }: { readonly real: Seen; readonly classes: number },
): Pick<Evaluation, 'sure' | 'sureReference' | 'classes' | 'right'> {
  if (!probabilities || !real.probabilities) return {}
  const guesses = bestOf(probabilities, classes)
  const share = (isThat: (guess: number, i: number) => boolean) =>
    guesses.filter(isThat).length / guesses.length
  return {
    sure: sure(probabilities, classes),
    sureReference: sure(real.probabilities, classes),
    classes: Array.from({ length: classes }, (_, k) => share(guess => guess === k)),
    ...(labels ? { right: share((guess, i) => guess === labels[i]) } : {}),
  }
}

function spread(set: ImageSet): Spread {
  const masses = massesOf(set).map(channels => channels.reduce((sum, mass) => sum + mass, 0))
  const mean = masses.reduce((sum, mass) => sum + mass, 0) / masses.length
  return {
    least: masses.reduce((a, b) => Math.min(a, b)),
    mean,
    most: masses.reduce((a, b) => Math.max(a, b)),
  }
}

/** The most probable class of each row. */
function bestOf(probabilities: Float32Array, classes: number): number[] {
  return Array.from({ length: probabilities.length / classes }, (_, i) => {
    const row = probabilities.subarray(i * classes, (i + 1) * classes)
    return row.indexOf(Math.max(...row))
  })
}

function sure(probabilities: Float32Array, classes: number): number {
  const rows = probabilities.length / classes
  let count = 0
  for (let i = 0; i < rows; i++)
    if (Math.max(...probabilities.subarray(i * classes, (i + 1) * classes)) >= 0.9) count++
  return count / rows
}
