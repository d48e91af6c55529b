// Streams: their bytes, their independence, their uniformity.
import { describe, expect, it } from 'vitest'
import { below, fillWords, type Random, random } from '../../src/base/random.ts'
import { chiSquareP } from './chi-square.ts'
import vectors from './vectors/streams.json' with { type: 'json' }

const take = (rng: Random, count: number) => Array.from({ length: count }, () => rng.u32())
const even = (bins: number, total: number) => new Float64Array(bins).fill(total / bins)

/** How many bits of a 32-bit word are set. */
function ones(word: number): number {
  let count = 0
  for (let rest = word >>> 0; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2
  return count
}

/** p-value of numbers of set bits against Binomial(32, ½). */
function bitsP(words: number[]): number {
  const seen = new Float64Array(33)
  for (const word of words) seen[ones(word)]++
  const expected = new Float64Array(33)
  for (let k = 0, ways = 1; k <= 32; ways *= (32 - k) / ++k) expected[k] = (ways * words.length) / 2 ** 32
  return chiSquareP(seen, expected)
}

describe('random', () => {
  it('`random()` and `fork()` give the bytes of a second implementation', () => {
    for (const { seed, path, words } of vectors) {
      const rng = path.reduce<Random>((stream, key) => stream.fork(key), random(seed))
      expect(take(rng, words.length), `seed ${seed}, path ${path}`).toEqual(words)
    }
  })

  it('`uniform()` is made of two words, the first of them on top', () => {
    const words = random(3)
    const rng = random(3)
    for (let i = 0; i < 1000; i++) {
      const x = rng.uniform()
      const [high, low] = take(words, 2)
      expect(x * 2 ** 53).toBe((high >>> 5) * 2 ** 26 + (low >>> 6))
    }
  })

  it('`u32()` is even in every byte and in pairs of successive words, `uniform()` over [0, 1)', () => {
    const rng = random(0)
    const bytes = [0, 8, 16, 24].map(() => new Float64Array(256))
    const pairs = new Float64Array(4096)
    const places = new Float64Array(1000)
    let last = rng.u32()
    for (let i = 0; i < 200_000; i++) {
      const word = rng.u32()
      for (let byte = 0; byte < 4; byte++) bytes[byte][(word >>> (8 * byte)) & 255]++
      pairs[((last & 63) << 6) | (word & 63)]++
      places[Math.floor(rng.uniform() * 1000)]++
      last = word
    }
    for (const byte of bytes) expect(chiSquareP(byte, even(256, 200_000))).toBeGreaterThan(1e-7)
    expect(chiSquareP(pairs, even(4096, 200_000))).toBeGreaterThan(1e-7)
    expect(chiSquareP(places, even(1000, 200_000))).toBeGreaterThan(1e-7)
  })

  it('`fork()` neither advances its parent nor depends on where the parent stands', () => {
    const rng = random(11)
    const fresh = take(rng.fork(5), 4)
    expect(rng.u32()).toBe(random(11).u32())
    take(rng, 100)
    expect(take(rng.fork(5), 4)).toEqual(fresh)
  })

  it('`fork()` tells keys, orders and depths apart, and high words from low words', () => {
    const root = random(9)
    const streams = [
      ...[root, random(0), random(2 ** 32), random(2 ** 32 + 9), random(2 ** 53 - 1)],
      ...[root.fork(0), root.fork(1), root.fork(2), root.fork(2 ** 32), root.fork(2 ** 32 + 1)],
      ...[root.fork(0).fork(0), root.fork(1).fork(2), root.fork(2).fork(1), root.fork(12), root.fork(3)],
      ...[random(0).fork(9), random(10).fork(0)],
    ]
    const starts = streams.map(stream => take(stream, 2).join())
    expect(new Set(starts).size).toBe(streams.length)
  })

  it('`fork()` makes no stream twice among 100,000 neighbours', () => {
    const starts = new Set<number>()
    for (let seed = 0; seed < 10; seed++)
      for (let key = 0; key < 10_000; key++) starts.add(random(seed).fork(key).uniform())
    expect(starts.size).toBe(100_000)
  })

  it('`fork()` and `random()` scatter neighbouring keys and seeds evenly', () => {
    const families = [
      (key: number) => random(key),
      (key: number) => random(1).fork(key),
      (key: number) => random(key).fork(1),
    ]
    for (const stream of families) {
      const low = new Float64Array(256)
      const high = new Float64Array(256)
      for (let key = 0; key < 50_000; key++) {
        const word = stream(key).u32()
        low[word & 255]++
        high[word >>> 24]++
      }
      expect(chiSquareP(low, even(256, 50_000))).toBeGreaterThan(1e-7)
      expect(chiSquareP(high, even(256, 50_000))).toBeGreaterThan(1e-7)
    }
  })

  it('streams of neighbouring keys and seeds differ in half of their bits, word by word', () => {
    const differences: number[] = []
    for (let key = 0; key < 4000; key++) {
      const pairs = [
        [random(key), random(key + 1)],
        [random(7).fork(key), random(7).fork(key + 1)],
        [random(key).fork(0), random(key)],
        [random(7).fork(key), random(7).fork(key + 2 ** 32)],
      ]
      for (const [one, other] of pairs) for (let i = 0; i < 4; i++) differences.push(one.u32() ^ other.u32())
    }
    expect(bitsP(differences)).toBeGreaterThan(1e-7)
  })

  it('every bit of a seed turns every bit of the first words half of the time', () => {
    for (let bit = 0; bit < 53; bit++) {
      const turned = new Float64Array(64)
      for (let trial = 0; trial < 256; trial++) {
        const seed = Math.floor(random(trial).uniform() * 2 ** 53)
        const flipped = Math.floor(seed / 2 ** bit) % 2 ? seed - 2 ** bit : seed + 2 ** bit
        const one = random(seed)
        const other = random(flipped)
        for (let word = 0; word < 2; word++) {
          const difference = one.u32() ^ other.u32()
          for (let j = 0; j < 32; j++) turned[32 * word + j] += (difference >>> j) & 1
        }
      }
      // Binomial(256, ½) has a standard deviation of 8: beyond 128 ± 56 lies 1e-11 of it, for 3392 such counts.
      for (const count of turned) expect(Math.abs(count - 128), `bit ${bit}`).toBeLessThan(56)
    }
  })

  it('streams are uncorrelated with their forks and siblings', () => {
    const parent = random(21)
    const streams = [random(21), random(22), parent.fork(0), parent.fork(1), parent.fork(0).fork(0)]
    const sums = new Float64Array(25)
    const count = 100_000
    const x = new Float64Array(5)
    for (let i = 0; i < count; i++) {
      for (let a = 0; a < 5; a++) x[a] = (streams[a].uniform() - 0.5) * Math.sqrt(12)
      for (let a = 0; a < 5; a++) for (let b = 0; b < a; b++) sums[5 * a + b] += x[a] * x[b]
    }
    for (const sum of sums) expect(Math.abs(sum)).toBeLessThan(6 * Math.sqrt(count))
  })

  it('`random()` and `fork()` refuse what is not a safe integer ≥ 0', () => {
    for (const bad of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => random(bad)).toThrow('seed must be a safe integer')
      expect(() => random(1).fork(bad)).toThrow('key must be a safe integer')
    }
  })
})

/** A stream that repeats given words. */
function scripted(words: number[]): Random {
  let at = 0
  const rng: Random = { u32: () => words[at++ % words.length], uniform: () => 0, fork: () => rng }
  return rng
}

describe('below', () => {
  it('`below()` is the high word of the 64-bit product, for every word that is not rejected', () => {
    const rng = random(2)
    for (const n of [1, 2, 3, 1000, 2 ** 21, 2 ** 21 + 1, 3_000_000_019, 2 ** 32 - 1, 2 ** 32]) {
      const edges = [0, 1, 2 ** 16 - 1, 2 ** 16, 2 ** 31, 2 ** 32 - 1]
      for (const word of [...edges, ...take(rng, 2000)]) {
        const product = BigInt(word) * BigInt(n)
        const fair = (product & 0xffffffffn) >= 2n ** 32n % BigInt(n)
        const spare = 0xfffffff1
        const wanted = fair ? product >> 32n : (BigInt(spare) * BigInt(n)) >> 32n
        expect(below(scripted([word, spare]), n), `${word} × ${n}`).toBe(Number(wanted))
      }
    }
  })

  it('`below()` is even for n that do not divide 2^32', () => {
    const rng = random(4)
    for (const n of [3, 7, 1000, 3 * 2 ** 30]) {
      const bins = Math.min(n, 3000)
      const seen = new Float64Array(bins)
      for (let i = 0; i < 100_000; i++) seen[Math.floor(below(rng, n) / (n / bins))]++
      expect(chiSquareP(seen, even(bins, 100_000))).toBeGreaterThan(1e-7)
    }
  })
})

describe('fillWords()', () => {
  it('gives the words that come one by one, and leaves the stream behind them', () => {
    const [whole, single] = [random(3).fork(9), random(3).fork(9)]
    for (const length of [5, 1, 300]) {
      const words = new Uint32Array(length)
      fillWords(whole, words)
      expect([...words]).toEqual(Array.from({ length }, () => single.u32()))
    }
    expect(whole.u32()).toBe(single.u32())
    let next = 0
    const counting: Random = { u32: () => next++, uniform: () => 0, fork: () => counting }
    const words = new Uint32Array(3)
    fillWords(counting, words)
    expect([...words]).toEqual([0, 1, 2])
  })
})
