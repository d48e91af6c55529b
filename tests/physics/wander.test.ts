import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { drive, finish } from '../../src/base/work.ts'
import { lattice, spread } from '../../src/lattice/index.ts'
import { kernels } from '../../src/lattice/lattice.ts'
import {
  exponential,
  graphWalk,
  latticeWalk,
  law,
  leave,
  network,
  type Wandering,
  wander,
} from '../../src/physics/index.ts'
import { chiSquareP } from '../base/chi-square.ts'

describe('exponential()', () => {
  it('has the law 1 − e^−x in every tenth and in its tail', () => {
    const rng = random(4)
    const bins = new Int32Array(14)
    const draws = 400_000
    // Ten tenths, of which the last is cut on: 0.9 … 0.99 … up to 1 − 1e-5.
    const edges = [...Array.from({ length: 9 }, (_, k) => 0.1 * (k + 1)), 0.99, 0.999, 0.9999, 0.99999]
    for (let i = 0; i < draws; i++) {
      const share = 1 - Math.exp(-exponential(rng))
      bins[edges.filter(edge => share >= edge).length]++
    }
    const expected = [...edges, 1].map((edge, k) => draws * (edge - (k ? edges[k - 1] : 0)))
    expect(chiSquareP(bins, expected)).toBeGreaterThan(1e-8)
  })

  it('goes beyond the last layer of the ziggurat as often as it should', () => {
    const rng = random(5)
    let far = 0
    for (let i = 0; i < 2_000_000; i++) if (exponential(rng) > 8) far++
    const expected = 2_000_000 * Math.exp(-8)
    expect(Math.abs(far - expected)).toBeLessThan(5.5 * Math.sqrt(expected))
  })
})

describe('law()', () => {
  it('is the exact kernel of the lattice, periodic and with walls, to 1e-12', () => {
    for (const boundary of ['periodic', 'no-flux'] as const) {
      const grid = lattice([7, 9], boundary)
      const ends = boundary === 'periodic' ? ('periodic' as const) : undefined
      const walk = latticeWalk({
        axes: [7, 9].map(length => ({ length, forward: 1, backward: 1, ends })),
      })
      const { nodes } = law(walk, { start: 23, times: [0.3, 5] })
      for (const [k, tau] of [0.3, 5].entries()) {
        const exact = spread(
          grid,
          kernels(grid).map(axis => axis.at(tau)),
          23,
        )
        exact.forEach((p, x) => {
          expect(Math.abs(nodes[63 * k + x] - p)).toBeLessThan(1e-12)
        })
      }
    }
  })

  it('knows births: two nodes and an exit against the solution by hand', () => {
    // 0 → 1 → out at rate 1 each, born over [0, 2): p₀ = (1 − e^−t)/2, p₁ = (1 − e^−t (1 + t))/2 while they are born.
    const chain = network({
      nodes: 2,
      exits: ['out'],
      jumps: [
        { from: 0, to: 1, rate: 1 },
        { from: 1, to: leave(0), rate: 1 },
      ],
    })
    const { nodes, exits } = law(chain, { start: 0, times: [1.5, 30], births: 2 })
    const e = Math.exp(-1.5)
    expect(nodes[0]).toBeCloseTo((1 - e) / 2, 13)
    expect(nodes[1]).toBeCloseTo((1 - e * 2.5) / 2, 13)
    expect(exits[0]).toBeCloseTo(0.75 - (1 - e) / 2 - (1 - e * 2.5) / 2, 13)
    expect(exits[1]).toBeCloseTo(1, 10)
  })
})

const everything: Wandering = {
  network: latticeWalk({
    axes: [{ length: 30, forward: 5, backward: 4, ends: ['reflecting', 'absorbing'] }],
    mobility: [1, 0],
    switches: [
      { from: 0, to: 1, rate: 2 },
      { from: 1, to: 0, rate: 3 },
    ],
    decay: [0.1, 0.02],
  }),
  units: 60_000,
  seed: 11,
  until: 8,
  start: 15,
  times: [0, 1, 2.5, 8],
  births: 3,
}

describe('wander()', () => {
  it('follows the master equation: drift, adsorption, decay, births, an absorbing end', () => {
    const found = finish(wander(everything))
    const exact = law(everything.network, { ...everything, times: everything.times ?? [] })
    const { nodes, exits } = everything.network
    expect(exits).toEqual(['decay', 'high 0'])
    for (let k = 1; k < 4; k++) {
      const seen = [
        ...found.counts.subarray(k * nodes, (k + 1) * nodes),
        ...found.gone.subarray(2 * k, 2 * k + 2),
      ]
      const wanted = [
        ...exact.nodes.subarray(k * nodes, (k + 1) * nodes),
        ...exact.exits.subarray(2 * k, 2 * k + 2),
      ].map(p => p * everything.units)
      const unborn = everything.units - wanted.reduce((sum, n) => sum + n, 0)
      expect(chiSquareP([...seen, found.unborn[k]], [...wanted, unborn])).toBeGreaterThan(1e-8)
    }
    expect(found.unborn[0]).toBe(everything.units)
    expect(found.events).toBeGreaterThan(everything.units)
  })

  it('follows the master equation on a graph and on a lattice of three dimensions', () => {
    const star = graphWalk({
      nodes: 5,
      edges: [
        [0, 1],
        [0, 2],
        [0, 3, 4],
        [3, 4, 0.2],
      ],
    })
    const cube = latticeWalk({
      axes: [
        { length: 3, forward: 1, backward: 2 },
        { length: 4, forward: 1, backward: 1, ends: 'periodic' },
        { length: 2, forward: 0.5, backward: 1, ends: ['absorbing', 'reflecting'] },
      ],
    })
    for (const [net, start] of [
      [star, 4],
      [cube, 13],
    ] as const) {
      const run = { network: net, units: 40_000, seed: 2, until: 1, start, times: [1] }
      const found = finish(wander(run))
      const exact = law(net, run)
      const expected = [...exact.nodes, ...exact.exits].map(p => p * run.units)
      expect(chiSquareP([...found.counts, ...found.gone], expected)).toBeGreaterThan(1e-8)
    }
  })

  it('gives equal bytes however the units are cut into shards', () => {
    const whole = finish(wander(everything))
    const cuts = [0, 1, 20_001, 60_000]
    const parts = cuts.slice(1).map((to, k) => finish(wander({ ...everything, shard: [cuts[k], to] })))
    const summed = parts[0].counts.map((_, i) => parts.reduce((sum, part) => sum + part.counts[i], 0))
    expect(summed).toEqual(whole.counts)
    expect(Float64Array.from(parts.flatMap(part => [...part.left]))).toEqual(whole.left)
  })

  it('takes its start from a law, and stays where nothing can jump', () => {
    const still = network({ nodes: 3, jumps: [] })
    const { counts, events } = finish(
      wander({ network: still, units: 30_000, seed: 1, until: 5, start: [1, 0, 2], times: [5] }),
    )
    expect(events).toBe(0)
    expect(counts[1]).toBe(0)
    expect(Math.abs(counts[0] - 10_000)).toBeLessThan(5 * Math.sqrt(30_000 * (2 / 9)))
  })

  it('can be stopped, even within one unit that never rests', async () => {
    const ring = latticeWalk({ axes: [{ length: 5, forward: 1e9, backward: 1e9, ends: 'periodic' }] })
    const work = wander({ network: ring, units: 1, seed: 1, until: 1e6, start: 0 })
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 100)
    const began = Date.now()
    await expect(drive(work, { signal: controller.signal })).rejects.toThrow('stopped')
    expect(Date.now() - began).toBeLessThan(2000)
  })

  it('refuses starts, times and rates that make no sense', () => {
    const run = (more: object) => () => finish(wander({ ...everything, ...more }))
    expect(run({ start: 60 })).toThrow(/^Cannot let units wander: the start must be/)
    expect(run({ times: [2, 1] })).toThrow(/the times must be rising/)
    expect(run({ times: [9] })).toThrow(/the times must be rising from 0 to 8/)
    expect(() => network({ nodes: 2, jumps: [{ from: 0, to: 1, rate: -1 }] })).toThrow(
      /every rate must be finite/,
    )
    expect(() => network({ nodes: 2, jumps: [{ from: 0, to: 5, rate: 1 }] })).toThrow(
      /every target from node 0/,
    )
  })
})
