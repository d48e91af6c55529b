// Samples larger than a crop begin as blocks: with the law of the blocks of what was trained on.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { lattice } from '../../src/lattice/index.ts'
import { type BlockLaw, blocks, labels, process } from '../../src/process/index.ts'
import { blockLaw } from '../../src/training/block-law.ts'
import type { CropSource } from '../../src/training/crops.ts'

const side = 512

/** A slice whose blocks of `wide`² voxels are filled by chance: of each block three quarters of the voxels, or none. */
function slice(wide: number, channels = 1): CropSource {
  const rng = random(5)
  const per = side / wide
  const filled = Uint8Array.from({ length: per * per }, () => (rng.uniform() < 0.3 ? 1 : 0))
  const data = Uint8Array.from({ length: side * side }, (_, i) => {
    const at = Math.floor(Math.floor(i / side) / wide) * per + Math.floor((i % side) / wide)
    if (filled[at] === 1) return i % 4 === 0 ? 0 : 1
    return channels > 1 && i % 2 === 0 ? 2 : 0
  })
  return {
    ...{ kind: 'crops', labels: data, shape: [1, side, side], size: [64, 64], channels },
    ...{ axes: ['z'], flips: true, turns: true },
  }
}

/** Covariances of the counts of two channels of blocks at a lag along the rows, over many draws. */
function covarianceOf(law: BlockLaw, masses: number[], { c = 0, k = 0, lag = 0, runs = 24 } = {}): number {
  const lengths = [128, 128]
  const walk = labels({ lattice: lattice(lengths, 'periodic'), channels: masses.length, rate: 1e-9 })
  const begins = blocks(walk, law)
  const out = new Int32Array(masses.length * 128 * 128)
  let [sum, number] = [0, 0]
  for (let seed = 0; seed < runs; seed++) {
    begins.limit(masses, { random: random(seed), out })
    expect(begins.invariant(out)).toEqual(masses)
    const counts = masses.map((_, channel) => {
      const own = new Float64Array(256)
      for (let i = 0; i < 128 * 128; i++)
        own[(Math.floor(i / 128) >> 3) * 16 + ((i % 128) >> 3)] += out[channel * 128 * 128 + i]
      return own.map(n => n - masses[channel] / 256)
    })
    for (let x = 0; x < 256; x++, number++) sum += counts[c][x] * counts[k][(x & ~15) + ((x + lag) & 15)]
  }
  return sum / number
}

describe('blockLaw()', () => {
  it('finds no correlation of blocks that know nothing of each other, and their two counts', () => {
    const law = blockLaw(slice(8)) as BlockLaw
    expect(law.side).toBe(8)
    // 4096 blocks: 0.02 is more than five standard errors of a covariance, as a part of the variance.
    for (const [at, rho] of law.correlation[0].entries()) if (at > 0) expect(Math.abs(rho)).toBeLessThan(0.15)
    expect(law.quantiles[0][0]).toBe(0)
    expect(law.quantiles[0][64]).toBe(48)
    expect(law.quantiles[0].filter(n => n > 24).length / 65).toBeCloseTo(0.3, 1)
  })

  it('of blocks in groups is what `blocks()` draws: variance, covariance at every lag, between channels', () => {
    const source = slice(16, 2)
    const law = blockLaw(source) as BlockLaw
    const share = [1, 2].map(label => source.labels.filter(own => own === label).length / side ** 2)
    const masses = share.map(own => Math.round(own * 128 * 128))
    // Groups of two by two blocks: variance v, at a lag of one block half of it; 0 beyond. Channel 2 is where 1 is not.
    const [p, v] = [share[0] / 0.75, 48 ** 2]
    const variance = v * p * (1 - p)
    const near = (got: number, wanted: number, by: number) =>
      expect(Math.abs(got - wanted)).toBeLessThan(by * variance)
    near(covarianceOf(law, masses), variance, 0.12)
    // Counts of two values are the hardest: normal fields cannot have all of the correlation that these would need.
    near(covarianceOf(law, masses, { lag: 1 }), variance / 2, 0.2)
    near(covarianceOf(law, masses, { lag: 4 }), 0, 0.12)
    near(covarianceOf(law, masses, { c: 0, k: 1 }), (-variance * 32) / 48, 0.12)
  })

  it('of volumes is what `blocks()` draws: variance, covariance at lags along one axis, two and three', () => {
    const [wide, rng] = [64, random(7)]
    const groups = Uint8Array.from({ length: 8 ** 3 }, () => (rng.uniform() < 0.3 ? 1 : 0))
    const at = (i: number, by: number, per: number) => {
      const [z, y, x] = [Math.floor(i / wide ** 2), Math.floor(i / wide) % wide, i % wide]
      return (Math.floor(z / by) * per + Math.floor(y / by)) * per + Math.floor(x / by)
    }
    const data = Uint8Array.from({ length: wide ** 3 }, (_, i) => groups[at(i, 8, 8)] * (i % 4 === 0 ? 0 : 1))
    const law = blockLaw({
      ...{ kind: 'crops', labels: data, shape: [wide, wide, wide], size: [32, 32, 32], channels: 1 },
      ...{ axes: [], flips: true, turns: true },
    }) as BlockLaw
    expect(law.side).toBe(4)
    expect(law.lags).toEqual([7, 7, 7])
    const mass = data.reduce((sum, label) => sum + label, 0)
    const begins = blocks(labels({ lattice: lattice([wide, wide, wide], 'periodic'), rate: 1e-9 }), law)
    const out = new Int32Array(wide ** 3)
    const lags = [0, 1, 16, 256, 16 + 1, 256 + 16 + 1, 3 * 256]
    const sums = new Float64Array(lags.length)
    const runs = 12
    for (let seed = 0; seed < runs; seed++) {
      begins.limit([mass], { random: random(seed), out })
      const own = new Float64Array(16 ** 3).fill(-mass / 16 ** 3)
      out.forEach((n, i) => {
        own[at(i, 4, 16)] += n
      })
      // Lags go round the edges here, which is the torus but for a row.
      lags.forEach((lag, l) => {
        for (let x = 0; x < own.length; x++)
          sums[l] += (own[x] * own[(x + lag) % own.length]) / own.length / runs
      })
    }
    // Groups of 2×2×2 blocks: half of the variance at one block along an axis, a quarter along two, an eighth along three; 0 beyond.
    const share = mass / wide ** 3 / 0.75
    const variance = 48 ** 2 * share * (1 - share)
    const wanted = [1, 1 / 2, 1 / 2, 1 / 2, 1 / 4, 1 / 8, 0]
    wanted.forEach((part, l) => {
      expect(Math.abs(sums[l] / variance - part)).toBeLessThan(0.2)
    })
    expect(sums[1]).toBeGreaterThan(1.3 * sums[4])
  })

  it('of a volume of too many blocks is that of slabs of it', () => {
    const shape = [64, 808, 808] as const
    const [plane, rng] = [shape[1] * shape[2], random(9)]
    const groups = Uint8Array.from({ length: 8 * 101 * 101 }, () => (rng.uniform() < 0.3 ? 1 : 0))
    const data = Uint8Array.from({ length: 64 * plane }, (_, i) => {
      const [z, y, x] = [Math.floor(i / plane), Math.floor((i % plane) / 808), i % 808]
      return groups[((z >> 3) * 101 + (y >> 3)) * 101 + (x >> 3)]
    })
    const law = blockLaw({
      ...{ kind: 'crops', labels: data, shape, size: [32, 32, 32], channels: 1 },
      ...{ axes: [], flips: true, turns: true },
    }) as BlockLaw
    expect(law.lags).toEqual([7, 7, 7])
    // Full blocks or empty ones, three in ten.
    expect(law.quantiles[0].reduce((sum, n) => sum + n, 0) / 65 / 64).toBeCloseTo(0.3, 1)
    // Groups of 2×2×2 blocks: alike at one block, not at two and beyond.
    expect(law.correlation[0][1]).toBeGreaterThan(0.4)
    for (const lag of [2, 3, 6]) expect(Math.abs(law.correlation[0][lag])).toBeLessThan(0.1)
  })

  it('is not told of what is too small for it', () => {
    const { labels: data, ...rest } = slice(8)
    expect(blockLaw({ ...rest, labels: data, shape: [1, 24, 512] })).toBeUndefined()
  })
})

describe('blocks()', () => {
  const law = blockLaw(slice(16)) as BlockLaw
  const walk = labels({ lattice: lattice([64, 40], 'periodic'), rate: 5 })

  it('begins with exactly the mass asked for: none, some, all, on lattices that blocks do not divide', () => {
    for (const lengths of [
      [64, 40],
      [37, 50],
      [9, 90],
      [4, 4],
    ]) {
      const begins = blocks(labels({ lattice: lattice(lengths, 'periodic'), rate: 5 }), law)
      const sites = lengths[0] * lengths[1]
      const out = new Int32Array(sites)
      for (const mass of [0, 1, Math.round(0.2 * sites), Math.round(0.9 * sites), sites]) {
        begins.limit([mass], { random: random(mass), out })
        expect(begins.invariant(out)).toEqual([mass])
        expect(out.every(n => n >= 0)).toBe(true)
      }
    }
  })

  it('is rebuilt from its description, and draws the same', () => {
    const [one, other] = [blocks(walk, law), process(blocks(walk, law).description)].map(begins => {
      const out = new Int32Array(64 * 40)
      begins.limit([500], { random: random(2), out })
      return [...out]
    })
    expect(other).toEqual(one)
  })

  it('refuses a law of other channels', () => {
    expect(() => blocks(labels({ lattice: lattice([8, 8], 'periodic'), channels: 2, rate: 1 }), law)).toThrow(
      'Cannot build the process of blocks: the quantiles must be of 2 channels, got 1',
    )
  })
})
