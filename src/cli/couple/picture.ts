/** The profile as measured and as smoothed, and the coefficients over composition below. */
import { basename } from 'node:path'
import { lineChart, type Point, stacked } from '../../formats/chart.ts'
import type { Band, Profile, ProfileOptions } from '../../physics/index.ts'

export interface ShownCouple {
  readonly path: string
  readonly measured: ProfileOptions
  readonly couple: Profile
  readonly curves: Readonly<Record<string, Float64Array>>
  readonly fractions: Float64Array
  readonly band?: Band
}

export async function couplePicture({
  path,
  measured,
  couple,
  curves,
  fractions,
  band,
}: ShownCouple): Promise<string> {
  const { positions, phases } = couple
  const sign = couple.turned ? -1 : 1
  const gap: Point = [Number.NaN, Number.NaN]
  const byPhase = (point: (i: number) => Point) =>
    Array.from(positions, (_, i) => i).flatMap(i =>
      i > 0 && phases.includes(i) ? [gap, point(i)] : [point(i)],
    )
  // Where hardly anything has moved a slope is noise: coefficients there are not drawn.
  const telling = (i: number) => {
    const y = (couple.fractions[i] - couple.left) / (couple.right - couple.left)
    // At an interface the spline reaches half a step beyond what was measured.
    const beside = phases.some(first => first > 0 && Math.abs(i - first + 0.5) < 8)
    return y > 0.01 && y < 0.99 && !beside
  }
  const profiles = [
    {
      name: 'measured',
      points: Array.from(measured.positions, (x, i): Point => [x * 1e6, measured.fractions[i]]),
      dots: true,
    },
    { name: 'used', points: byPhase(i => [sign * positions[i] * 1e6, couple.fractions[i]]) },
  ]
  const coefficients = Object.entries(curves).map(([name, curve]) => ({
    name,
    points: byPhase(i => (telling(i) ? [couple.fractions[i], curve[i]] : gap)),
  }))
  const interval = band && {
    name: '95 % of the bootstrap',
    points: Array.from(fractions, (n, i) => [n, band.low[i], band.high[i]] as const).sort(
      (a, b) => a[0] - b[0],
    ),
  }
  return stacked([
    await lineChart({
      title: `${basename(path)}: profile`,
      x: { label: 'position (µm)' },
      y: { label: 'mole fraction' },
      series: profiles,
      height: 340,
    }),
    await lineChart({
      title: 'Interdiffusion coefficient',
      x: { label: 'mole fraction' },
      y: { label: 'D (m²/s)', log: true },
      series: coefficients,
      band: interval,
    }),
  ])
}
