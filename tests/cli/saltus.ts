/** What the tests of the command line share: running it, folders that come and go, small data. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { random } from '../../src/base/random.ts'
import type { NdArray } from '../../src/formats/array.ts'
import { lattice } from '../../src/lattice/index.ts'
import type { ModelDescription } from '../../src/model/description.ts'
import { encodeModelFile, layoutFor } from '../../src/model/file.ts'
import { spatial } from '../../src/process/index.ts'
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

/** Runs `saltus …` in a folder to its end. */
export const saltus = (args: readonly string[], folder: string): Promise<Ended> => start(args, folder).ended

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

/** A model that has learned nothing: its rates are wrong, but they are rates. */
export function untrained(
  options: { channels?: number; classes?: number; labels?: boolean } = {},
): Uint8Array {
  const { channels = 1, classes = 3, labels = false } = options
  const shape = [channels, 8, 8] as const
  const walk = spatial({ lattice: lattice([8, 8], 'no-flux'), channels })
  const schedule = exponential({ start: 1e-4 })
  const task = {
    shape,
    jumps: walk.jumps,
    periodic: [false, false] as const,
    motion: walk.motion,
    times: [1e-4, 1] as const,
    scale: 12,
    classes,
  }
  const network = { base: 8, multipliers: [1, 2], blocks: [1, 1], attention: [false, false], embedding: 16 }
  const layout = layoutFor({ task, network })
  const rng = random(3)
  const description: ModelDescription = {
    format: 1,
    version: '0.0.0',
    process: walk.description,
    schedule: schedule.description,
    task,
    network,
    tile: 4,
    parameters: layout.size,
    data: {
      name: 'corners',
      count: 12,
      shape,
      largest: 12,
      masses: Array.from({ length: 12 }, (_, i) =>
        Array.from({ length: channels }, (_, c) => 200 + 10 * i + c),
      ),
      ...(labels ? { labels: Array.from({ length: 12 }, (_, i) => i % classes) } : {}),
      range: [200 * channels, 320 * channels],
      classes: Array.from({ length: classes }, (_, i) => String(i)),
    },
    training: { steps: 0, seconds: 0 },
  }
  return encodeModelFile(
    description,
    Float32Array.from({ length: layout.size }, () => 0.3 * (rng.uniform() - 0.5)),
  )
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
