/** `saltus evaluate`: how near samples are to real images. */
import { basename } from 'node:path'
import { Command } from 'commander'
import { cannot, demand, UsageError } from '../../base/errors.ts'
import type { ImageSet } from '../../formats/dataset.ts'
import { massesOf } from '../../jobs/input/images.ts'
import { frechet, moments } from '../../metrics/frechet.ts'
import { distanceOfHistograms, histogramOf } from '../../metrics/histogram.ts'
import { type ClassifierDescription, classify, decodeClassifier } from '../../model/classifier-file.ts'
import { readBytes } from '../../node/files.ts'
import { imagesAt } from '../../node/load.ts'
import { modelPath } from '../../node/models.ts'
import { devices, onnxruntimeNode } from '../../runtime/onnxruntime-node.ts'
import { given, oneOf, whole } from '../usage.ts'
import { type BitsFlags, evaluateBits } from './evaluate-bits.ts'

interface Flags extends BitsFlags {
  readonly samples?: string
  readonly bits: boolean
  readonly real?: string
  readonly classifier: string
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
    .option('--classifier <model>', 'the classifier whose features are compared', 'mnist-classifier')
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

/** What is reported; the Fréchet distances are in the classifier's features. */
interface Evaluation {
  readonly samples: number
  readonly reference: number
  readonly mass: { readonly samples: Spread; readonly reference: Spread }
  /** Total variation between the histograms of counts per pixel, 0 … 1. */
  readonly histogram: number
  readonly frechet: number
  /** The same between two sets of real images, one of them as many as the samples. */
  readonly floor: number
  /** Share of samples that the classifier gives a probability of at least 0.9. */
  readonly sure: number
  readonly sureReference: number
  /** Share of the samples recognised as each class. */
  readonly classes: readonly number[]
  /** Where the samples carry classes: the share recognised as theirs. */
  readonly right?: number
}

interface Spread {
  readonly least: number
  readonly mean: number
  readonly most: number
}

async function evaluate(flags: Flags): Promise<void> {
  const samples = imagesAt(given('evaluate', '--samples', flags.samples))
  const reference = imagesAt(given('evaluate', '--reference', flags.reference), {
    split: 'test',
  })
  const other = flags.real === undefined ? undefined : imagesAt(flags.real, { split: 'train' })
  const path = modelPath(flags.classifier)
  const bytes = readBytes(path)
  const description = decodeClassifier(bytes, basename(path))
  const { shape } = description.options
  const check = (set: ImageSet, thing: string, least: number) => {
    const wanted = `images of ${shape.join('×')}, as the classifier's`
    demand(set.shape.join() === shape.join(), 'evaluate', thing, wanted, set.shape)
    demand(set.count >= least, 'evaluate', `the number of ${thing}`, `at least ${least}`, set.count)
  }
  check(samples, 'the samples', 2)
  check(reference, 'the reference', other ? 2 : 4)
  if (other) check(other, 'the real images', 2)
  const program = await onnxruntimeNode(flags.device).compile(bytes)
  try {
    const see = (set: ImageSet) => classify(program, description, set.counts)
    const [seen, real] = [await see(samples), await see(reference)]
    // As many real images as samples: the distance depends on how many there are.
    const few = other && { ...other, counts: other.counts.subarray(0, samples.counts.length) }
    const material = { samples, reference, seen, real, other: few && (await see(few)) }
    const result = report(material, description)
    process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : `${text(result)}\n`)
  } finally {
    await program.release()
  }
}

interface Seen {
  readonly features: Float32Array
  readonly probabilities: Float32Array
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
  { options }: ClassifierDescription,
): Evaluation {
  const { features: size, classes } = options
  const all = moments(real.features, size)
  const take = Math.min(samples.count, Math.floor((other ?? real).features.length / size / (other ? 1 : 2)))
  const floor = other
    ? frechet(moments(other.features.subarray(0, take * size), size), all)
    : frechet(
        moments(real.features.subarray(0, take * size), size),
        moments(real.features.subarray(take * size), size),
      )
  const guesses = bestOf(seen.probabilities, classes)
  return {
    samples: samples.count,
    reference: reference.count,
    mass: { samples: spread(samples), reference: spread(reference) },
    histogram: distanceOfHistograms(histogramOf(samples.counts), histogramOf(reference.counts)),
    frechet: frechet(moments(seen.features, size), all),
    floor,
    sure: sure(seen.probabilities, classes),
    sureReference: sure(real.probabilities, classes),
    classes: Array.from(
      { length: classes },
      (_, k) => guesses.filter(guess => guess === k).length / guesses.length,
    ),
    ...(samples.labels
      ? { right: guesses.filter((guess, i) => guess === samples.labels?.[i]).length / guesses.length }
      : {}),
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
    `counts      total variation between the histograms of counts per pixel ${e.histogram.toFixed(4)}`,
    `Fréchet     ${e.frechet.toFixed(4)}; real against real ${e.floor.toFixed(4)}; ratio ${(e.frechet / e.floor).toFixed(1)}`,
    `sure        ${percent(e.sure)} of the samples recognised with probability ≥ 0.9; real ${percent(e.sureReference)}`,
    `classes     ${e.classes.map((share, k) => `${k}: ${percent(share)}`).join('  ')}`,
    ...(e.right === undefined
      ? []
      : [`right       ${percent(e.right)} recognised as the class that was asked for`]),
  ].join('\n')
}
