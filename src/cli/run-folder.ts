/**
 * The folder of a training run: its options, its state, its log and its pictures.
 *
 * `run.json` how it was started · `checkpoint.npz` the whole state · `log.ndjson` one line per report ·
 * `loss.svg` and `samples.png` to look at · `model.onnx` the network as it stands.
 */
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NdArray } from '../formats/array.ts'
import { readNpz, writeNpz } from '../formats/npz.ts'
import { type TrainingState } from '../training/trainer.ts'
import { stateNames } from '../training/optimizer.ts'
import { exists, readBytes, writeWhole } from './files.ts'

export interface LogLine {
  readonly step: number
  readonly images: number
  readonly loss: number
  readonly norm: number
  readonly rate: number
  readonly imagesPerSecond: number
  readonly seconds: number
}

export interface RunFolder {
  readonly path: string
  file(name: string): string
  /** Whether a run has been here. */
  readonly begun: boolean
  writeState(state: TrainingState): void
  readState(): TrainingState
  log(line: LogLine): void
  /** Drops the log's lines after a step: they will be written again. */
  rewind(step: number): LogLine[]
}

export function runFolder(path: string): RunFolder {
  const file = (name: string) => join(path, name)
  const logFile = file('log.ndjson')
  return {
    path,
    file,
    begun: exists(file('run.json')),
    writeState(state) {
      const arrays = stateNames.map(name => [name, { data: state[name], shape: [state[name].length] }] as const)
      const step: NdArray = { data: Float64Array.of(state.step), shape: [] }
      writeWhole(file('checkpoint.npz'), writeNpz({ ...Object.fromEntries(arrays), step }, { pack: false }))
    },
    readState() {
      const arrays = readNpz(readBytes(file('checkpoint.npz')), 'checkpoint.npz')
      const take = (name: string): Float32Array => {
        const array = arrays[name]
        if (typeof array === 'object' && array.data instanceof Float32Array) return array.data
        throw new SyntaxError(`Cannot resume from ${path}: checkpoint.npz must hold the array ${name}`)
      }
      const step = arrays.step
      if (typeof step !== 'object') throw new SyntaxError(`Cannot resume from ${path}: checkpoint.npz must hold the step`)
      const [parameters, first, second, average] = stateNames.map(take)
      return { step: step.data[0], parameters, first, second, average }
    },
    log(line) {
      mkdirSync(path, { recursive: true })
      appendFileSync(logFile, `${JSON.stringify(line)}\n`)
    },
    rewind(step) {
      if (!exists(logFile)) return []
      const lines = readFileSync(logFile, 'utf8').split('\n').flatMap(parsed).filter(line => line.step <= step)
      writeWhole(logFile, lines.map(line => `${JSON.stringify(line)}\n`).join(''))
      return lines
    },
  }
}

/** A line of the log; the last one may have been cut off in the middle. */
function parsed(text: string): LogLine[] {
  try {
    return [JSON.parse(text) as LogLine]
  } catch {
    return []
  }
}
