// What is done without a prior: Richardson and Lucy's steps, filtered back projection, SIRT.
import type { Measurement } from './measurement.ts'
import { pull } from './pull.ts'

/** The image after every step of Richardson and Lucy from an even one of the mass, as `each` sees it; it must copy what it keeps. */
export function richardsonLucy(
  measurement: Measurement,
  { image = 0, mass, steps }: { readonly image?: number; readonly mass: number; readonly steps: number },
  each: (estimate: Float64Array, step: number) => void,
): void {
  const { size } = measurement.operator
  const estimate = new Float64Array(size).fill(mass / size)
  for (let step = 1; step <= steps; step++) {
    // A step of the pull where nothing is known beforehand.
    pull(estimate, measurement, { image, open: 1e9, rounds: 1 })
    each(estimate, step)
  }
}

/**
 * The simultaneous iterative reconstruction (Gilbert 1972): n <- n + C Aᵀ R (y / gain - A n), with R and C one over the row and column
 * sums, and nothing below 0 or above `most`.
 */
export function sirt(
  measurement: Measurement,
  { image = 0, most, steps }: { readonly image?: number; readonly most: number; readonly steps: number },
): Float64Array {
  const { operator } = measurement
  const gain = measurement.gain(image)
  const seen = measurement.seen(image)
  const [rows, now] = [new Float64Array(seen.length), new Float64Array(seen.length)]
  operator.apply(new Float64Array(operator.size).fill(1), rows)
  const estimate = new Float64Array(operator.size)
  const change = new Float64Array(operator.size)
  for (let step = 0; step < steps; step++) {
    operator.apply(estimate, now)
    for (let i = 0; i < now.length; i++) now[i] = rows[i] > 0 ? (seen[i] / gain - now[i]) / rows[i] : 0
    operator.adjoint(now, change)
    for (let x = 0; x < estimate.length; x++)
      if (operator.sums[x] > 0)
        estimate[x] = Math.min(most, Math.max(0, estimate[x] + change[x] / operator.sums[x]))
  }
  return estimate
}

/**
 * Filtered back projection of views even over half a turn, of a slice [H, W]: every view convolved with the ramp filter of
 * Ramachandran and Lakshminarayanan (1971), h(0) = 1/4, h(odd k) = -1 / (π k)², else 0, and smeared back.
 */
export function filteredBackProjection(
  measurement: Measurement,
  { image = 0 }: { readonly image?: number } = {},
): Float64Array {
  const { operator, description } = measurement
  const gain = measurement.gain(image)
  const { operator: of } = description
  if (of.kind !== 'projections')
    throw new RangeError(
      `Cannot project back: the operator must be one of projections, got ${JSON.stringify(of.kind)}`,
    )
  const seen = measurement.seen(image)
  const views = of.angles.length
  const bins = seen.length / views
  const filtered = new Float64Array(seen.length)
  for (let view = 0; view < views; view++)
    for (let i = 0; i < bins; i++) {
      let sum = 0
      for (let j = 0; j < bins; j++) {
        const k = i - j
        const h = k === 0 ? 0.25 : k % 2 === 0 ? 0 : -1 / (Math.PI * k) ** 2
        sum += (h * seen[view * bins + j]) / gain
      }
      filtered[view * bins + i] = (Math.PI / views) * sum
    }
  const out = new Float64Array(operator.size)
  operator.adjoint(filtered, out)
  return out
}
