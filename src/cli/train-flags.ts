/** The flags of `saltus train`, and the options of the run that they make. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { cannot } from '../base/errors.ts'
import { devices } from '../runtime/onnxruntime-node.ts'
import { demandLabelFlags, withLabelFlags } from './label-input.ts'
import { modelPath } from './models.ts'
import { processNamed, processNames } from './processes.ts'
import type { RunFolder } from './run-folder.ts'
import { scheduleNames, scheduleWord } from './schedules.ts'
import type { RunOptions } from './train-run.ts'
import type { CropOptions } from './training-data.ts'
import { decimal, given, listOf, oneOf, UsageError, whole } from './usage.ts'

export interface Flags
  extends Omit<RunOptions, 'data' | 'crops' | 'schedule'>,
    Partial<Omit<CropOptions, 'names'>> {
  readonly phase?: readonly PhaseValue[]
  readonly data?: string
  readonly schedule?: string
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

/** What a value of the data is called. */
interface PhaseValue {
  readonly value: number
  readonly name: string
}

const phaseValue = (text: string): PhaseValue => {
  const [, value, name] = /^(\d+)=(.+)$/.exec(text) ?? []
  if (name === undefined) throw new UsageError(cannot('train', '--phase', 'VALUE=NAME,VALUE=NAME,…', text))
  return { value: Number(value), name: name.trim() }
}

const side = whole('--crop', { least: 4, most: 4096 })

/** N or HEIGHTxWIDTH. */
const cropSize = (text: string): readonly [number, number] => {
  const [height, width = height, ...more] = text.split(/[x×,]/)
  if (more.length > 0) throw new UsageError(cannot('train', '--crop', 'N or HEIGHTxWIDTH', text))
  return [side(height), side(width)]
}

/** The flags of crops of a material; how its labels are read comes with them. */
function withCropFlags(command: Command): Command {
  return withLabelFlags(
    command
      .option(
        '--crop <n>',
        'learn crops of a material, of N or HEIGHTxWIDTH voxels: --data holds its labels',
        cropSize,
      )
      .option(
        '--phase <list>',
        'crops: what each value of the data is, the pore first, like 0=pore,128=NMC,255=binder (default: 0 is the pore)',
        listOf(phaseValue),
      )
      .option(
        '--axes <list>',
        'crops: what the slices are normal to: x (the last axis), y, z (default: all that crops fit into)',
        listOf(oneOf('--axes', ['x', 'y', 'z'] as const)),
      )
      .option('--no-flips', 'crops: do not mirror them (anisotropic materials)')
      .option('--no-turns', 'crops: do not turn them by quarters (anisotropic materials)')
      .option(
        '--hold-out <p>',
        'crops: share of the slices, the last ones, kept from training for evaluation',
        decimal('--hold-out', { least: 0, most: 0.9 }),
        0.2,
      ),
  )
}

export function withTrainingFlags(command: Command): Command {
  return withCropFlags(command)
    .option('--data <path>', 'the images; needed but for --resume')
    .option(
      '--process <name>',
      'what happens to the units: spatial (they walk), labels (they walk, at most one to a clean site: with --crop) or blackout (they die)',
      oneOf('--process', processNames),
      'spatial',
    )
    .option(
      '--binarise <n>',
      'black and white: one unit where the count is at least n',
      whole('--binarise', { least: 1 }),
    )
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
      'hops per direction, or deaths, per unit of time (default: mixes the lattice; blackout: 15)',
      decimal('--rate', { above: 0 }),
    )
    .option(
      '--schedule <s>',
      `where the times lie: ${scheduleNames} (default: ${processNamed('spatial').schedule}; labels: ${processNamed('labels').schedule}; blackout: ${processNamed('blackout').schedule})`,
      scheduleWord,
    )
    .option(
      '--weight <name>',
      "of the loss through time: even; blackout: the paper's instantaneous or finite-time as well",
      'even',
    )
    .option('--no-labels', 'ignore the classes of the images')
    .option(
      '--label-dropout <p>',
      'share of the images whose class is not told',
      decimal('--label-dropout', { least: 0, most: 1 }),
      0.1,
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
}

/** What says where a run lies and how it is watched, not what it computes: free to change on resuming. */
const outward = new Set(['data', 'out', 'resume', 'device', 'threads', 'every', 'pictures', 'quiet'])

/** What says how crops are cut, kept together in the options of a run. */
const ofCrops = new Set([
  ...['crop', 'phase', 'axes', 'flips', 'turns', 'holdOut'],
  ...['threshold', 'levels', 'shape', 'dtype', 'voxelSize'],
])

/** The options of a new run. */
export function newOptions(flags: Flags, command: Command, folder: RunFolder): RunOptions {
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
  const own = Object.entries(flags).filter(([name]) => !outward.has(name) && !ofCrops.has(name))
  const crops = cropOptions(flags, command)
  const usual = crops ? { ...usualOfCrops(flags, command), crops } : {}
  const { process } = { ...flags, ...usual }
  return {
    ...(Object.fromEntries(own) as unknown as RunOptions),
    schedule: flags.schedule ?? processNamed(process).schedule,
    ...usual,
    ...(flags.from === undefined ? {} : { from: resolve(modelPath(flags.from)) }),
    data: resolve(given('train', '--data', flags.data)),
  }
}

const told = (command: Command, name: string) => command.getOptionValueSource(name) === 'cli'

/** Crops lie on a torus and look alike everywhere, unless the flags say otherwise. */
function usualOfCrops(
  { boundary, attention, process }: Flags,
  command: Command,
): Pick<RunOptions, 'boundary' | 'attention' | 'process'> {
  return {
    boundary: told(command, 'boundary') ? boundary : 'periodic',
    attention: told(command, 'attention') ? attention : [],
    process: told(command, 'process') ? process : 'labels',
  }
}

/** How crops are cut; undefined: the data are whole images. */
function cropOptions(flags: Flags, command: Command): CropOptions | undefined {
  const { crop, phase, axes = ['x', 'y', 'z'], flips = true, turns = true, holdOut = 0 } = flags
  if (!crop) {
    const lone = command.options.find(
      option => ofCrops.has(option.attributeName()) && told(command, option.attributeName()),
    )
    if (lone) throw new UsageError(cannot('train', String(lone.long), 'left out without --crop', 'given'))
    return undefined
  }
  if (flags.binarise !== undefined)
    throw new UsageError(cannot('train', '--binarise', 'left out with --crop', flags.binarise))
  demandLabelFlags(flags, 'train')
  if (phase && flags.levels)
    throw new UsageError(cannot('train', '--phase', 'left out with --levels', 'both'))
  const { threshold, shape, dtype, voxelSize, levels = phase?.map(({ value }) => value) } = flags
  const names = phase?.map(({ name }) => name)
  return { crop, axes, flips, turns, holdOut, names, threshold, levels, shape, dtype, voxelSize }
}

/** The options that the run in the folder was started with; only the number of steps may change. */
export function keptOptions(flags: Flags, command: Command, folder: RunFolder): RunOptions {
  if (!folder.begun) throw new UsageError(cannot('resume', '--out', 'the folder of a run', folder.path))
  const { options: kept } = folder.beginning()
  for (const option of command.options) {
    const name = option.attributeName() as keyof RunOptions
    if (outward.has(name) || name === 'steps' || !told(command, name)) continue
    if (ofCrops.has(name))
      throw new UsageError(
        cannot('resume', String(option.long), 'left out: crops stay as they were', 'given'),
      )
    const value = name === 'from' && flags.from ? resolve(modelPath(flags.from)) : flags[name as keyof Flags]
    const [then, now] = [kept[name], value].map(of => JSON.stringify(of) ?? 'nothing')
    if (then !== now)
      throw new UsageError(`Cannot resume: ${option.long} must be as it was, ${then}, got ${now}`)
  }
  const { steps, data } = flags
  return { ...kept, ...(told(command, 'steps') ? { steps } : {}), ...(data ? { data: resolve(data) } : {}) }
}
