// Dice of standard lengths: their laws, read off their columns, and what they leave of a length.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { type BoundaryName, lattice } from '../../src/lattice/index.ts'
import { axisLaws } from '../../src/process/laws.ts'
import { type StandardDice, standardDice } from '../../src/process/standard-dice.ts'
import { skellam } from './oracle.ts'

const lawsOf = (length: number, boundary: BoundaryName) => axisLaws(lattice([length], boundary))[0]

/** The probabilities [2^bits] of the die at `at`, exactly: what its columns and thresholds add up to. */
function lawAt({ dice, bits }: StandardDice, at: number): Float64Array {
  const law = new Float64Array(1 << bits)
  const unit = (bits <= 10 ? 0x10000 : 2 ** 32) >> bits || 2 ** (32 - bits)
  for (let column = 0; column < law.length; column++) {
    const entry = dice.columns[at + column]
    const other = entry & (law.length - 1)
    const share = other === column ? 1 : ((entry >>> bits) + dice.remainder[at + column]) / unit
    law[column] += share / law.length
    law[other] += (1 - share) / law.length
  }
  return law
}

/** The law of Poisson(plus) - Poisson(minus) around a circle. */
function around(plus: number, minus: number, period: number): Float64Array {
  const reach = 400
  const law = new Float64Array(period)
  skellam(plus, minus, reach).forEach((p, i) => {
    law[(((i - reach) % period) + period) % period] += p
  })
  return law
}

describe('standardDice()', () => {
  const lengths = [
    [0.4, 0.3],
    [0, 0.15],
    [7.3, 0.02],
    [40, 55],
    [1 / 3, 1e-9],
  ]
  it.each([
    [28, 'no-flux'],
    [7, 'periodic'],
    [300, 'no-flux'],
  ] as const)(
    'gives dice of the law on the circle that leave less than a step: %i sites, %s',
    (n, boundary) => {
      const laws = lawsOf(n, boundary)
      const dice = standardDice(laws)
      for (const [plus, minus] of lengths) {
        const hops = Float64Array.of(minus, plus)
        const at = dice.take(hops, 0)
        const law = lawAt(dice, at)
        if (plus + minus >= laws.mixed) {
          expect([...hops]).toEqual([0, 0])
          for (let x = 0; x < laws.period; x++) expect(law[x] * laws.period).toBeCloseTo(1, 12)
          continue
        }
        const step = 2 ** Math.floor(Math.log2(plus + minus)) / dice.steps
        expect(Math.min(...hops)).toBeGreaterThanOrEqual(0)
        expect(Math.max(...hops)).toBeLessThan(step)
        const exact = around(plus - hops[1], minus - hops[0], laws.period)
        for (let x = 0; x < laws.period; x++) expect(Math.abs(law[x] - exact[x])).toBeLessThan(1e-13)
        expect(law.subarray(laws.period).every(p => p === 0)).toBe(true)
      }
    },
  )

  it('gives the even die once a walk has mixed, whichever way it goes', () => {
    const laws = lawsOf(5, 'periodic')
    const dice = standardDice(laws)
    for (const [plus, minus] of [
      [laws.mixed, 0],
      [1e30, 5],
      [0, Infinity],
      [laws.mixed / 2, laws.mixed / 2],
    ]) {
      const hops = Float64Array.of(minus, plus)
      const law = lawAt(dice, dice.take(hops, 0))
      expect([...hops]).toEqual([0, 0])
      for (let x = 0; x < 5; x++) expect(law[x]).toBeCloseTo(0.2, 14)
    }
    // And it is right that they are: no bit is left of where they started.
    const most = around(laws.mixed, 0, 5)
    for (let x = 0; x < 5; x++) expect(Math.abs(most[x] - 0.2)).toBeLessThan(1e-15)
  })

  it('keeps the last 64 dice where they are, however many there have been', () => {
    // 2,048 faces: the fewest places.
    const laws = lawsOf(1024, 'no-flux')
    const dice = standardDice(laws)
    const rng = random(1)
    const recent: { at: number; law: Float64Array }[] = []
    const lengthsOf = Array.from({ length: 600 }, () => {
      const sum = 2 ** (10 * rng.uniform() - 2)
      const part = rng.uniform()
      return [part * sum, (1 - part) * sum]
    })
    let remade = 0
    const first = new Map<number, number>()
    for (let turn = 0; turn < 1500; turn++) {
      const which = Math.floor(rng.uniform() * lengthsOf.length)
      const [plus, minus] = lengthsOf[which]
      const hops = Float64Array.of(minus, plus)
      const at = dice.take(hops, 0)
      if (first.has(which) && first.get(which) !== at) remade++
      first.set(which, at)
      const [ahead, back] = [plus - hops[1], minus - hops[0]]
      // The chance to go nowhere tells the lengths.
      const law = lawAt(dice, at)
      if (turn % 50 === 0 && plus + minus < 100) expect(law[0]).toBeCloseTo(around(ahead, back, 2048)[0], 12)
      recent.push({ at, law: law.slice(0, 4) })
      if (recent.length > 64) recent.shift()
      if (turn % 20 === 0) for (const one of recent) expect(lawAt(dice, one.at).slice(0, 4)).toEqual(one.law)
    }
    expect(remade).toBeGreaterThan(20)
  })
})
