/**
 * Training step and inference of networks, beside the same networks in PyTorch on the same cores.
 *
 * First both must give the same numbers: loss and origins to 1e-4, the gradient of every parameter to 1e-3. Then they
 * are timed in turns, so that whatever else the machine does falls on both. One session is open at a time, and
 * everybody waits until the other's threads sleep.
 *
 * Run in the root of the repository: node dist/bench/engine.js [--model NAME …] [--rounds 10] [--iterations 3]
 * [--threads N] [--standard] [--channels-last]: the default network on digits, or those of model files.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { type Random, random } from '../src/base/random.ts'
import type { NdArray } from '../src/formats/array.ts'
import { readNpz, writeNpz } from '../src/formats/npz.ts'
import { lattice } from '../src/lattice/index.ts'
import { encodeGraph, layoutFor, networkOf } from '../src/model/file.ts'
import { fixed, initial, type Layout } from '../src/network/parameters.ts'
import type { Task, UnetOptions } from '../src/network/unet.ts'
import { loadModel } from '../src/node/models.ts'
import { type ProcessDescription, process as processOf, spatial } from '../src/process/index.ts'
import { onnxruntimeNode } from '../src/runtime/onnxruntime-node.ts'
import type { Program, Value } from '../src/runtime/runtime.ts'
import { exponential } from '../src/schedule/index.ts'
import { sizeOf } from '../src/tensor/index.ts'
import { batches } from '../src/training/batches.ts'
import { adamDefaults, stateNames } from '../src/training/optimizer.ts'
import { probeBlock } from '../src/training/packing.ts'
import { gradientStep, originObjective, trainingStep } from '../src/training/step.ts'
import { Peer, pythonWithTorch } from './peers/torch.ts'

const [batch, tile] = [32, 16]

/** A network, what it is shown, and the process whose origins it tells. */
export interface Subject {
  readonly name: string
  readonly task: Task
  readonly network: UnetOptions
  readonly process: ProcessDescription
}

/** The network that `saltus train` makes of MNIST where nothing is said. */
export const digits: Subject = {
  name: 'digits, by default',
  task: { shape: [1, 28, 28], width: 1, periodic: [false, false], times: [1e-4, 1], scale: 255, classes: 10 },
  network: {
    base: 32,
    multipliers: [1, 2, 4],
    blocks: [1, 2, 2],
    attention: [false, false, true],
    embedding: 128,
  },
  process: spatial({ lattice: lattice([28, 28], 'no-flux'), ceiling: 255 }).description,
}

/** What a model file holds. */
export function subjectOf(name: string): Subject {
  const { task, network, process } = loadModel(name).description
  return { name, task, network, process }
}

type Feeds = Record<string, Value>
type Named = Record<string, { shape: readonly number[]; data: Float32Array | Int32Array }>

/** A start from which no gradient is zero. */
function startOf(layout: Layout, rng: Random): Float32Array {
  return initial(layout, rng.fork(0)).map(value => value + 0.05 * (rng.uniform() - 0.5))
}

/** Images of the size of the data's, corrupted as they are for training. */
function batchOf({ task, process: described }: Subject, rng: Random): Feeds {
  const law = processOf(described)
  const { size, sites, channels } = { size: sizeOf(task.shape), sites: law.sites, channels: law.channels }
  const labels = task.scale === 1 && channels >= 1
  const next = batches({
    process: law,
    schedule: exponential({ start: task.times[0] }),
    source: {
      draw(position, { out }) {
        for (let x = 0; x < size; x++)
          out[x] = labels
            ? 0
            : Math.max(0, Math.min(task.scale, Math.floor(1.5 * task.scale * rng.uniform() - task.scale)))
        for (let x = 0; x < sites && labels; x++) {
          const channel = Math.floor((channels + 1) * rng.uniform())
          if (channel < channels) out[channel * sites + x] = 1
        }
        return position % Math.max(1, task.classes)
      },
    },
    batch,
    seed: 1,
    classes: task.classes,
    labelDropout: 0.1,
  })
  return next(0)
}

const part = ({ shape, data }: Value): Value => ({
  shape: [tile, ...shape.slice(1)],
  data: data.subarray(0, (data.length / batch) * tile),
})

/** max |a − b| / (max |b| + beside). */
function apart(a: ArrayLike<number>, b: ArrayLike<number>, beside = 0): number {
  let [distance, size] = [0, beside]
  for (let i = 0; i < b.length; i++) {
    distance = Math.max(distance, Number.isNaN(a[i]) ? Infinity : Math.abs(a[i] - b[i]))
    size = Math.max(size, Math.abs(b[i]))
  }
  return a.length === b.length ? distance / size : Infinity
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]

async function timed(iterations: number, work: () => Promise<unknown>): Promise<number[]> {
  const spent: number[] = []
  for (let i = 0; i < iterations; i++) {
    const start = performance.now()
    await work()
    spent.push(performance.now() - start)
  }
  return spent
}

/** What both sides start from, and how ours is compiled. */
interface Setting {
  readonly subject: Subject
  readonly layout: Layout
  readonly start: Float32Array
  readonly feeds: Feeds
  readonly compile: (outputs: Parameters<typeof encodeGraph>[0], block?: number) => Promise<Program>
  readonly block?: number
  readonly peer?: Peer
  readonly folder: string
  readonly rounds: number
  readonly iterations: number
}

const objectiveOf = (subject: Subject) =>
  originObjective(networkOf(subject, batch), processOf(subject.process).link)
const flat = (data: Float32Array): Value => ({ shape: [data.length], data })

/** Gives the peer its parameters and the batch. */
async function load(
  { subject, layout, start, feeds, peer, folder }: Setting,
  how: { threads: number; channelsLast: boolean },
): Promise<void> {
  const { task, network, process } = subject
  const arrays: Named = { ...feeds }
  for (const { name, shape, offset } of layout.entries) {
    arrays[name] = { shape, data: start.subarray(offset, offset + sizeOf(shape)) }
  }
  const file = join(folder, 'given')
  writeFileSync(`${file}.npz`, writeNpz(arrays as Record<string, NdArray>, { pack: false }))
  const parameters = layout.entries.map(({ name }) => name)
  writeFileSync(`${file}.json`, JSON.stringify({ task, process, options: network, parameters, tile, ...how }))
  const about = await peer?.ask<{ torch: string; threads: number }>({ do: 'load', file })
  console.log(`PyTorch ${about?.torch} on ${about?.threads} threads`)
}

/** Demands that both sides give the same numbers; prints how far they are apart. */
async function check({
  subject,
  layout,
  start,
  feeds,
  compile,
  block,
  peer,
  folder,
}: Setting): Promise<void> {
  const file = join(folder, 'found')
  await peer?.ask({ do: 'check', file })
  const found = readNpz(readFileSync(`${file}.npz`), 'found.npz') as Record<string, NdArray>
  const gradients = await compile(gradientStep(objectiveOf(subject), { layout, adam: adamDefaults }), block)
  const results = await gradients.run({ ...feeds, parameters: flat(start) })
  await gradients.release()
  const loss = apart(results.loss.data, found.loss.data)
  const sampling = await compile(samplingOutputs(subject, layout, start))
  const { origin } = await sampling.run(samplingFeeds(feeds))
  await sampling.release()
  const outputs = apart(origin.data, (found.origin.data as Float32Array).subarray(0, origin.data.length))
  let [worst, where] = [0, '']
  // A gradient that should be 0, as of a shift that the link does not see, is rounding of a long sum on both sides:
  // at most 1e-5 of the largest gradient may come of that.
  const least =
    1e-2 * (results.gradient.data as Float32Array).reduce((most, g) => Math.max(most, Math.abs(g)), 0)
  for (const { name, shape, offset } of layout.entries) {
    const own = results.gradient.data.subarray(offset, offset + sizeOf(shape))
    const distance = apart(own, found[`d ${name}`].data, least)
    if (distance > worst) [worst, where] = [distance, name]
  }
  const shown = (x: number) => x.toExponential(1)
  console.log(`apart: loss ${shown(loss)}, origins ${shown(outputs)}, gradients ${shown(worst)} (${where})`)
  if (!(loss < 1e-4 && outputs < 1e-4 && worst < 1e-3)) throw new Error('PyTorch gives other numbers')
}

function samplingOutputs(subject: Subject, layout: Layout, start: Float32Array) {
  const { output, shown } = networkOf(subject, tile)(fixed(layout, start))
  return { origin: processOf(subject.process).link.origin(output, shown) }
}

const samplingFeeds = ({ counts, time, label }: Feeds): Feeds => ({
  counts: part(counts),
  time: part(time),
  ...(label ? { label: part(label) } : {}),
})

/** Times ours and the peer's in turns and prints a line. */
async function compare(
  name: string,
  images: number,
  { peer, rounds, iterations }: Setting,
  { ours, order }: { ours: () => Promise<unknown>; order: string },
) {
  const [own, other]: number[][] = [[], []]
  await ours()
  await peer?.ask({ do: order, iterations: 1 })
  for (let round = 0; round < rounds; round++) {
    await sleep(100)
    own.push(...(await timed(iterations, ours)))
    await sleep(100)
    if (peer)
      other.push(...(await peer.ask<{ milliseconds: number[] }>({ do: order, iterations })).milliseconds)
  }
  const line = (values: number[]) =>
    `${median(values).toFixed(1)} ms (least ${Math.min(...values).toFixed(1)}, ${((images * 1e3) / median(values)).toFixed(0)} images/s)`
  console.log(`${name}, ${images} images: ${line(own)}`)
  if (peer)
    console.log(
      `${' '.repeat(name.length)}  PyTorch: ${line(other)}; ours is ${(median(other) / median(own)).toFixed(2)} times as fast`,
    )
}

async function timings(setting: Setting): Promise<void> {
  const { subject, layout, start, feeds, compile, block } = setting
  const training = await compile(trainingStep(objectiveOf(subject), { layout, adam: adamDefaults }), block)
  const zeros = flat(new Float32Array(layout.size))
  let state: Feeds = { parameters: flat(start), first: zeros, second: zeros, average: flat(start) }
  const controls: Value = { shape: [4], data: Float32Array.of(1e-4, 10, 1000, 1e-3) }
  const step = async () => {
    const results = await training.run({ ...feeds, ...state, controls })
    state = Object.fromEntries(stateNames.map(name => [name, results[`${name}'`]]))
  }
  await compare('training step', batch, setting, { ours: step, order: 'train' })
  await training.release()
  const sampling = await compile(samplingOutputs(subject, layout, start))
  const inputs = samplingFeeds(feeds)
  await compare('inference', tile, setting, { ours: () => sampling.run(inputs), order: 'sample' })
  await sampling.release()
}

export interface EngineOptions {
  readonly subject: Subject
  /** How often both sides take turns, and how many runs a turn has; the median of all runs counts. */
  readonly rounds: number
  readonly iterations: number
  readonly threads: number
  /** Standard convolutions even where packed ones work. */
  readonly standard: boolean
  /** PyTorch with channels as the last axis in memory. */
  readonly channelsLast: boolean
}

/** @throws Error where both sides do not give the same numbers. */
export async function run(options: Partial<EngineOptions> = {}): Promise<void> {
  const { subject = digits, rounds = 10, iterations = 3, threads = availableParallelism() } = options
  const runtime = onnxruntimeNode('cpu')
  const layout = layoutFor(subject)
  const rng = random(1)
  const { block } = options.standard ? { block: undefined } : await probeBlock(runtime)
  const kind = block === undefined ? 'standard convolutions' : `convolutions in blocks of ${block}`
  console.log(
    `${subject.name}: ${layout.size} weights; ONNX Runtime ${runtime.version} on ${threads} threads, ${kind}`,
  )
  const compile: Setting['compile'] = (outputs, packed) =>
    runtime.compile(encodeGraph(outputs, { block: packed }), { threads })
  const python = pythonWithTorch()
  const peer = python === undefined ? undefined : new Peer(python)
  const folder = mkdtempSync(join(tmpdir(), 'saltus-bench-'))
  const [start, feeds] = [startOf(layout, rng), batchOf(subject, rng)]
  const setting: Setting = { subject, layout, start, feeds, compile, block, peer, folder, rounds, iterations }
  try {
    if (peer) {
      await load(setting, { threads, channelsLast: options.channelsLast ?? false })
      await check(setting)
    } else console.log('No Python with PyTorch here: ours is timed alone, and compared with nothing.')
    await timings(setting)
  } finally {
    peer?.end()
    rmSync(folder, { recursive: true })
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const number = { type: 'string' } as const
  const { values } = parseArgs({
    options: {
      rounds: number,
      iterations: number,
      threads: number,
      standard: { type: 'boolean' },
      'channels-last': { type: 'boolean' },
      model: { type: 'string', multiple: true },
    },
  })
  const count = (text?: string) => (text === undefined ? undefined : Number(text))
  const subjects = values.model ? values.model.map(subjectOf) : [digits]
  for (const subject of subjects)
    await run({
      subject,
      rounds: count(values.rounds),
      iterations: count(values.iterations),
      threads: count(values.threads),
      standard: values.standard,
      channelsLast: values['channels-last'],
    })
}
