/** `saltus train`: from images to a model, with everything to watch on the way. */
import { Command } from 'commander'
import { Cancelled, cannot } from '../base/errors.ts'
import { unmixed } from '../lattice/index.ts'
import { onnxruntimeNode } from '../runtime/onnxruntime-node.ts'
import { adamDefaults } from '../training/optimizer.ts'
import { Diverged, newState, type TrainingState, train } from '../training/trainer.ts'
import { binarisedData } from './binarise.ts'
import { type Bookkeeping, bookkeeping } from './bookkeeping.ts'
import { designedFor } from './designed.ts'
import { demandWritable } from './files.ts'
import { loadModel } from './models.ts'
import { duration, interruption, progressBar } from './progress.ts'
import type { Checkpoint } from './run-checkpoint.ts'
import { type RunFolder, runFolder } from './run-folder.ts'
import { type Flags, keptOptions, newOptions, withTrainingFlags } from './train-flags.ts'
import { beginning, type Engine, prepare, type Run, type RunOptions, startEngine } from './train-run.ts'
import { cropData, imageData, type TrainingData } from './training-data.ts'
import { given } from './usage.ts'

export function trainCommand(): Command {
  const command = new Command('train').description(
    'train a model on images (idx(.gz), a folder of PNGs or of the MNIST files, .npy, .npz), or with --crop on a material',
  )
  return withTrainingFlags(command).action(async (flags: Flags, command: Command) => {
    const folder = runFolder(given('train', '--out', flags.out))
    try {
      await run(flags, command, folder)
    } finally {
      folder.release()
    }
  })
}

/** The state of a new run: fresh weights, or those of the model named by --from. */
function first(run: Run): TrainingState {
  const { from } = run.options
  if (from === undefined) return beginning(run)
  const model = loadModel(from)
  const [own, other] = [run.describe(0), model.description].map(({ task, network }) =>
    JSON.stringify([task, network]),
  )
  if (own !== other)
    throw new RangeError(cannot('train', `the model ${from}`, 'of the same task and network', 'another'))
  return newState(model.parameters)
}

async function run(flags: Flags, command: Command, folder: RunFolder): Promise<void> {
  const options = flags.resume ? keptOptions(flags, command, folder) : newOptions(flags, command, folder)
  demandWritable(folder.file('run.json'))
  if (flags.resume) folder.claim()
  const data = await dataOf(options)
  const { images, checksum } = data
  if (flags.resume && folder.beginning().checksum !== checksum) {
    const wanted = 'those that the run began with, with their shapes and labels'
    throw new RangeError(cannot('resume', `the images of ${options.data}`, wanted, 'others'))
  }
  const prepared = prepare(options, data, process => designedFor(process, images, options.seed))
  const say = (text: string) => flags.quiet || process.stderr.write(`${text}\n`)
  const { layout, process: walk } = prepared
  say(
    `${data.count} ${options.crops ? 'crops' : 'images'} ${images.shape.join('×')} · ${layout.size} parameters · rate ${walk.rate.toPrecision(4)}`,
  )
  for (const words of warningsOf(prepared)) say(words)
  const start: Checkpoint =
    flags.resume && folder.saved
      ? folder.read({ options, checksum }, layout.size)
      : { state: first(prepared), pending: { loss: 0, norm: 0, count: 0 } }
  const runtime = onnxruntimeNode(flags.device)
  const engine = await startEngine(prepared, runtime, flags.threads)
  try {
    if (engine.note) say(engine.note)
    folder.begin({ options, checksum })
    const keeper = bookkeeping(prepared, start, {
      folder,
      runtime,
      every: flags.every,
      pictures: flags.pictures,
    })
    await loop(engine, start.state, { options, keeper, folder, say, quiet: flags.quiet })
  } finally {
    await engine.close()
  }
}

/** Crops of a material, or whole images, in black and white where that is asked for. */
async function dataOf({ data: path, crops, seed, binarise }: RunOptions): Promise<TrainingData> {
  if (crops) return cropData(path, { ...crops, seed })
  const data = imageData(path)
  return binarise === undefined ? data : binarisedData(data, binarise)
}

/** What of the process is not as it should be: units that walk too little have not come to the uniform prior. */
function warningsOf({ lattice, process: { motion, rate } }: Run): string[] {
  const left = motion > 0 ? (100 * unmixed(lattice, rate)).toFixed(0) : '0'
  if (Number(left) <= 5) return []
  return [
    `Warning: at the end of time ${left} % of the slowest mode is left, so the uniform prior is not exact; raise --rate`,
  ]
}

interface Surroundings {
  readonly options: RunOptions
  readonly keeper: Bookkeeping
  readonly folder: RunFolder
  readonly say: (text: string) => unknown
  readonly quiet: boolean
}

async function loop(engine: Engine, start: TrainingState, surroundings: Surroundings): Promise<void> {
  const { options, keeper, folder, say, quiet } = surroundings
  const bar = progressBar('training', { total: options.steps, from: start.step, quiet })
  const { signal, release } = interruption()
  try {
    await train(start, {
      ...options,
      rate: options.learningRate,
      adam: adamDefaults,
      averageDecay: options.average,
      stepper: engine.step,
      signal,
      after: async (state, report) => bar.update(report.step, await keeper.after(state, report)),
    })
    bar.stop()
    await keeper.save({ pictures: true })
    say(`Done: ${folder.file('model.onnx')} after ${duration(keeper.seconds())}`)
  } catch (error) {
    bar.stop()
    if (error instanceof Diverged) {
      const step = await keeper.retreat()
      const where = folder.file('checkpoint.npz')
      throw new Diverged(`${error.message}; ${where} holds the last good state, that of step ${step}`)
    }
    await keeper.save({ pictures: false })
    if (error instanceof Cancelled)
      say(`${error.message}; go on with: saltus train --out ${folder.path} --resume`)
    throw error
  } finally {
    release()
  }
}
