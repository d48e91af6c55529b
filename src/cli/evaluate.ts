/** `saltus evaluate`: how near samples are to real images. */
import { Command } from 'commander'
import { cannot } from '../base/errors.ts'
import type { ImageSet } from '../formats/dataset.ts'
import { frechet, moments } from '../metrics/frechet.ts'
import { distanceOfHistograms, histogramOf } from '../metrics/histogram.ts'
import { devices } from '../runtime/onnxruntime-node.ts'
import { largest, loadImages, massesOf } from './data.ts'
import { type BitsFlags, evaluateBits } from './evaluate-bits.ts'
import { given, oneOf, UsageError, whole } from './usage.ts'
import { comparable, type Seen, usualClassifier, type Viewer, viewer } from './viewer.ts'

interface Flags extends BitsFlags {
  readonly samples?: string
  readonly bits: boolean
  readonly real?: string
  readonly classifier?: string
}

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description(
      'compare samples with real images: masses, counts per pixel, Fréchet distance, recognised classes; or bound the bits of real images',
    )
    .option('--samples <path>', 'needed but for --bits: samples, .npz, .npy or any images that train reads')
    .option('--reference <path>', 'needed: real images; of a folder of the MNIST files the test images')
    .option(
      '--real <path>',
      'other real images for the floor real-against-real (default: half of the reference against its other half)',
    )
    .option(
      '--classifier <model>',
      `the classifier whose features are compared; none: simple features of colours and edges (default: ${usualClassifier} for images of its shape, none for others)`,
    )
    .option('--device <name>', devices.join(', '), oneOf('--device', devices), 'cpu')
    .option('--json', 'print one JSON object', false)
    .option('--bits', 'instead: bits per count of the reference under --model, by the path likelihood', false)
    .option('--model <model>', 'bits: a model file, or the name of a shipped model')
    .option(
      '--count <n>',
      'bits: how many images of the reference, evenly spread',
      whole('--count', { least: 1 }),
      256,
    )
    .option('--draws <n>', 'bits: times at which each is seen', whole('--draws', { least: 1 }), 32)
    .option(
      '--binarise <n>',
      'bits: one unit where the count is at least n, as for training',
      whole('--binarise', { least: 1 }),
    )
    .option('--seed <n>', 'bits: seed', whole('--seed', { least: 0 }), 0)
    .action(async (flags: Flags, command: Command) => {
      demandFitting(flags, command)
      await (flags.bits ? evaluateBits(flags) : evaluate(flags))
    })
}

/** Bits take no samples, and samples none of what is said of bits. */
function demandFitting({ bits }: Flags, command: Command): void {
  const others = bits ? ['samples', 'real', 'classifier'] : ['model', 'count', 'draws', 'binarise', 'seed']
  for (const name of others)
    if (command.getOptionValueSource(name) === 'cli')
      throw new UsageError(
        cannot('evaluate', `--${name}`, `left out with${bits ? '' : 'out'} --bits`, 'given'),
      )
}

/** What is reported; the Fréchet distances are in the features named. What a classifier tells is left out without one. */
interface Evaluation {
  readonly samples: number
  readonly reference: number
  readonly features: string
  readonly mass: { readonly samples: Spread; readonly reference: Spread }
  /** The largest count. */
  readonly largest: { readonly samples: number; readonly reference: number }
  /** Total variation between the histograms of counts per pixel, 0 … 1. */
  readonly histogram: number
  readonly frechet: number
  /** The same between two sets of real images, one of them as many as the samples. */
  readonly floor: number
  /** Share of samples that the classifier gives a probability of at least 0.9. */
  readonly sure?: number
  readonly sureReference?: number
  /** Share of the samples recognised as each class. */
  readonly classes?: readonly number[]
  /** Where the samples carry classes: the share recognised as theirs. */
  readonly right?: number
}

interface Spread {
  readonly least: number
  readonly mean: number
  readonly most: number
}

async function evaluate(flags: Flags): Promise<void> {
  const samples = loadImages(given('evaluate', '--samples', flags.samples))
  const reference = loadImages(given('evaluate', '--reference', flags.reference), { split: 'test' })
  const other = flags.real === undefined ? undefined : loadImages(flags.real, { split: 'train' })
  const view = await viewer(reference, flags)
  try {
    const { shape } = reference
    comparable(samples, 'the samples', { shape, least: 2 })
    comparable(reference, 'the reference', { shape, least: other ? 2 : 4 })
    if (other) comparable(other, 'the real images', { shape, least: 2 })
    const [seen, real] = [await view.see(samples), await view.see(reference)]
    // As many real images as samples: the distance depends on how many there are.
    const few = other && { ...other, counts: other.counts.subarray(0, samples.counts.length) }
    const result = report({ samples, reference, seen, real, other: few && (await view.see(few)) }, view)
    process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : `${text(result)}\n`)
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
  const all = moments(real.features, size)
  const take = Math.min(samples.count, Math.floor((other ?? real).features.length / size / (other ? 1 : 2)))
  const floor = other
    ? frechet(moments(other.features.subarray(0, take * size), size), all)
    : frechet(
        moments(real.features.subarray(0, take * size), size),
        moments(real.features.subarray(take * size), size),
      )
  return {
    samples: samples.count,
    reference: reference.count,
    features: told,
    mass: { samples: spread(samples), reference: spread(reference) },
    largest: { samples: largest(samples.counts), reference: largest(reference.counts) },
    histogram: distanceOfHistograms(histogramOf(samples.counts), histogramOf(reference.counts)),
    frechet: frechet(moments(seen.features, size), all),
    floor,
    ...recognised(samples, seen, { real, classes }),
  }
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

function text(e: Evaluation): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`
  const masses = ({ least, mean, most }: Spread) => `${least} … ${most}, mean ${mean.toFixed(1)}`
  return [
    `images      ${e.samples} samples against ${e.reference} real images`,
    `mass        samples ${masses(e.mass.samples)}; real ${masses(e.mass.reference)}`,
    `counts      at most ${e.largest.samples}, real ${e.largest.reference}; total variation between the histograms per pixel ${e.histogram.toFixed(4)}`,
    `Fréchet     ${e.frechet.toFixed(4)} by ${e.features}; real against real ${e.floor.toFixed(4)}; ratio ${(e.frechet / e.floor).toFixed(1)}`,
    ...(e.sure === undefined || e.sureReference === undefined
      ? []
      : [
          `sure        ${percent(e.sure)} of the samples recognised with probability ≥ 0.9; real ${percent(e.sureReference)}`,
        ]),
    ...(e.classes
      ? [`classes     ${e.classes.map((share, k) => `${k}: ${percent(share)}`).join('  ')}`]
      : []),
    ...(e.right === undefined
      ? []
      : [`right       ${percent(e.right)} recognised as the class that was asked for`]),
  ].join('\n')
}
