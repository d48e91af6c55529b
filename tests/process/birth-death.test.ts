// Birth and death, of which Poisson noise is the limit.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { birthDeath } from '../../src/process/index.ts'
import { distance, grids, type State } from './known-process.ts'
import { processConformance } from './process.conformance.ts'

const mean = 0.5
const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))
const poisson = (state: State) => state.reduce((p, n) => (p * mean ** n) / factorial(n), 1)
const [one, two] = [0, 1].map(extra => ({
  forward: (state: State) =>
    state.flatMap((n, x) => [[state.with(x, n - 1), n] as const, [state.with(x, n + 1), mean] as const]),
  reverse: (state: State, { j, x }: { j: number; x: number }) =>
    j === 0 ? (state[x] > 0 ? state.with(x, state[x] - 1) : undefined) : state.with(x, state[x] + 1),
  limit: poisson,
  conserved: () => [],
  undo: 'known n_0' as const,
  process: birthDeath({ lengths: [1 + extra], mean, rate: 8 }),
}))

processConformance('birthDeath() of one site', {
  ...one,
  states: grids(1, 13),
  data: ([n]) => [2, 1, 5, 0.5][n] ?? 0.3 ** n,
})
const image = [0.2, 0.4]
processConformance('birthDeath() to an image', {
  ...two,
  process: birthDeath({ lengths: [2], mean: image, rate: 8 }),
  forward: state =>
    state.flatMap((n, x) => [[state.with(x, n - 1), n] as const, [state.with(x, n + 1), image[x]] as const]),
  limit: state => state.reduce((p, n, x) => (p * image[x] ** n) / factorial(n), 1),
  states: grids(2, 7),
  data: ([a, b]) => 0.2 ** (a + b) * (1 + ((a * a + 5 * b) % 4)),
})

describe('birthDeath() to an image', () => {
  it('comes in one step from 1 to any time within 0.01 of the exact law, where the origin is the truth', () => {
    const means = [0.5, 6]
    const clean = [4, 2]
    const process = birthDeath({ lengths: [2], mean: means })
    const draws = 200_000
    for (const to of [0.3, 0.05]) {
      const alive = Math.exp(-process.rate * to)
      const seen = means.map(() => new Float64Array(40))
      const [counts, stream] = [new Int32Array(2), random(1)]
      for (let i = 0; i < draws; i++) {
        process.limit([], { random: stream, out: counts })
        // Of the units of the limit none has survived, as good as surely.
        process.undo(counts, [...clean, 0, 0], { from: 1, to, random: stream })
        counts.forEach((n, x) => {
          seen[x][n] += 1 / draws
        })
      }
      means.forEach((m, x) => {
        const exact = new Float64Array(40)
        for (let k = 0; k <= clean[x]; k++) {
          const choose = factorial(clean[x]) / factorial(k) / factorial(clean[x] - k)
          const kept = choose * alive ** k * (1 - alive) ** (clean[x] - k)
          const come = m * (1 - alive)
          for (let n = k; n < 40; n++)
            exact[n] += (kept * Math.exp(-come) * come ** (n - k)) / factorial(n - k)
        }
        expect(distance(seen[x], exact)).toBeLessThan(0.01)
      })
    }
  })

  it('refuses an image of another size, or one with sites that nothing comes to', () => {
    expect(() => birthDeath({ lengths: [2], mean: [1] })).toThrow(RangeError)
    expect(() => birthDeath({ lengths: [2], mean: [1, 0] })).toThrow(/the mean must be in \(0, 1e6\]/)
  })
})
