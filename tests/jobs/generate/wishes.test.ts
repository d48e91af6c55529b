import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../src/base/errors.ts'
import { classesNamed, wishCount, wishes } from '../../../src/jobs/generate/wishes.ts'
import type { DataDescription } from '../../../src/model/description.ts'

/** 30 images of two channels, ordered by mass; every third is of class 2, none of class 3. */
const masses = Array.from({ length: 30 }, (_, k) => [100 + 10 * k, 50 + 5 * k])
const data: DataDescription = {
  name: 'test',
  count: 30,
  shape: [2, 4, 4],
  largest: 9,
  masses,
  labels: masses.map((_, k) => k % 3),
  range: [150, 585],
  classes: ['cat', 'dog', 'owl', 'newt'],
}

const totals = (some: readonly { masses: number[] }[]) => some.map(({ masses: [a, b] }) => a + b)

describe('wishes()', () => {
  it('draws masses of training images that are near in the numbers told', () => {
    const told = masses.map((_, k) => [k % 2 === 0 ? 1 : -1, k / 30])
    const of = { ...data, told }
    const placesOf = (wished: readonly { masses: number[] }[]) =>
      wished.map(wish => masses.findIndex(some => String(some) === String(wish.masses)))
    const drawn = (like: readonly number[]) => placesOf(wishes(of, { count: 40, seed: 1, like: () => like }))
    // Fifteen images are of the even kind; sixteen are looked at.
    const kinds = drawn([1, Number.NaN]).filter(k => k % 2 === 0).length
    expect(kinds).toBeGreaterThan(30)
    expect(Math.max(...drawn([Number.NaN, -1]))).toBeLessThan(16)
    expect(drawn([Number.NaN, Number.NaN])).toEqual(placesOf(wishes(data, { count: 40, seed: 1 })))
    const asked = wishes(of, { count: 5, seed: 1, like: () => [1, 0], masses: [[300, 300]] })
    expect(totals(asked)).toEqual([300, 300, 300, 300, 300])
  })

  it('draws masses of training images, and their classes with them', () => {
    const some = wishes(data, { count: 200, seed: 1 })
    for (const { masses: wanted, label } of some) {
      const k = masses.findIndex(known => known[0] === wanted[0])
      expect(wanted).toEqual(masses[k])
      expect(label).toBe(k % 3)
    }
    expect(new Set(totals(some)).size).toBeGreaterThan(20)
    expect(wishes(data, { count: 5, seed: 1, tell: false }).map(({ label }) => label)).toEqual(
      new Array(5).fill(undefined),
    )
  })

  it('draws the masses of the class that is asked for', () => {
    const some = wishes(data, { count: 60, seed: 1, labels: [2] })
    expect(some.every(({ label }) => label === 2)).toBe(true)
    expect(some.every(({ masses: [a] }) => ((a - 100) / 10) % 3 === 2)).toBe(true)
    expect(new Set(totals(some)).size).toBeGreaterThan(7)
    // Where the table has no image of the class, any will do.
    expect(new Set(totals(wishes(data, { count: 60, seed: 1, labels: [3] }))).size).toBeGreaterThan(10)
  })

  it('goes class by class, in each mass by mass, with so many of each', () => {
    const options = {
      count: 2,
      seed: 0,
      labels: [1, 0],
      masses: [
        [7, 7],
        [300, 310],
        [90_001, 90_001],
      ],
    } as const
    const some = wishes(data, options)
    expect(wishCount(options)).toBe(12)
    expect(some.map(({ label }) => label)).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    const sums = totals(some)
    for (const row of [sums.slice(0, 6), sums.slice(6)]) {
      expect([row[0], row[1], row[4], row[5]]).toEqual([7, 7, 90_001, 90_001])
      expect(row.slice(2, 4).every(mass => mass >= 300 && mass <= 310)).toBe(true)
    }
    // Two thirds in the first channel, as in all images of the data.
    expect(some.every(({ masses: [a, b] }) => Math.abs(a - 2 * b) <= 2)).toBe(true)
  })

  it('gives image i the same whatever comes after it, and other ones for another seed', () => {
    const some = (count: number, seed = 4) => wishes(data, { count, seed, masses: [[100, 500]] })
    expect(some(9).slice(0, 4)).toEqual(some(4))
    expect(some(9, 5)).not.toEqual(some(9))
  })
})

describe('classesNamed()', () => {
  const digits = Array.from({ length: 10 }, (_, k) => String(k))

  it('takes names, numbers, ranges and lists', () => {
    expect(classesNamed('7', digits)).toEqual([7])
    expect(classesNamed('0:9', digits)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(classesNamed('0, 3,7', digits)).toEqual([0, 3, 7])
    expect(classesNamed('dog:owl,0,dog', data.classes)).toEqual([1, 2, 0, 1])
    expect(classesNamed('3:3', digits)).toEqual([3])
  })

  it('takes a name before a number, and a name with signs in it as it stands', () => {
    expect(classesNamed('1,0', ['b', '0', 'a'])).toEqual([1, 1])
    expect(classesNamed('1:0', ['b', '1:0'])).toEqual([1])
    expect(classesNamed('red, round', ['blue', 'red, round'])).toEqual([1])
  })

  it.each(['10', '-1', '', 'seven', '0:', '0:1:2', '9:0', '1.5', '0,,1', '0:10', '٣'])(
    'refuses %j, and lists the classes that there are',
    word => {
      expect(() => classesNamed(word, digits)).toThrow(UsageError)
      expect(() => classesNamed(word, digits)).toThrow(
        'Cannot choose a class: class must be of those that the model knows (0, 1, 2, 3, 4, 5, 6, 7, 8, 9), got',
      )
    },
  )

  it('says so where a model knows no classes, and does not list a thousand', () => {
    expect(() => classesNamed('0', [])).toThrow('left out with a model that knows no classes, got "0"')
    const many = Array.from({ length: 1000 }, (_, k) => `kind ${k}`)
    expect(() => classesNamed('kin', many)).toThrow('kind 19 and 980 more), got "kin"')
  })
})
