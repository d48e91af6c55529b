/** What the tests of the command line share: running it, folders that come and go, small data. */
import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { random } from '../../src/base/random.ts'
import type { NdArray } from '../../src/formats/array.ts'
import { decodeModel, encodeModel } from '../../src/formats/onnx.ts'
import { writtenLabels } from '../../src/jobs/output/label-writers.ts'
import type { AboutLabels, LabelSet } from '../../src/jobs/output/labels.ts'
import { lattice } from '../../src/lattice/index.ts'
import type { ModelDescription } from '../../src/model/description.ts'
import { encodeModelFile, layoutFor } from '../../src/model/file.ts'
import type { Task } from '../../src/network/unet.ts'
import { writeWhole } from '../../src/node/files.ts'
import { labels as labelsOf, shift, spatial } from '../../src/process/index.ts'
import { ancestral } from '../../src/sampling/index.ts'
import { exponential } from '../../src/schedule/index.ts'

export const bin = fileURLToPath(new URL('../../bin/saltus.js', import.meta.url))

export interface Ended {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A run of the command line that is still under way. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

export function start(args: readonly string[], folder: string): Running {
  const child = spawn(process.execPath, [bin, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const text = { stdout: '', stderr: '' }
  child.stdout.on('data', part => {
    text.stdout += part
  })
  child.stderr.on('data', part => {
    text.stderr += part
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status, signal) => resolve({ status, signal, ...text }))
  })
  return { child, ended }
}

/** Runs `saltus …` in a folder to its end, in a process of its own or in one that stays: they do the same. */
export const saltus = (args: readonly string[], folder: string): Promise<Ended> =>
  resident().call(args, folder)

/** The process of this file's calls: see resident.js. */
let staying: ReturnType<typeof stay> | undefined
afterAll(() => staying?.child.kill())

function resident() {
  if (!staying || staying.child.exitCode !== null || staying.child.signalCode !== null) staying = stay()
  return staying
}

function stay() {
  const child = fork(fileURLToPath(new URL('resident.js', import.meta.url)), {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let said = ''
  let last: Promise<unknown> = Promise.resolve()
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', part => {
      said += part
    })
  const one = (args: readonly string[], folder: string) =>
    new Promise<Ended>((resolve, reject) => {
      const over = (status: number | null, signal: NodeJS.Signals | null) =>
        resolve({ status, signal, stdout: '', stderr: said })
      child.once('close', over).once('error', reject)
      child.once('message', ended => {
        child.off('close', over).off('error', reject)
        resolve(ended as Ended)
      })
      child.send({ args, folder })
    })
  return {
    child,
    call(args: readonly string[], folder: string): Promise<Ended> {
      const ended = last.then(() => one(args, folder))
      last = ended.catch(() => {})
      return ended
    },
  }
}

/** Runs it and demands that it went well. */
export async function good(args: readonly string[], folder: string): Promise<Ended> {
  const ended = await saltus(args, folder)
  if (ended.status !== 0)
    throw new Error(`saltus ${args.join(' ')} ended with ${ended.status}: ${ended.stderr}`)
  return ended
}

/** A folder that is gone after the tests of this file. */
export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'saltus-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Everything that lies in a folder, with sub-folders. */
export const listing = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[]).sort()

/** Writes labels to files of those names, as `saltus sample` does. */
export function writeLabels(paths: readonly string[], set: LabelSet, about: AboutLabels): void {
  for (const path of paths)
    for (const { name, bytes } of writtenLabels(path, set, { about })) writeWhole(name, bytes)
}

export function write(folder: string, name: string, bytes: Uint8Array): string {
  writeFileSync(join(folder, name), bytes)
  return name
}

/** Images of a bright corner in noise, one of three corners by class: [N, C, H, W] of counts up to 12. */
export function corners(count: number, shape: readonly [number, number, number] = [1, 8, 8]) {
  const [channels, height, width] = shape
  const rng = random(1)
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 3)
  const data = Uint8Array.from({ length: count * channels * height * width }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height]
    const label = labels[Math.floor(i / (channels * height * width))]
    const bright = x < width / 2 === (label & 1) > 0 && y < height / 2 === (label & 2) > 0
    return Math.floor(3 * rng.uniform()) + (bright ? 9 : 0)
  })
  const images: NdArray = { data, shape: [count, ...shape] }
  return { images, labels: { data: labels, shape: [count] } satisfies NdArray }
}

/** What a model of `untrained()` is of. */
export interface UntrainedOptions {
  readonly channels?: number
  readonly classes?: number
  /** Whether its masses know their classes. */
  readonly labels?: boolean
  /** Side of its square images. */
  readonly side?: number
  /** Of a material: its phases, of which the first is what is left; the lattice is periodic, and has no places. */
  readonly phases?: readonly string[]
  /** Channels of its network. */
  readonly base?: number
  /** Its process keeps the sums of blocks of so many sites a side. */
  readonly within?: number
}

/** A model that has learned nothing: its origins are wrong, but they are origins. */
export function untrained(options: UntrainedOptions = {}): Uint8Array {
  const { phases, side = 8, classes = phases ? 0 : 3, labels = false, base = 8 } = options
  const { channels = phases ? phases.length - 1 : 1 } = options
  const shape = [channels, side, side] as const
  const grid = lattice([side, side], phases ? 'periodic' : 'no-flux')
  const { within } = options
  const walk =
    within !== undefined
      ? shift({ lengths: [side, side], channels, within, labels: phases !== undefined })
      : phases
        ? labelsOf({ lattice: grid, channels })
        : spatial({ lattice: grid, channels, ceiling: 12 })
  const around = phases !== undefined
  const task: Task = {
    shape,
    width: walk.link.width,
    periodic: [around, around],
    times: [1e-4, 1],
    scale: phases ? 1 : 12,
    classes,
    ...(phases ? { homogeneous: true } : {}),
  }
  const network = { base, multipliers: [1, 2], blocks: [1, 1], attention: [false, false], embedding: 16 }
  const layout = layoutFor({ task, network })
  const rng = random(3)
  const massOf = (i: number, c: number) => (phases ? 10 + i + c : 200 + 10 * i + c)
  const masses = Array.from({ length: 12 }, (_, i) =>
    Array.from({ length: channels }, (_, c) => massOf(i, c)),
  )
  const totals = masses.map(total)
  const description: ModelDescription = {
    format: 2,
    version: '0.0.0',
    process: walk.description,
    schedule: exponential({ start: 1e-4 }).description,
    task,
    network,
    tile: 4,
    sampling: ancestral({ calls: 16, smallest: phases ? 1.2 : 0.3 }).description,
    parameters: layout.size,
    data: {
      name: 'corners',
      count: 12,
      shape,
      largest: phases ? 1 : 12,
      masses,
      ...(labels ? { labels: masses.map((_, i) => i % classes) } : {}),
      range: [totals[0], phases ? totals[11] : totals[11] + 10 * channels],
      classes: Array.from({ length: classes }, (_, i) => String(i)),
      ...(phases ? { material: { phases, units: phases.map((_, label) => label).slice(1) } } : {}),
    },
    training: { steps: 0 },
  }
  return encodeModelFile(
    description,
    Float32Array.from({ length: layout.size }, () => 0.3 * (rng.uniform() - 0.5)),
  )
}

/** The model with another description. */
export function redescribed(
  model: Uint8Array,
  change: (description: ModelDescription) => unknown,
): Uint8Array {
  const read = decodeModel(model, 'model')
  const description = JSON.parse(read.metadata.saltus) as ModelDescription
  const other = JSON.stringify(change(description) ?? description)
  return encodeModel({ ...read, metadata: { ...read.metadata, saltus: other } })
}

export function total(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum
}

/** Masses [N] of images of so many sites. */
export const massesOf = ({ data }: NdArray, sites = 64): number[] =>
  Array.from({ length: data.length / sites }, (_, i) => total(data.subarray(sites * i, sites * (i + 1))))

/** A Python that knows all these modules, or undefined. */
export function pythonWith(...modules: string[]): string | undefined {
  const script = modules.map(name => `import ${name}`).join('\n')
  return ['/usr/bin/python3', 'python3'].find(
    python => spawnSync(python, ['-c', script], { stdio: 'ignore' }).status === 0,
  )
}

/** The one line of an error in the grammar of all errors. */
export const complaint = /^Cannot [^:\n]+: [^\n]+ must be [^\n]+, got [^\n]+\n$/
