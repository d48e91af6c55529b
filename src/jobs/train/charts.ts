/** The curves of a run: its loss, and how its samples stand beside crops. Doors draw them: a page has its own. */
import { lineChart } from '../../formats/chart.ts'
import { type Figure, figureNames } from './aims.ts'
import type { Check } from './check.ts'

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

/** The distances over the steps, in per cent. */
export function drawChecks(checks: readonly Check[]): Promise<string> {
  const names = Object.keys(figureNames) as Figure[]
  const of = (name: Figure) => checks.map(({ step, figures }) => [step, 100 * figures[name].off] as const)
  const { lags, beside } = checks[checks.length - 1]
  const far = { near: lags[0], middle: lags[1], far: lags[2] } as Partial<Record<Figure, number>>
  const called = (name: Figure) =>
    name in far ? `S2 at ${far[name]} voxels, of φ(1 − φ)` : figureNames[name]
  return lineChart({
    title: `Finished samples beside ${beside}`,
    x: { label: 'step' },
    y: { label: 'samples above crops / %' },
    series: [
      {
        name: 'as in the crops',
        points: [checks[0].step, checks[checks.length - 1].step].map(step => [step, 0] as const),
      },
      ...names.map(name => ({ name: called(name), points: of(name) })),
    ],
  })
}
