// The short slices of what `npm run fuzz` and `npm run laws` do at length.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { inputOf, wrong } from '../../scripts/fuzz/fuzz.ts'
import { readers } from '../../scripts/fuzz/readers.ts'
import { binomialLaw, over, poissonLaw, significance, upperGamma } from '../../scripts/laws/exact.ts'
import { laws } from '../../scripts/laws/laws.ts'
import { fuzzMasses } from '../../scripts/laws/masses.ts'
import { random } from '../../src/base/random.ts'

const corpus = fileURLToPath(new URL('corpus', import.meta.url))
const all = readers()

describe('damaged files', () => {
  it.each(Object.keys(all))('are read or refused in one line: %s', async name => {
    for (let i = 0; i < 60; i++)
      expect(await wrong(all[name], inputOf(all[name], 7, i)), `input ${i}`).toBeUndefined()
    const folder = join(corpus, name)
    const found = existsSync(folder) ? readdirSync(folder) : []
    for (const file of found)
      expect(await wrong(all[name], new Uint8Array(readFileSync(join(folder, file)))), file).toBeUndefined()
  })

  it.each(Object.keys(all))('are made out of files that are read as they are: %s', async name => {
    const { seeds, read } = all[name]
    expect(seeds.length).toBeGreaterThan(0)
    let good = 0
    for (const seed of seeds)
      try {
        await read(seed, {
          name: 'file',
          budget: { most: 2 ** 30, spent: 0, spend() {} },
          say() {},
          beside: () => seed,
        })
        good++
      } catch {}
    expect(good / seeds.length).toBeGreaterThanOrEqual(0.5)
  })
})

describe('laws', () => {
  it('`significance()` tells samples of a law from those of another', () => {
    const law = binomialLaw(6, 0.3)
    const rng = random(3)
    const drawn = (p: number) => {
      const counts = new Float64Array(7)
      for (let i = 0; i < 20_000; i++) {
        let n = 0
        for (let k = 0; k < 6; k++) if (rng.uniform() < p) n++
        counts[n]++
      }
      return counts
    }
    expect(significance(drawn(0.3), law, 20_000)).toBeGreaterThan(1e-6)
    expect(significance(drawn(0.32), law, 20_000)).toBeLessThan(1e-6)
    // Q(1/2, x) = erfc(sqrt x), Q(1, x) = e^-x; figures of Abramowitz & Stegun, table 7.1.
    expect(upperGamma(0.5, 1)).toBeCloseTo(0.1572992070502851, 11)
    expect(upperGamma(1, 20)).toBeCloseTo(Math.exp(-20), 16)
    expect(poissonLaw(2, 40).reduce((a, b) => a + b)).toBeCloseTo(1, 14)
    const two = over([-1, 1, 1, -1], 2, 0.7)
    expect(two[0]).toBeCloseTo((1 + Math.exp(-1.4)) / 2, 13)
  })

  it('processes and samplers have them, in a short run of a fixed seed', async () => {
    for (const { name, law, bias = 0, draw } of laws(11, random(11)).slice(0, 18)) {
      expect(bias, name).toBe(0)
      expect(significance(await draw(2000), law, 2000), name).toBeGreaterThan(1e-8)
    }
    expect(fuzzMasses(2000, random(5))).toBeUndefined()
  })
})
