// Bridges between two laws: the pinned walk, both ends, the end law under exact origins, and the coupling of the walk itself.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { kernels, lattice } from '../../src/lattice/index.ts'
import { type CouplingName, couplings } from '../../src/process/coupling.ts'
import { bridge } from '../../src/process/index.ts'
import { ancestral, begunWith, sample, turned } from '../../src/sampling/index.ts'
import { latticeWalk } from '../../src/walk/lattice-walk.ts'
import { potentialsOf } from '../../src/walk/potentials.ts'
import { chiSquareP } from '../base/chi-square.ts'
import { distance } from './known-process.ts'

const grid = lattice([6, 5], 'no-flux')
const stream = random(9)
const imageOf = (units: number, from: number) => {
  const image = new Int32Array(30)
  for (let u = 0; u < units; u++) image[from + Math.floor(12 * stream.uniform())]++
  return image
}
const [clean, end] = [imageOf(400, 0), imageOf(400, 16)]

describe.each(['matched', 'independent'] as CouplingName[])('bridge() of %s units', coupling => {
  const process = bridge({ lattice: grid, rate: 3, coupling })

  it('begins at one image and ends at the other, to the unit, with the mass kept between', () => {
    const noisy = new Int32Array(30)
    for (const [time, image] of [
      [0, clean],
      [1, end],
      [0.4, undefined],
    ] as const) {
      process.corrupt(clean, time, { random: random(2), noisy, end })
      if (image) expect(noisy).toEqual(image)
      expect(process.invariant(noisy)).toEqual([400])
    }
  })

  it('refuses ends of another mass or size', () => {
    const noisy = new Int32Array(30)
    const with1 = (image: Int32Array) => () =>
      process.corrupt(clean, 0.5, { random: random(2), noisy, end: image })
    expect(with1(imageOf(399, 0))).toThrow(/the masses of the end must be 400/)
    expect(with1(new Int32Array(29))).toThrow(RangeError)
    expect(with1(Int32Array.from(end, (n, x) => (x === 0 ? -1 : n)))).toThrow(RangeError)
  })
})

it('`matched` units go less far than independent ones, and as the Schrödinger bridge of the walk has it', () => {
  const walk = latticeWalk(grid)
  const tau = 2
  const moved = (name: CouplingName) => {
    const table = new Float64Array(900)
    const [pairs, draws] = [couplings[name](walk), 40]
    for (let i = 0; i < draws; i++) {
      const { from, to } = pairs({ clean, end, tau, random: random(i) })
      from.forEach((x, u) => {
        table[x * 30 + to[u]] += 1 / draws
      })
    }
    return table
  }
  const cost = (table: Float64Array) =>
    table.reduce((sum, n, i) => {
      const [x, y] = [Math.floor(i / 30), i % 30]
      return sum + n * ((Math.floor(x / 5) - Math.floor(y / 5)) ** 2 + ((x % 5) - (y % 5)) ** 2)
    }, 0) / 400
  const [matched, independent] = [moved('matched'), moved('independent')]
  expect(cost(matched)).toBeLessThan(0.9 * cost(independent))
  const exact = schroedinger({ clean, end, tau })
  expect(
    distance(
      matched.map(n => n / 400),
      exact,
    ),
  ).toBeLessThan(0.08)
  expect(
    distance(
      independent.map(n => n / 400),
      exact,
    ),
  ).toBeGreaterThan(0.1)
})

/** The table of the Schrödinger bridge by plain Sinkhorn on dense matrices, sum 1. */
function schroedinger({
  clean,
  end,
  tau,
}: {
  clean: ArrayLike<number>
  end: ArrayLike<number>
  tau: number
}): Float64Array {
  const k = denseKernel(tau)
  const [a, b] = [new Float64Array(30).fill(1), new Float64Array(30).fill(1)]
  for (let round = 0; round < 3000; round++) {
    for (let x = 0; x < 30; x++)
      a[x] = clean[x] / 400 / k.slice(x * 30, x * 30 + 30).reduce((s, p, y) => s + p * b[y], 0)
    for (let y = 0; y < 30; y++) b[y] = end[y] / 400 / a.reduce((s, p, x) => s + p * k[x * 30 + y], 0)
  }
  return k.map((p, i) => p * a[Math.floor(i / 30)] * b[i % 30])
}

function denseKernel(tau: number): Float64Array {
  const walk = latticeWalk(grid)
  return Float64Array.from({ length: 900 }, (_, i) => {
    const field = new Float64Array(30)
    field[Math.floor(i / 30)] = 1
    walk.spread(field, tau, field)
    return field[i % 30]
  })
}

describe('the coupling of a walk', () => {
  it('is nearer to the walk than that of independent ends, by the relative entropy of the two', () => {
    const tau = 2
    const origin = Float64Array.from(clean)
    const walk = latticeWalk(grid)
    const a = potentialsOf(walk, 400)({ counts: end, origin, tau })
    const h = new Float64Array(30)
    walk.spread(a, tau, h)
    const k = denseKernel(tau)
    const table = k.map((p, i) => (a[Math.floor(i / 30)] * p * end[i % 30]) / h[i % 30] / 400)
    const product = k.map((_, i) => (clean[Math.floor(i / 30)] * end[i % 30]) / 160_000)
    const walked = k.map((p, i) => (clean[Math.floor(i / 30)] / 400) * p)
    const entropy = (p: Float64Array, q: Float64Array) =>
      p.reduce((s, v, i) => s + (v > 0 ? v * Math.log(v / q[i]) : 0), 0)
    const lower = entropy(product, walked) - entropy(table, walked)
    expect(lower).toBeGreaterThan(0.1)
    // Pythagoras: both have the same sums, and log(table / walked) is a sum of functions of the ends.
    expect(lower).toBeCloseTo(entropy(product, schroedinger({ clean, end, tau })), 3)
  })
})

describe('bridge() on a ring of 12 under exact origins', () => {
  const ring = lattice([12], 'periodic')
  const [first, last] = [laws(3), laws(5)]
  const [source] = kernels(ring)

  it.each([
    ['product', 2],
    ['product', 12],
    ['sinkhorn', 2],
  ] as const)('comes to the law of n_0 within 2e-3 whatever the coupling: %s, rate %d', (name, rate) => {
    const process = bridge({ lattice: ring, rate })
    const joint = name === 'product' ? first.flatMap(p => last.map(q => p * q)) : ipf(rate)
    const origins = (time: number) => exactOrigins(joint, { rate, time })
    // The master equation of one unit, by fourth order in log t from t = 1 to 1e-4.
    let law = Float64Array.from(last)
    const steps = 240
    const times = Array.from({ length: steps + 1 }, (_, i) => 1e-4 ** (i / steps))
    const flow = (p: Float64Array, time: number) => {
      const out = new Float64Array(12)
      const told = origins(time)
      for (let x = 0; x < 12; x++) {
        const counts = new Int32Array(12)
        counts[x] = 1
        const rates = new Float64Array(24)
        process.rates(counts, told[x], { time, out: rates })
        for (const [j, step] of [
          [0, 11],
          [1, 1],
        ]) {
          const r = rate * rates[j * 12 + x] * p[x]
          out[x] -= r
          out[(x + step) % 12] += r
        }
      }
      return out
    }
    for (let i = 0; i < steps; i++) {
      const [t, s] = [times[i], times[i + 1]]
      const dt = t - s
      const at = (base: Float64Array, slope: Float64Array, part: number) =>
        base.map((p, x) => p + part * dt * slope[x])
      const k1 = flow(law, t)
      const k2 = flow(at(law, k1, 0.5), (t + s) / 2)
      const k3 = flow(at(law, k2, 0.5), (t + s) / 2)
      const k4 = flow(at(law, k3, 1), s)
      law = law.map((p, x) => p + (dt / 6) * (k1[x] + 2 * k2[x] + 2 * k3[x] + k4[x]))
    }
    expect(distance(law, first)).toBeLessThan(2e-3)
    expect(distance(last, first)).toBeGreaterThan(0.1)
  })

  it('is undone in four steps, and the other way as well', async () => {
    const rate = 3
    const process = bridge({ lattice: ring, rate })
    const joint = first.flatMap(p => last.map(q => p * q))
    const known = new Map<number, Float64Array[]>()
    const origin = (counts: Int32Array, times: Float64Array) => {
      const out = new Float32Array(24 * times.length)
      for (let i = 0; i < times.length; i++) {
        const x = counts.subarray(12 * i, 12 * i + 12).indexOf(1)
        const told = known.get(times[i]) ?? exactOrigins(joint, { rate, time: times[i] })
        known.set(times[i], told)
        if (x >= 0) out.set(told[x], 24 * i)
      }
      return out
    }
    const draws = 3000
    for (const [begin, wanted, told] of [
      [last, first, origin],
      [first, last, turned(process, origin)],
    ] as const) {
      const images = drawn(begin, draws)
      const { counts } = await sample({
        process: begunWith(process, images),
        solver: ancestral({ calls: 4, smallest: 0.4, settle: false }),
        origin: told,
        masses: Array.from({ length: draws }, () => [1]),
        seed: 7,
        batch: 1000,
      })
      const seen = new Float64Array(12)
      counts.forEach((n, i) => {
        seen[i % 12] += n
      })
      expect(
        chiSquareP(
          [...seen],
          wanted.map(p => draws * p),
        ),
      ).toBeGreaterThan(1e-6)
    }
  })

  it('keeps its law with less noise, by the rates of both ends', () => {
    const [rate, time] = [2, 0.4]
    const process = bridge({ lattice: ring, rate })
    const told = exactOrigins(
      first.flatMap(p => last.map(q => p * q)),
      { rate, time },
    )
    const law = lawAt(
      first.flatMap(p => last.map(q => p * q)),
      { rate, time },
    )
    const flow = (noise: number) => {
      const out = new Float64Array(12)
      for (let x = 0; x < 12; x++) {
        const [counts, rates] = [new Int32Array(12), new Float64Array(24)]
        counts[x] = 1
        process.rates(counts, told[x], { time, out: rates, noise })
        for (const [j, step] of [
          [0, 11],
          [1, 1],
        ]) {
          out[x] -= rates[j * 12 + x] * law[x]
          out[(x + step) % 12] += rates[j * 12 + x] * law[x]
        }
      }
      return out
    }
    const [still, walked] = [flow(0), flow(1)]
    for (const [x, value] of still.entries()) expect(value).toBeCloseTo(walked[x], 6)
  })

  function laws(seed: number): number[] {
    const weights = Array.from({ length: 12 }, (_, x) => 0.1 + ((x * x * seed) % 7))
    const sum = weights.reduce((a, b) => a + b)
    return weights.map(w => w / sum)
  }

  function drawn(law: readonly number[], n: number): Int32Array {
    const images = new Int32Array(12 * n)
    const rng = random(4)
    for (let i = 0; i < n; i++) {
      let [left, x] = [rng.uniform(), 0]
      while (x < 11 && left >= law[x]) left -= law[x++]
      images[12 * i + x] = 1
    }
    return images
  }

  function ipf(rate: number): number[] {
    const k = source.at(rate)
    const [a, b] = [new Float64Array(12).fill(1), new Float64Array(12).fill(1)]
    for (let round = 0; round < 2000; round++) {
      for (let x = 0; x < 12; x++) a[x] = first[x] / b.reduce((s, q, y) => s + q * k[x * 12 + y], 0)
      for (let y = 0; y < 12; y++) b[y] = last[y] / a.reduce((s, q, x) => s + q * k[x * 12 + y], 0)
    }
    return Array.from(k, (p, i) => p * a[Math.floor(i / 12)] * b[i % 12])
  }

  /** P(x_t = z | x_0, x_1) for all pairs, and what follows: the law of z, and the two ends given z. */
  function pairsAt(joint: readonly number[], { rate, time }: { rate: number; time: number }): Float64Array[] {
    const [early, late, all] = [source.at(rate * time), source.at(rate * (1 - time)), source.at(rate)]
    return Array.from({ length: 12 }, (_, z) =>
      Float64Array.from(joint, (p, i) => {
        const [x, y] = [Math.floor(i / 12), i % 12]
        return (p * early[x * 12 + z] * late[z * 12 + y]) / all[x * 12 + y]
      }),
    )
  }

  function lawAt(joint: readonly number[], at: { rate: number; time: number }): number[] {
    return pairsAt(joint, at).map(pairs => pairs.reduce((a, b) => a + b))
  }

  function exactOrigins(joint: readonly number[], at: { rate: number; time: number }): Float64Array[] {
    return pairsAt(joint, at).map(pairs => {
      const out = new Float64Array(24)
      const sum = pairs.reduce((a, b) => a + b)
      pairs.forEach((p, i) => {
        out[Math.floor(i / 12)] += p / sum
        out[12 + (i % 12)] += p / sum
      })
      return out
    })
  }
})
