/** `saltus train`: from images to a model, with everything to watch on the way. */
import { resolve } from 'node:path'
import { Command } from 'commander'
import { Cancelled, cannot } from '../base/errors.ts'
import { crc32 } from '../formats/gzip.ts'
import { unmixed } from '../lattice/index.ts'
import { layoutFor } from '../model/file.ts'
import { grown } from '../network/parameters.ts'
import { devices, onnxruntimeNode } from '../runtime/onnxruntime-node.ts'
import { adamDefaults } from '../training/optimizer.ts'
import { Diverged, newState, type TrainingState, train } from '../training/trainer.ts'
import { type Bookkeeping, bookkeeping } from './bookkeeping.ts'
import { loadImages } from './data.ts'
import { designedFor } from './designed.ts'
import { demandWritable } from './files.ts'
import { loadModel, modelPath } from './models.ts'
import { duration, interruption, progressBar } from './progress.ts'
import { type Checkpoint, type RunFolder, runFolder } from './run-folder.ts'
import { scheduleNames, scheduleWord } from './schedules.ts'
import { beginning, type Engine, prepare, type Run, type RunOptions, startEngine } from './train-run.ts'
import { decimal, given, listOf, oneOf, UsageError, whole } from './usage.ts'

interface Flags extends Omit<RunOptions, 'data'> {
  readonly data?: string
  readonly out?: string
  readonly resume: boolean
  readonly device: (typeof devices)[number]
  readonly threads?: number
  readonly every: number
  readonly pictures: number
  readonly quiet: boolean
}

/** A list of small whole numbers; `none` is the empty one. */
function numbers(flag: string): (text: string) => number[] {
  const parse = listOf(whole(flag, { least: 0, most: 64 }))
  return text => (text === 'none' ? [] : parse(text))
}

export function trainCommand(): Command {
  return new Command('train')
    .description('train a model on images: idx(.gz), a folder of PNGs or of the MNIST files, .npy, .npz')
    .option('--data <path>', 'the images; needed but for --resume')
    .option('--out <folder>', 'the folder of the run: checkpoint, log, pictures, model; needed')
    .option('--from <model>', 'begin with the weights of a model of the same task and network')
    .option('--resume', 'go on with the run in --out from its checkpoint', false)
    .option('--steps <n>', 'training steps', whole('--steps', { least: 1 }), 20_000)
    .option('--batch <n>', 'images per step', whole('--batch', { least: 1, most: 4096 }), 32)
    .option(
      '--accumulate <n>',
      'batches whose gradients are summed for one update',
      whole('--accumulate', { least: 1 }),
      1,
    )
    .option(
      '--learning-rate <x>',
      'largest learning rate of Adam',
      decimal('--learning-rate', { above: 0 }),
      1e-3,
    )
    .option('--warmup <n>', 'steps over which the learning rate rises', whole('--warmup', { least: 0 }), 200)
    .option(
      '--average <x>',
      'decay of the moving average of the weights',
      decimal('--average', { least: 0, most: 1 }),
      0.999,
    )
    .option(
      '--boundary <name>',
      'periodic or no-flux',
      oneOf('--boundary', ['periodic', 'no-flux'] as const),
      'no-flux',
    )
    .option(
      '--rate <r>',
      'hops per direction and unit of time (default: mixes the lattice)',
      decimal('--rate', { above: 0 }),
    )
    .option('--schedule <s>', `where the times lie: ${scheduleNames}`, scheduleWord, 'exponential')
    .option('--loss <name>', 'likelihood or l1', oneOf('--loss', ['likelihood', 'l1'] as const), 'likelihood')
    .option('--no-labels', 'ignore the classes of the images')
    .option(
      '--label-dropout <p>',
      'share of the images whose class is not told',
      decimal('--label-dropout', { least: 0, most: 1 }),
      0.1,
    )
    .option(
      '--masks <n>',
      'learn to complete images around n random holes (boxes, halves, strokes, scattered sites, all)',
      whole('--masks', { least: 0, most: 1_000_000 }),
      0,
    )
    .option('--base <n>', 'channels of the finest level', whole('--base', { least: 4, most: 1024 }), 32)
    .option(
      '--multipliers <list>',
      'channels of each level, in multiples of the base',
      numbers('--multipliers'),
      [1, 2, 4],
    )
    .option('--blocks <list>', 'residual blocks of each level', numbers('--blocks'), [1, 2, 2])
    .option(
      '--attention <list>',
      'levels with self-attention, 0 the finest, or none',
      numbers('--attention'),
      [2],
    )
    .option(
      '--embedding <n>',
      'length of the embedding of time, mass and class',
      whole('--embedding', { least: 8, most: 4096 }),
      128,
    )
    .option('--seed <n>', 'seed of all that is random', whole('--seed', { least: 0 }), 0)
    .option('--device <name>', devices.join(', '), oneOf('--device', devices), 'cpu')
    .option('--threads <n>', 'threads of the processor', whole('--threads', { least: 1, most: 1024 }))
    .option('--every <minutes>', 'time between checkpoints', decimal('--every', { above: 0 }), 2)
    .option('--pictures <minutes>', 'time between grids of samples', decimal('--pictures', { above: 0 }), 10)
    .option('--quiet', 'print errors only', false)
    .action(async (flags: Flags, command: Command) => {
      const folder = runFolder(given('train', '--out', flags.out))
      try {
        await run(flags, command, folder)
      } finally {
        folder.release()
      }
    })
}

/** What says where a run lies and how it is watched, not what it computes: free to change on resuming. */
const outward = new Set(['data', 'out', 'resume', 'device', 'threads', 'every', 'pictures', 'quiet'])

/** The options of a new run. */
function newOptions(flags: Flags, command: Command, folder: RunFolder): RunOptions {
  const { multipliers, blocks, attention } = flags
  const levels = multipliers.length
  const refuse = (thing: string, wanted: string, got: unknown): never => {
    throw new UsageError(cannot('train', thing, wanted, got))
  }
  if (folder.begun) refuse('--out', 'a new folder, or used with --resume', folder.path)
  if (levels === 0 || levels !== blocks.length || [...multipliers, ...blocks].includes(0)) {
    refuse('--multipliers and --blocks', 'lists of equal length of numbers above 0', [multipliers, blocks])
  }
  if (command.getOptionValueSource('attention') === 'cli' && attention.some(level => level >= levels)) {
    refuse('--attention', `levels from 0 to ${levels - 1}`, attention)
  }
  const own = Object.entries(flags).filter(([name]) => !outward.has(name))
  return {
    ...(Object.fromEntries(own) as unknown as RunOptions),
    ...(flags.from === undefined ? {} : { from: resolve(modelPath(flags.from)) }),
    data: resolve(given('train', '--data', flags.data)),
  }
}

/** The state of a new run: fresh weights, or those of the model named by --from. */
function first(run: Run): TrainingState {
  const { from } = run.options
  if (from === undefined) return beginning(run)
  const model = loadModel(from)
  const [own, other] = [run.describe(0, 0), model.description].map(({ task: { mask, ...task }, network }) =>
    JSON.stringify([task, network]),
  )
  const parameters =
    own === other ? grown(model.parameters, layoutFor(model.description), run.layout) : undefined
  if (!parameters)
    throw new RangeError(cannot('train', `the model ${from}`, 'of the same task and network', 'another'))
  return newState(parameters)
}

/** The options that the run in the folder was started with; only the number of steps may change. */
function keptOptions(flags: Flags, command: Command, folder: RunFolder): RunOptions {
  if (!folder.begun) throw new UsageError(cannot('resume', '--out', 'the folder of a run', folder.path))
  const { options: kept } = folder.beginning()
  const told = (name: string) => command.getOptionValueSource(name) === 'cli'
  for (const option of command.options) {
    const name = option.attributeName() as keyof RunOptions
    if (outward.has(name) || name === 'steps' || !told(name)) continue
    const value = name === 'from' && flags.from ? resolve(modelPath(flags.from)) : flags[name]
    const [before, now] = [kept[name], value].map(of => JSON.stringify(of) ?? 'nothing')
    if (before !== now)
      throw new UsageError(`Cannot resume: ${option.long} must be as it was, ${before}, got ${now}`)
  }
  const { steps, data } = flags
  return { ...kept, ...(told('steps') ? { steps } : {}), ...(data ? { data: resolve(data) } : {}) }
}

async function run(flags: Flags, command: Command, folder: RunFolder): Promise<void> {
  const options = flags.resume ? keptOptions(flags, command, folder) : newOptions(flags, command, folder)
  demandWritable(folder.file('run.json'))
  if (flags.resume) folder.claim()
  const images = loadImages(options.data, { split: 'train' })
  const checksum = crc32(bytesOf(images.counts)).toString(16)
  const before = flags.resume ? folder.beginning().checksum : ''
  if (before !== '' && before !== checksum) {
    throw new RangeError(
      cannot('resume', `the images of ${options.data}`, 'those that the run began with', 'others'),
    )
  }
  const prepared = prepare(options, images, process => designedFor(process, images, options.seed))
  const say = (text: string) => flags.quiet || process.stderr.write(`${text}\n`)
  const { layout, process: walk } = prepared
  say(
    `${images.count} images ${images.shape.join('×')} · ${layout.size} parameters · rate ${walk.rate.toPrecision(4)}`,
  )
  const left = (100 * unmixed(prepared.lattice, walk.rate)).toFixed(0)
  if (Number(left) > 5) {
    say(
      `Warning: at the end of time ${left} % of the slowest mode is left, so the uniform prior is not exact; raise --rate`,
    )
  }
  const start: Checkpoint =
    flags.resume && folder.saved
      ? folder.read(layout.size)
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

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint8Array | Uint16Array | Uint32Array) =>
  new Uint8Array(buffer, byteOffset, byteLength)

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
