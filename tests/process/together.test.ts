// Labels that are drawn together: each site as probable as ever, neighbours alike, films kept, masses exact.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { type BoundaryName, lattice } from '../../src/lattice/index.ts'
import { labels } from '../../src/process/index.ts'
import { drawnTogether } from '../../src/process/together.ts'
import { latticeWalk } from '../../src/walk/lattice-walk.ts'

/** Draws labels of one channel each of which has the probability at a site, with the nearest whole mass. */
function drawer(lengths: number[], boundary: BoundaryName, tau: number) {
  const grid = lattice(lengths, boundary)
  const walk = latticeWalk(grid)
  return (probabilities: readonly ((site: number) => number)[], seed: number) => {
    const all = Float64Array.from({ length: probabilities.length * grid.size }, (_, i) =>
      probabilities[Math.floor(i / grid.size)](i % grid.size),
    )
    const masses = probabilities.map((_, c) =>
      Math.round(all.subarray(c * grid.size, (c + 1) * grid.size).reduce((sum, p) => sum + p, 0)),
    )
    const out = new Uint8Array(grid.size)
    drawnTogether(all, { masses, lattice: grid, walk, tau, random: random(seed) }, out)
    masses.forEach((mass, c) => {
      expect(out.filter(label => label === c + 1).length).toBe(mass)
    })
    return out
  }
}

describe('drawnTogether()', () => {
  it('gives every site its label as often as its probability says, at walls too', () => {
    const draw = drawer([12, 16], 'no-flux', 1)
    const share = (site: number) => (site % 16 < 8 ? 0.1 : 0.5)
    const seen = new Float64Array(192)
    const runs = 500
    for (let seed = 0; seed < runs; seed++)
      for (const [x, label] of draw([share], seed).entries()) seen[x] += label / runs
    const mean = (sites: number[]) => sites.reduce((sum, x) => sum + seen[x], 0) / sites.length
    const left = Array.from({ length: 192 }, (_, x) => x).filter(x => x % 16 < 8)
    // About 10 independent places an image: standard errors of 0.004; of a corner 0.013 and 0.022. Exact masses cost a little.
    expect(Math.abs(mean(left) - 0.1)).toBeLessThan(0.03)
    for (const corner of [0, 176]) expect(Math.abs(seen[corner] - 0.1)).toBeLessThan(0.08)
    for (const corner of [15, 191]) expect(Math.abs(seen[corner] - 0.5)).toBeLessThan(0.13)
  })

  it('lets neighbours agree as normal numbers of their correlation do', () => {
    // Half and half: P(alike) = 1/2 + asin(ρ) / π (Sheppard 1899), ρ the kernel at 2 tau beside the kernel at 0.
    for (const tau of [0.3, 1.2]) {
      const grid = lattice([48, 48], 'periodic')
      const field = new Float64Array(grid.size)
      field[0] = 1
      latticeWalk(grid).spread(field, 2 * tau, field)
      const wanted = 0.5 + Math.asin(field[1] / field[0]) / Math.PI
      const draw = drawer([48, 48], 'periodic', tau)
      let alike = 0
      for (let seed = 0; seed < 12; seed++) {
        const out = draw([() => 0.5], seed)
        for (let x = 0; x < grid.size; x++)
          if (out[x] === out[x % 48 === 47 ? x - 47 : x + 1]) alike += 1 / grid.size / 12
      }
      expect(Math.abs(alike - wanted)).toBeLessThan(0.02)
    }
  })

  it('moves a film with the wall that it lies on', () => {
    const steep = (x: number) => 1 / (1 + Math.exp(x))
    const before = (site: number) => steep((site % 32) - 10) + 1 - steep((site % 32) - 26)
    // Label 1 lies between the labels 0 and 2 along every row, two sites wide, wherever that is.
    const film = (site: number) =>
      steep((site % 32) - 12) - steep((site % 32) - 10) + steep((site % 32) - 26) - steep((site % 32) - 24)
    const beyond = (site: number) => 1 - before(site) - film(site)
    const draw = drawer([24, 32], 'periodic', 2)
    let [through, met] = [0, 0]
    for (let seed = 0; seed < 20; seed++) {
      const out = draw([film, site => Math.max(0, beyond(site))], seed)
      for (let x = 0; x < out.length - 1; x++) {
        if (x % 32 === 31) continue
        const pair = [out[x], out[x + 1]].sort().join('')
        if (pair === '02') met++
        if (pair === '01') through++
      }
    }
    expect(through).toBeGreaterThan(500)
    expect(met).toBeLessThan(0.05 * through)
  })

  it('leaves what is sure as it is, and takes what is impossible where the counts leave no choice', () => {
    const draw = drawer([8, 8], 'periodic', 1)
    const sure = draw([site => (site < 20 ? 1 : 0)], 3)
    expect([...sure]).toEqual(Array.from({ length: 64 }, (_, x) => (x < 20 ? 1 : 0)))
    const grid = lattice([8, 8], 'periodic')
    const out = new Uint8Array(64)
    const options = { masses: [30], lattice: grid, walk: latticeWalk(grid), tau: 1, random: random(1) }
    drawnTogether(
      Float64Array.from({ length: 64 }, (_, x) => (x < 20 ? 1 : 0)),
      options,
      out,
    )
    expect(out.filter(label => label === 1).length).toBe(30)
    expect(out.subarray(0, 20).every(label => label === 1)).toBe(true)
  })
})

describe('`settle()` of labels', () => {
  it('takes the most probable labels where it is told no time, and draws where it is', () => {
    const process = labels({ lattice: lattice([16, 16], 'periodic'), rate: 10 })
    const origin = Float64Array.from({ length: 256 }, (_, x) => 0.2 + 0.6 * ((x % 16) / 15))
    const settled = (by?: Parameters<NonNullable<typeof process.settle>>[2]) => {
      const counts = Int32Array.from({ length: 256 }, (_, x) => (x < 128 ? 1 : 0))
      process.settle?.(counts, origin, by)
      expect(process.invariant(counts)).toEqual([128])
      return [...counts]
    }
    expect(settled()).toEqual(Array.from({ length: 256 }, (_, x) => (x % 16 < 8 ? 0 : 1)))
    const drawn = settled({ time: 0.1, random: random(1) })
    expect(drawn).not.toEqual(settled())
    expect(settled({ time: 0.1, random: random(1) })).toEqual(drawn)
    // A grain of its own is another draw.
    expect(settled({ time: 0.1, random: random(1), grain: 0.1 })).not.toEqual(drawn)
  })
})
