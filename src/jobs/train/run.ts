/** One training run: options to process, network and stepper. */
import { cannot, refused } from '../../base/errors.ts'
import { random } from '../../base/random.ts'
import { version } from '../../base/version.ts'
import { bytesText } from '../../formats/budget.ts'
import { type Lattice, lattice } from '../../lattice/index.ts'
import type { ModelDescription } from '../../model/description.ts'
import { encodeGraph, encodeModelFile, layoutFor, networkOf } from '../../model/file.ts'
import { initial, type Layout } from '../../network/parameters.ts'
import type { Task, UnetOptions } from '../../network/unet.ts'
import type { JumpProcess } from '../../process/index.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import type { Schedule } from '../../schedule/index.ts'
import { mostHeld, type Tensor } from '../../tensor/index.ts'
import { energyObjective } from '../../training/energy.ts'
import { adamDefaults } from '../../training/optimizer.ts'
import { probeBlock } from '../../training/packing.ts'
import { alone } from '../../training/ranks.ts'
import {
  gradientStep,
  type Objective,
  originObjective,
  trainingStep,
  updateStep,
} from '../../training/step.ts'
import {
  accumulatedStep,
  newState,
  type Stepper,
  type TrainingState,
  wholeStep,
} from '../../training/trainer.ts'
import type { Context } from '../context.ts'
import { nameOf } from '../files.ts'
import { largest } from '../masses.ts'
import { type BatchData, type BatchSource, batchesHere } from './batch-source.ts'
import type { TrainingData } from './data.ts'
import { apartOf, describeData, graphOf, partsOf, statesOf } from './described.ts'
import type { RunOptions } from './options.ts'
import { processNamed } from './processes.ts'
import { rankThreads } from './rank-work.ts'
import { scheduleFor } from './schedules.ts'

/** Images per call of the sampling network; volumes hold as many sites as many images. */
export const tileOf = (shape: readonly number[]): number => (shape.length > 3 ? 1 : 16)

export interface Run {
  readonly options: RunOptions
  readonly lattice: Lattice
  readonly process: JumpProcess
  readonly schedule: Schedule
  readonly layout: Layout
  readonly data: TrainingData
  /** The description of the model after some steps. */
  describe(step: number): ModelDescription
}

/** Options and data to the pieces of a run. */
export function prepare(
  options: RunOptions,
  trained: TrainingData,
  measured: Readonly<Record<'designed' | 'spectral', (process: JumpProcess) => Schedule>>,
): Run {
  const { images, ends = images, material, graph, parts, listed } = trained
  const [channels, ...lengths] = (parts?.[0] ?? images).shape
  const grid = lattice(lengths, options.boundary)
  const { boundary, rate } = options
  const process = processNamed(options.process).build({
    lengths: grid.shape,
    boundary,
    channels,
    rate,
    largest: Math.max(largest(images.counts), largest(ends.counts)),
    mean: meanOf(images.counts),
    coupling: options.coupling,
    within: options.within,
    material: material !== undefined,
    graph,
    parts,
    kinds: listed?.kinds,
    ceiling: listed?.ceiling,
  })
  demandPossible(options, process)
  const schedule = scheduleFor(options.schedule, {
    rate: process.rate,
    designed: () => measured.designed(process),
    spectral: () => measured.spectral(process),
  })
  const data = describeData(options, trained, process)
  const periodic = options.boundary === 'periodic'
  const task: Task = {
    shape: images.shape,
    width: process.link.width,
    periodic: images.shape.slice(1).map(() => periodic),
    times: options.student?.times ?? [Math.max(schedule.time(0), 1e-6), 1],
    scale: data.largest,
    classes: data.classes.length,
    ...(trained.told && { told: trained.told }),
    ...(options.draws !== undefined && { noise: PLANES }),
    // Crops that are all of a volume have places: a chair stands on the ground.
    ...(material && !trained.whole ? { homogeneous: true } : {}),
    ...graphOf(process.description),
    ...(listed
      ? { pairs: true, ...(listed.kinds && { kinds: listed.kinds.length }) }
      : apartOf(process.description)),
    ...statesOf(process.description),
    ...partsOf(process.description, { parts, boundary }),
  }
  const network: UnetOptions = {
    base: options.base,
    multipliers: options.multipliers,
    blocks: options.blocks,
    attention: options.multipliers.map((_, level) => options.attention.includes(level)),
    embedding: options.embedding,
  }
  const layout = layoutFor({ task, network })
  // Where files lay on this machine is nobody else's business.
  const { data: _, from, fromData, graph: path, with: other, ...told } = options
  const { crops, sampling } = processNamed(options.process)
  const usual = (material && crops) ?? sampling
  const describe = (step: number): ModelDescription => ({
    format: 2,
    version,
    process: process.description,
    schedule: schedule.description,
    task,
    network,
    tile: tileOf(images.shape),
    sampling: options.student?.sampling ?? usual,
    ...(options.student?.spread !== undefined && { spread: options.student.spread }),
    parameters: layout.size,
    data,
    training: {
      ...told,
      ...(from === undefined ? {} : { from: nameOf(from) }),
      ...(path === undefined ? {} : { graph: nameOf(path) }),
      ...(other === undefined ? {} : { with: nameOf(other) }),
      ...(fromData === undefined ? {} : { fromData: nameOf(fromData) }),
      step,
      images: step * options.batch * options.accumulate,
    },
  })
  return { options, lattice: grid, process, schedule, layout, data: trained, describe }
}

function meanOf(counts: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < counts.length; i++) sum += counts[i]
  return sum / Math.max(1, counts.length)
}

/** Checks what the process decides of the options. */
function demandPossible(
  { crops, weight }: RunOptions,
  { link, weights = {}, description }: JumpProcess,
): void {
  const refuse = (field: string, wanted: string, got: unknown): never => {
    throw refused('train', field, wanted, got)
  }
  const known = ['even', ...Object.keys(weights)]
  if (!known.includes(weight)) refuse('weight', `one of ${known.join(', ')}`, weight)
  if (crops && !link.local) refuse('process', 'labels or shift with --crop', description.kind)
}

/** The state before the first step. */
export const beginning = (run: Run): TrainingState =>
  newState(initial(run.layout, random(run.options.seed).fork(2)))

export interface Engine {
  readonly step: Stepper
  /** Bytes that the training takes, about. */
  readonly takes: number
  /** What the user should know of how it runs. */
  readonly note?: string
  close(): Promise<void>
}

export interface EngineOptions {
  readonly runtime: Runtime
  /** Who draws the batches; default: this thread, between the steps. */
  readonly batches?: (data: BatchData) => BatchSource
  readonly threads?: number
  /** Who computes the gradients of micro-batches; default: this thread. */
  readonly ranks?: Context['ranks']
  /** Bytes that there are; default: nobody looks. */
  readonly memory?: number
}

/**
 * Compiles the training step, then starts whoever draws its batches.
 * @throws RangeError, before anything is built, where a step needs more memory than there is
 */
export async function startEngine(
  run: Run,
  { runtime, batches = batchesHere, threads, ranks: hire, memory }: EngineOptions,
): Promise<Engine> {
  const { options, layout } = run
  const description = run.describe(0)
  const objective = objectiveOf(run, description)
  const of = { layout, adam: adamDefaults }
  const whole = options.accumulate === 1 && !hire
  const outputs = whole ? trainingStep(objective, of) : gradientStep(objective, of)
  const takes = taken(mostHeld(outputs))
  demandRoom(takes, options, memory)
  const packing = await probeBlock(runtime)
  const note = packing.block === undefined ? `Standard convolutions: ${packing.reason}` : undefined
  const encode = (outputs: Record<string, Tensor>) => encodeGraph(outputs, { block: packing.block })
  const own = hire ? rankThreads : threads
  const compile = (graph: Uint8Array) => runtime.compile(graph, { threads: own })
  const closing = (ends: readonly (() => Promise<unknown>)[]) => async () =>
    void (await Promise.all(ends.map(end => end())))
  if (whole) {
    const program = await compile(encode(outputs))
    const source = batches(batchData(run, description.task))
    return {
      step: wholeStep(program, source.next),
      takes,
      note,
      close: closing([program.release, source.close]),
    }
  }
  const graph = encode(outputs)
  const gradients = await compile(graph)
  const update = await compile(encode(updateStep(of)))
  const drawn = batchData(run, description.task)
  const pieces = options.accumulate
  const ranks = (await hire?.({ graph, batches: drawn, pieces })) ?? alone
  // Of several ranks each draws its own.
  const source = hire ? batchesHere(drawn) : batches(drawn)
  const close = closing([gradients.release, update.release, source.close, ranks.close])
  return { step: accumulatedStep({ gradients, update, pieces }, source.next, ranks), takes, note, close }
}

/** Planes of noise that a network draws its origins by. */
const PLANES = 8

/** What is minimised: the loss of the link, or for origins that are drawn the energy score. */
function objectiveOf({ options, process: { link } }: Run, { task, network }: ModelDescription): Objective {
  const { batch, draws, population } = options
  if (draws === undefined) return originObjective(networkOf({ task, network }, batch), link, population)
  return energyObjective(networkOf({ task, network }, batch * draws), link, { draws, scale: task.scale })
}

/**
 * Bytes of a training whose step holds so many: ONNX Runtime's arena and what its convolutions pack are some three times the tensors
 * themselves. Within 11 % of the largest resident size of five runs, crops of 64² and 32³, 0.9 to 2.4 GB.
 */
const taken = (held: number): number => 4.4 * held + 3.5e8

/** What a step needs is told before it is built: of too much the batch that fits. */
function demandRoom(takes: number, { batch, accumulate }: RunOptions, memory = Infinity): void {
  if (takes <= memory) return
  const fits = Math.floor((batch * (memory - taken(0))) / (takes - taken(0)))
  const there = bytesText(memory)
  const wanted =
    fits > 0
      ? `small enough for ${there} of memory: --batch ${fits} --accumulate ${Math.ceil((batch * accumulate) / fits)}`
      : `smaller, or the crop or --base: one image alone does not fit into ${there}`
  throw new RangeError(
    cannot('train', 'the batch', wanted, `${batch}, which takes about ${bytesText(takes)}`),
  )
}

/** What batches are drawn from, the images in memory that threads share. */
function batchData({ options, process, schedule, data }: Run, { classes, told, noise }: Task): BatchData {
  return {
    process: process.description,
    schedule: schedule.description,
    source: data.source,
    batch: options.batch,
    seed: options.seed,
    classes,
    told,
    weight: options.weight,
    labelDropout: options.labelDropout,
    ...(noise !== undefined && { noise, draws: options.draws }),
    ...(options.population !== undefined && { together: true }),
    seam: data.material !== undefined && options.boundary === 'periodic',
    ...(data.parts && { split: data.parts[0].shape.reduce((size, length) => size * length, 1) }),
  }
}

/** The model as it stands: the averaged weights. Equal runs make equal bytes: how long they took stands in the log. */
export function modelBytes(
  run: Run,
  state: TrainingState,
  { grain, half }: { half: boolean /** Of the last step, where it was found. */; grain?: number },
): Uint8Array {
  const description = run.describe(state.step)
  const sampling = { ...description.sampling, ...(grain !== undefined && { grain }) }
  return encodeModelFile({ ...description, sampling }, state.average, { half })
}
