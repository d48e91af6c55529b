// Probabilities tilted to masses, and the most probable labels of exact masses.
import { describe, expect, it } from 'vitest'
import { below, random } from '../../src/base/random.ts'
import { assign } from '../../src/process/assign.ts'
import { tilted } from '../../src/process/tilt.ts'

/** Probabilities of C phases at every site, [C, sites], what is left over being one phase more. */
function anyLaw(channels: number, sites: number, seed: number): Float64Array {
  const stream = random(seed)
  const out = new Float64Array(channels * sites)
  for (let x = 0; x < sites; x++) {
    const weights = Array.from({ length: channels + 1 }, () => stream.uniform() ** 4)
    const sum = weights.reduce((a, b) => a + b)
    for (let c = 0; c < channels; c++) out[c * sites + x] = weights[c] / sum
  }
  return out
}

const sums = (p: Float64Array, channels: number) => {
  const sites = p.length / channels
  return Array.from({ length: channels }, (_, c) =>
    p.slice(c * sites, (c + 1) * sites).reduce((a, b) => a + b),
  )
}

describe('tilted()', () => {
  it.each([
    [1, [3]],
    [1, [39]],
    [1, [1]],
    [2, [5, 30]],
    [3, [1, 12, 20]],
    [2, [0, 17]],
  ])('has the masses to 1e-6, by one factor for each phase: %i phases of %o', (channels, masses) => {
    const sites = 40
    const p = anyLaw(channels, sites, 3)
    const out = new Float64Array(p.length)
    tilted(p, { masses, sites }, out)
    const found = sums(out, channels)
    masses.forEach((mass, c) => {
      expect(Math.abs(found[c] - mass)).toBeLessThan(1e-6)
    })
    for (let c = 0; c < channels; c++) {
      if (masses[c] === 0) continue
      // Odds against the phase that is left change by the same factor everywhere.
      const left = (of: Float64Array, x: number) =>
        1 - Array.from({ length: channels }, (_, k) => of[k * sites + x]).reduce((a, b) => a + b)
      const factors = Array.from({ length: sites }, (_, x) => {
        const at = c * sites + x
        return out[at] / left(out, x) / (p[at] / left(p, x))
      })
      // What is met by scaling is 1e-6 of a unit, which shows where next to nothing is left.
      const plain = factors.filter((_, x) => left(out, x) > 1e-2)
      for (const factor of plain) expect(Math.abs(factor / plain[0] - 1)).toBeLessThan(1e-4)
    }
  })

  it('leaves sites as they are that are sure', () => {
    const p = Float64Array.of(1, 0, 0.2, 0.6, 0.4, 0)
    const out = new Float64Array(6)
    tilted(p, { masses: [3], sites: 6 }, out)
    expect(out[0]).toBeCloseTo(1, 6)
    expect([out[1], out[5]]).toEqual([0, 0])
    expect(sums(out, 1)[0]).toBeCloseTo(3, 9)
  })

  it('meets the masses where sure sites leave no room, and where nothing is told', () => {
    const out = new Float64Array(4)
    tilted([1, 1, 1, 0], { masses: [2], sites: 4 }, out)
    expect(sums(out, 1)[0]).toBeCloseTo(2, 9)
    for (const nothing of [0, Number.NaN]) {
      tilted(new Float64Array(4).fill(nothing), { masses: [3], sites: 4 }, out)
      expect([...out]).toEqual([0.75, 0.75, 0.75, 0.75])
    }
  })
})

describe('assign()', () => {
  const score = (p: Float64Array, labels: Uint8Array, channels: number) => {
    const sites = labels.length
    let sum = 0
    labels.forEach((label, x) => {
      let q = 1
      for (let c = 0; c < channels; c++) q -= p[c * sites + x]
      sum += Math.max(-80, Math.log(label === 0 ? Math.max(q, 1e-300) : p[(label - 1) * sites + x]))
    })
    return sum
  }

  /** All labellings with these masses. */
  function* labellings(sites: number, masses: number[]): Generator<Uint8Array> {
    const labels = new Uint8Array(sites)
    const left = [sites - masses.reduce((a, b) => a + b), ...masses]
    function* fill(x: number): Generator<Uint8Array> {
      if (x === sites) yield labels
      for (let c = 0; x < sites && c < left.length; c++) {
        if (left[c] === 0) continue
        left[c]--
        labels[x] = c
        yield* fill(x + 1)
        left[c]++
      }
    }
    yield* fill(0)
  }

  it.each([1, 2, 3])('is the best of all labellings: %i phases and one that is left', channels => {
    const stream = random(channels)
    for (let trial = 0; trial < 60; trial++) {
      const sites = 3 + (trial % 5)
      const p = anyLaw(channels, sites, 100 * channels + trial)
      // Some that are sure, and ties.
      if (trial % 4 === 0) for (let i = 1; i < p.length; i += sites) p[i] = Number(i < sites)
      if (trial % 4 === 1) p.fill(1 / (channels + 1))
      const masses: number[] = []
      for (let c = 0, left = sites; c < channels; c++) {
        masses.push(below(stream, left + 1))
        left -= masses[c]
      }
      const labels = new Uint8Array(sites)
      assign(p, { masses, sites }, labels)
      masses.forEach((mass, c) => {
        expect(labels.filter(label => label === c + 1).length).toBe(mass)
      })
      let best = -Infinity
      for (const other of labellings(sites, masses)) best = Math.max(best, score(p, other, channels))
      expect(score(p, labels, channels)).toBeGreaterThan(best - 1e-9)
    }
  })
})
