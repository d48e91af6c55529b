/**
 * The folder of a training run: its options, its state, its log and its pictures.
 *
 * `run.json` how it was started · `checkpoint.npz` the whole state · `log.ndjson` one line per report ·
 * `loss.svg`, `samples.png` and of materials `check.svg` to look at · `model.onnx` the network as it stands · `lock` while it is under way.
 */
import { appendFileSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { LossLine } from '../../jobs/train/charts.ts'
import type { Check } from '../../jobs/train/check.ts'
import { because, readBytes, writeWhole } from '../../node/files.ts'
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './run-checkpoint.ts'
import { type Beginning, identityOf, readBeginning, writeBeginning } from './run-file.ts'
import { lock } from './run-lock.ts'

/** A line of the log that tells how samples stand. */
export type CheckLine = Check & { readonly check: true }

const isCheck = (line: LossLine | CheckLine): line is CheckLine => 'check' in line

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
  /** Writes the state of the run that was begun. */
  write(checkpoint: Checkpoint): void
  /** Reads the checkpoint of a run whose network has so many parameters. */
  read(beginning: Beginning, parameters: number): Checkpoint
  log(line: LossLine | CheckLine): void
  /** Drops the log's lines after a step, which will be written again, and what an interrupted write left behind. */
  rewind(step: number): { lines: LossLine[]; checks: Check[] }
}

export function runFolder(path: string): RunFolder {
  const file = (name: string) => join(path, name)
  const [logFile, saved] = [file('log.ndjson'), file('checkpoint.npz')]
  let letGo: (() => void) | undefined
  let run = ''
  const claim = () => {
    letGo ??= lock(path)
  }
  return {
    path,
    file,
    begun: existsSync(file('run.json')),
    saved: existsSync(saved),
    claim,
    release() {
      letGo?.()
      letGo = undefined
    },
    begin(beginning) {
      claim()
      run = identityOf(beginning)
      writeBeginning(file('run.json'), beginning)
    },
    beginning: () => readBeginning(file('run.json')),
    write: checkpoint => writeCheckpoint(saved, checkpoint, run),
    read: (beginning, parameters) => readCheckpoint(saved, { parameters, run: identityOf(beginning) }),
    log(line) {
      try {
        appendFileSync(logFile, `${JSON.stringify(line)}\n`)
      } catch (error) {
        throw because('write', logFile, error)
      }
    },
    rewind(step) {
      if (!existsSync(path)) return { lines: [], checks: [] }
      for (const name of readdirSync(path)) if (name.endsWith('.part')) rmSync(file(name), { force: true })
      if (!existsSync(logFile)) return { lines: [], checks: [] }
      const kept = new TextDecoder()
        .decode(readBytes(logFile))
        .split('\n')
        .flatMap(parsed)
        .filter(line => line.step <= step)
      writeWhole(logFile, kept.map(line => `${JSON.stringify(line)}\n`).join(''))
      return { lines: kept.filter(line => !isCheck(line)) as LossLine[], checks: kept.filter(isCheck) }
    },
  }
}

/** A line of the log; the last one may have been cut off in the middle, and what is no line counts for nothing. */
function parsed(text: string): (LossLine | CheckLine)[] {
  let line: unknown
  try {
    line = JSON.parse(text)
  } catch {
    return []
  }
  const known = (typeof line === 'object' && line !== null ? line : {}) as Partial<LossLine & CheckLine>
  const { step, seconds, loss, heldOutLoss, figures, check } = known
  const told = check ? [step, seconds, heldOutLoss, figures?.surface?.off] : [step, seconds, loss]
  return told.every(Number.isFinite) ? [line as LossLine | CheckLine] : []
}
