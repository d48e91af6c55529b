// Streams: their bytes, their independence, their uniformity.
import { describe, expect, it } from 'vitest'
import { below, type Random, random } from '../../src/base/random.ts'
import vectors from './vectors/streams.json' with { type: 'json' }

const take = (rng: Random, count: number) => Array.from({ length: count }, () => rng.u32())

describe('random', () => {
  it('`random()` and `fork()` give the bytes of a second implementation', () => {
    for (const { seed, path, words } of vectors) {
      const rng = path.reduce<Random>((stream, key) => stream.fork(key), random(seed))
      expect(take(rng, words.length), `seed ${seed}, path ${path}`).toEqual(words)
    }
  })
})

describe('below', () => {
  it('`below()` is below', () => {
    const rng = random(1)
    for (const n of [1, 2, 3, 1000, 2 ** 21 + 1, 2 ** 32])
      for (let i = 0; i < 1000; i++) expect(below(rng, n)).toBeLessThan(n)
  })
})
