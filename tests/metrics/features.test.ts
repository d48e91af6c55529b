import { describe, expect, it } from 'vitest'
import { simpleFeatureCount, simpleFeatures } from '../../src/metrics/features.ts'

const shape = [2, 8, 8]
const plane = 64

describe('simpleFeatures()', () => {
  it('`simpleFeatures()` tells the mean of a block and no steps where an image is even', () => {
    const counts = new Uint8Array(2 * plane).fill(51, 0, plane)
    const features = simpleFeatures(counts, { shape, largest: 255 })
    expect(features.length).toBe(simpleFeatureCount(2))
    for (let block = 0; block < 32; block++) {
      expect(features[3 * block]).toBeCloseTo(block < 16 ? 0.2 : 0, 6)
      expect(features[3 * block + 1]).toBe(0)
      expect(features[3 * block + 2]).toBe(0)
    }
  })

  it('`simpleFeatures()` tells steps down from steps across', () => {
    const stripes = Uint8Array.from({ length: 2 * plane }, (_, i) => ((i >> 3) % 2 === 0 ? 100 : 0))
    const features = simpleFeatures(stripes, { shape, largest: 100 })
    // Two rows and two columns of sites to a block; below the last row there is none.
    expect(features[1]).toBeCloseTo(1, 6)
    expect(features[2]).toBe(0)
    expect(features[3 * 12 + 1]).toBeCloseTo(0.5, 6)
  })

  it('`simpleFeatures()` of two images are those of each', () => {
    const first = Uint8Array.from({ length: 2 * plane }, (_, i) => (i * 7) % 31)
    const second = Uint8Array.from({ length: 2 * plane }, (_, i) => (i * 5) % 29)
    const both = new Uint8Array([...first, ...second])
    const of = (counts: Uint8Array) => simpleFeatures(counts, { shape, largest: 31 })
    expect(of(both)).toEqual(Float32Array.from([...of(first), ...of(second)]))
  })

  it('`simpleFeatures()` refuses images smaller than its blocks', () => {
    expect(() => simpleFeatures(new Uint8Array(9), { shape: [1, 3, 3], largest: 1 })).toThrow(/4×4/)
  })
})
