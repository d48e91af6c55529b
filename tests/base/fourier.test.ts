import { describe, expect, it } from 'vitest'
import { fourier, smoothLength } from '../../src/base/fourier.ts'
import { random } from '../../src/base/random.ts'

function directly(re: Float64Array, im: Float64Array) {
  const n = re.length
  const out = { re: new Float64Array(n), im: new Float64Array(n) }
  for (let k = 0; k < n; k++)
    for (let j = 0; j < n; j++) {
      const angle = (-2 * Math.PI * ((j * k) % n)) / n
      out.re[k] += re[j] * Math.cos(angle) - im[j] * Math.sin(angle)
      out.im[k] += re[j] * Math.sin(angle) + im[j] * Math.cos(angle)
    }
  return out
}

const farthest = (a: Float64Array, b: Float64Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)

describe('fourier', () => {
  it('`fourier()` is the sum of its definition, for lengths of all kinds of factors', () => {
    const rng = random(1)
    const lengths = [
      1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 16, 30, 31, 43, 45, 60, 64, 77, 100, 120, 150, 257, 301,
    ]
    for (const length of lengths) {
      const re = Float64Array.from({ length }, () => rng.uniform() - 0.5)
      const im = Float64Array.from({ length }, () => rng.uniform() - 0.5)
      const wanted = directly(re, im)
      fourier(length)(re, im)
      expect(farthest(re, wanted.re), `length ${length}`).toBeLessThan(1e-12)
      expect(farthest(im, wanted.im), `length ${length}`).toBeLessThan(1e-12)
    }
  })

  it('`fourier()` with its two arrays exchanged is the inverse times the length', () => {
    const rng = random(2)
    for (const length of [8, 15, 97, 384, 1024]) {
      const re = Float64Array.from({ length }, () => rng.uniform())
      const im = Float64Array.from({ length }, () => rng.uniform())
      const [copyRe, copyIm] = [re.slice(), im.slice()]
      const transform = fourier(length)
      transform(copyRe, copyIm)
      transform(copyIm, copyRe)
      expect(
        farthest(
          copyRe,
          re.map(value => value * length),
        ),
      ).toBeLessThan(1e-13 * length)
      expect(
        farthest(
          copyIm,
          im.map(value => value * length),
        ),
      ).toBeLessThan(1e-13 * length)
    }
  })

  it('`fourier()` refuses lengths that are none', () => {
    for (const length of [0, -1, 1.5, Number.NaN])
      expect(() => fourier(length)).toThrow('Cannot transform: the length must be a whole number from 1')
  })

  it('`smoothLength()` is the least length of factors 2, 3 and 5', () => {
    expect([0, 1, 7, 11, 257, 301, 361, 385, 1025].map(smoothLength)).toEqual([
      1, 1, 8, 12, 270, 320, 375, 400, 1080,
    ])
  })
})
