// The cosine schedule: the share of signal falls as a squared cosine.

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { sinPi } from '../base/numeric.ts'
import { type Schedule, scheduleOf } from './schedule.ts'

/**
 * t = 1 - cos²(θ) / cos²(θ0), θ = (u + offset) / (1 + offset) · pi/2, θ0 its value at u = 0: what Nichol and Dhariwal
 * (Improved Denoising Diffusion Probabilistic Models, 2021, eq. 17) call 1 - ᾱ. Offset in [0, 1], theirs 0.008.
 *
 * Computed as sin(θ - θ0) sin(θ + θ0) / cos²(θ0), which does not cancel near u = 0. The slope is 0 at u = 1 (and at
 * u = 0 when there is no offset).
 */
export function cosine(options: { offset?: number } = {}): Schedule {
  demandGiven('build the cosine schedule', { options }, { options: 'object' })
  const { offset = 0.008 } = options
  const allowed = Number.isFinite(offset) && offset >= 0 && offset <= 1
  demand(allowed, 'build the cosine schedule', 'the offset', 'in [0, 1]', offset)
  const turn = 0.5 / (1 + offset)
  const twice = offset / (1 + offset)
  const height = (u: number) => sinPi(turn * u) * sinPi(turn * u + twice)
  const derivative = (u: number) => Math.max(0, Math.PI * turn * sinPi(2 * turn * u + twice))
  return scheduleOf(
    { kind: 'cosine', offset },
    { height, derivative, inverse: wanted => root({ height, derivative }, wanted) },
  )
}

/** Solves height(u) = wanted in [0, 1] by Newton's steps, halving the bracket where a step would leave it. */
function root(
  { height, derivative }: { height(u: number): number; derivative(u: number): number },
  wanted: number,
): number {
  let low = 0
  let high = 1
  let u = 0.5
  for (let i = 0; i < 100 && low < high; i++) {
    const error = height(u) - wanted
    if (error > 0) high = u
    else low = u
    const step = u - error / derivative(u)
    const next = step > low && step < high ? step : low + (high - low) / 2
    if (next === u || error === 0) break
    u = next
  }
  return u
}
