// The walk on a lattice: fields against matrix exponentials, units against the exact laws of where they go.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { type BoundaryName, type Lattice, lattice } from '../../src/lattice/index.ts'
import { latticeWalk } from '../../src/walk/lattice-walk.ts'
import { modesWalk } from '../../src/walk/modes-walk.ts'
import type { Walk } from '../../src/walk/walk.ts'
import { chiSquareP } from '../base/chi-square.ts'
import { imageLaw, leaning, siteKernel } from '../process/oracle.ts'

interface Case {
  length: number
  boundary: BoundaryName
  tau: number
  rows: number[]
  probabilities: number[][]
}

const exponentials: Case[] = JSON.parse(
  readFileSync(new URL('../lattice/vectors/kernels.json', import.meta.url), 'utf8'),
)

const spread = (walk: Walk, field: ArrayLike<number>, tau: number) => {
  const out = Float64Array.from(field)
  walk.spread(out, tau, out)
  return out
}

/** Lattices of odd and even, short and long axes, and times from a hop to all mixed; `banded` ones do not reach around. */
const places: [number[], BoundaryName[], number][] = [
  [[1], ['periodic'], 0.7],
  [[1], ['no-flux'], 3],
  [[2], ['periodic'], 0.3],
  [[2], ['no-flux'], 0.3],
  [[3], ['periodic'], 1e-3],
  [[3], ['no-flux'], 1e4],
  [[4], ['periodic'], 0.2],
  [[41], ['periodic'], 0.02],
  [[42], ['periodic'], 0.4],
  [[40], ['no-flux'], 0.3],
  [[3, 2], ['periodic', 'no-flux'], 0.5],
  [[5, 7], ['no-flux', 'periodic'], 1.3],
  [[30, 3], ['periodic', 'periodic'], 0.05],
  [[2, 1, 3], ['no-flux', 'periodic', 'periodic'], 0.3],
  [[3, 4, 5], ['no-flux', 'periodic', 'no-flux'], 1e5],
  [[2, 2, 3], ['periodic', 'no-flux', 'no-flux'], 0.1],
]
const all = places.map(
  ([lengths, boundaries, tau]) =>
    [`${lengths.join('x')} ${boundaries.join(' ')} at ${tau}`, lattice(lengths, boundaries), tau] as const,
)

describe('latticeWalk()', () => {
  it('`spread()` is the matrix exponential on one axis, any length, boundary and tau', () => {
    for (const { length, boundary, tau, rows, probabilities } of exponentials) {
      const walk = latticeWalk(lattice([length], boundary))
      rows.forEach((row, i) => {
        const law = spread(
          walk,
          Array.from({ length }, (_, x) => Number(x === row)),
          tau,
        )
        const top = Math.max(...probabilities[i])
        for (let x = 0; x < length; x++) {
          const off = Math.abs(law[x] - probabilities[i][x])
          // Relative, down to 1e-16 of the likeliest; below, what is cut off.
          if (off > 1e-12 * probabilities[i][x] && off > 2e-17 * top)
            expect.fail(`${length} ${boundary} at ${tau}: ${law[x]} in place of ${probabilities[i][x]}`)
        }
      })
    }
  })

  it.each(all)('`spread()` acts by the kernel of all axes: %s', (_, grid, tau) => {
    const kernel = siteKernel(grid, Math.min(tau, 300))
    const stream = random(4)
    const field = Float64Array.from({ length: grid.size }, () => stream.uniform() ** 4)
    const out = new Float64Array(grid.size)
    latticeWalk(grid).spread(field, Math.min(tau, 300), out)
    kernel.forEach((row, x) => {
      const exact = row.reduce((sum, k, y) => sum + k * field[y], 0)
      expect(Math.abs(out[x] / exact - 1)).toBeLessThan(1e-11)
    })
  })

  const weights = (grid: Lattice) =>
    Float64Array.from(
      { length: grid.size },
      (_, x) => [1, 0, 7, 0.2, 3][(x * x + x) % 5] + (x === 0 ? 0.1 : 0),
    )

  it.each(all)(
    '`move()` sends the units of a site by the kernel, with a weight and without: %s',
    (_, grid, tau) => {
      const kernel = siteKernel(grid, Math.min(tau, 300))
      const walk = latticeWalk(grid)
      const weight = weights(grid)
      const stream = random(7)
      // A few units at a time, many, and all at once.
      for (const [lean, law] of [
        [undefined, kernel],
        [weight, leaning(kernel, weight)],
      ] as const)
        for (const y of new Set([0, grid.size >> 1, grid.size - 1]))
          for (const units of [3, 40, 200_000]) {
            const sum = new Float64Array(grid.size)
            const times = Math.ceil(20_000 / units)
            for (let i = 0; i < times; i++) {
              const counts = new Int32Array(grid.size)
              counts[y] = units
              walk.move(counts, tau, { random: stream, weight: lean })
              for (let x = 0; x < grid.size; x++) sum[x] += counts[x]
            }
            const likely = law[y].map((p, x) => [p, x] as const).sort(([p], [q]) => q - p)
            // χ² from the likely places on; what is hardly ever seen is pooled there.
            const p = chiSquareP(
              likely.map(([, x]) => sum[x]),
              likely.map(([p]) => Math.max(p, 1e-300) * times * units),
            )
            expect(p, `${units} units from ${y}${lean ? ' with a weight' : ''}`).toBeGreaterThan(1e-8)
          }
    },
  )

  it.each([
    [[5], ['periodic'], [2, 0, 1, 0, 0], 0.6],
    [[4], ['no-flux'], [0, 3, 0, 1], 0.9],
    [[3, 2], ['periodic', 'no-flux'], [2, 0, 0, 1, 0, 0], 0.5],
    [[2, 1, 2], ['no-flux', 'periodic', 'no-flux'], [2, 0, 1, 0], 0.3],
  ] as [number[], BoundaryName[], number[], number][])(
    '`move()` sends every unit alone: the law of whole images, %o %o',
    (lengths, boundaries, clean, tau) => {
      const grid = lattice(lengths, boundaries)
      const kernel = siteKernel(grid, tau)
      const weight = weights(grid)
      for (const [lean, moves] of [
        [undefined, kernel],
        [weight, leaning(kernel, weight)],
      ] as const) {
        const law = imageLaw(moves, clean)
        const keys = [...law.keys()].sort((a, b) => law.get(b)! - law.get(a)!)
        const seen = new Map<string, number>()
        const [walk, stream, draws] = [latticeWalk(grid), random(3), 20_000]
        for (let i = 0; i < draws; i++) {
          const counts = Int32Array.from(clean)
          walk.move(counts, tau, { random: stream, weight: lean })
          seen.set(counts.join(), (seen.get(counts.join()) ?? 0) + 1)
        }
        expect([...seen.keys()].every(key => law.has(key))).toBe(true)
        const p = chiSquareP(
          keys.map(key => seen.get(key) ?? 0),
          keys.map(key => law.get(key)! * draws),
        )
        expect(p).toBeGreaterThan(1e-8)
      }
    },
  )

  it('`move()` scatters n units of a site as a multinomial, whichever way they are drawn: mean and variance', () => {
    const grid = lattice([9], 'no-flux')
    const [tau, y, draws] = [0.5, 3, 4000]
    const weight = weights(grid)
    const kernel = siteKernel(grid, tau)
    for (const [lean, law] of [
      [undefined, kernel[y]],
      [weight, leaning(kernel, weight)[y]],
    ] as const)
      for (const n of [2, 6, 7, 30, 70, 900]) {
        const [walk, stream] = [latticeWalk(grid), random(n)]
        const squares = new Float64Array(9)
        for (let i = 0; i < draws; i++) {
          const counts = new Int32Array(9)
          counts[y] = n
          walk.move(counts, tau, { random: stream, weight: lean })
          counts.forEach((k, x) => {
            squares[x] += (k - n * law[x]) ** 2 / draws
          })
        }
        law.forEach((p, x) => {
          const [variance, pq] = [n * p * (1 - p), p * (1 - p)]
          // The fourth central moment of a binomial is 3 v² + v (1 - 6 p q); rare places are seen too seldom.
          if (variance * draws < 400) return
          const error = Math.sqrt((2 * variance ** 2 + variance * (1 - 6 * pq)) / draws)
          expect(Math.abs(squares[x] - variance), `${n} units at ${x}`).toBeLessThan(6.5 * error)
        })
      }
  })

  it('`move()` keeps every unit, and what it does follows from the stream alone', () => {
    const grid = lattice([6, 5], ['no-flux', 'periodic'])
    const used = latticeWalk(grid)
    const weight = weights(grid)
    const stream = random(1)
    for (let i = 0; i < 60; i++) {
      const counts = Int32Array.from({ length: 30 }, () => Math.floor(10 ** (7 * stream.uniform())) - 1)
      const mass = counts.reduce((a, b) => a + b)
      const tau = i % 10 === 0 ? 0 : 10 ** (8 * stream.uniform() - 4)
      const [one, other] = [counts.slice(), counts.slice()]
      const lean = i % 2 ? weight : undefined
      used.move(one, tau, { random: random(i), weight: lean })
      latticeWalk(grid).move(other, tau, { random: random(i), weight: lean })
      expect(one).toEqual(other)
      expect(one.reduce((a, b) => a + b)).toBe(mass)
      expect(one.every(n => n >= 0)).toBe(true)
      if (tau === 0 && !lean) expect(one).toEqual(counts)
    }
  })

  it('`move()` leaves units where no place within reach has any weight, or the weights have no sum', () => {
    const grid = lattice([64], 'periodic')
    const walk = latticeWalk(grid)
    const far = new Float64Array(64)
    far[32] = 1
    for (const weight of [far, new Float64Array(64), new Float64Array(64).fill(Number.NaN)]) {
      const counts = new Int32Array(64)
      counts[0] = 12
      walk.move(counts, 1e-3, { random: random(1), weight })
      expect(counts[0]).toBe(12)
    }
    const counts = new Int32Array(64)
    counts[0] = 12
    walk.move(counts, 500, { random: random(1), weight: far })
    expect(counts[32]).toBe(12)
  })
})

describe('modesWalk()', () => {
  it.each([
    [[7], ['periodic']],
    [
      [4, 3],
      ['no-flux', 'periodic'],
    ],
    [
      [2, 3, 2],
      ['no-flux', 'no-flux', 'periodic'],
    ],
  ] as [number[], BoundaryName[]][])('is `latticeWalk()` on boxes: %o %o', (lengths, boundaries) => {
    const grid = lattice(lengths, boundaries)
    const box = latticeWalk(grid)
    const modes = modesWalk({ sites: grid.size, reached: box.reached })
    const field = Float64Array.from({ length: grid.size }, (_, x) => (x * 7) % 5)
    for (const tau of [0, 0.02, 0.6, 9, 400]) {
      const [one, other] = [spread(box, field, tau), spread(modes, field, tau)]
      for (let x = 0; x < grid.size; x++) expect(Math.abs(one[x] - other[x])).toBeLessThan(1e-12)
    }
    const kernel = siteKernel(grid, 0.6)
    for (const [weight, law] of [
      [undefined, kernel],
      [field, leaning(kernel, field)],
    ] as const) {
      const counts = new Int32Array(grid.size)
      counts[1] = 50_000
      modes.move(counts, 0.6, { random: random(2), weight })
      expect(
        chiSquareP(
          counts,
          law[1].map(p => p * 50_000),
        ),
      ).toBeGreaterThan(1e-8)
    }
  })
})
