/** `saltus sample`: images of exactly the mass that is asked for. */
import { Command } from 'commander'
import { cannot, InvariantError } from '../base/errors.ts'
import type { NdArray } from '../formats/array.ts'
import type { ModelDescription } from '../model/description.ts'
import { type DrawingFlags, drawShown, solverOf, withDrawingFlags } from './drawing-flags.ts'
import { loadModel } from './models.ts'
import { demandOutputs, demandRoom, type Images, massArray, seedArray, span, writeOutputs } from './output.ts'
import { duration, interruption } from './progress.ts'
import { given, listOf, several, UsageError, whole } from './usage.ts'
import {
  classesNamed,
  type MassRange,
  massRange,
  type Wish,
  type WishOptions,
  wishCount,
  wishes,
} from './wishes.ts'

interface Flags extends DrawingFlags {
  readonly model: string
  readonly count: number
  readonly class?: string
  readonly mass?: MassRange[]
  readonly out?: string[]
  readonly classes: boolean
}

export function sampleCommand(): Command {
  const command = new Command('sample')
    .description('draw images from a model; every one has exactly the mass asked for')
    .option('--model <model>', 'a model file, or the name of a shipped model', 'mnist')
    .option(
      '--count <n>',
      'how many images, of each class and mass that are asked for',
      whole('--count', { least: 1, most: 1_000_000 }),
      16,
    )
    .option(
      '--class <c>',
      'classes by name or number, like 7, 0:9 or 0,3,7: a row of the picture each (default: one drawn for every image like those of the training data)',
    )
    .option('--no-classes', 'tell the network no class')
    .option(
      '--mass <m>',
      'units per image, M or MIN:MAX, or several with commas (default: masses like those of the training data)',
      listOf(massRange('sample')),
    )
    .option('--out <file>', 'needed: .png (a grid), .npy or .npz; may be given several times', several)
  return withDrawingFlags(command).action(async (flags: Flags) => {
    await run(flags)
  })
}

async function run(flags: Flags): Promise<void> {
  const { seed, guidance } = flags
  const out = given('sample', '--out', flags.out)
  demandOutputs(out)
  const { description, bytes } = loadModel(flags.model)
  const options = wishOptions(flags, description)
  const count = wishCount(options)
  const shape = [count, ...description.task.shape] as const
  demandRoom(out, shape)
  const { signal, release } = interruption()
  try {
    if (!flags.quiet) warnOf(flags, description.data.range)
    const wished = wishes(description.data, options)
    const masses = wished.map(wish => wish.masses)
    const labels = wished.map(wish => wish.label)
    const began = Date.now()
    const drawing = { model: bytes, description, solver: solverOf(flags), seed, masses, labels, guidance }
    const { counts, fingerprint } = await drawShown(drawing, flags, signal)
    const images: Images = { counts, shape }
    const mass = massArray(images)
    demandDelivered(masses.flat(), mass.data)
    writeOutputs(out, images, {
      captions: masses.map(channels => channels.join(' ')),
      columns: columnsOf(options),
      more: { mass, ...classArray(wished), seed: seedArray(seed), fingerprint },
    })
    const [asked, delivered] = [span(masses.flat()), span(mass.data)]
    const took = duration((Date.now() - began) / 1000)
    process.stdout.write(
      `${count} images in ${took}; masses asked for ${asked}, delivered ${delivered}: equal\n`,
    )
  } finally {
    release()
  }
}

/** What the flags ask of the images. Throws UsageError for what the model cannot be told. */
function wishOptions(flags: Flags, { data }: ModelDescription): WishOptions {
  const { count, seed, mass: masses, classes: tell } = flags
  if (flags.class === undefined) return { count, seed, masses, tell }
  if (!tell) throw new UsageError(cannot('sample', '--no-classes', 'left out with --class', flags.class))
  return { count, seed, masses, labels: classesNamed(flags.class, data.classes) }
}

/** A row of the picture for each class, or else for each mass; undefined: as many rows as columns. */
function columnsOf({ count, labels, masses }: WishOptions): number | undefined {
  if (labels) return count * (masses?.length ?? 1)
  return masses && masses.length > 1 ? count : undefined
}

/** The classes [N] that the network was told, where it was. */
function classArray(wished: readonly Wish[]): Record<string, NdArray> {
  if (wished.some(({ label }) => label === undefined)) return {}
  return { classes: { data: Int32Array.from(wished, ({ label }) => Number(label)), shape: [wished.length] } }
}

/** Masses that the network has never seen are drawn all the same, and exactly; how they look is another matter. */
function warnOf({ mass = [] }: Flags, [least, most]: readonly [number, number]): void {
  for (const [low, high] of mass) {
    if (high === 0 || (high <= 2 * most && (low >= least / 2 || low === 0))) continue
    const asked = low === high ? low : `${low}:${high}`
    process.stderr.write(
      `Warning: --mass ${asked} is far outside the masses of the training images, ${least} … ${most}\n`,
    )
  }
}

function demandDelivered(asked: readonly number[], delivered: ArrayLike<number>): void {
  asked.forEach((mass, i) => {
    if (delivered[i] !== mass)
      throw new InvariantError(cannot('sample', `mass ${i}`, String(mass), delivered[i]))
  })
}
