// The Gaussian diffusion that walks are compared with: its preconditioning, its loss, and its solvers on a known law.
import { describe, expect, it } from 'vitest'
import {
  denoiser,
  denoisingBatches,
  denoisingObjective,
  type Edm,
  methods,
  normal,
  sigmaMax,
  sigmas,
  stepsOf,
  toCounts,
  undiffuse,
} from '../../scripts/edm.ts'
import { random } from '../../src/base/random.ts'
import { fixed, initial, layoutOf } from '../../src/network/parameters.ts'
import { compute, floats } from '../tensor/compute.ts'

const edm: Edm = {
  task: {
    shape: [1, 4, 4],
    width: 1,
    periodic: [false, false],
    times: [0.002, 80],
    scale: 10,
    classes: 2,
    real: true,
  },
  network: { base: 4, multipliers: [1], blocks: [1], attention: [false], embedding: 8 },
  deviation: 0.5,
}
const layout = layoutOf(parameters => {
  denoiser(edm, 1)(parameters)
})
const source = {
  draw(position: number, { out }: { out: Int32Array }) {
    out.forEach((_, i) => {
      out[i] = (i * 7 + position) % 11
    })
    return position % 2
  },
}
const next = denoisingBatches({ edm, source, batch: 64, random: random(1), labelDropout: 0.25 })

describe('denoiser()', () => {
  it('begins at σ_d² / (σ² + σ_d²) of what it is shown, and its loss at 1 where images are normal', async () => {
    const feeds = next(0)
    const fresh = fixed(layout, initial(layout, random(2)))
    const { d } = await compute({ d: denoiser(edm, 64)(fresh) }, feeds)
    d.data.forEach((value, i) => {
      const sigma = feeds.sigma.data[Math.floor(i / 16)]
      const wanted = (0.25 / (sigma ** 2 + 0.25)) * feeds.x.data[i]
      expect(Math.abs(value - wanted)).toBeLessThan(1e-5 * Math.max(1, Math.abs(wanted)))
    })
    // Of independent normal images of that deviation, F = 0 is right, and what is left is of variance 1.
    const rng = random(5)
    const clean = feeds.clean.data.map(() => 0.5 * normal(rng))
    const x = clean.map((y, i) => y + feeds.sigma.data[Math.floor(i / 16)] * normal(rng))
    const shape = feeds.x.shape
    const own = { ...feeds, x: floats(shape, x), clean: floats(shape, clean) }
    const { loss } = await compute({ loss: denoisingObjective(edm, 64)(fresh) }, own)
    // 1024 squares: six deviations of their mean are 0.27.
    expect(Math.abs(loss.data[0] - 1)).toBeLessThan(0.27)
  })
})

describe('denoisingBatches()', () => {
  it('are scaled pixels and noise of σ, alike for a step whatever was drawn before', () => {
    const [first, second] = [next(0), next(1)]
    expect(next(0)).toEqual(first)
    expect(second.sigma.data).not.toEqual(first.sigma.data)
    const noise: number[] = []
    first.clean.data.forEach((y, i) => {
      expect(y).toBeCloseTo((2 * (((i % 16) * 7 + Math.floor(i / 16)) % 11)) / 10 - 1, 6)
      noise.push((first.x.data[i] - y) / first.sigma.data[Math.floor(i / 16)])
    })
    const mean = noise.reduce((sum, z) => sum + z, 0) / noise.length
    const variance = noise.reduce((sum, z) => sum + z * z, 0) / noise.length
    expect(Math.abs(mean)).toBeLessThan(6 / 32)
    expect(Math.abs(variance - 1)).toBeLessThan(6 * Math.sqrt(2 / 1024))
  })
})

describe('undiffuse()', () => {
  /** Exact denoising of two values, ± 1. */
  const denoise = (x: Float64Array, sigma: number) => x.map(value => Math.tanh(value / sigma ** 2))

  it.each(methods)(
    'comes by %s to the values that the law has, of both alike, in few calls',
    async method => {
      const rng = random(3)
      const x = Float64Array.from({ length: 4000 }, () => sigmaMax * normal(rng))
      const { steps } = stepsOf(method, 24)
      await undiffuse(x, { denoise, method, steps })
      x.forEach(value => {
        expect(Math.abs(Math.abs(value) - 1)).toBeLessThan(0.01)
      })
      const up = x.filter(value => value > 0).length
      expect(Math.abs(up - 2000)).toBeLessThan(6 * Math.sqrt(1000))
    },
  )

  it('is of order two but for Euler: twice the calls, a quarter of the error', async () => {
    // A normal law of deviation ½ keeps every quantile: x(0) = x(σ) / √(1 + 4 σ²).
    const shrunk = (x: Float64Array, sigma: number) => x.map(value => (0.25 * value) / (0.25 + sigma ** 2))
    const start = 70
    const exact = start / Math.sqrt(1 + 4 * sigmaMax ** 2)
    const error = async (method: (typeof methods)[number], steps: number) => {
      const x = Float64Array.of(start)
      await undiffuse(x, { denoise: shrunk, method, steps })
      return Math.abs(x[0] - exact)
    }
    for (const method of methods) {
      const order = Math.log2((await error(method, 40)) / (await error(method, 80)))
      expect(order).toBeGreaterThan(method === 'euler' ? 0.8 : 1.7)
      expect(order).toBeLessThan(method === 'euler' ? 1.2 : 2.4)
    }
  })
})

describe('sigmas(), stepsOf() and toCounts()', () => {
  it('are those of the paper', () => {
    const all = sigmas(18)
    expect([all[0], all[18]]).toEqual([expect.closeTo(80, 9), 0])
    expect(all[17]).toBeCloseTo(0.002, 9)
    expect(stepsOf('heun', 35)).toEqual({ steps: 18, calls: 35 })
    expect(stepsOf('heun', 16)).toEqual({ steps: 8, calls: 15 })
    expect(stepsOf('2m', 16)).toEqual({ steps: 16, calls: 16 })
    expect([...toCounts([-2, -1, 0, 0.99, 1, 3], 10)]).toEqual([0, 0, 5, 10, 10, 10])
  })
})
