// Known units on their way back: the law at every time is that of the forward walk, and the end is where they came from.
import { describe, expect, it } from 'vitest'
import { below, random } from '../../src/base/random.ts'
import { type BoundaryName, kernels, lattice, spread } from '../../src/lattice/index.ts'
import { intoHole } from '../../src/process/into-hole.ts'
import { paths } from '../../src/process/paths.ts'
import { chiSquareP } from '../base/chi-square.ts'

const units = 30_000

describe.each(['periodic', 'no-flux'] as BoundaryName[])('paths() on a %s lattice', boundary => {
  const grid = lattice([4, 5], boundary)
  const rate = 3
  const origins = new Int32Array(20)
  origins[1] = units
  const walk = (seed: number) =>
    paths({ lattice: grid, rate, origins: () => origins, stream: image => random(seed).fork(image) })
  const lawAt = (tau: number, from: number) =>
    spread(
      grid,
      kernels(grid).map(kernel => kernel.at(tau)),
      from,
    )

  it('have at every time the law of the forward walk, whatever the times before', () => {
    for (const times of [[1], [1, 0.4], [1, 0.7, 0.4, 0.1, 0.02], [0.3, 0.299, 0.1]]) {
      const one = walk(7 + times.length)
      for (const time of times) {
        const counts = one(0, time)
        const expected = Array.from(lawAt(rate * time, 1), p => units * p)
        const likely = expected.map((_, x) => x).filter(x => expected[x] > 5)
        const rest = (of: ArrayLike<number>) =>
          Array.from(of).reduce((sum, n, x) => sum + (likely.includes(x) ? 0 : n), 0)
        const seen = [...likely.map(x => counts[x]), rest(counts)]
        const means = [...likely.map(x => expected[x]), rest(expected) + 1e-9]
        if (means[means.length - 1] < 1) {
          seen[0] += seen.pop() as number
          means[0] += means.pop() as number
        }
        expect(chiSquareP(seen, means)).toBeGreaterThan(1e-8)
      }
    }
  })

  it('hold together: two times of one path have the joint law of the walk', () => {
    const [t, s] = [0.5, 0.2]
    const one = paths({
      lattice: grid,
      rate,
      origins: () => Int32Array.from(origins, (_, x) => (x === 1 ? 1 : 0)),
      stream: image => random(5).fork(image),
    })
    const trials = 12_000
    const seen = new Array<number>(400).fill(0)
    for (let image = 0; image < trials; image++) {
      const x = one(image, t).indexOf(1)
      seen[20 * one(image, s).indexOf(1) + x]++
    }
    const near = lawAt(rate * s, 1)
    const expected = Array.from(near).flatMap((p, z) =>
      Array.from(lawAt(rate * (t - s), z), far => trials * p * far),
    )
    const likely = expected.map((_, i) => i).filter(i => expected[i] > 5)
    const rest = (of: number[]) => of.reduce((sum, n, i) => sum + (likely.includes(i) ? 0 : n), 0)
    const p = chiSquareP(
      [...likely.map(i => seen[i]), rest(seen)],
      [...likely.map(i => expected[i]), rest(expected)],
    )
    expect(p).toBeGreaterThan(1e-8)
  })

  it('end where they came from, begin anew when time rises, and depend on the image alone', () => {
    const rng = random(2)
    const images = Array.from({ length: 4 }, () => Int32Array.from({ length: 40 }, () => below(rng, 30)))
    const of = () =>
      paths({
        lattice: grid,
        rate,
        origins: image => images[image],
        stream: image => random(9).fork(image),
      })
    const one = of()
    const first = one(2, 1).slice()
    expect(first.reduce((sum, n) => sum + n, 0)).toBe(images[2].reduce((sum, n) => sum + n, 0))
    // Channels do not mix.
    expect(first.slice(20).reduce((sum, n) => sum + n, 0)).toBe(
      images[2].slice(20).reduce((sum, n) => sum + n, 0),
    )
    one(1, 1)
    const later = one(2, 0.3).slice()
    expect(one(2, 0.3)).toEqual(later)
    expect(one(2, 0)).toEqual(images[2])
    expect(one(2, 1)).toEqual(first)
    const other = of()
    other(2, 1)
    expect(other(2, 0.3)).toEqual(later)
    expect(() => one(0, 1.1)).toThrow('the time must be in [0, 1], got 1.1')
  })
})

describe('intoHole()', () => {
  it('moves every unit outside to the nearest site of the hole, and loses none', () => {
    const grid = lattice([3, 4], 'no-flux')
    const open = [0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0]
    const counts = Int32Array.of(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048)
    const total = counts.reduce((sum, n) => sum + n, 0)
    const moved = intoHole(counts, grid, open)
    expect(moved).toBe(total - 8 - 256)
    // Near the corner above: 1 (2 hops, not 3), 2, 6 (2 hops), 7, 11 (2 hops, not 3).
    const above = 2 + 4 + 8 + 64 + 128 + 2048
    expect([...counts]).toEqual([0, 0, 0, above, 0, 0, 0, 0, total - above, 0, 0, 0])
  })

  it('leaves what is inside, goes around a torus, and refuses units without a hole', () => {
    const ring = lattice([6], 'periodic')
    const counts = Int32Array.of(0, 3, 0, 0, 0, 9)
    expect(intoHole(counts, ring, [1, 1, 0, 0, 0, 0])).toBe(9)
    expect([...counts]).toEqual([9, 3, 0, 0, 0, 0])
    expect(() => intoHole(Int32Array.of(1, 0), lattice([2], 'no-flux'), [0, 0])).toThrow(
      'one with a hole, got 1',
    )
    expect(intoHole(Int32Array.of(0, 0), lattice([2], 'no-flux'), [0, 0])).toBe(0)
  })
})
