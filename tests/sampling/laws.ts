// What the tests of samplers say of laws.
import { random } from '../../src/base/random.ts'
import type { OriginFunction } from '../../src/sampling/index.ts'

/** The total variation of two laws over the same states. */
export const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, p, s) => sum + Math.abs(p - b[s]) / 2, 0)

/** Origins of no law at all: from 1e-6 to 1e6, and zeros, from counts and time alone so that they are a function. */
export const absurd =
  (sites: number): OriginFunction =>
  (counts, times) => {
    const out = new Float32Array(counts.length)
    const size = counts.length / times.length
    for (let i = 0; i < times.length; i++) {
      let key = Math.floor(times[i] * 1e9)
      for (let x = 0; x < size; x++) key += counts[i * size + x] * ((x % sites) + 1)
      const rng = random(key)
      for (let k = 0; k < size; k++)
        out[i * size + k] = rng.u32() % 5 === 0 ? 0 : 10 ** (6 * (2 * rng.uniform() - 1))
    }
    return out
  }
