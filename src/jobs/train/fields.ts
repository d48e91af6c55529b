/** The fields of the job `train`, and the options of the run that they make. */
import { refused } from '../../base/errors.ts'
import type { SeriesOptions } from '../../formats/series.ts'
import type { SliceAxis } from '../../training/crops.ts'
import { decimal, oneOf, several, text, truth, whole } from '../fields.ts'
import { demandCoding, labelFields } from '../input/label-fields.ts'
import { type Field, type JobOf, usually } from '../schema.ts'
import { aimField } from './aims.ts'
import { demandDraws, drawsField } from './draws.ts'
import { demandEnds, otherwise } from './ends.ts'
import type { CropOptions, RunOptions } from './options.ts'
import { processNamed, processNames } from './processes.ts'
import { scheduleNames, scheduleWord } from './schedules.ts'

/** What a value of the data is called. */
interface PhaseValue {
  readonly value: number
  readonly name: string
}

const phaseValue: Field<PhaseValue, string> = {
  help: 'crops: what each value of the data is, the pore first, like 0=pore,128=NMC,255=binder (default: 0 is the pore)',
  argument: '<list>',
  wanted: 'VALUE=NAME,VALUE=NAME,…',
  read(value) {
    if (typeof value === 'object' && value !== null) return value as PhaseValue
    const [, number, name] = /^(\d+)=(.+)$/.exec(String(value)) ?? []
    return name === undefined ? undefined : { value: Number(number), name: name.trim() }
  },
}

const side = whole({ help: '', least: 4, most: 4096 })

/** N, HEIGHTxWIDTH or DEPTHxHEIGHTxWIDTH. */
const cropField: Field<readonly number[], string | number | readonly number[]> = {
  help: 'learn crops of a material, slices of N or HEIGHTxWIDTH voxels or volumes of DEPTHxHEIGHTxWIDTH: --data holds its labels',
  argument: '<n>',
  wanted: 'N, HEIGHTxWIDTH or DEPTHxHEIGHTxWIDTH, of at least 4 and at most 4096 voxels',
  read(value) {
    const parts = typeof value === 'string' ? value.split(/[x×,]/) : Array.isArray(value) ? value : [value]
    const sides = parts.map(part => side.read(part)).filter(length => length !== undefined)
    if (sides.length !== parts.length || sides.length === 0 || sides.length > 3) return undefined
    return sides.length === 1 ? [sides[0], sides[0]] : sides
  },
}

/** A list of small whole numbers; `none` is the empty one. */
function numbers(help: string): Field<readonly number[], string | number | readonly number[]> {
  const list = several(whole({ help, argument: '<list>', least: 0, most: 64 }), { empty: true })
  return { ...list, understood: undefined, read: value => list.read(value === 'none' ? [] : value) }
}

/** The schedules of all processes, in words. */
const usualSchedules = processNames
  .map(name => [name, processNamed(name).schedule])
  .map(([name, word]) => `${name} ${/^\d/.test(word) ? 'a table of its own' : word}`)
  .join(', ')

/** Of labels their values; of series how many counts a column is told by. */
const levelsField: Field<readonly number[], string | number | readonly number[]> = {
  ...labelFields.levels,
  help: `crops: ${labelFields.levels.help}; series: how many levels the values of a column become (default: they are counts)`,
  wanted: `${labelFields.levels.wanted}; of series from 2 to 65536`,
  read(value) {
    const number = several(whole({ help: '', least: 2, most: 65_536 })).read(value)
    return number?.length === 1 ? number : labelFields.levels.read(value)
  },
}

export const trainSchema = {
  window: whole({
    help: 'learn series: windows of so many rows of a table, --data x.csv or .json, a channel for each column',
    least: 2,
    most: 4096,
  }),
  stride: whole({
    help: 'series: rows from the start of a window to that of the next (default: 1)',
    least: 1,
  }),
  columns: several(
    text({ help: 'series: the columns to learn (default: all but --by and --tell)', argument: '<names>' }),
  ),
  by: text({
    help: 'series: a column, such as the day, whose value does not change within a window',
    argument: '<name>',
  }),
  population: decimal({
    help: "series: weight of the distance between the correlations of a batch's columns and those of its predictions",
    above: 0,
  }),
  crop: cropField,
  phase: several(phaseValue, { wanted: phaseValue.wanted }),
  axes: several(
    oneOf(['x', 'y', 'z'] as const, {
      help: 'crops: what the slices are normal to: x (the last axis), y, z (default: all that crops fit into)',
      argument: '<list>',
    }),
  ),
  flips: truth({ help: 'crops: do not mirror them (anisotropic materials)', usual: true }),
  turns: truth({ help: 'crops: do not turn them by quarters (anisotropic materials)', usual: true }),
  holdOut: usually(
    decimal({
      help: 'crops: share of the slices, the last ones, kept from training for evaluation',
      argument: '<p>',
      least: 0,
      most: 0.9,
    }),
    0.2,
  ),
  sketch: oneOf(['x', 'y', 'z'] as const, {
    help: 'crops of volumes: what they look like along this axis, their silhouette, is told',
    argument: '<axis>',
  }),
  ...labelFields,
  levels: levelsField,
  data: text({
    help: 'the images, or a list of small graphs, .json [{n, edges}, …]; needed but for --resume',
    argument: '<path>',
    aliases: ['to'],
  }),
  fromData: text({
    help: 'bridge: the images at the other end, which saltus translate takes to such as --data; two-clocks, mean-reverting, shift: what was seen of each image of --data (the .npz of saltus simulate), which saltus restore takes back',
    argument: '<path>',
  }),
  graph: text({
    help: 'the graph on whose nodes the counts of --data [N, 1, nodes] are: .csv of from, to, weight or .json {n, edges}',
    argument: '<file>',
  }),
  with: text({
    help: 'learn images together with what goes with them, as one process of two parts: label (one unit on the classes), or a file of counts, .npy or .npz, one for each image (sites in a row, [N, C, 1, n], have no neighbours)',
    argument: '<file>',
  }),
  pairing: oneOf(['independent', 'listed'] as const, {
    help: 'bridge: any image with any, or the first with the first … (default: independent)',
  }),
  coupling: oneOf(['matched', 'independent'] as const, {
    help: 'bridge: units of a pair as the walk would carry them, or any with any (default: matched)',
  }),
  process: oneOf(processNames, {
    help: 'what happens to the units: spatial (they walk), labels (they walk, at most one to a clean site), bridge (they walk between two images), graph (they walk on its nodes), edges (of small graphs, which hop to other pairs of nodes), complete (they hop to any other site alike), chain (counts are states, which sites forget and are told anew), joint (images and what is with them), shift (they are put anywhere in their block, see --within, or by what was seen, --from-data), two-clocks (they walk as well; --from-data), mean-reverting (they die, and others come by what was seen; --from-data) or blackout (they die) (default: spatial; with --crop labels, with --from-data bridge, with --graph graph, with --with joint, with a list of graphs edges)',
  }),
  within: whole({
    help: 'shift: units keep to blocks of so many sites a side, so that images come back from sums of blocks',
    argument: '<side>',
    least: 2,
  }),
  binarise: whole({ help: 'black and white: one unit where the count is at least n', least: 1 }),
  ink: truth({ help: 'dark images on white paper: units are of ink, what is missing from white' }),
  from: text({
    help: 'begin with the weights of a model, as far as they fit: those of the same names and shapes',
    argument: '<model>',
    aliases: ['init-from'],
  }),
  draws: drawsField,
  steps: whole({ help: 'training steps (default: 12000; with --crop 4000)', least: 1 }),
  minutes: decimal({ help: 'train for so long; the learning rate falls towards that end', above: 0 }),
  until: several(aimField, { wanted: aimField.wanted }),
  batch: whole({ help: 'images per step (default: 32; with --crop 16, of volumes 8)', least: 1, most: 4096 }),
  accumulate: usually(whole({ help: 'batches whose gradients are summed for one update', least: 1 }), 1),
  learningRate: usually(decimal({ help: 'largest learning rate of Adam', above: 0 }), 2e-3),
  warmup: usually(whole({ help: 'steps over which the learning rate rises', least: 0 }), 200),
  average: usually(
    decimal({ help: 'decay of the moving average of the weights', aliases: ['ema'], least: 0, most: 1 }),
    0.9995,
  ),
  boundary: oneOf(['periodic', 'no-flux'] as const, {
    help: 'periodic or no-flux (default: no-flux; with --crop periodic, but for shift)',
  }),
  rate: decimal({
    help: 'hops per direction, or deaths, per unit of time (default: mixes the lattice; blackout: 15)',
    argument: '<r>',
    above: 0,
  }),
  schedule: {
    ...text({
      help: `where the times lie: ${scheduleNames} (default: ${usualSchedules})`,
      argument: '<s>',
    }),
    wanted: scheduleNames,
    read: (value: unknown) => (typeof value === 'string' ? scheduleWord(value) : undefined),
  } as Field<string>,
  weight: usually(
    text({
      help: "of the loss through time: even; blackout: the paper's instantaneous or finite-time as well",
      argument: '<name>',
    }),
    'even',
  ),
  tell: several(
    text({
      help: 'what else is told of the images, names of arrays of the .npz of --data: numbers [N] or [N, k], images [N, c, h, w], texts [N]; of series columns: means over a window, or texts',
      argument: '<names>',
    }),
  ),
  labels: truth({ help: 'ignore the classes of the images', usual: true }),
  labelDropout: usually(
    decimal({
      help: 'share of the images of which nothing is told, neither class nor anything else',
      argument: '<p>',
      least: 0,
      most: 1,
    }),
    0.1,
  ),
  base: usually(whole({ help: 'channels of the finest level', least: 4, most: 1024 }), 16),
  multipliers: usually(numbers('channels of each level, in multiples of the base'), [1, 2, 4]),
  blocks: usually(numbers('residual blocks of each level'), [1, 2, 2]),
  attention: numbers('levels with self-attention, 0 the finest, or none (default: 2; with --crop none)'),
  embedding: usually(
    whole({ help: 'length of the embedding of time, mass and class', least: 8, most: 4096 }),
    128,
  ),
  seed: usually(whole({ help: 'seed of all that is random', least: 0 }), 0),
} as const

export type TrainJob = JobOf<typeof trainSchema>

/** The fields that say how crops are cut, kept together in the options of a run. */
export const cropNames: ReadonlySet<string> = new Set([
  ...['crop', 'phase', 'axes', 'flips', 'turns', 'holdOut', 'sketch'],
  ...Object.keys(labelFields),
])

/** The fields that say how windows are cut. */
const seriesNames: ReadonlySet<string> = new Set(['window', 'stride', 'columns', 'by'])

/** Steps of a run that ends by the clock. */
const ENDLESS = 10_000_000

/** The options of a run, checked against each other. @throws UsageError for what does not go together */
export function optionsOf(job: TrainJob): RunOptions {
  const { multipliers, blocks, attention, data } = job
  const levels = multipliers.length
  if (levels === 0 || levels !== blocks.length || [...multipliers, ...blocks].includes(0)) {
    const wanted = `a list as long as --multipliers, ${levels} of them, both of numbers above 0`
    throw refused('train', 'blocks', wanted, blocks)
  }
  if (attention?.some(level => level >= levels))
    throw refused('train', 'attention', `levels from 0 to ${levels - 1}`, attention)
  if (data === undefined) throw refused('run saltus train', 'data', 'given', undefined)
  const crops = cropsOf(job)
  if (job.until && !crops)
    throw refused('train', 'until', 'left out with images: it goes by the figures of a material', 'given')
  const series = seriesOf(job)
  const own = Object.entries(job).filter(([name]) => !cropNames.has(name) && !seriesNames.has(name))
  const process = job.process ?? (crops ? 'labels' : otherwise(job))
  if (job.tell && crops) throw refused('train', 'tell', 'left out with crops', job.tell.join(','))
  demandEnds(job, process)
  demandDraws(job, process)
  return {
    ...(Object.fromEntries(own) as unknown as RunOptions),
    process,
    steps: job.steps ?? (job.minutes === undefined ? (crops ? 4000 : 12_000) : ENDLESS),
    batch: job.batch ?? (crops ? (crops.crop.length === 3 ? 8 : 16) : 32),
    // What is looked at from a side has sides, and so has what begins from sums of blocks.
    boundary: job.boundary ?? (crops && !crops.sketch && process !== 'shift' ? 'periodic' : 'no-flux'),
    attention: attention ?? (crops || levels < 3 ? [] : [2]),
    schedule: job.schedule ?? processNamed(process).schedule,
    ...(crops && { crops }),
    ...(series && { series }),
  }
}

/** How windows are cut; undefined: the data are no series. */
function seriesOf({
  window,
  stride,
  columns,
  by,
  levels,
  crop,
  ...job
}: TrainJob): SeriesOptions | undefined {
  if (window === undefined) {
    const told = { stride, columns, by, population: job.population }
    const [lone] = Object.entries(told).find(([, value]) => value !== undefined) ?? []
    if (lone) throw refused('train', lone, 'left out without --window', 'given')
    return undefined
  }
  const others = {
    crop,
    graph: job.graph,
    fromData: job.fromData,
    binarise: job.binarise,
    ink: job.ink || undefined,
  }
  const [other] = Object.entries(others).find(([, value]) => value !== undefined) ?? []
  if (other) throw refused('train', other, 'left out with --window', 'given')
  if (job.population !== undefined && job.process === 'labels')
    throw refused('train', 'population', 'left out with --process labels', job.population)
  if (levels && levels.length > 1) throw refused('train', 'levels', 'one number with --window', levels)
  return {
    window,
    ...(stride !== undefined && { stride }),
    ...(columns && { columns }),
    ...(by !== undefined && { by }),
    ...(levels && { levels: levels[0] }),
  }
}

/** How crops are cut; undefined: the data are whole images. */
function cropsOf(job: TrainJob): CropOptions | undefined {
  const { crop, phase, flips, turns, holdOut, sketch } = job
  const axes: readonly SliceAxis[] = job.axes ?? ['x', 'y', 'z']
  if (!crop) {
    const usual: Partial<Record<string, unknown>> = {
      flips: true,
      turns: true,
      holdOut: 0.2,
      memory: job.memory,
      levels: job.window === undefined ? undefined : job.levels,
    }
    const lone = Object.keys(job).find(
      name => cropNames.has(name) && job[name as keyof TrainJob] !== usual[name],
    )
    if (lone) throw refused('train', lone, 'left out without --crop', 'given')
    return undefined
  }
  if (job.binarise !== undefined) throw refused('train', 'binarise', 'left out with --crop', job.binarise)
  if (crop.length === 3 && job.axes)
    throw refused('train', 'axes', 'left out with crops of volumes', job.axes)
  if (sketch && crop.length !== 3)
    throw refused('train', 'sketch', 'left out but with crops of volumes', sketch)
  if (crop.length === 3 && job.schedule === 'designed')
    throw refused('train', 'schedule', 'another one with crops of volumes', job.schedule)
  demandCoding(job, 'train')
  if (job.levels?.length === 1)
    throw refused('train', 'levels', labelFields.levels.wanted as string, job.levels)
  if (phase && job.levels) throw refused('train', 'phase', 'left out with --levels', 'both')
  const names = phase?.map(({ name }) => name)
  const coding = Object.fromEntries(
    Object.keys(labelFields).flatMap(name => {
      const value = job[name as keyof typeof labelFields]
      return value === undefined ? [] : [[name, value]]
    }),
  )
  const levels = job.levels ?? phase?.map(({ value }) => value)
  const seen = sketch && { sketch }
  return {
    crop,
    axes,
    flips,
    turns,
    holdOut,
    ...seen,
    ...(names && { names }),
    ...coding,
    ...(levels && { levels }),
  }
}
