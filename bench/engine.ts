/**
 * Training step and inference of the default network, beside the same network in PyTorch on the same cores.
 *
 * First both must give the same numbers: log-ratios to 1e-4, the gradient of every parameter to 1e-3. Then they
 * are timed in turns, so that whatever else the machine does falls on both. One session is open at a time, and
 * everybody waits until the other's threads sleep.
 *
 * Run in the root of the repository: node dist/bench/engine.js [--rounds 10] [--iterations 3] [--threads N]
 * [--standard] [--channels-last]
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
import { encodeGraph, layoutFor, networkOf } from '../src/model/file.ts'
import { fixed, initial, type Layout } from '../src/network/parameters.ts'
import type { Task, UnetOptions } from '../src/network/unet.ts'
import { onnxruntimeNode } from '../src/runtime/onnxruntime-node.ts'
import type { Program, Value } from '../src/runtime/runtime.ts'
import { exp, sizeOf } from '../src/tensor/index.ts'
import { adamDefaults, stateNames } from '../src/training/optimizer.ts'
import { probeBlock } from '../src/training/packing.ts'
import { gradientStep, rateObjective, trainingStep } from '../src/training/step.ts'
import { Peer, pythonWithTorch } from './peers/torch.ts'

const [batch, tile] = [32, 16]
const side = 28
const task: Task = {
  shape: [1, side, side],
  jumps: 4,
  periodic: [false, false],
  motion: 240,
  times: [1e-4, 1],
  scale: 128,
  classes: 10,
}
const network: UnetOptions = {
  base: 32,
  multipliers: [1, 2, 4],
  blocks: [1, 2, 2],
  attention: [false, false, true],
  embedding: 128,
}
const model = { task, network }

type Feeds = Record<string, Value>
type Named = Record<string, { shape: readonly number[]; data: Float32Array | Int32Array }>

/** A start from which no gradient is zero. */
function startOf(layout: Layout, rng: Random): Float32Array {
  return initial(layout, rng.fork(0)).map(value => value + 0.05 * (rng.uniform() - 0.5))
}

/** Noise of the size of a training batch. */
function batchOf(rng: Random): Feeds {
  const draw = (shape: number[], of: (i: number) => number): Value => ({
    shape,
    data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => of(i)),
  })
  const counts = draw([batch, 1, side, side], () => Math.max(0, Math.floor(120 * rng.uniform() - 70)))
  const jumps = [batch, task.jumps, side, side]
  const capacity = draw(
    jumps,
    i => counts.data[Math.floor(i / sizeOf(jumps.slice(1))) * side * side + (i % (side * side))],
  )
  return {
    counts,
    time: draw([batch], () => 10 ** (-3 * rng.uniform())),
    label: { shape: [batch], data: Int32Array.from({ length: batch }, (_, i) => i % (task.classes + 1)) },
    capacity,
    target: draw(jumps, i => 2 * rng.uniform() * capacity.data[i]),
    weights: draw([batch], () => 1e-3 * (1 + rng.uniform())),
  }
}

const part = ({ shape, data }: Value): Value => ({
  shape: [tile, ...shape.slice(1)],
  data: data.subarray(0, (data.length / batch) * tile),
})

/** max |a − b| / max |b|. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [distance, size] = [0, 0]
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

const objective = rateObjective(networkOf(model, batch), 'likelihood')
const flat = (data: Float32Array): Value => ({ shape: [data.length], data })

/** Gives the peer its parameters and the batch. */
async function load(
  { layout, start, feeds, peer, folder }: Setting,
  how: { threads: number; channelsLast: boolean },
): Promise<void> {
  const arrays: Named = { ...feeds }
  for (const { name, shape, offset } of layout.entries) {
    arrays[name] = { shape, data: start.subarray(offset, offset + sizeOf(shape)) }
  }
  const file = join(folder, 'given')
  writeFileSync(`${file}.npz`, writeNpz(arrays as Record<string, NdArray>, { pack: false }))
  const parameters = layout.entries.map(({ name }) => name)
  writeFileSync(`${file}.json`, JSON.stringify({ task, options: network, parameters, tile, ...how }))
  const about = await peer?.ask<{ torch: string; threads: number }>({ do: 'load', file })
  console.log(`PyTorch ${about?.torch} on ${about?.threads} threads`)
}

/** Demands that both sides give the same numbers; prints how far they are apart. */
async function check({ layout, start, feeds, compile, block, peer, folder }: Setting): Promise<void> {
  const file = join(folder, 'found')
  await peer?.ask({ do: 'check', file })
  const found = readNpz(readFileSync(`${file}.npz`), 'found.npz') as Record<string, NdArray>
  const gradients = await compile(gradientStep(objective, { layout, adam: adamDefaults }), block)
  const results = await gradients.run({ ...feeds, parameters: flat(start) })
  await gradients.release()
  const loss = apart(results.loss.data, found.loss.data)
  const sampling = await compile(samplingOutputs(layout, start))
  const { ratios } = await sampling.run(samplingFeeds(feeds))
  await sampling.release()
  const logRatio = (found.logRatio.data as Float32Array).subarray(0, ratios.data.length)
  const outputs = apart(Array.from(ratios.data, Math.log), logRatio)
  let [worst, where] = [0, '']
  for (const { name, shape, offset } of layout.entries) {
    const own = results.gradient.data.subarray(offset, offset + sizeOf(shape))
    const distance = apart(own, found[`d ${name}`].data)
    if (distance > worst) [worst, where] = [distance, name]
  }
  const shown = (x: number) => x.toExponential(1)
  console.log(
    `apart: loss ${shown(loss)}, log-ratios ${shown(outputs)}, gradients ${shown(worst)} (${where})`,
  )
  if (!(loss < 1e-4 && outputs < 1e-4 && worst < 1e-3)) throw new Error('PyTorch gives other numbers')
}

const samplingOutputs = (layout: Layout, start: Float32Array) => ({
  ratios: exp(networkOf(model, tile)(fixed(layout, start))),
})
const samplingFeeds = ({ counts, time, label }: Feeds): Feeds => ({
  counts: part(counts),
  time: part(time),
  label: part(label),
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
  const { layout, start, feeds, compile, block } = setting
  const training = await compile(trainingStep(objective, { layout, adam: adamDefaults }), block)
  const zeros = flat(new Float32Array(layout.size))
  let state: Feeds = { parameters: flat(start), first: zeros, second: zeros, average: flat(start) }
  const controls: Value = { shape: [4], data: Float32Array.of(1e-4, 10, 1000, 1e-3) }
  const step = async () => {
    const results = await training.run({ ...feeds, ...state, controls })
    state = Object.fromEntries(stateNames.map(name => [name, results[`${name}'`]]))
  }
  await compare('training step', batch, setting, { ours: step, order: 'train' })
  await training.release()
  const sampling = await compile(samplingOutputs(layout, start))
  const inputs = samplingFeeds(feeds)
  await compare('inference', tile, setting, { ours: () => sampling.run(inputs), order: 'sample' })
  await sampling.release()
}

export interface EngineOptions {
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
  const { rounds = 10, iterations = 3, threads = availableParallelism() } = options
  const runtime = onnxruntimeNode('cpu')
  const layout = layoutFor(model)
  const rng = random(1)
  const { block } = options.standard ? { block: undefined } : await probeBlock(runtime)
  const kind = block === undefined ? 'standard convolutions' : `convolutions in blocks of ${block}`
  console.log(`${layout.size} weights; ONNX Runtime ${runtime.version} on ${threads} threads, ${kind}`)
  const compile: Setting['compile'] = (outputs, packed) =>
    runtime.compile(encodeGraph(outputs, { block: packed }), { threads })
  const python = pythonWithTorch()
  const peer = python === undefined ? undefined : new Peer(python)
  const folder = mkdtempSync(join(tmpdir(), 'saltus-bench-'))
  const [start, feeds] = [startOf(layout, rng), batchOf(rng)]
  const setting: Setting = { layout, start, feeds, compile, block, peer, folder, rounds, iterations }
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
    },
  })
  const count = (text?: string) => (text === undefined ? undefined : Number(text))
  await run({
    rounds: count(values.rounds),
    iterations: count(values.iterations),
    threads: count(values.threads),
    standard: values.standard,
    channelsLast: values['channels-last'],
  })
}
