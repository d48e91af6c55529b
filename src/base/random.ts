/**
 * Random streams: small, fast, forkable, the same in every engine.
 *
 * The generator is sfc32 (C. Doty-Humphrey, PractRand): three mixing words and a counter. It was preferred to
 * xoshiro128** because it has no linear structure and no forbidden state, because the counter alone guarantees a
 * period of 2^32 (2^127 on average), and because it needs only additions and shifts of 32-bit integers.
 *
 * Every stream has an identity of 128 bits, a hash of the seed and of the path of forks that led to it. A fork
 * hashes its key into the identity of its parent, never into the parent's position: `random(7).fork(3)` is the
 * same stream whatever was drawn before, and streams of different paths share nothing. Two identities among
 * 2^40 streams coincide with probability 2^-49.
 */

import { cannot, demand } from './errors.ts'
import { demandGiven } from './given.ts'

/** A stream of independent uniform numbers. */
export interface Random {
  /** Uniform integer in [0, 2^32). */
  u32(): number
  /** Uniform multiple of 2^-53 in [0, 1): two words of the stream. */
  uniform(): number
  /** The independent stream named `key` (safe integer ≥ 0) under this one; does not advance this one. */
  fork(key: number): Random
}

/** The stream of a seed: any safe integer ≥ 0, of which 0 is an ordinary one. Throws RangeError otherwise. */
export function random(seed: number): Random {
  demand(Number.isSafeInteger(seed) && seed >= 0, 'seed a stream', 'seed', 'a safe integer ≥ 0', seed)
  // Fractional parts of √2, √3, √5, √7: numbers that hide nothing.
  return new Stream(absorb(Int32Array.of(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a), seed))
}

class Stream implements Random {
  private readonly identity: Int32Array
  /** The words a, b, c and the counter: in a typed array, since a field above 30 bits may cost an allocation. */
  private readonly state: Int32Array

  constructor(identity: Int32Array) {
    this.identity = identity
    this.state = identity.slice()
    // Keys enter words 0 and 1 alone, so no key can make an identity out of a state.
    this.state[3] ^= 0x53544154
    scramble(this.state)
  }

  u32(): number {
    const state = this.state
    const a = state[0]
    const b = state[1]
    const c = state[2]
    const counter = state[3]
    const out = (a + b + counter) | 0
    state[0] = b ^ (b >>> 9)
    state[1] = c + (c << 3)
    state[2] = ((c << 21) | (c >>> 11)) + out
    state[3] = counter + 1
    return out >>> 0
  }

  /** As many words as `out` holds. */
  fill(out: Uint32Array): void {
    const { state } = this
    let a = state[0]
    let b = state[1]
    let c = state[2]
    let counter = state[3]
    for (let i = 0; i < out.length; i++) {
      const word = (a + b + counter) | 0
      a = b ^ (b >>> 9)
      b = (c + (c << 3)) | 0
      c = (((c << 21) | (c >>> 11)) + word) | 0
      counter = (counter + 1) | 0
      out[i] = word
    }
    state[0] = a
    state[1] = b
    state[2] = c
    state[3] = counter
  }

  uniform(): number {
    const high = this.u32() >>> 5
    const low = this.u32() >>> 6
    return (high * 67108864 + low) * 1.1102230246251565e-16
  }

  fork(key: number): Random {
    demand(Number.isSafeInteger(key) && key >= 0, 'fork a stream', 'key', 'a safe integer ≥ 0', key)
    return new Stream(absorb(this.identity.slice(), key))
  }
}

/** Hashes an integer of up to 53 bits into an identity, in place; different keys never meet. */
function absorb(identity: Int32Array, key: number): Int32Array {
  identity[0] ^= key | 0
  identity[1] ^= Math.floor(key / 4294967296)
  scramble(identity)
  return identity
}

/** A fixed permutation of 128 bits in which every bit reaches every other: ten quarter rounds of ChaCha (RFC 8439 §2.1). */
function scramble(state: Int32Array): void {
  let [a, b, c, d] = state
  for (let round = 1; round <= 10; round++) {
    // Multiples of the golden ratio make the rounds unequal.
    a = (a + b + Math.imul(round, 0x9e3779b9)) | 0
    d ^= a
    d = (d << 16) | (d >>> 16)
    c = (c + d) | 0
    b ^= c
    b = (b << 12) | (b >>> 20)
    a = (a + b) | 0
    d ^= a
    d = (d << 8) | (d >>> 24)
    c = (c + d) | 0
    b ^= c
    b = (b << 7) | (b >>> 25)
  }
  state[0] = a
  state[1] = b
  state[2] = c
  state[3] = d
}

/** The next words of a stream, all at once: what `u32()` would give one by one, three times as fast. */
export function fillWords(rng: Random, out: Uint32Array): void {
  if (rng instanceof Stream) rng.fill(out)
  else for (let i = 0; i < out.length; i++) out[i] = rng.u32()
}

/** Draws need a stream: what is none is refused. @throws TypeError */
export function demandStream(what: string, rng: Random): void {
  demandGiven(what, { random: rng }, { random: 'stream' })
}

/** Unbiased integer in [0, n), 1 ≤ n ≤ 2^32, RangeError for another n: Lemire's multiplication with rejection (arXiv 1805.10941, alg. 5). */
export function below(rng: Random, n: number): number {
  if (!(n >= 1 && n <= 4294967296 && n === Math.floor(n)))
    throw new RangeError(cannot('draw a number', 'the bound', 'an integer in [1, 2^32]', n))
  if (typeof rng?.u32 !== 'function') demandStream('draw a number', rng)
  // 2^32 · high + low = word · n, whose 64 bits are summed from halves where a double would round.
  for (let threshold = -1; ; ) {
    const word = rng.u32()
    let high: number
    let low: number
    if (n <= 2097152) {
      const product = word * n
      high = Math.floor(product * 2.3283064365386963e-10)
      low = product - high * 4294967296
    } else {
      const bottom = (word & 0xffff) * n
      const carry = Math.floor(bottom / 65536)
      const top = (word >>> 16) * n + carry
      high = Math.floor(top / 65536)
      low = (top - high * 65536) * 65536 + (bottom - carry * 65536)
    }
    if (low >= n) return high
    if (threshold < 0) threshold = 4294967296 % n
    if (low >= threshold) return high
  }
}
