// Known states around holes: what is masked beside them has its law given them, from an origin that is exact.
import { describe, expect, it } from 'vitest'
import { knownStates, restoreStates } from '../../src/model/known-states.ts'
import { absorbingRates, chain } from '../../src/process/index.ts'
import { ancestral, type OriginFunction, sample } from '../../src/sampling/index.ts'
import { chiSquareP } from '../base/chi-square.ts'

// Three sites of two states and the mask, 2; eight rows of unequal weight, so that every site tells of the others.
const [sites, states, mask] = [3, 3, 2]
const rows = Array.from({ length: 8 }, (_, i) => [i & 1, (i >> 1) & 1, i >> 2])
const weight = (row: readonly number[]) => [1, 2, 7, 3, 5, 9, 1, 4][row[0] + 2 * row[1] + 4 * row[2]]
const walk = chain({ lengths: [sites], ...absorbingRates(states) })

/** The law of each site given those that are not masked; keeps the times and the states that it was asked for. */
function exact(asked: { times: number[]; rows: string[] }): OriginFunction {
  return (counts, times) => {
    const out = new Float32Array(times.length * states * sites)
    times.forEach((time, slot) => {
      const shown = Array.from(counts.subarray(slot * sites, (slot + 1) * sites))
      asked.times.push(time)
      asked.rows.push(shown.join(''))
      const fits = rows.filter(row => row.every((a, x) => shown[x] === mask || shown[x] === a))
      const all = fits.reduce((sum, row) => sum + weight(row), 0)
      for (const row of fits)
        row.forEach((a, x) => {
          out[(slot * states + a) * sites + x] += weight(row) / all
        })
    })
    return out
  }
}

const drawn = async (
  known: number[],
  open: number[],
  { count, batch = 50 }: { count: number; batch?: number },
) => {
  const asked = { times: [] as number[], rows: [] as string[] }
  const told = {
    ...{ known: Int32Array.from(known), open: Uint8Array.from(open), each: count, channels: 1, states },
    rate: walk.rate,
  }
  const { counts } = await sample({
    process: walk,
    // Short steps: what two sites are told in one step they are told as if they knew nothing of each other.
    solver: ancestral({ calls: 100 }),
    origin: knownStates(told).around!(exact(asked)),
    masses: Array.from({ length: count }, () => []),
    seed: 5,
    batch,
  })
  return { counts, asked, told }
}

describe('`knownStates()`', () => {
  it('draws what is open by its law given what is known, which stays', async () => {
    const count = 1500
    const { counts } = await drawn([0, 1, 0], [1, 0, 1], { count })
    const hits = new Array<number>(4).fill(0)
    for (let i = 0; i < count; i++) {
      expect(counts[i * sites + 1]).toBe(1)
      hits[counts[i * sites] + 2 * counts[i * sites + 2]]++
    }
    const law = [0, 1, 2, 3].map(k => weight([k & 1, 1, k >> 1]))
    const all = law.reduce((a, b) => a + b)
    // Given the known site the two others are not alike, nor independent.
    expect(law[0] * law[3]).not.toBe(law[1] * law[2])
    expect(
      chiSquareP(
        hits,
        law.map(p => (count * p) / all),
      ),
    ).toBeGreaterThan(1e-6)
  })

  it('shows the network what is known from the beginning, and the time at which as many sites are masked', async () => {
    const { asked } = await drawn([0, 1, 0], [1, 0, 1], { count: 4, batch: 4 })
    expect(asked.rows.every(row => row[1] === '1')).toBe(true)
    asked.rows.forEach((row, i) => {
      const masked = Math.max(0.5, [...row].filter(a => a === '2').length)
      expect(1 - Math.exp(-walk.rate * asked.times[i])).toBeCloseTo(masked / sites, 5)
    })
  })

  it('is told nothing of what is open, and refuses known states that are masked or that there are none of', async () => {
    const { counts } = await drawn([9, 1, 0], [1, 0, 1], { count: 2, batch: 2 })
    expect(counts.every(a => a < 2)).toBe(true)
    await expect(drawn([0, 2, 0], [1, 0, 1], { count: 1 })).rejects.toThrow(
      'Cannot tell the known states: every known state must be in 0 … 1, got 2',
    )
    await expect(drawn([0, 0], [1, 0, 1], { count: 1 })).rejects.toThrow('of images of 3 sites, got 2')
  })

  it('`restoreStates()` puts known states back, of each image its own', async () => {
    const counts = Int32Array.from([0, 0, 0, 1, 1, 1])
    const told = { known: Int32Array.from([0, 1, 0, 1, 0, 1]), open: Uint8Array.from([1, 0, 0]), each: 1 }
    restoreStates(counts, { ...told, channels: 1, states, rate: 9 })
    expect([...counts]).toEqual([0, 1, 0, 1, 0, 1])
  })
})
