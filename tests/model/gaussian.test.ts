// The normal law of images: conditional means against dense algebra, and what is kept of it in a file.
import { Matrix, solve } from 'ml-matrix'
import { describe, expect, it } from 'vitest'
import { below, random } from '../../src/base/random.ts'
import { expectation } from '../../src/model/expectation.ts'
import { type Gaussian, packGaussian, unpackGaussian } from '../../src/model/gaussian.ts'

const rng = random(12)
const numbers = (length: number, of: () => number) => Float64Array.from({ length }, of)

function someLaw(size: number, classes: number, rank: number): Gaussian {
  const length = size + classes
  return {
    size,
    classes,
    largest: 100,
    rank,
    mean: numbers(length, () => 50 * rng.uniform()),
    noise: numbers(length, () => 1 + 9 * rng.uniform()),
    factors: numbers(length * rank, () => 40 * rng.uniform() - 20),
  }
}

/** Σ_HK Σ_KK⁻¹ (n_K − μ_K) + μ_H with Σ = W W' + σ² written out. */
function dense(law: Gaussian, known: number[], values: number[], wanted: number[]): number[] {
  const { rank, mean, noise, factors } = law
  const sigma = (i: number, j: number) => {
    let sum = i === j ? noise[i] ** 2 : 0
    for (let a = 0; a < rank; a++) sum += factors[i * rank + a] * factors[j * rank + a]
    return sum
  }
  const among = new Matrix(known.map(i => known.map(j => sigma(i, j))))
  const away = Matrix.columnVector(known.map((i, k) => values[k] - mean[i]))
  const weights = solve(among, away).to1DArray()
  return wanted.map(i => mean[i] + known.reduce((sum, j, k) => sum + sigma(i, j) * weights[k], 0))
}

describe('expectation()', () => {
  it('is the conditional mean of a normal law, for any mask, with and without the class', () => {
    for (let trial = 0; trial < 60; trial++) {
      const [size, classes, rank] = [6 + below(rng, 30), 1 + below(rng, 4), 1 + below(rng, 5)]
      const law = someLaw(size, classes, rank)
      const open = Uint8Array.from({ length: size }, () => below(rng, 2))
      // One known site at least, so that there is something to solve.
      open[0] = 0
      const image = Int32Array.from({ length: size }, () => below(rng, 100))
      const hole = [...open.keys()].filter(x => open[x])
      const known = [...open.keys()].filter(x => !open[x])
      const label = trial % 2 === 0 ? below(rng, classes) : undefined
      const told = label === undefined ? [] : Array.from({ length: classes }, (_, k) => k)
      const values = [...known.map(x => image[x]), ...told.map(k => (k === label ? 100 : 0))]
      const wanted = dense(law, [...known, ...told.map(k => size + k)], values, hole)
      const got = expectation(law, { open, label })(image)
      for (const x of known) expect(got[x]).toBe(image[x])
      hole.forEach((x, i) => {
        expect(got[x]).toBeCloseTo(wanted[i], 6)
      })
    }
  })

  it('is the mean where nothing is known', () => {
    const law = someLaw(9, 0, 3)
    const open = new Uint8Array(9).fill(1)
    const got = expectation(law, { open })(new Int32Array(9))
    got.forEach((n, x) => {
      expect(n).toBeCloseTo(law.mean[x], 9)
    })
  })

  it('refuses a mask of another size, and a class that the law does not know', () => {
    const law = someLaw(9, 2, 3)
    expect(() => expectation(law, { open: [1, 0] })).toThrow('the mask must be of 9 sites, got 2')
    expect(() => expectation(law, { open: new Uint8Array(9), label: 2 })).toThrow('below 2, got 2')
  })
})

describe('packGaussian() and unpackGaussian()', () => {
  it('keep every number to a 65,534th of the largest of its column, as plain data', () => {
    const law = someLaw(31, 3, 4)
    const packed = JSON.parse(JSON.stringify(packGaussian(law))) as ReturnType<typeof packGaussian>
    const back = unpackGaussian(packed, law)
    const close = (a: Float64Array, b: Float64Array) => {
      const most = Math.max(...b.map(Math.abs))
      a.forEach((value, i) => {
        expect(Math.abs(value - b[i])).toBeLessThanOrEqual(most / 65_000)
      })
    }
    close(back.mean, law.mean)
    close(back.noise, law.noise)
    close(back.factors, law.factors)
    expect({ ...back, mean: 0, noise: 0, factors: 0 }).toEqual({ ...law, mean: 0, noise: 0, factors: 0 })
  })

  it('keep the least noise above 0, so that nothing becomes impossible', () => {
    const law = { ...someLaw(4, 0, 1), noise: Float64Array.of(1e-7, 1, 5000, 2) }
    expect(unpackGaussian(packGaussian(law), law).noise[0]).toBeGreaterThan(0)
  })
})
