/**
 * The folder of a training run: its options, its state, its log and its pictures.
 *
 * `run.json` how it was started · `checkpoint.npz` the whole state · `log.ndjson` one line per report ·
 * `loss.svg` and `samples.png` to look at · `model.onnx` the network as it stands · `lock` while it is under way.
 */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { cannot } from '../base/errors.ts'
import type { NdArray } from '../formats/array.ts'
import { readNpz, writeNpz } from '../formats/npz.ts'
import { stateNames } from '../training/optimizer.ts'
import type { TrainingState } from '../training/trainer.ts'
import { readBytes, writeWhole } from './files.ts'
import type { RunOptions } from './train-run.ts'

export interface LogLine {
  readonly step: number
  readonly images: number
  readonly loss: number
  readonly norm: number
  readonly rate: number
  readonly imagesPerSecond: number
  readonly seconds: number
}

/** Sums over the steps since the last line of the log: a run that is resumed goes on with them. */
export interface Pending {
  readonly loss: number
  readonly norm: number
  readonly count: number
}

/** All that a run needs to go on as if it had never stopped. */
export interface Checkpoint {
  readonly state: TrainingState
  readonly pending: Pending
}

/** How a run was started, with a checksum of its images. */
export interface Beginning {
  readonly options: RunOptions
  readonly checksum: string
}

export interface RunFolder {
  readonly path: string
  file(name: string): string
  /** Whether a run has been here, and whether it has come as far as a checkpoint. */
  readonly begun: boolean
  readonly saved: boolean
  /** Makes the folder this process's own until `release()`; throws where another one is training in it. */
  claim(): void
  release(): void
  /** Claims the folder and writes down how the run is started. */
  begin(beginning: Beginning): void
  beginning(): Beginning
  write(checkpoint: Checkpoint): void
  /** Reads the checkpoint of a network with so many parameters. */
  read(parameters: number): Checkpoint
  log(line: LogLine): void
  /** Drops the log's lines after a step, which will be written again, and what an interrupted write left behind. */
  rewind(step: number): LogLine[]
}

export function runFolder(path: string): RunFolder {
  const file = (name: string) => join(path, name)
  const logFile = file('log.ndjson')
  let claimed = false
  const claim = () => {
    if (!claimed) lock(path, file('lock'))
    claimed = true
  }
  return {
    path,
    file,
    begun: existsSync(file('run.json')),
    saved: existsSync(file('checkpoint.npz')),
    claim,
    release() {
      if (claimed) rmSync(file('lock'), { force: true })
      claimed = false
    },
    begin({ options, checksum }) {
      claim()
      writeWhole(file('run.json'), `${JSON.stringify({ ...options, checksum }, null, 2)}\n`)
    },
    beginning: () => beginningIn(file('run.json')),
    write({ state, pending: { loss, norm, count } }) {
      const arrays = stateNames.map(name => [name, vector(state[name])] as const)
      const step: NdArray = { data: Float64Array.of(state.step), shape: [] }
      const pending = vector(Float64Array.of(loss, norm, count))
      const bytes = writeNpz({ ...Object.fromEntries(arrays), step, pending }, { pack: false })
      writeWhole(file('checkpoint.npz'), bytes)
    },
    read: parameters => checkpointIn(file('checkpoint.npz'), parameters),
    log(line) {
      mkdirSync(path, { recursive: true })
      appendFileSync(logFile, `${JSON.stringify(line)}\n`)
    },
    rewind(step) {
      if (!existsSync(path)) return []
      for (const name of readdirSync(path)) if (name.endsWith('.part')) rmSync(file(name), { force: true })
      if (!existsSync(logFile)) return []
      const lines = readFileSync(logFile, 'utf8').split('\n').flatMap(parsed)
      const kept = lines.filter(line => line.step <= step)
      writeWhole(logFile, kept.map(line => `${JSON.stringify(line)}\n`).join(''))
      return kept
    },
  }
}

/** Writes the number of this process into a file; one that is left of a process that is gone counts for nothing. */
function lock(folder: string, path: string): void {
  mkdirSync(folder, { recursive: true })
  const holder = Number(existsSync(path) ? readFileSync(path, 'utf8') : Number.NaN)
  if (!alive(holder)) rmSync(path, { force: true })
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const got = `${folder}, where process ${holder} is at work (or delete ${path})`
    throw new Error(
      `Cannot train: --out must be a folder in which no other training is under way, got ${got}`,
    )
  }
}

/** Whether a process, not this one, is there. */
function alive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // It is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const vector = (data: Float32Array | Float64Array): NdArray => ({ data, shape: [data.length] })

function beginningIn(path: string): Beginning {
  const text = new TextDecoder().decode(readBytes(path))
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  if (typeof value !== 'object' || value === null || !('data' in value)) {
    throw new SyntaxError(cannot('resume', path, 'the options of a run', text.slice(0, 40)))
  }
  const { checksum = '', ...options } = value as RunOptions & { checksum?: string }
  return { options, checksum }
}

function checkpointIn(path: string, parameters: number): Checkpoint {
  const arrays = readNpz(readBytes(path), 'checkpoint.npz')
  const take = <T extends Float32Array | Float64Array>(name: string, of: new () => T, length: number): T => {
    const array = arrays[name]
    if (typeof array === 'object' && array.data instanceof of && array.data.length === length)
      return array.data
    const got = typeof array === 'object' ? array.data : array
    throw new SyntaxError(cannot(`resume from ${path}`, `the array ${name}`, `${of.name}(${length})`, got))
  }
  const [step] = take('step', Float64Array, 1)
  if (!Number.isSafeInteger(step) || step < 0) {
    throw new SyntaxError(cannot(`resume from ${path}`, 'the step', 'a whole number', step))
  }
  const vectors = stateNames.map(name => [name, take(name, Float32Array, parameters)] as const)
  const state = {
    step,
    ...(Object.fromEntries(vectors) as Record<(typeof stateNames)[number], Float32Array>),
  }
  const [loss, norm, count] = arrays.pending ? take('pending', Float64Array, 3) : [0, 0, 0]
  return { state, pending: { loss, norm, count } }
}

/** A line of the log; the last one may have been cut off in the middle. */
function parsed(text: string): LogLine[] {
  try {
    return [JSON.parse(text) as LogLine]
  } catch {
    return []
  }
}
