/** Pictures of a run: its loss, and samples of the network as it stands. */
import { lineChart } from '../../formats/chart.ts'
import { picture } from '../../formats/picture.ts'
import { encodeModelFile } from '../../model/file.ts'
import { originFunction } from '../../model/origin.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { sample, solver } from '../../sampling/index.ts'
import type { TrainingState } from '../../training/trainer.ts'
import { solverOf } from '../draw/solver.ts'
import { massesOf } from '../masses.ts'
import type { Check } from './check.ts'
import { type Run, tile } from './run.ts'

/** A line of the log of a run, the mean over the steps since the one before. */
export interface LossLine {
  readonly step: number
  readonly images: number
  readonly loss: number
  readonly norm: number
  readonly rate: number
  readonly imagesPerSecond: number
  readonly seconds: number
}

/** Network calls of a picture on the way: enough to see how training goes. */
const calls = 16

/** The loss over the steps, with its running mean, and that of held-out crops. */
export function drawLoss(lines: readonly LossLine[], checks: readonly Check[] = []): Promise<string> {
  const kept = lines.filter((_, i) => i % Math.ceil(lines.length / 1000) === 0)
  let mean = kept[0].loss
  const smooth = kept.map(line => {
    mean += 0.05 * (line.loss - mean)
    return [line.step, mean] as const
  })
  return lineChart({
    title: 'Training loss',
    x: { label: 'step' },
    y: { label: 'loss', log: true },
    series: [
      { name: 'loss', points: kept.map(line => [line.step, line.loss] as const) },
      { name: 'running mean', points: smooth },
      ...(checks.length === 0
        ? []
        : [{ name: checks[0].beside, points: checks.map(one => [one.step, one.heldOutLoss] as const) }]),
    ],
  })
}

/** A grid of one tile of samples, masses that are kept spread evenly over those of the data; the same seeds every time. */
export async function drawSamples(run: Run, state: TrainingState, runtime: Runtime): Promise<Uint8Array> {
  const description = run.describe(state.step)
  const program = await runtime.compile(encodeModelFile(description, state.average))
  try {
    const known = description.data.masses
    const masses = Array.from({ length: tile }, (_, i) =>
      known[Math.floor(((i + 0.5) * known.length) / tile)].slice(0, run.process.conserved),
    )
    const { counts } = await sample({
      process: run.process,
      solver: solver(solverOf({ calls }, description)),
      origin: originFunction(program, description),
      masses,
      seed: 0,
      batch: tile,
    })
    const { shape } = description.task
    const captions = massesOf({ counts, count: tile, shape }).map(mass => mass.join(' '))
    return picture({ counts, shape: [tile, ...shape] }, { captions }).png
  } finally {
    await program.release()
  }
}
