/** The folder of a sweep: what it is, a note and a model of each trial, and the winner. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { cannot, UsageError } from '../../base/errors.ts'
import type { Result } from '../../jobs/sweep/halving.ts'
import type { SweepJob } from '../../jobs/sweep/sweep.ts'
import type { Options } from '../../jobs/sweep/vary.ts'
import { readBytes, writeWhole } from '../../node/files.ts'

/** A trial on a rung. */
interface Of {
  readonly rung: number
  readonly trial: number
  readonly steps: number
}

export interface SweepFolder {
  readonly path: string
  /** The sweep that it holds; begins one in an empty folder. @throws UsageError where it is another, or none */
  begun(job?: SweepJob): SweepJob
  has(of: Of): boolean
  /** The note is written last: a trial that has one is whole. */
  put(of: Of, made: { options: Options; loss: number | null; model?: Uint8Array }): void
  /** What the finished trials of a rung came to. */
  results(rung: number): Result[]
  /** Leaves the winner as model.onnx, and results.json of all. */
  finish(
    winner: number,
    all: { rung: number; trials: readonly Options[]; results: readonly Result[][] },
  ): void
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

export function sweepFolder(path: string): SweepFolder {
  const file = join(path, 'sweep.json')
  const rungAt = (rung: number) => join(path, `rung-${rung}`)
  const at = ({ rung, trial }: Pick<Of, 'rung' | 'trial'>, ending: string) =>
    join(rungAt(rung), `trial-${String(trial).padStart(3, '0')}${ending}`)
  const read = (name: string) => JSON.parse(Buffer.from(readBytes(name)).toString())
  return {
    path,
    begun(job) {
      if (!existsSync(file)) {
        if (!job) throw new UsageError(cannot('sweep', '--data and --vary', 'given', undefined))
        writeWhole(file, json(job))
        return job
      }
      const there = read(file) as SweepJob
      if (job && json(job) !== json(there))
        throw new UsageError(cannot('sweep', '--out', 'a new folder, or that of this sweep', path))
      return there
    },
    has: of => existsSync(at(of, '.json')),
    put(of, { options, loss, model }) {
      if (model) writeWhole(at(of, '.onnx'), model)
      writeWhole(at(of, '.json'), json({ ...of, loss, options }))
    },
    results(rung) {
      if (!existsSync(rungAt(rung))) return []
      const notes = readdirSync(rungAt(rung)).filter(name => /^trial-\d+\.json$/.test(name))
      return notes
        .map(name => read(join(rungAt(rung), name)) as Result)
        .map(({ trial, loss }) => ({ trial, loss }))
        .sort((a, b) => a.trial - b.trial)
    },
    finish(winner, { rung, trials, results }) {
      writeWhole(join(path, 'results.json'), json({ winner, options: trials[winner], trials, results }))
      const model = at({ rung, trial: winner }, '.onnx')
      // Of trials that all diverged there is none.
      if (existsSync(model)) writeWhole(join(path, 'model.onnx'), readBytes(model))
    },
  }
}
