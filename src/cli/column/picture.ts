/** Measured signals, the fitted curves on them, and what is left over below. */
import { basename } from 'node:path'
import { lineChart, type Point, type Series, stacked } from '../../formats/chart.ts'
import type { Analyte } from '../../physics/index.ts'

/** One analyte and the stretch of data that it was fitted to. */
export interface FittedAnalyte extends Analyte {
  readonly name: string
  readonly times: Float64Array
  readonly values: Float64Array
}

/** More peaks than this share one colour. */
const mostColours = 3

export async function fitPicture(
  found: readonly FittedAnalyte[],
  { unit, path }: { unit: string; path: string },
): Promise<string> {
  const points = (times: Float64Array, value: (i: number) => number) =>
    Array.from(times, (t, i): Point => [t, value(i)])
  const gap: Point = [Number.NaN, Number.NaN]
  const together = found.length > mostColours + 1
  const groups = together ? [found] : found.map(one => [one])
  const series = groups.flatMap((group): Series[] => {
    const name = together ? `${group.length} analytes` : group[0].name
    const join = (of: (one: FittedAnalyte) => Point[]) => group.flatMap(one => [...of(one), gap])
    return [
      { name: `${name}: measured`, points: join(one => points(one.times, i => one.values[i])), dots: true },
      { name: 'fitted', points: join(one => points(one.times, i => one.fitted[i])) },
    ]
  })
  const rest = groups.map(
    (group): Series => ({
      name: together ? 'measured − fitted' : group[0].name,
      points: group.flatMap(one => [...points(one.times, i => one.values[i] - one.fitted[i]), gap]),
    }),
  )
  const x = { label: `time (${unit})` }
  return stacked([
    await lineChart({
      title: `${basename(path)}: two parameters per analyte`,
      x,
      y: { label: 'signal' },
      series,
    }),
    await lineChart({ title: 'Residuals', x, y: { label: 'measured − fitted' }, series: rest, height: 260 }),
  ])
}
