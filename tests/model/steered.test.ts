// Holes filled by the rates of whole images: the law where it is exact, and what holds for any rates.
import { describe, expect, it } from 'vitest'
import { below, random } from '../../src/base/random.ts'
import { type BoundaryName, lattice } from '../../src/lattice/index.ts'
import { type Rates, steered } from '../../src/model/steered.ts'
import { spatial } from '../../src/process/index.ts'
import { intoHole } from '../../src/process/into-hole.ts'
import { leap, mixtureRates, sample } from '../../src/sampling/index.ts'
import { chiSquareP } from '../base/chi-square.ts'

const asynchronous =
  (rates: ReturnType<typeof mixtureRates>['rates']): Rates =>
  async (counts, times) =>
    rates(counts, times)

describe.each([
  ['no-flux', [4, 5]],
  ['periodic', [3, 6]],
] as [BoundaryName, number[]][])('steered() on a %s lattice', (boundary, shape) => {
  const grid = lattice(shape, boundary)
  const rng = random(4)
  const law = Float64Array.from({ length: grid.size }, () => 5 + 300 * rng.uniform() ** 2)
  const open = Uint8Array.from(law, (_, x) => ([6, 7, 8, 11, 12, 2].includes(x) ? 1 : 0))
  const known = Int32Array.from(law, (n, x) => (open[x] ? 0 : Math.round(4 * n)))
  const walk = spatial({ lattice: grid, rate: 12 })
  const holeMass = 4000
  const inHole = law.reduce((sum, n, x) => sum + n * open[x], 0)
  // Outside as many as are known, inside the true law or a flat one.
  const densityOf = (flat: boolean) =>
    Float64Array.from(law, (n, x) => (open[x] ? (flat ? holeMass / 6 : (holeMass * n) / inHole) : known[x]))

  async function filled(flat: boolean, blur: number) {
    const { rates } = mixtureRates({ lattice: grid, rate: walk.rate, images: [densityOf(false)] })
    const density = densityOf(flat)
    const rate = steered(asynchronous(rates), {
      lattice: grid,
      rate: walk.rate,
      open,
      density: () => density,
      seed: 3,
      blur,
    })
    const solver = leap({ calls: 240, substeps: 1, churn: 1, smallest: 0.004 })
    const { counts } = await sample({ process: walk, solver, rate, masses: [[holeMass]], seed: 8, batch: 1 })
    const moved = intoHole(counts, grid, open)
    return { counts, moved }
  }

  it('returns by exact rates of independent units to their law in the hole', async () => {
    const { counts, moved } = await filled(false, 0)
    expect(moved).toBeLessThan(0.01 * holeMass)
    const sites = [...open.keys()].filter(x => open[x])
    const seen = sites.map(x => counts[x])
    expect(seen.reduce((sum, n) => sum + n, 0)).toBe(holeMass)
    const expected = sites.map(x => (holeMass * law[x]) / inHole)
    expect(chiSquareP(seen, expected)).toBeGreaterThan(1e-7)
  })

  it('comes near to it with a flat guess of the hole', async () => {
    const { counts } = await filled(true, 0)
    const sites = [...open.keys()].filter(x => open[x])
    const apart = (of: (x: number) => number) =>
      sites.reduce((sum, x) => sum + Math.abs(counts[x] - of(x)), 0) / 2 / holeMass
    const fromTruth = apart(x => (holeMass * law[x]) / inHole)
    expect(fromTruth).toBeLessThan(0.1)
    expect(fromTruth).toBeLessThan(0.5 * apart(() => holeMass / 6))
  })
})

describe('steered()', () => {
  it('keeps known pixels, the mass of every channel and counts >= 0, for any mask, mass and rates', async () => {
    const rng = random(21)
    for (let trial = 0; trial < 400; trial++) {
      const [height, width, channels] = [1 + below(rng, 5), 2 + below(rng, 5), 1 + below(rng, 2)]
      const grid = lattice([height, width], below(rng, 2) ? 'periodic' : 'no-flux')
      const walk = spatial({ lattice: grid, channels, rate: 0.1 + 30 * rng.uniform() })
      const size = channels * grid.size
      const open = Uint8Array.from({ length: size }, () => (rng.uniform() < 0.4 ? 1 : 0))
      const images = Array.from({ length: 3 }, () => Int32Array.from({ length: size }, () => below(rng, 20)))
      const masses = images.map(() =>
        Array.from({ length: channels }, (_, c) =>
          open.subarray(c * grid.size, (c + 1) * grid.size).includes(1) ? below(rng, 300) : 0,
        ),
      )
      const shown: number[] = []
      const whole: Rates = async (counts, times) => {
        counts.forEach(n => {
          if (!(n >= 0)) throw new Error('negative')
        })
        // Any image that still walks is shown whole: its known units and those of its hole.
        for (let i = 0; i < times.length; i++)
          shown.push(counts.subarray(i * size, (i + 1) * size).reduce((sum, n) => sum + n, 0))
        return Float32Array.from({ length: counts.length * walk.jumps }, () =>
          Math.exp(6 * rng.uniform() - 3),
        )
      }
      const rate = steered(whole, {
        lattice: grid,
        rate: walk.rate,
        open,
        density: image => Float64Array.from(images[image], (n, x) => (open[x] ? 1 : n)),
        seed: trial,
      })
      const { counts } = await sample({
        process: walk,
        solver: leap({ calls: 4 }),
        rate,
        masses,
        seed: trial,
        batch: 4,
      })
      masses.forEach((of, i) => {
        const image = counts.subarray(i * size, (i + 1) * size)
        const known = images[i].reduce((sum, n, x) => sum + (open[x] ? 0 : n), 0)
        const hole = of.reduce((sum, n) => sum + n, 0)
        expect(shown[i]).toBe(hole > 0 ? known + hole : 0)
        intoHole(image, grid, open)
        image.forEach((n, x) => {
          expect(n >= 0 && (n === 0 || open[x] === 1)).toBe(true)
        })
        expect(walk.invariant(image)).toEqual(of)
      })
    }
  })

  it('tells each image the same however many there are, and whichever was drawn before', async () => {
    const grid = lattice([4, 4], 'no-flux')
    const walk = spatial({ lattice: grid, rate: 9 })
    const open = Uint8Array.from({ length: 16 }, (_, x) => (x % 3 === 0 ? 1 : 0))
    const density = (image: number) => Float64Array.from(open, (inside, x) => (inside ? 4 : x + image))
    const { rates } = mixtureRates({ lattice: grid, rate: 9, images: [density(0)] })
    const drawn = async (count: number, first: number) => {
      const rate = steered(asynchronous(rates), { lattice: grid, rate: 9, open, density, seed: 1 })
      const masses = Array.from({ length: count }, () => [90])
      const { counts } = await sample({
        process: walk,
        solver: leap({ calls: 6 }),
        rate,
        masses,
        seed: 2,
        first,
        batch: 2,
      })
      return counts
    }
    const all = await drawn(5, 0)
    expect(await drawn(1, 0)).toEqual(all.slice(0, 16))
    expect(await drawn(2, 3)).toEqual(all.slice(48, 80))
  })
})
