// The normal law fitted to images that were drawn from one.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { describe, expect, it } from 'vitest'
import { below, random } from '../../src/base/random.ts'
import { expectation } from '../../src/model/expectation.ts'
import { fitGaussian } from '../../src/training/fit-gaussian.ts'

const [size, count] = [40, 900]

/** Images with two hidden causes, of which the class shows one, and noise of a few counts. */
function images(seed: number) {
  const rng = random(seed)
  const counts = new Int32Array(count * size)
  const labels = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    labels[i] = below(rng, 2)
    const [a, b] = [labels[i], rng.uniform()]
    for (let x = 0; x < size; x++) {
      const mean = 40 + 30 * a * (x % 4 === 0 ? 1 : -1) + 60 * b * (x < 20 ? 1 : 0)
      counts[i * size + x] = Math.round(Math.max(0, mean + 6 * (rng.uniform() - 0.5)))
    }
  }
  return { counts, labels }
}

const { counts, labels } = images(1)
const law = fitGaussian({ counts, size, labels, classes: 2, largest: 130, rank: 3 })

/** Mean absolute difference of what a hole holds from what is expected, over its mass. */
function error(expected: (image: Int32Array, label: number) => Float64Array, open: Uint8Array) {
  const fresh = images(2)
  let [apart, mass] = [0, 0]
  for (let i = 0; i < 300; i++) {
    const image = fresh.counts.subarray(i * size, (i + 1) * size)
    const got = expected(image, fresh.labels[i])
    const inHole = (of: ArrayLike<number>) => open.reduce((sum, inside, x) => sum + inside * of[x], 0)
    apart += Math.abs(inHole(got) - inHole(image))
    mass += inHole(image)
  }
  return apart / mass
}

describe('fitGaussian()', () => {
  it('finds the covariance of the images but for what no few factors can tell', () => {
    const mean = Array.from({ length: size }, (_, x) => {
      let sum = 0
      for (let i = 0; i < count; i++) sum += counts[i * size + x]
      return sum / count
    })
    const covariance = (x: number, y: number) => {
      let sum = 0
      for (let i = 0; i < count; i++)
        sum += (counts[i * size + x] - mean[x]) * (counts[i * size + y] - mean[y])
      return sum / count
    }
    const dense = new Matrix(
      Array.from({ length: size }, (_, x) => Array.from({ length: size }, (_, y) => covariance(x, y))),
    )
    const { realEigenvalues } = new EigenvalueDecomposition(dense, { assumeSymmetric: true })
    const largest = realEigenvalues.sort((a, b) => b - a)
    // Rank 3: the two causes and a direction of noise, so the covariances are right to the noise's, some 3 counts².
    expect(largest[2]).toBeLessThan(10)
    for (let x = 0; x < size; x++) {
      expect(law.mean[x]).toBeCloseTo(mean[x], 9)
      for (let y = 0; y < size; y++) {
        let got = x === y ? law.noise[x] ** 2 : 0
        for (let a = 0; a < 3; a++) got += law.factors[x * 3 + a] * law.factors[y * 3 + a]
        expect(Math.abs(got - dense.get(x, y))).toBeLessThan(x === y ? 4 : largest[2])
      }
    }
  })

  it('expects of a hole what the rest tells, and more where the class does', () => {
    const open = Uint8Array.from({ length: size }, (_, x) => (x >= 10 ? 1 : 0))
    const informed = error(expectation(law, { open }), open)
    const uninformed = error(() => law.mean.subarray(0, size), open)
    expect(informed).toBeLessThan(0.03)
    expect(uninformed).toBeGreaterThan(5 * informed)
    // Nothing known but the class: the class decides half of the image.
    const all = new Uint8Array(size).fill(1)
    const even = Uint8Array.from({ length: size }, (_, x) => (x % 4 === 0 && x >= 20 ? 1 : 0))
    const told = [0, 1].map(label => expectation(law, { open: all, label }))
    expect(error((image, label) => told[label](image), even)).toBeLessThan(0.1)
    expect(error(expectation(law, { open: all }), even)).toBeGreaterThan(0.2)
  })

  it('takes what little there is: two images, one site, no class', () => {
    const two = fitGaussian({ counts: [0, 5, 9, 4, 5, 1], size: 3, largest: 9 })
    expect(two.rank).toBe(1)
    const open = [0, 0, 1]
    expect(expectation(two, { open })([0, 5, 0])[2]).toBeGreaterThan(expectation(two, { open })([4, 5, 0])[2])
    expect(() => fitGaussian({ counts: [1, 2, 3], size: 3, largest: 3 })).toThrow('two at least')
  })
})
