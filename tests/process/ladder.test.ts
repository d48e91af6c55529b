import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { type Flows, ladderOf } from '../../src/process/ladder.ts'
import { chiSquareP } from '../base/chi-square.ts'

/** Flows that are kept as they come. */
function keep(capacity: number): Flows {
  const flows: Flows = {
    origin: new Int32Array(capacity),
    place: new Int32Array(capacity),
    count: new Int32Array(capacity),
    length: 0,
    full: Infinity,
    drain() {},
    row() {},
  }
  return flows
}

/** A ladder for sites 0 and 1 of an axis that does not fold. */
const ladderFor = (period: number) =>
  ladderOf(
    period,
    Int32Array.from({ length: 2 + period }, (_, x) => x),
  )

/** Draws n displacements, [period]; a second site sends 7 units at the same time. */
function climb(ladder: ReturnType<typeof ladderOf>, period: number, n: number, rng = random(1)): number[] {
  const flows = keep(4 * period + 4)
  ladder.send(2, { site: Int32Array.of(0, 1), units: Int32Array.of(n, 7) }, flows, rng)
  const out = new Array(period).fill(0)
  let others = 0
  for (let i = 0; i < flows.length; i++) {
    // Not `expect()`, which would take longer than the draws.
    if (!(flows.count[i] > 0)) throw new Error(`a flow of ${flows.count[i]} units`)
    if (flows.origin[i] === 0) out[flows.place[i]] += flows.count[i]
    else others += flows.count[i]
  }
  if (others !== 7) throw new Error(`${others} of 7 units`)
  return out
}

const even = (half: number[], period: number) => {
  const law = Float64Array.from({ length: period }, (_, d) => half[Math.min(d, period - d)])
  const total = law.reduce((a, b) => a + b)
  return law.map(p => p / total)
}

describe('ladder', () => {
  it('`ladder.send()` is multinomial: all outcomes of 3 units on 4 places', () => {
    const law = even([0.5, 0.2, 0.1], 4)
    const ladder = ladderFor(4)
    ladder.load(law)
    const rng = random(3)
    const seen = new Map<string, number>()
    const draws = 60_000
    for (let i = 0; i < draws; i++) {
      const key = climb(ladder, 4, 3, rng).join()
      seen.set(key, (seen.get(key) ?? 0) + 1)
    }
    const expected = new Map<string, number>()
    for (let a = 0; a < 4; a++)
      for (let b = 0; b < 4; b++)
        for (let c = 0; c < 4; c++) {
          const counts = [0, 0, 0, 0]
          for (const d of [a, b, c]) counts[d]++
          expected.set(counts.join(), (expected.get(counts.join()) ?? 0) + draws * law[a] * law[b] * law[c])
        }
    const keys = [...expected.keys()]
    expect(
      chiSquareP(
        keys.map(key => seen.get(key) ?? 0),
        keys.map(key => expected.get(key) ?? 0),
      ),
    ).toBeGreaterThan(1e-6)
  })

  it.each([1, 2, 5, 31, 127, 128, 255, 256, 1000, 2_000_000])(
    '`ladder.send()` keeps all of %i units and sends them by the law',
    n => {
      for (const period of [1, 2, 3, 8, 9, 80]) {
        const law = even(
          Array.from({ length: 41 }, (_, j) => Math.exp(-j / 7)),
          period,
        )
        const ladder = ladderFor(period)
        ladder.load(law)
        const rng = random(n)
        const sum = new Array(period).fill(0)
        const draws = Math.max(1, Math.ceil(20_000 / n))
        let kept = true
        for (let i = 0; i < draws; i++) {
          const counts = climb(ladder, period, n, rng)
          kept &&= counts.reduce((a, b) => a + b) === n
          counts.forEach((count, d) => {
            sum[d] += count
          })
        }
        expect(kept).toBe(true)
        const expected = [...law].map(p => p * n * draws)
        expect(chiSquareP(sum, expected)).toBeGreaterThan(1e-6)
      }
    },
  )

  it('`ladder.send()` has the variance of a binomial on every place', () => {
    const law = even([0.6, 0.15, 0.04, 0.01], 7)
    const ladder = ladderFor(7)
    ladder.load(law)
    const rng = random(8)
    for (const n of [37, 255, 300]) {
      const draws = 20_000
      const squares = new Array(7).fill(0)
      for (let i = 0; i < draws; i++)
        climb(ladder, 7, n, rng).forEach((count, d) => {
          squares[d] += (count - n * law[d]) ** 2 / draws
        })
      squares.forEach((square, d) => {
        const variance = n * law[d] * (1 - law[d])
        const error = Math.sqrt((2 * variance ** 2 + variance) / draws)
        expect(Math.abs(square - variance)).toBeLessThan(6 * error)
      })
    }
  })

  it('`ladder.load()` of a law without width sends everyone nowhere', () => {
    const ladder = ladderFor(10)
    ladder.load(Float64Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    expect(climb(ladder, 10, 12_345)).toEqual([12_345, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    ladder.load(Float64Array.of(0.5, 0.25, 0, 0, 0, 0, 0, 0, 0, 0.25))
    expect(climb(ladder, 10, 1000).slice(2, 9)).toEqual([0, 0, 0, 0, 0, 0, 0])
  })

  it('`ladder.worthwhile()` asks for few units when the law is narrow and for more when it is wide', () => {
    const ladder = ladderFor(64)
    const at = (width: number) => {
      ladder.load(
        even(
          Array.from({ length: 33 }, (_, j) => Math.exp(-((j / width) ** 2))),
          64,
        ),
      )
      return ladder.worthwhile()
    }
    expect(at(0.3)).toBeLessThan(at(2))
    expect(at(2)).toBeLessThan(at(20))
  })
})
