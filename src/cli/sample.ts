/** `saltus sample`: images of exactly the mass that is asked for. */
import { Command } from 'commander'
import { cannot } from '../base/errors.ts'
import { below, random } from '../base/random.ts'
import { largestMass } from '../formats/array.ts'
import { fingerprint } from '../model/fingerprint.ts'
import type { DataDescription } from '../model/description.ts'
import { rateFunction } from '../model/rates.ts'
import { process as processOf } from '../process/index.ts'
import { type Device, devices, onnxruntimeNode } from '../runtime/onnxruntime-node.ts'
import { cfl, leap, sample, type Solver } from '../sampling/index.ts'
import { loadModel } from './models.ts'
import { demandOutputs, type Images, massArray, writeOutputs } from './output.ts'
import { duration, interruption, progressBar } from './progress.ts'
import { decimal, oneOf, several, UsageError, whole } from './usage.ts'

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
  readonly quiet: boolean
}

/** The default number of network calls: see the table in models/mnist.md. */
const defaultCalls = 128

export function sampleCommand(): Command {
  return new Command('sample')
    .description('draw images from a model; every one has exactly the mass asked for')
    .option('--model <model>', 'a model file, or the name of a shipped model', 'mnist')
    .option('--count <n>', 'how many images', whole('--count', { least: 1, most: 1_000_000 }), 16)
    .option('--mass <m>', 'units per image: M, or MIN:MAX (default: masses like those of the training data)', massRange)
    .option('--calls <k>', 'network calls of the leap solver', whole('--calls', { least: 1, most: 1_000_000 }), defaultCalls)
    .option('--solver <name>', "leap (large leaps) or cfl (the paper's algorithm 2)", oneOf('--solver', ['leap', 'cfl'] as const), 'leap')
    .option('--cfl <e>', 'cfl: largest probability of a hop in one step', decimal('--cfl', { above: 0, most: 1 }), 0.15)
    .option('--seed <n>', 'seed; sample i depends on seed and i alone', whole('--seed', { least: 0 }), 0)
    .option('--device <name>', devices.join(', '), oneOf('--device', devices), 'cpu')
    .option('--out <file>', '.png (a grid), .npy or .npz; may be given several times', several)
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

/** Masses [C] of image i: from the training data, or a total spread over the channels as one training image's is. */
function massesFor(data: DataDescription, { mass, seed }: Flags): (i: number) => number[] {
  const stream = random(seed).fork(1)
  return i => {
    const rng = stream.fork(i)
    const like = data.masses[below(rng, data.masses.length)]
    if (!mass) return [...like]
    const total = mass[0] + (mass[1] > mass[0] ? below(rng, mass[1] - mass[0] + 1) : 0)
    return shared(total, like)
  }
}

/** A total split over the channels in the proportions of a given image, exactly. */
function shared(total: number, like: readonly number[]): number[] {
  const whole = like.reduce((sum, mass) => sum + mass, 0)
  let [left, weight] = [total, whole]
  return like.map((mass, c) => {
    const part = c === like.length - 1 ? left : Math.round((left * mass) / Math.max(1, weight))
    left -= part
    weight -= mass
    return part
  })
}

async function run(flags: Flags): Promise<void> {
  demandOutputs(flags.out)
  const { description, bytes } = loadModel(flags.model)
  const say = (text: string) => flags.quiet || process.stderr.write(`${text}\n`)
  const [least, most] = description.data.range
  if (flags.mass && flags.mass[0] > 0 && (flags.mass[0] < least / 2 || flags.mass[1] > most * 2)) {
    say(`Warning: masses ${flags.mass.join(':')} lie far outside those of the training images, ${least} … ${most}`)
  }
  const jumps = processOf(description.process)
  const runtime = onnxruntimeNode(flags.device)
  const program = await runtime.compile(bytes)
  const rates = rateFunction(program, description)
  const massOf = massesFor(description.data, flags)
  const masses = Array.from({ length: flags.count }, (_, i) => massOf(i))
  const solver: Solver = flags.solver === 'cfl' ? cfl({ fraction: flags.cfl }) : leap({ calls: flags.calls })
  const bar = progressBar('sampling', { total: flags.count, quiet: flags.quiet })
  const { signal, release } = interruption()
  try {
    const print = await fingerprint(rates, description, runtime)
    const began = Date.now()
    const result = await sample({ process: jumps, solver, rate: rates, masses, seed: flags.seed, batch: description.tile, signal, onProgress: ({ share }) => bar.update(share * flags.count) })
    bar.stop()
    const images: Images = { counts: result.counts, shape: [flags.count, ...description.task.shape] }
    const delivered = massArray(images)
    writeOutputs(flags.out, images, {
      captions: masses.map(channels => channels.join(' ')),
      more: { mass: delivered, seed: { data: Float64Array.of(flags.seed), shape: [] }, fingerprint: print },
    })
    const asked = masses.flat()
    const equal = asked.every((mass, i) => mass === delivered.data[i])
    process.stdout.write(`${flags.count} images in ${duration((Date.now() - began) / 1000)}; masses asked for ${span(asked)}, delivered ${span(delivered.data)}: ${equal ? 'equal' : 'NOT EQUAL'}\n`)
  } finally {
    bar.stop()
    release()
    await program.release()
  }
}

function span(masses: ArrayLike<number>): string {
  const list = Array.from(masses)
  const [low, high] = [list.reduce((a, b) => Math.min(a, b)), list.reduce((a, b) => Math.max(a, b))]
  return low === high ? String(low) : `${low} … ${high}`
}
