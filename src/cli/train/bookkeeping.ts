/** Log, checkpoints and pictures between the steps of a training run. */

import { drawChecks, drawLoss, type LossLine } from '../../jobs/train/charts.ts'
import { type Course, course } from '../../jobs/train/course.ts'
import { fitGrain, grained } from '../../jobs/train/grain.ts'
import { modelBytes, type Run } from '../../jobs/train/run.ts'
import { writeWhole } from '../../node/files.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import type { Report, TrainingState } from '../../training/trainer.ts'
import type { Checkpoint, Pending } from './run-checkpoint.ts'
import type { RunFolder } from './run-folder.ts'

export interface BookkeepingOptions {
  readonly folder: RunFolder
  readonly runtime: Runtime
  /** Minutes between checkpoints, and between grids of samples. */
  readonly every: number
  readonly pictures: number
  readonly threads?: number
  /** Takes a sentence on how samples stand. */
  readonly say?: (sentence: string) => unknown
}

export interface Bookkeeping {
  /** How long the run has taken, with what came before it was resumed. */
  seconds(): number
  /** The last step as it is foreseen after so many. */
  readonly last: Course['last']
  /** The loss of the last line of the log; undefined before the first. */
  loss(): number | undefined
  /** Takes note of a step that is done, saves where it is time to; returns words on how it goes. */
  after(state: TrainingState, report: Report): Promise<string>
  /** Saves the run as it stands. */
  save(options: { pictures: boolean }): Promise<void>
  /** Saves the run that is done, of a material with the grain that suits it. */
  finish(): Promise<void>
  /** Saves the last state whose loss was a number, and returns its step. */
  retreat(): Promise<number>
}

export function bookkeeping(run: Run, start: Checkpoint, options: BookkeepingOptions): Bookkeeping {
  const { folder, every, say } = options
  const log = logbook(run, start, folder)
  const {
    last: foreseen,
    due,
    look,
  } = course(run, {
    ...options,
    every: options.pictures,
    spent: log.seconds,
    from: start.state.step,
    checks: log.checks,
  })
  let saved = performance.now()
  // The loss of a state is known only after the next step.
  let [good, last] = [start, start]

  async function write(checkpoint: Checkpoint, withPictures: boolean, grain?: number): Promise<void> {
    const { state } = checkpoint
    folder.write(checkpoint)
    writeWhole(folder.file('model.onnx'), modelBytes(run, state, { half: true, grain }))
    const lines = log.lines.filter(line => line.step <= state.step)
    if (withPictures) await watch(state)
    if (lines.length > 1) writeWhole(folder.file('loss.svg'), await drawLoss(lines, log.checks))
    saved = performance.now()
  }

  async function watch(state: TrainingState): Promise<void> {
    const { picture, check, sentence } = await look(state)
    writeWhole(folder.file('samples.png'), picture)
    if (!check) return
    log.checks.push(check)
    folder.log({ ...check, check: true })
    writeWhole(folder.file('check.svg'), await drawChecks(log.checks))
    if (sentence) say?.(sentence)
  }

  return {
    seconds: log.seconds,
    last: foreseen,
    loss: () => log.lines.at(-1)?.loss,
    async after(state, report) {
      const words = log.note(report)
      good = last
      last = { state, pending: log.pending() }
      const draw = due()
      if (draw || performance.now() - saved > every * 60_000) await write(last, draw)
      return words
    },
    save: ({ pictures: draw }) => write(last, draw),
    async finish() {
      await write(last, true)
      if (grained(run)) await write(last, false, await fitGrain(run, last.state, options))
    },
    async retreat() {
      await write(good, false)
      return good.state.step
    },
  }
}

/** The lines of the log, one per few steps. */
function logbook({ options }: Run, { state, pending }: Checkpoint, folder: RunFolder) {
  const perStep = options.batch * options.accumulate
  const every = Math.max(1, Math.min(20, Math.floor(options.steps / 200)))
  const { lines, checks } = folder.rewind(state.step)
  const before = Math.max(lines.at(-1)?.seconds ?? 0, checks.at(-1)?.seconds ?? 0)
  const began = performance.now()
  const seconds = () => before + (performance.now() - began) / 1000
  let sums: Pending = pending
  let mark = { time: began, step: state.step }
  let words = ''
  return {
    lines,
    checks,
    seconds,
    pending: () => sums,
    note({ step, loss, norm, rate }: Report): string {
      sums = { loss: sums.loss + loss, norm: sums.norm + norm, count: sums.count + 1 }
      if (step % every !== 0) return words
      const now = performance.now()
      const line: LossLine = {
        step,
        images: step * perStep,
        loss: sums.loss / sums.count,
        norm: sums.norm / sums.count,
        rate,
        imagesPerSecond: ((step - mark.step) * perStep * 1000) / Math.max(1, now - mark.time),
        seconds: seconds(),
      }
      lines.push(line)
      folder.log(line)
      words = `loss ${line.loss.toFixed(4)} · ${line.imagesPerSecond.toFixed(0)} images/s`
      mark = { time: now, step }
      sums = { loss: 0, norm: 0, count: 0 }
      return words
    },
  }
}
