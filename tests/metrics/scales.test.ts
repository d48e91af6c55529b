// Exact signal and noise of waves against walks of units.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { type BoundaryName, lattice } from '../../src/lattice/index.ts'
import { lifeOf, modesOf, scales, spectralSchedule } from '../../src/metrics/index.ts'
import { spatial } from '../../src/process/index.ts'

const stream = random(4)
const picture = Int32Array.from({ length: 48 }, (_, x) => (x % 8 < 3 ? 20 + (x % 5) : stream.u32() % 4))

describe('modesOf()', () => {
  it.each([
    ['a torus', ['periodic', 'periodic']],
    ['walls', ['no-flux', 'no-flux']],
    ['a tube', ['no-flux', 'periodic']],
  ] as [string, BoundaryName[]][])(
    'tells signal and noise as 1,000 walks on %s have them',
    (_, boundaries) => {
      const grid = lattice([6, 8], boundaries)
      const walk = spatial({ lattice: grid, rate: 1 })
      const waves = modesOf(grid).of(picture)
      for (const [k, tau] of [0.05, 0.4, 1].entries()) {
        const walks = 1000
        const noisy = new Int32Array(48)
        const [sum, squares] = [new Float64Array(48), new Float64Array(48)]
        const draws: Float64Array[] = []
        for (let i = 0; i < walks; i++) {
          walk.corrupt(picture, tau, { random: random(k).fork(i), noisy })
          draws.push(modesOf(grid).of(noisy).at(0).signal)
        }
        // E |n̂|² = |E n̂|² + Var n̂.
        for (const one of draws)
          for (let m = 0; m < 48; m++) {
            sum[m] += one[m] / walks
            squares[m] += (one[m] * one[m]) / walks
          }
        const { signal, noise } = waves.at(tau)
        const mass = picture.reduce((a, b) => a + b)
        expect(signal[0]).toBeCloseTo(mass * mass, 6)
        expect(Math.abs(noise[0])).toBeLessThan(1e-9 * mass)
        let [far, ratio] = [0, 0]
        for (let m = 1; m < 48; m++) {
          const error = Math.sqrt(Math.max(0, squares[m] - sum[m] ** 2) / walks)
          far = Math.max(far, Math.abs(sum[m] - signal[m] - noise[m]) / error)
          ratio += sum[m] / (signal[m] + noise[m]) / 47
        }
        expect(far).toBeLessThan(6)
        expect(Math.abs(ratio - 1)).toBeLessThan(0.02)
      }
    },
  )

  it('on a torus is the formula |n̂_0|² e^{-8τs} / (M (1 - e^{-8τs}))', () => {
    const [length, tau, m] = [12, 0.7, 3]
    const plane = Array.from({ length }, (_, x) => (x * x) % 7)
    const mass = plane.reduce((a, b) => a + b)
    const s = Math.sin((Math.PI * m) / length) ** 2
    let [re, im] = [0, 0]
    plane.forEach((n, x) => {
      re += n * Math.cos((2 * Math.PI * m * x) / length)
      im += n * Math.sin((2 * Math.PI * m * x) / length)
    })
    const left = Math.exp(-8 * tau * s)
    const { signal, noise } = modesOf(lattice([length], 'periodic'))
      .of(plane)
      .at(tau)
    expect(signal[m] / noise[m]).toBeCloseTo(((re * re + im * im) * left) / (mass * (1 - left)), 10)
  })
})

describe('scales() and spectralSchedule()', () => {
  const grid = lattice([6, 8], 'no-flux')

  it('lets short waves die before long ones', () => {
    const taus = Array.from({ length: 60 }, (_, i) => 1e-3 * 1.25 ** i)
    const bands = scales({ lattice: grid, planes: [picture], taus })
    const lives = bands.map(band => lifeOf(band, taus))
    expect(bands.length).toBeGreaterThan(2)
    expect(lives).toEqual([...lives].sort((a, b) => b - a))
    for (const { snr } of bands) expect([...snr]).toEqual([...snr].sort((a, b) => b - a))
  })

  it('takes the mean log(1 + SNR) of the octaves down in even steps', () => {
    const rate = 12
    const made = spectralSchedule({ lattice: grid, planes: [picture], rate, share: 1e-6, points: 200 })
    const us = Array.from({ length: 9 }, (_, i) => (i + 0.5) / 9)
    const bands = scales({ lattice: grid, planes: [picture], taus: us.map(u => rate * made.time(u)) })
    const mean = us.map((_, i) => bands.reduce((sum, { snr }) => sum + Math.log1p(snr[i]), 0) / bands.length)
    const steps = mean.slice(1).map((value, i) => mean[i] - value)
    for (const step of steps) expect(step / steps[0]).toBeCloseTo(1, 1)
  })
})
