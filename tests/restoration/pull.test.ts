// The pull: where it comes to is the minimum that it says, and its limits are what they are called.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import {
  type LikelihoodDescription,
  likelihood,
  measured,
  measurement,
  operator,
  pull,
  richardsonLucy,
} from '../../src/restoration/index.ts'

const shape = [1, 6, 6] as const
const blur = { kind: 'blur', sigma: 1, boundary: 'no-flux' } as const
const rng = random(2)
const truth = Float64Array.from({ length: 36 }, () => 40 * rng.uniform() ** 3)
const origin = Float64Array.from(truth, n => 1 + n * (0.5 + rng.uniform()))
const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0)

function seenBy(law: LikelihoodDescription, gain = 2) {
  const of = operator(blur, shape)
  const seen = measured(truth, { operator: of, likelihood: likelihood(law), gain }, random(4))
  return measurement({ operator: blur, likelihood: law, gain, seen }, shape)
}

describe('pull()', () => {
  it.each([{ kind: 'poisson' }, { kind: 'gaussian', sigma: 3 }] as const)(
    'comes to the least of KL / φ - log P for $kind errors, at the mass',
    law => {
      const told = seenBy(law)
      const [open, from] = [2.5, Float64Array.from(origin, d => (d * sum(truth)) / sum(origin))]
      const cost = (n: Float64Array) =>
        n.reduce((all, value, x) => all + value * Math.log(value / from[x]) - value + from[x], 0) / open -
        told.log(n, 0)
      const found = from.slice()
      pull(found, told, { image: 0, open, rounds: 400 })
      expect(sum(found)).toBeCloseTo(sum(truth), 6)
      const least = cost(found)
      expect(least).toBeLessThan(cost(from) - 1)
      // Nothing near it at the same mass is less.
      for (let k = 0; k < 60; k++) {
        const other = found.map(n => n * Math.exp(0.05 * (rng.uniform() - 0.5)))
        const scale = sum(found) / sum(other)
        expect(cost(other.map(n => n * scale))).toBeGreaterThan(least)
      }
    },
  )

  it('comes to the same from anywhere, and sooner from where it ended for an origin much like this one', () => {
    const told = seenBy({ kind: 'gaussian', sigma: 0.5 })
    const [open, from] = [40, Float64Array.from(origin, d => (d * sum(truth)) / sum(origin))]
    const far = (a: Float64Array, b: Float64Array) =>
      Math.sqrt(a.reduce((all, n, x) => all + (n - b[x]) ** 2, 0))
    const least = from.slice()
    pull(least, told, { image: 0, open, rounds: 20_000 })
    const other = from.map(d => d * (0.9 + 0.2 * rng.uniform()))
    pull(other, told, { image: 0, open, rounds: 20_000 })
    const near = { image: 0, open, rounds: 30 }
    const [anew, on] = [from.slice(), from.slice()]
    pull(anew, told, near)
    pull(on, told, { ...near, begin: other })
    expect(far(on, least)).toBeLessThan(0.5 * far(anew, least))
    expect(sum(on)).toBeCloseTo(sum(truth), 6)
    const end = from.slice()
    pull(end, told, { image: 0, open, rounds: 20_000, begin: other })
    expect(far(end, least)).toBeLessThan(1e-3 * sum(truth))
  })

  it('is the step of Richardson and Lucy where nothing is known, and none where all is', () => {
    const told = seenBy({ kind: 'poisson' })
    const of = told.operator
    const [expected, ratio, factor] = [0, 1, 2].map(() => new Float64Array(36))
    const even = new Float64Array(36).fill(5)
    of.apply(even, expected)
    const seen = told.seen(0)
    for (let i = 0; i < 36; i++) ratio[i] = seen[i] / (2 * expected[i])
    of.adjoint(ratio, factor)
    const step = even.map((n, x) => n * factor[x])
    const scale = 180 / sum(step)
    richardsonLucy(told, { mass: 180, steps: 1 }, estimate => {
      estimate.forEach((n, x) => {
        expect(n).toBeCloseTo(step[x] * scale, 4)
      })
    })
    const same = origin.slice()
    pull(same, told, { image: 0, open: 0 })
    expect(same).toEqual(origin)
    pull(same, told, { image: 0, open: 1e-9 })
    same.forEach((n, x) => {
      expect(n).toBeCloseTo(origin[x], 5)
    })
  })

  it('keeps probabilities within 0 and 1, also of the phase that is not seen', () => {
    const p = Float64Array.from({ length: 36 }, () => rng.uniform())
    const pores = Float64Array.from({ length: 36 }, (_, x) => (x % 6 < 2 ? 1 : 0))
    const gaussian = { kind: 'gaussian', sigma: 0.05 } as const
    for (const complement of [false, true]) {
      const seen = new Float64Array(36)
      operator(blur, shape).apply(complement ? pores.map(n => 1 - n) : pores, seen)
      const told = measurement({ operator: blur, likelihood: gaussian, gain: 1, seen, complement }, shape)
      const pulled = p.slice()
      pull(pulled, told, { image: 0, open: 3, phases: true, rounds: 200 })
      expect(pulled.every(n => n >= 0 && n <= 1)).toBe(true)
      const off = (from: Float64Array) => from.reduce((all, n, x) => all + Math.abs(n - pores[x]), 0)
      expect(off(pulled)).toBeLessThan(off(p) / 3)
    }
  })
})

describe('likelihood()', () => {
  it('has the densities of its laws', () => {
    const poisson = likelihood({ kind: 'poisson' })
    // 3 of 2 expected, 0 of 1: e^-2 2³ / 3! and e^-1.
    expect(poisson.log([3, 0], [2, 1])).toBeCloseTo(-2 + Math.log(8 / 6) - 1, 12)
    const gaussian = likelihood({ kind: 'gaussian', sigma: 2 })
    expect(gaussian.log([1], [4])).toBeCloseTo(-9 / 8 - Math.log(2 * Math.sqrt(2 * Math.PI)), 12)
  })

  it('draws with the mean and the spread that it says', () => {
    for (const [law, variance] of [
      [{ kind: 'poisson' }, 7],
      [{ kind: 'gaussian', sigma: 2 }, 4],
    ] as const) {
      const drawn = likelihood(law).draw(new Float64Array(20_000).fill(7), random(3))
      const mean = drawn.reduce((a, b) => a + b, 0) / 20_000
      expect(Math.abs(mean - 7)).toBeLessThan(5 * Math.sqrt(variance / 20_000))
      const squares = drawn.reduce((a, b) => a + (b - mean) ** 2, 0) / 20_000
      expect(Math.abs(squares / variance - 1)).toBeLessThan(0.06)
    }
  })
})
