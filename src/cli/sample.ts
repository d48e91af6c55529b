/** `saltus sample`: images of exactly the mass that is asked for. */
import { Command } from 'commander'
import { cannot, InvariantError } from '../base/errors.ts'
import { below, random } from '../base/random.ts'
import { largestMass, type NdArray } from '../formats/array.ts'
import { classes } from '../model/conditions.ts'
import type { DataDescription, ModelDescription } from '../model/description.ts'
import { fingerprint } from '../model/fingerprint.ts'
import { rateFunction } from '../model/rates.ts'
import { process as processOf } from '../process/index.ts'
import { type Device, devices, onnxruntimeNode } from '../runtime/onnxruntime-node.ts'
import { cfl, leap, type Solver, sample } from '../sampling/index.ts'
import { loadModel } from './models.ts'
import { demandOutputs, demandRoom, type Images, massArray, seedArray, span, writeOutputs } from './output.ts'
import { duration, interruption, progressBar } from './progress.ts'
import { decimal, given, oneOf, several, UsageError, whole } from './usage.ts'

interface Flags {
  readonly model: string
  readonly count: number
  readonly mass?: [number, number]
  readonly calls: number
  readonly solver: 'leap' | 'cfl'
  readonly cfl: number
  readonly seed: number
  readonly device: Device
  readonly out?: string[]
  readonly classes: boolean
  readonly quiet: boolean
}

/** The default number of network calls: see the table in models/mnist.md. */
const defaultCalls = 128

/**
 * For learned rates the structure of an image is decided while τ is large, and calls there pay most: with 64 calls
 * of the MNIST model 0.15, 0.3 and 0.5 gave Fréchet distances of 2.03, 1.33 and 1.02 (96 samples).
 */
export const learned = { bend: 0.5, substeps: 2 } as const

export function sampleCommand(): Command {
  return new Command('sample')
    .description('draw images from a model; every one has exactly the mass asked for')
    .option('--model <model>', 'a model file, or the name of a shipped model', 'mnist')
    .option('--count <n>', 'how many images', whole('--count', { least: 1, most: 1_000_000 }), 16)
    .option(
      '--mass <m>',
      'units per image: M, or MIN:MAX (default: masses like those of the training data)',
      massRange,
    )
    .option(
      '--calls <k>',
      'network calls of the leap solver',
      whole('--calls', { least: 1, most: 1_000_000 }),
      defaultCalls,
    )
    .option(
      '--solver <name>',
      "leap (large leaps) or cfl (the paper's algorithm 2)",
      oneOf('--solver', ['leap', 'cfl'] as const),
      'leap',
    )
    .option(
      '--cfl <e>',
      'cfl: largest probability of a hop in one step',
      decimal('--cfl', { above: 0, most: 1 }),
      0.15,
    )
    .option(
      '--no-classes',
      'tell the network no class (default: a class drawn like those of the training data)',
    )
    .option('--seed <n>', 'seed; sample i depends on seed and i alone', whole('--seed', { least: 0 }), 0)
    .option('--device <name>', devices.join(', '), oneOf('--device', devices), 'cpu')
    .option('--out <file>', 'needed: .png (a grid), .npy or .npz; may be given several times', several)
    .option('--quiet', 'print errors only', false)
    .action(async (flags: Flags) => {
      await run(flags)
    })
}

/** M or MIN:MAX. */
function massRange(text: string): [number, number] {
  const parts = text.split(':').map(whole('--mass', { least: 0, most: largestMass }))
  const [low, high = low] = parts
  if (parts.length > 2 || high < low) throw new UsageError(cannot('sample', '--mass', 'M or MIN:MAX', text))
  return [low, high]
}

/** The stream of masses, far from the streams of the images, which are numbered from 0. */
const massStream = 2 ** 32

interface Wish {
  /** [C] */
  readonly masses: number[]
  /** The class that the network is told; undefined: none. */
  readonly label: number | undefined
}

/** How many training images around a mass are looked at for a class that goes with it. */
const neighbours = 64

/**
 * What image i shall be. Without --mass the masses and the class of a training image; with it a total, spread over
 * the channels as that of a training image of about this mass is, and the class of that image.
 */
function wishes({ masses, labels }: DataDescription, { mass, seed, classes }: Flags): (i: number) => Wish {
  const stream = random(seed).fork(massStream)
  const totals = masses.map(channels => channels.reduce((sum, m) => sum + m, 0))
  const told = (k: number) => (classes ? labels?.[k] : undefined)
  return i => {
    const rng = stream.fork(i)
    if (!mass) {
      const k = below(rng, masses.length)
      return { masses: [...masses[k]], label: told(k) }
    }
    const total = mass[0] + (mass[1] > mass[0] ? below(rng, mass[1] - mass[0] + 1) : 0)
    const width = Math.min(neighbours, totals.length)
    const place = totals.findIndex(m => m >= total)
    const middle = (place < 0 ? totals.length : place) - (width >> 1)
    const k = Math.max(0, Math.min(totals.length - width, middle)) + below(rng, width)
    return { masses: shared(total, masses[k]), label: told(k) }
  }
}

/** A total split over the channels in the proportions of a given image, exactly. */
function shared(total: number, like: readonly number[]): number[] {
  let left = total
  let weight = like.reduce((sum, mass) => sum + mass, 0)
  return like.map((mass, c) => {
    const part = c === like.length - 1 ? left : Math.round((left * mass) / Math.max(1, weight))
    left -= part
    weight -= mass
    return part
  })
}

async function run(flags: Flags): Promise<void> {
  const { count, seed } = flags
  const out = given('sample', '--out', flags.out)
  demandOutputs(out)
  const { description, bytes } = loadModel(flags.model)
  const shape = [count, ...description.task.shape] as const
  demandRoom(out, shape)
  const { signal, release } = interruption()
  try {
    if (!flags.quiet) warnOf(flags, description.data.range)
    const wished = Array.from({ length: count }, (_, i) => i).map(wishes(description.data, flags))
    const masses = wished.map(wish => wish.masses)
    const began = Date.now()
    const { counts, print } = await draw(flags, { description, bytes, wished, signal })
    const images: Images = { counts, shape }
    const mass = massArray(images)
    demandDelivered(masses.flat(), mass.data)
    writeOutputs(out, images, {
      captions: masses.map(channels => channels.join(' ')),
      more: { mass, ...classArray(wished), seed: seedArray(seed), fingerprint: print },
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

interface Task {
  readonly description: ModelDescription
  readonly bytes: Uint8Array
  readonly wished: readonly Wish[]
  readonly signal: AbortSignal
}

/** The images [N, C, H, W], and the fingerprint of the numerics that they were drawn with. */
async function draw(
  flags: Flags,
  { description, bytes, wished, signal }: Task,
): Promise<{ counts: Int32Array; print: string }> {
  const { seed, count } = flags
  const solver: Solver =
    flags.solver === 'cfl' ? cfl({ fraction: flags.cfl }) : leap({ calls: flags.calls, ...learned })
  const runtime = onnxruntimeNode(flags.device)
  const program = await runtime.compile(bytes)
  const bar = progressBar('sampling', { total: count, quiet: flags.quiet })
  try {
    const print = await fingerprint(rateFunction(program, description), description, runtime)
    const rate = rateFunction(program, description, {
      conditions: wished.some(({ label }) => label !== undefined) ? [classes(i => wished[i]?.label)] : [],
    })
    const { counts } = await sample({
      process: processOf(description.process),
      solver,
      rate,
      masses: wished.map(wish => wish.masses),
      seed,
      batch: description.tile,
      signal,
      onProgress: ({ calls, expectedCalls, images }) =>
        bar.update(expectedCalls ? Math.floor((calls / expectedCalls) * count) : images),
    })
    return { counts, print }
  } finally {
    bar.stop()
    await program.release()
  }
}

/** The classes [N] that the network was told, where it was. */
function classArray(wished: readonly Wish[]): Record<string, NdArray> {
  if (wished.some(({ label }) => label === undefined)) return {}
  return { classes: { data: Int32Array.from(wished, ({ label }) => Number(label)), shape: [wished.length] } }
}

/** Masses that the network has never seen are drawn all the same, and exactly; how they look is another matter. */
function warnOf({ mass }: Flags, [least, most]: readonly [number, number]): void {
  if (!mass || mass[1] === 0) return
  const [low, high] = mass
  if (high <= 2 * most && (low >= least / 2 || low === 0)) return
  const asked = low === high ? low : `${low}:${high}`
  process.stderr.write(
    `Warning: --mass ${asked} is far outside the masses of the training images, ${least} … ${most}\n`,
  )
}

function demandDelivered(asked: readonly number[], delivered: ArrayLike<number>): void {
  asked.forEach((mass, i) => {
    if (delivered[i] !== mass)
      throw new InvariantError(cannot('sample', `mass ${i}`, String(mass), delivered[i]))
  })
}
