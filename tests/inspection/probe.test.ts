// Linear probes on features whose answer is known.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { agreement, linearProbe, pooled, pooledSize } from '../../src/inspection/index.ts'

describe('linearProbe()', () => {
  it('reads what lies on a line, and guesses at what does not', () => {
    const stream = random(2)
    const rows = (n: number) => Float32Array.from({ length: 3 * n }, () => stream.uniform() - 0.5)
    const classOf = (features: Float32Array) =>
      Int32Array.from({ length: features.length / 3 }, (_, i) =>
        Number(features[3 * i] + features[3 * i + 1] > 0),
      )
    const [known, other] = [rows(400), rows(400)]
    const probe = linearProbe({ features: known, size: 3 })
    expect(agreement(probe.read(classOf(known), other), classOf(other))).toBeGreaterThan(0.95)
    const chance = (features: Float32Array) =>
      Int32Array.from({ length: features.length / 3 }, () => stream.u32() & 1)
    const guessed = agreement(probe.read(chance(known), other), chance(other))
    expect(Math.abs(guessed - 0.5)).toBeLessThan(0.15)
  })

  it('refuses features of another length', () => {
    expect(() => linearProbe({ features: new Float32Array(7), size: 3 })).toThrow(/at least two rows of 3/)
  })
})

describe('pooled()', () => {
  it('takes the means of 4×4 blocks', () => {
    const shape = [2, 8, 5]
    const out = new Float32Array(pooledSize(shape))
    pooled(
      Float32Array.from({ length: 80 }, (_, i) => Math.floor(i / 40) + 10 * Number(i % 5 < 2)),
      shape,
      out,
    )
    expect(out.length).toBe(32)
    // Of five columns the first two are one block.
    expect([...out.slice(0, 5)]).toEqual([10, 0, 0, 0, 10])
    expect(out[16]).toBe(11)
  })
})
