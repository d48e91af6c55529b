// The study of solvers: what is known of its subjects, the figures that are claimed, and how samples are judged.
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readImages } from '../../src/formats/dataset.ts'
import { readIdx } from '../../src/formats/idx.ts'
import { lattice, noFlux, periodic } from '../../src/lattice/index.ts'
import { multistep } from '../../src/sampling/index.ts'
import { fewUnits, orders, recovered, recovery, stabilityLimit } from '../../src/sampling/study/index.ts'
import { chainSubject, walkSubject } from '../../src/sampling/study/subject.ts'
import { finish } from '../../src/structure/work.ts'
import { imageLaw, siteKernel } from '../process/oracle.ts'
import { distance } from './laws.ts'

const weight = (i: number) => 1 + ((i * i * 3) % 7)

describe('fewUnits()', () => {
  it.each([
    ['a ring', [4], periodic],
    ['walls', [2, 2], noFlux],
  ] as const)(
    'tells the laws and origins that moving one unit after the other tells, on %s',
    (_, lengths, boundary) => {
      const grid = lattice(lengths, boundary)
      const few = fewUnits({ lattice: grid, rate: 2, units: 2, weight })
      const time = 0.2
      const law = new Map<string, number>()
      const from = few.states.map(state => imageLaw(siteKernel(grid, 2 * time), state))
      from.forEach((of, o) => {
        for (const [key, p] of of) law.set(key, (law.get(key) ?? 0) + few.law[o] * p)
      })
      few.states.forEach((state, s) => {
        const key = state.join()
        expect(few.at(time)[s]).toBeCloseTo(law.get(key) ?? 0, 11)
        for (let x = 0; x < 4; x++) {
          const mean = from.reduce(
            (sum, of, o) => sum + (few.law[o] * (of.get(key) ?? 0) * few.states[o][x]) / (law.get(key) ?? 0),
            0,
          )
          expect(few.expected(state, time)[x]).toBeCloseTo(mean, 9)
        }
      })
    },
  )

  it('tells rates that undo what time does to the law', () => {
    const few = fewUnits({ lattice: lattice([5], noFlux), rate: 2, units: 2, weight })
    const [time, h] = [0.2, 1e-4]
    const [before, now, after] = [few.at(time - h), few.at(time), few.at(time + h)]
    const gained = new Float64Array(few.states.length)
    few.states.forEach((state, s) => {
      few.rates(state, time).forEach((rate, k) => {
        if (rate === 0) return
        const x = k % 5
        const y = x + (k < 5 ? -1 : 1)
        const next = Int32Array.from(state, (n, z) => n - (z === x ? 1 : 0) + (z === y ? 1 : 0))
        gained[s] -= 2 * rate * now[s]
        gained[few.index(next)] += 2 * rate * now[s]
      })
    })
    gained.forEach((gain, s) => {
      expect(gain).toBeCloseTo((before[s] - after[s]) / (2 * h), 6)
    })
  })

  it('refuses more states than it can hold', () => {
    expect(() => fewUnits({ lattice: lattice([30], periodic), rate: 1, units: 9, weight })).toThrow(
      RangeError,
    )
  })
})

describe('the subjects', () => {
  const few = fewUnits({ lattice: lattice([4], periodic), rate: 1, units: 1, weight })
  it.each([
    ['one unit that walks', walkSubject(few)],
    ['one site of a chain', chainSubject({ sites: 1, states: 4, rate: 2, weight })],
  ])('go back exactly at any length of step where there is but %s', (_, subject) => {
    const now = subject.at(0.8)
    const out = new Float64Array(subject.count)
    now.forEach((p, s) => {
      subject.back(s, subject.origin(s, 0.8), { from: 0.8, to: 0.1 }).forEach((q, z) => {
        out[z] += p * q
      })
    })
    expect(distance(out, subject.at(0.1))).toBeLessThan(1e-9)
    expect(distance(now, subject.at(0.1))).toBeGreaterThan(0.05)
  })
})

describe('orders()', () => {
  it('finds order one of both solvers, to the law itself where the rates are exact', () => {
    const rows = finish(orders([8, 16, 32, 64]))
    expect(rows.map(({ solver }) => solver)).toEqual(['ancestral', 'multistep', 'ancestral', 'multistep'])
    expect(rows[0].order).toBeCloseTo(1, 1)
    expect(rows[1].order).toBeGreaterThan(0.85)
    // Units alike are told apart by no origin: what is left of the error does not go away.
    expect(rows[2].points.every(({ error }) => error > 0.03 && error < 0.06)).toBe(true)
    expect(rows[2].ownOrder).toBeCloseTo(1, 1)
  })
})

describe('recovered()', () => {
  const known = {
    images: [
      [4, 0],
      [0, 4],
      [2, 2],
    ],
    classes: [0, 1, 1],
  }

  it('finds the nearest image, what is misplaced, what repeats, and χ² of the classes', () => {
    const judged = recovered([4, 0, 3, 1, 0, 4, 4, 0], known)
    expect(judged.nearest).toEqual([0, 0, 1, 0])
    expect(judged.misplaced).toBeCloseTo((100 * 0.25) / 4, 12)
    expect(judged.distinct).toBe(2)
    expect(judged.repeats).toBeCloseTo((6 * 3) / 12, 12)
    expect(judged.counts).toEqual([3, 1])
    expect(judged.chiSquare).toBeCloseTo((3 - 4 / 3) ** 2 / (4 / 3) + (1 - 8 / 3) ** 2 / (8 / 3), 12)
  })

  it('refuses what is no whole number of images', () => {
    expect(() => recovered([1, 2, 3], known)).toThrow(RangeError)
  })
})

const folder = new URL('../../../shared/data/mnist/', import.meta.url)
const there = existsSync(folder)

describe.skipIf(!there)(
  'recovery() of 500 digits (skipped where MNIST is not at ../shared/data/mnist)',
  () => {
    it('draws other digits with multistep() in 8 calls, each exactly, without favouring a class', async () => {
      const read = (name: string) => readFileSync(new URL(name, folder))
      const { counts } = readImages('train-images-idx3-ubyte.gz', read('train-images-idx3-ubyte.gz'))
      const labels = readIdx(read('train-labels-idx1-ubyte.gz'), 'labels').data
      const images = Array.from({ length: 500 }, (_, k) => counts.subarray(k * 784, (k + 1) * 784))
      const known = { images, classes: Array.from(labels.subarray(0, 500), Number) }
      const bench = recovery({ lattice: lattice([28, 28], noFlux), known, mass: 26_000, count: 24, seed: 1 })
      const drawn = await bench.draw(multistep({ calls: 8 }))
      expect(drawn.calls).toBe(8)
      expect(drawn.misplaced).toBeLessThan(0.5)
      // 500 images drawn evenly would repeat 0.55 times among 24, and χ² be 9 on average.
      expect(drawn.distinct).toBeGreaterThanOrEqual(16)
      expect(drawn.chiSquare).toBeLessThan(60)
      expect(bench.perfect().misplaced).toBe(0)
    }, 300_000)
  },
)

it('stabilityLimit() is that of the plain Euler step without damping and order', () => {
  expect(stabilityLimit({ order: 1, damping: 1 })).toBeCloseTo(2, 3)
  expect(stabilityLimit({ order: 1, damping: 0.5 })).toBeCloseTo(6, 3)
})
