/** `saltus train`: from images to a model, with everything to watch on the way. */
import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { Cancelled, cannot, UsageError } from '../../base/errors.ts'
import { bytesText } from '../../formats/budget.ts'
import { dataOf } from '../../jobs/train/data.ts'
import { estimate } from '../../jobs/train/estimate.ts'
import { optionsOf, trainSchema } from '../../jobs/train/fields.ts'
import type { RunOptions } from '../../jobs/train/options.ts'
import { LABEL } from '../../jobs/train/parts.ts'
import { type Engine, startEngine } from '../../jobs/train/run.ts'
import { first, prepared, toTheEnd, warningsOf } from '../../jobs/train/train.ts'
import { demandWritable } from '../../node/files.ts'
import { machine } from '../../node/machine.ts'
import { modelPath } from '../../node/models.ts'
import { type Mpi, mpi } from '../../node/mpi.ts'
import { sayer } from '../../node/say.ts'
import { type Device, devices } from '../../runtime/onnxruntime-node.ts'
import { Diverged } from '../../training/trainer.ts'
import { jobOf, withFields } from '../flags.ts'
import { duration, interruption, progressBar } from '../progress.ts'
import { decimal, given, oneOf, whole } from '../usage.ts'
import { type Bookkeeping, bookkeeping } from './bookkeeping.ts'
import { keptOptions } from './resume.ts'
import type { Checkpoint } from './run-checkpoint.ts'
import { type RunFolder, runFolder } from './run-folder.ts'

/** How a run is kept and watched; what it computes stands in the job. */
export interface RunFlags {
  readonly out?: string
  readonly memory?: number
  readonly device: Device
  readonly threads?: number
  readonly ranks?: number
  readonly mpi: boolean
  readonly every: number
  readonly pictures: number
  readonly quiet: boolean
  readonly json: boolean
}

interface Flags extends RunFlags {
  readonly resume: boolean
}

/** The flags of a run in a folder. */
export const withRunFlags = (command: Command): Command =>
  command
    .option('-o, --out <folder>', 'the folder of the run: checkpoint, log, pictures, model; needed')
    .option('--device <name>', devices.join(', '), oneOf('--device', devices), 'cpu')
    .option('--threads <n>', 'threads of the processor', whole('--threads', { least: 1, most: 1024 }))
    .option(
      '--ranks <n>',
      'threads that share the batches of --accumulate, each with a network of one thread; they change no byte',
      whole('--ranks', { least: 1, most: 256 }),
    )
    .option('--mpi', 'the same, the ranks the processes of mpiexec or srun (needs koffi)', false)
    .option('--every <minutes>', 'time between checkpoints', decimal('--every', { above: 0 }), 2)
    .option(
      '--pictures <minutes>',
      'time between looks at samples: a picture, and of a material figures beside held-out crops',
      decimal('--pictures', { above: 0 }),
      5,
    )
    .option('--json', 'print one JSON object at the end: the model, its steps, the last loss', false)
    .option('--quiet', 'print errors only', false)

export function trainCommand(): Command {
  const command = withRunFlags(
    withFields(
      new Command('train').description(
        'train a model on images (idx(.gz), a folder of PNGs or of the MNIST files, .npy, .npz), or with --crop on a material',
      ),
      trainSchema,
    ).option('--resume', 'go on with the run in --out from its checkpoint', false),
  )
    .addOption(
      new Option('--checkpoint-every <minutes>').hideHelp().argParser(decimal('--every', { above: 0 })),
    )
    .addHelpText(
      'after',
      `
Examples:
  saltus train --data mnist/ --base 16 --learning-rate 2e-3 -o digits
  saltus train --data rock.tif --crop 64 --base 16 --batch 16 -o rock
  saltus train -o rock --resume`,
    )
  command.on('option:checkpoint-every', (minutes: string) =>
    command.setOptionValue('every', decimal('--every', { above: 0 })(minutes)),
  )
  return command.action(async (flags: Flags, command: Command) => {
    const folder = runFolder(given('train', '--out', flags.out))
    await runIn(folder, { ...flags, name: 'train' }, () =>
      flags.resume ? keptOptions(command, folder) : wholePaths(optionsOf(jobOf(trainSchema, flags))),
    )
  })
}

/** A run in its folder, new or gone on with, by the command of that name. */
export async function runIn(
  folder: RunFolder,
  flags: RunFlags & { readonly name: string; readonly resume?: boolean },
  options: () => RunOptions,
): Promise<void> {
  const { name } = flags
  if (flags.mpi && flags.ranks !== undefined)
    throw new UsageError(cannot(name, '--ranks', 'left out with --mpi', flags.ranks))
  const joined = flags.mpi ? await mpi() : undefined
  try {
    if (!flags.resume && folder.begun && !joined?.rank) {
      const wanted = `a new folder, or used with ${name === 'train' ? '' : 'saltus train '}--resume`
      throw new UsageError(cannot(name, '--out', wanted, folder.path))
    }
    await run(flags, options(), { folder, joined })
  } catch (error) {
    // What all ranks have come to alike; anything else is one's own, and the others would wait.
    if (joined && !(error instanceof Cancelled || error instanceof Diverged)) {
      process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
      joined.abort()
    }
    throw error
  } finally {
    folder.release()
  }
}

interface Place {
  readonly folder: RunFolder
  /** The ranks of MPI: the first keeps the folder, the others only compute. */
  readonly joined?: Mpi
}

/** The options of a new run with whole paths: it may be gone on with from elsewhere. */
export function wholePaths({ data, from, fromData, graph, with: other, ...options }: RunOptions): RunOptions {
  return {
    ...options,
    ...(from !== undefined && { from: resolve(modelPath(from)) }),
    ...(fromData !== undefined && { fromData: resolve(fromData) }),
    ...(graph !== undefined && { graph: resolve(graph) }),
    ...(other !== undefined && { with: other === LABEL ? other : resolve(other) }),
    data: resolve(data),
  }
}

async function run(
  flags: RunFlags & { readonly resume?: boolean },
  options: RunOptions,
  { folder, joined }: Place,
): Promise<void> {
  const keeps = !joined?.rank
  demandRanks(options, joined?.size ?? flags.ranks)
  // The clocks of several processes do not agree on a last step.
  if (joined && options.minutes !== undefined)
    throw new UsageError(cannot('train', '--minutes', 'left out with --mpi', options.minutes))
  demandWritable(folder.file('run.json'))
  if (flags.resume && keeps) folder.claim()
  const say = sayer({ quiet: flags.quiet || !keeps })
  const { device, threads, memory, ranks = joined } = flags
  const context = machine({ device, threads, ranks, say })
  const data = await dataOf(options, { ...context, memory })
  const { images, checksum } = data
  if (flags.resume && folder.beginning().checksum !== checksum) {
    const wanted = 'those that the run began with, with their shapes and labels'
    throw new RangeError(cannot('resume', `the images of ${options.data}`, wanted, 'others'))
  }
  const run = prepared(options, data)
  const { layout, process: walk } = run
  say(
    `${data.count} ${options.crops ? 'crops' : 'images'} ${images.shape.join('×')} · ${layout.size} parameters · rate ${walk.rate.toPrecision(4)}`,
  )
  for (const words of warningsOf(run)) say(words)
  const start: Checkpoint =
    flags.resume && folder.saved
      ? folder.read({ options, checksum }, layout.size)
      : { state: first(run, context), pending: { loss: 0, norm: 0, count: 0 } }
  const engine = await startEngine(run, context)
  try {
    say(`It takes about ${bytesText(engine.takes)} of memory`)
    if (engine.note) say(engine.note)
    if (!keeps) {
      await followed({ run, engine, start, joined })
      return
    }
    folder.begin({ options, checksum })
    const { every, pictures, quiet, json } = flags
    const keeper = bookkeeping(run, start, {
      folder,
      runtime: context.runtime,
      threads,
      every,
      pictures,
      say,
    })
    const step = await watched({ run, engine, start, keeper, folder, say, quiet, joined })
    if (json) process.stdout.write(`${JSON.stringify(summaryOf(run.options, { folder, keeper, step }))}\n`)
  } finally {
    await engine.close()
  }
}

/** Every rank has a batch of its own in each step. */
function demandRanks({ accumulate }: RunOptions, ranks = 1): void {
  if (ranks > accumulate)
    throw new UsageError(cannot('train', '--accumulate', `at least the ranks, ${ranks}`, accumulate))
}

/** What a rank does that keeps nothing. */
async function followed({ run, engine, start, joined }: Followed): Promise<void> {
  const { signal, release } = interruption()
  try {
    await toTheEnd(run, { engine, start: start.state, signal: joined?.agreed(signal), after() {} })
  } finally {
    release()
  }
}

/** What a run has come to, for other programs. */
function summaryOf(
  { batch, accumulate }: RunOptions,
  {
    folder,
    keeper,
    step,
  }: { readonly folder: RunFolder; readonly keeper: Bookkeeping; readonly step: number },
) {
  const images = step * batch * accumulate
  return {
    model: folder.file('model.onnx'),
    steps: step,
    images,
    loss: keeper.loss(),
    seconds: keeper.seconds(),
  }
}

interface Followed {
  readonly run: Parameters<typeof toTheEnd>[0]
  readonly engine: Engine
  readonly start: Checkpoint
  readonly joined?: Mpi
}

interface Watched extends Followed {
  readonly keeper: Bookkeeping
  readonly folder: RunFolder
  readonly say: (text: string) => unknown
  readonly quiet: boolean
}

async function watched({ run, engine, start, keeper, folder, say, quiet, joined }: Watched): Promise<number> {
  const { state } = start
  const told = estimate(run.options)
  const { steps, minutes } = run.options
  // By the clock where that ends the run.
  const [total, from] =
    minutes === undefined ? [steps, state.step] : [Math.ceil(60 * minutes), keeper.seconds()]
  const bar = progressBar('training', { total, from, quiet })
  const { signal, release } = interruption()
  try {
    const { step } = await toTheEnd(run, {
      engine,
      start: state,
      signal: joined?.agreed(signal) ?? signal,
      last: keeper.last,
      async after(state, report) {
        const sentence = told(report.step)
        if (sentence) say(sentence)
        const words = await keeper.after(state, report)
        if (minutes === undefined) bar.update(report.step, words)
        else bar.update(Math.min(total, Math.round(keeper.seconds())), `step ${report.step} · ${words}`)
      },
    })
    bar.stop()
    await keeper.finish()
    say(`Done: ${folder.file('model.onnx')} after ${step} steps in ${duration(keeper.seconds())}`)
    return step
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
