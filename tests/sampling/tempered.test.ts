// Temperature: laws of states to a power.
import { describe, expect, it } from 'vitest'
import { absorbingRates, chain } from '../../src/process/index.ts'
import { ancestral, type OriginFunction, sample, tempered } from '../../src/sampling/index.ts'

const [states, sites] = [3, 2]
/** Two sites, of each the law of its states; no state 2, which is the mask. */
const laws = [
  [0.8, 0.2, 0],
  [0.5, 0.5, 0],
]
const origin: OriginFunction = (_, times) =>
  Float32Array.from(
    { length: times.length * states * sites },
    (_, i) => laws[i % sites][Math.floor(i / sites) % states],
  )

describe('tempered()', () => {
  it('is the law to the power 1/T, in proportion; what cannot be stays so', async () => {
    for (const temperature of [0.25, 0.5, 2]) {
      const told = await tempered(temperature, origin, { states, sites })(
        new Int32Array(4),
        Float64Array.of(0.5, 0.2),
      )
      for (const [i, value] of told.entries()) {
        const law = laws[i % sites]
        const all = law.reduce((sum, p) => sum + p ** (1 / temperature), 0)
        expect(value).toBeCloseTo(law[Math.floor(i / sites) % states] ** (1 / temperature) / all, 5)
      }
    }
  })

  it('at 1 is the origin itself, and refuses what is not above 0', () => {
    expect(tempered(1, origin, { states, sites })).toBe(origin)
    for (const wrong of [0, -1, Number.NaN, Infinity])
      expect(() => tempered(wrong, origin, { states, sites })).toThrow(
        /^Cannot temper the samples: the temperature must be finite and > 0, got /,
      )
  })

  it('leaves the rare out of samples of a chain', async () => {
    const count = 2000
    const share = async (temperature: number) => {
      const { counts } = await sample({
        process: chain({ lengths: [sites], ...absorbingRates(states) }),
        solver: ancestral({ calls: 4 }),
        origin: tempered(temperature, origin, { states, sites }),
        masses: Array.from({ length: count }, () => []),
        seed: 2,
        batch: 50,
      })
      return counts.filter((a, i) => i % sites === 0 && a === 1).length / count
    }
    // Of the first site 0.2 of the states are 1, and at a temperature of a half 0.04/0.68; six deviations are 0.054 and 0.032.
    expect(Math.abs((await share(1)) - 0.2)).toBeLessThan(0.054)
    expect(Math.abs((await share(0.5)) - 0.04 / 0.68)).toBeLessThan(0.032)
  })
})
