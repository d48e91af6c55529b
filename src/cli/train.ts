/** `saltus train`: from images to a model, with everything to watch on the way. */
import { resolve } from 'node:path'
import { Command } from 'commander'
import { Cancelled, cannot } from '../base/errors.ts'
import { unmixed } from '../lattice/index.ts'
import { devices, onnxruntimeNode } from '../runtime/onnxruntime-node.ts'
import { Diverged, type Report, train, type TrainingState } from '../training/trainer.ts'
import { adamDefaults } from '../training/optimizer.ts'
import { loadImages } from './data.ts'
import { designedFor } from './designed.ts'
import { demandWritable, readBytes, writeWhole } from './files.ts'
import { duration, interruption, progressBar } from './progress.ts'
import { type LogLine, type RunFolder, runFolder } from './run-folder.ts'
import { drawLoss, drawSamples } from './run-pictures.ts'
import { scheduleNames } from './schedules.ts'
import { beginning, modelBytes, prepare, type Run, type RunOptions, startEngine } from './train-run.ts'
import { decimal, listOf, oneOf, UsageError, whole } from './usage.ts'

interface Flags extends Omit<RunOptions, 'data'> {
  readonly data?: string
  readonly out: string
  readonly resume: boolean
  readonly device: (typeof devices)[number]
  readonly threads?: number
  readonly every: number
  readonly pictures: number
  readonly quiet: boolean
}

const numbers = (flag: string) => listOf(whole(flag, { least: 0, most: 64 }))

export function trainCommand(): Command {
  return new Command('train')
    .description('train a model on images: idx(.gz), a folder of PNGs or of the MNIST files, .npy, .npz')
    .option('--data <path>', 'the images')
    .requiredOption('--out <folder>', 'the folder of the run: checkpoint, log, pictures, model')
    .option('--resume', 'go on with the run in --out from its checkpoint', false)
    .option('--steps <n>', 'training steps', whole('--steps', { least: 1 }), 20_000)
    .option('--batch <n>', 'images per step', whole('--batch', { least: 1, most: 4096 }), 32)
    .option('--accumulate <n>', 'batches whose gradients are summed for one update', whole('--accumulate', { least: 1 }), 1)
    .option('--learning-rate <x>', 'largest learning rate of Adam', decimal('--learning-rate', { above: 0 }), 1e-3)
    .option('--warmup <n>', 'steps over which the learning rate rises', whole('--warmup', { least: 0 }), 200)
    .option('--average <x>', 'decay of the moving average of the weights', decimal('--average', { least: 0, most: 1 }), 0.999)
    .option('--boundary <name>', 'periodic or no-flux', oneOf('--boundary', ['periodic', 'no-flux'] as const), 'no-flux')
    .option('--rate <r>', 'hops per direction and unit of time (default: mixes the lattice)', decimal('--rate', { above: 0 }))
    .option('--schedule <s>', `where the times lie: ${scheduleNames}`, 'exponential')
    .option('--loss <name>', 'likelihood or l1', oneOf('--loss', ['likelihood', 'l1'] as const), 'likelihood')
    .option('--no-labels', 'ignore the classes of the images')
    .option('--label-dropout <p>', 'share of the images whose class is not told', decimal('--label-dropout', { least: 0, most: 1 }), 0.1)
    .option('--base <n>', 'channels of the finest level', whole('--base', { least: 4, most: 1024 }), 32)
    .option('--multipliers <list>', 'channels of each level, in multiples of the base', numbers('--multipliers'), [1, 2, 4])
    .option('--blocks <list>', 'residual blocks of each level', numbers('--blocks'), [1, 2, 2])
    .option('--attention <list>', 'levels with self-attention, 0 the finest', numbers('--attention'), [2])
    .option('--embedding <n>', 'length of the embedding of time, mass and class', whole('--embedding', { least: 8, most: 4096 }), 128)
    .option('--seed <n>', 'seed of all that is random', whole('--seed', { least: 0 }), 0)
    .option('--device <name>', devices.join(', '), oneOf('--device', devices), 'cpu')
    .option('--threads <n>', 'threads of the processor', whole('--threads', { least: 1, most: 1024 }))
    .option('--every <minutes>', 'time between checkpoints', decimal('--every', { above: 0 }), 2)
    .option('--pictures <minutes>', 'time between grids of samples', decimal('--pictures', { above: 0 }), 10)
    .option('--quiet', 'print errors only', false)
    .action(async (flags: Flags, command: Command) => {
      await run(flags, command)
    })
}

const folderFlags = new Set(['data', 'out', 'resume', 'device', 'threads', 'every', 'pictures', 'quiet'])

/** The options of the run: those of the command, or on resuming those of the folder, with --steps free to change. */
function optionsOf(flags: Flags, command: Command, folder: RunFolder): RunOptions {
  const given = (name: string) => command.getOptionValueSource(name) === 'cli'
  const { multipliers, blocks } = flags
  if (!flags.resume) {
    if (flags.data === undefined) throw new UsageError(cannot('train', '--data', 'given', 'nothing'))
    if (folder.begun) throw new UsageError(cannot('train', '--out', 'a new folder, or used with --resume', folder.path))
    if (multipliers.length !== blocks.length || multipliers.includes(0)) {
      throw new UsageError(cannot('train', '--multipliers and --blocks', 'lists of equal length, multipliers above 0', [multipliers, blocks]))
    }
    const own = Object.entries(flags).filter(([name]) => !folderFlags.has(name))
    return { ...(Object.fromEntries(own) as unknown as RunOptions), data: resolve(flags.data) }
  }
  if (!folder.begun) throw new UsageError(cannot('resume', '--out', 'the folder of a run', folder.path))
  const kept = JSON.parse(new TextDecoder().decode(readBytes(folder.file('run.json')))) as RunOptions
  const changed = Object.keys(flags).find(name => given(name) && !folderFlags.has(name) && name !== 'steps')
  if (changed) throw new UsageError(cannot('resume', 'the options of the run', 'left as they were', `--${changed}`))
  return { ...kept, ...(given('steps') ? { steps: flags.steps } : {}), ...(flags.data ? { data: resolve(flags.data) } : {}) }
}

async function run(flags: Flags, command: Command): Promise<void> {
  const folder = runFolder(flags.out)
  const options = optionsOf(flags, command, folder)
  const images = loadImages(options.data, { split: 'train' })
  demandWritable(folder.file('run.json'))
  const prepared = prepare(options, images, process => designedFor(process, images, options.seed))
  const say = (text: string) => flags.quiet || process.stderr.write(`${text}\n`)
  say(`${images.count} images ${images.shape.join('×')} · ${prepared.layout.size} parameters · rate ${prepared.process.rate.toPrecision(4)}`)
  const left = unmixed(prepared.lattice, prepared.process.rate)
  if (left > 0.05) say(`Warning: at the end of time ${(100 * left).toFixed(0)} % of the slowest mode is left, so the uniform prior is not exact; raise --rate`)
  writeWhole(folder.file('run.json'), `${JSON.stringify(options, null, 2)}\n`)
  const start = flags.resume ? folder.readState() : beginning(prepared)
  await loop(prepared, start, { flags, folder, say })
}

interface Surroundings {
  readonly flags: Flags
  readonly folder: RunFolder
  readonly say: (text: string) => unknown
}

async function loop(prepared: Run, start: TrainingState, { flags, folder, say }: Surroundings): Promise<void> {
  const { options } = prepared
  const runtime = onnxruntimeNode(flags.device)
  const engine = await startEngine(prepared, runtime, flags.threads)
  if (engine.note) say(engine.note)
  const lines = flags.resume ? folder.rewind(start.step) : []
  const keeper = bookkeeping(prepared, start, { lines, folder, flags })
  const bar = progressBar('training', { total: options.steps, quiet: flags.quiet })
  const { signal, release } = interruption()
  try {
    const done = await train(start, {
      ...options,
      rate: options.learningRate,
      adam: adamDefaults,
      averageDecay: options.average,
      stepper: engine.step,
      signal,
      after: async (state, report) => {
        bar.update(report.step, keeper.note(report))
        await keeper.after(state, report)
      },
    })
    bar.stop()
    await keeper.save(done, true)
    say(`Done: ${folder.file('model.onnx')} after ${duration(keeper.seconds())}`)
  } catch (error) {
    bar.stop()
    await keeper.save(keeper.last(), false)
    if (error instanceof Cancelled) say(`${error.message}; go on with: saltus train --out ${flags.out} --resume`)
    if (error instanceof Diverged) throw new Diverged(`${error.message}; the state before it is in ${folder.file('checkpoint.npz')}`)
    throw error
  } finally {
    release()
    await engine.close()
  }
}

/** Log, checkpoints and pictures between the steps. */
function bookkeeping(prepared: Run, start: TrainingState, { lines, folder, flags }: { lines: LogLine[]; folder: RunFolder; flags: Flags }) {
  const { batch, accumulate, steps } = prepared.options
  const before = lines.at(-1)?.seconds ?? 0
  const began = Date.now()
  const seconds = () => before + (Date.now() - began) / 1000
  const every = Math.max(1, Math.min(20, Math.floor(steps / 200)))
  let [saved, drawn, marked] = [Date.now(), Date.now(), Date.now()]
  let [loss, norm, count] = [0, 0, 0]
  let last = start
  let words = ''
  const save = async (state: TrainingState, pictures: boolean) => {
    saved = Date.now()
    folder.writeState(state)
    writeWhole(folder.file('model.onnx'), modelBytes(prepared, state, { seconds: seconds(), half: true }))
    if (lines.length > 1) writeWhole(folder.file('loss.svg'), await drawLoss(lines))
    if (pictures) {
      drawn = Date.now()
      writeWhole(folder.file('samples.png'), await drawSamples(prepared, state, onnxruntimeNode(flags.device)))
    }
  }
  return {
    seconds,
    save,
    last: () => last,
    note: (report: Report) => {
      loss += report.loss
      norm += report.norm
      count++
      if (report.step % every !== 0) return words
      const now = Date.now()
      const imagesPerSecond = (count * batch * accumulate * 1000) / Math.max(1, now - marked)
      const line = { step: report.step, images: report.step * batch * accumulate, loss: loss / count, norm: norm / count, rate: report.rate, imagesPerSecond, seconds: seconds() }
      lines.push(line)
      folder.log(line)
      words = `loss ${line.loss.toFixed(4)} · ${imagesPerSecond.toFixed(0)} images/s`
      marked = now
      loss = norm = count = 0
      return words
    },
    after: async (state: TrainingState, _report: Report) => {
      last = state
      const now = Date.now()
      if (now - drawn > flags.pictures * 60_000) await save(state, true)
      else if (now - saved > flags.every * 60_000) await save(state, false)
    },
  }
}
