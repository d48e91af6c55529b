// Series judged afterwards: the same law is not told apart, another is, and what follows is predicted where it does follow.
import { describe, expect, it } from 'vitest'
import { discriminative, predictive } from '../../scripts/series/posthoc.ts'
import { random } from '../../src/base/random.ts'

/** Waves of two columns, the second a step behind the first, or by itself. */
function waves(count: number, { seed, alone = false }: { seed: number; alone?: boolean }): number[][][] {
  const rng = random(seed)
  const wave = () => {
    const [f, p] = [0.3 + 0.7 * rng.uniform(), 6 * rng.uniform()]
    return Array.from({ length: 13 }, (_, x) => (1 + Math.sin(f * x + p)) / 2)
  }
  return Array.from({ length: count }, () => {
    const one = wave()
    return [one.slice(1), alone ? wave().slice(1) : one.slice(0, -1)]
  })
}

describe('series judged by networks', { timeout: 120_000 }, () => {
  it('`discriminative()` is small of one law, and near a half of another', async () => {
    const real = waves(600, { seed: 1 })
    // Of 240 held out a fair coin is 0.16 off with a chance below 1e-6.
    expect(await discriminative(real, waves(600, { seed: 2 }), { seed: 1 })).toBeLessThan(0.17)
    expect(await discriminative(real, waves(600, { seed: 3, alone: true }), { seed: 1 })).toBeGreaterThan(0.3)
  })

  it('`predictive()` is small where samples follow as the data do, and that of a guess where they do not', async () => {
    const real = waves(100, { seed: 4 })
    const good = await predictive(real, waves(200, { seed: 5 }), { seed: 1 })
    const bad = await predictive(real, waves(200, { seed: 6, alone: true }), { seed: 1 })
    expect(good).toBeLessThan(0.05)
    expect(bad).toBeGreaterThan(0.2)
  })
})
