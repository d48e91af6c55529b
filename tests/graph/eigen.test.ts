import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { type Eigen, eigen, lanczos } from '../../src/graph/index.ts'
import { finish } from './graphs.ts'

/** Largest |A v − λ v| and |v_k · v_l − δ_kl|. */
function faults(a: Float64Array, { values, vectors }: Eigen) {
  const n = values.length
  let [residual, overlap] = [0, 0]
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      let sum = 0
      for (let j = 0; j < n; j++) sum += a[i * n + j] * vectors[k * n + j]
      residual = Math.max(residual, Math.abs(sum - values[k] * vectors[k * n + i]))
    }
    for (let l = 0; l <= k; l++) {
      let sum = 0
      for (let i = 0; i < n; i++) sum += vectors[k * n + i] * vectors[l * n + i]
      overlap = Math.max(overlap, Math.abs(sum - (k === l ? 1 : 0)))
    }
  }
  return { residual, overlap }
}

const made = (n: number, entry: (i: number, j: number) => number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    return entry(Math.max(i, j), Math.min(i, j))
  })

describe('eigen()', () => {
  const rng = random(4)
  const noise = made(170, () => 0)
  for (let i = 0; i < 170; i++)
    for (let j = 0; j <= i; j++) noise[i * 170 + j] = noise[j * 170 + i] = rng.uniform() - 0.5
  const cases: [string, Float64Array, number][] = [
    ['noise', noise, 170],
    ['a path', made(131, (i, j) => (i === j ? 2 : i - j === 1 ? -1 : 0)), 131],
    ['the complete graph', made(100, (i, j) => (i === j ? 99 : -1)), 100],
    ['a star', made(129, (i, j) => (i === j ? (i === 0 ? 128 : 1) : j === 0 ? -1 : 0)), 129],
    ['zero', new Float64Array(90 * 90), 90],
    ['two blocks and nothing between', made(140, (i, j) => (i < 70 === j < 70 ? 1 / (1 + i - j) : 0)), 140],
    ['entries of all sizes', made(96, (i, j) => (i === j ? 10 ** (i / 8 - 8) : 1e-3 / (1 + i + j))), 96],
    ['few nodes', made(5, (i, j) => i - 2 * j), 5],
    ['one node', Float64Array.of(3), 1],
  ]
  it.each(cases)('finds orthogonal vectors of %s, each right to rounding', (_, a, n) => {
    const found = finish(eigen(a, n))
    const size = Math.max(1, ...found.values.map(Math.abs))
    const { residual, overlap } = faults(a, found)
    expect(residual).toBeLessThan(1e-13 * size)
    expect(overlap).toBeLessThan(1e-13)
    expect([...found.values]).toEqual([...found.values].sort((x, y) => x - y))
  })

  it('knows the values of a path, 4 sin²(πk/2n)', () => {
    const n = 300
    const a = made(n, (i, j) => (i === j ? (i === 0 || i === n - 1 ? 1 : 2) : i - j === 1 ? -1 : 0))
    finish(eigen(a, n)).values.forEach((value, k) => {
      expect(Math.abs(value - 4 * Math.sin((Math.PI * k) / (2 * n)) ** 2)).toBeLessThan(2e-14)
    })
  })

  it('leaves its input as it was and reports rising shares', () => {
    const before = noise.slice()
    const shares: number[] = []
    const work = eigen(noise, 170)
    for (let step = work.next(); !step.done; step = work.next()) shares.push(step.value)
    expect(noise).toEqual(before)
    expect(Math.max(...shares)).toBeLessThanOrEqual(1)
  })
})

describe('lanczos()', () => {
  it('finds the leading values and vectors that `eigen()` finds, multiple ones among them', () => {
    const n = 120
    const rng = random(8)
    const spectrum = Float64Array.from({ length: n }, (_, k) => (k < 3 ? 10 - k : rng.uniform()))
    spectrum[3] = spectrum[4] = 5
    // A reflection of a diagonal matrix.
    const v = Float64Array.from({ length: n }, () => rng.uniform() - 0.5)
    const length = v.reduce((sum, value) => sum + value * value, 0)
    const reflected = (x: Float64Array) => {
      const share = (2 * x.reduce((sum, value, i) => sum + value * v[i], 0)) / length
      return x.map((value, i) => value - share * v[i])
    }
    const apply = (x: Float64Array) => reflected(reflected(x).map((value, i) => value * spectrum[i]))
    const { values, vectors } = finish(
      lanczos(apply, { size: n, count: 4, random: random(1), tolerance: 1e-12 }),
    )
    for (const [k, value] of [10, 9, 8, 5].entries()) {
      expect(Math.abs(values[k] - value)).toBeLessThan(1e-10)
      const vector = vectors.slice(k * n, (k + 1) * n)
      const image = apply(vector)
      expect(Math.max(...image.map((x, i) => Math.abs(x - value * vector[i])))).toBeLessThan(1e-9)
    }
  })
})
