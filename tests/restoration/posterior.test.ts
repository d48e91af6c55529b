// Samples of a posterior on a prior that can be written down: in the end their law is the right one.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { lattice } from '../../src/lattice/index.ts'
import { spatial } from '../../src/process/index.ts'
import {
  accepted,
  likelihood,
  measured,
  measurement,
  measuring,
  openness,
  operator,
} from '../../src/restoration/index.ts'
import { ancestral, mixture, sample, variational } from '../../src/sampling/index.ts'
import { chiSquareP } from '../base/chi-square.ts'

const grid = lattice([2, 3], 'no-flux')
const walk = spatial({ lattice: grid })
const shape = [1, 2, 3] as const
/** One unit: its origin is a law over six places, and the way back is exact at any length of step. */
const prior = [0.3, 0.05, 0.2, 0.1, 0.25, 0.1]
const { origin } = mixture({
  lattice: grid,
  rate: walk.rate,
  images: prior.map((_, place) => prior.map((_, x) => Number(x === place))),
  weights: prior,
})
const seen = Float64Array.of(1, 2, 0, 1, 0, 1)
const told = measurement(
  {
    operator: { kind: 'blur', sigma: 0.7, boundary: 'no-flux' },
    likelihood: { kind: 'poisson' },
    gain: 5,
    seen,
  },
  shape,
)
const one = (place: number) => prior.map((_, x) => Number(x === place))
const weights = prior.map((p, place) => p * Math.exp(told.log(one(place), 0)))
const posterior = weights.map(w => w / weights.reduce((a, b) => a + b, 0))
const placesOf = (counts: Int32Array) => {
  const found = new Array<number>(6).fill(0)
  for (let i = 0; i < counts.length; i++) if (counts[i] > 0) found[i % 6]++
  return found
}
const common = { process: walk, batch: 50, seed: 4 }
const many = 800
const masses = Array.from({ length: many }, () => [1])

describe('accepted()', () => {
  it('brings samples of the prior to the posterior', async () => {
    const steps = ancestral({ calls: 3, settle: false })
    const start = await sample({ ...common, origin, masses, solver: steps })
    expect(
      chiSquareP(
        placesOf(start.counts),
        prior.map(p => many * p),
      ),
    ).toBeGreaterThan(1e-7)
    expect(
      chiSquareP(
        placesOf(start.counts),
        posterior.map(p => many * p),
      ),
    ).toBeLessThan(1e-9)
    const solver = accepted(steps, { passes: 16, reach: 1, score: counts => told.log(counts, 0) })
    const end = await sample({ ...common, seed: 5, origin, masses, solver, resume: start.counts })
    expect(
      chiSquareP(
        placesOf(end.counts),
        posterior.map(p => many * p),
      ),
    ).toBeGreaterThan(1e-7)
    expect(end.calls).toBe((many / 50) * 16 * 3)
  })

  it('leaves the law of the posterior as it is, for short passes too', async () => {
    const steps = ancestral({ calls: 4, settle: false })
    const stream = random(6)
    const start = Int32Array.from({ length: 6 * many })
    for (let i = 0; i < many; i++) {
      let place = 0
      for (let u = stream.uniform() - posterior[0]; u > 0 && place < 5; u -= posterior[place]) place++
      start[6 * i + place] = 1
    }
    const solver = accepted(steps, { passes: 5, reach: 0.5, score: counts => told.log(counts, 0) })
    const end = await sample({ ...common, origin, masses, solver, resume: start })
    expect(
      chiSquareP(
        placesOf(end.counts),
        posterior.map(p => many * p),
      ),
    ).toBeGreaterThan(1e-7)
    expect(end.counts).not.toEqual(start)
  })
})

/** Four images of many units, and what was seen of one of them. */
const square = lattice([3, 3], 'no-flux')
const ground = spatial({ lattice: square })
const shares = [0.4, 0.3, 0.2, 0.1]
const atoms = [
  [9, 0, 0, 9, 0, 0, 9, 0, 9],
  [0, 9, 0, 9, 9, 9, 0, 0, 0],
  [9, 0, 9, 0, 0, 0, 9, 0, 9],
  [0, 0, 9, 0, 9, 0, 9, 0, 9],
].map(image => Int32Array.from(image))
const four = mixture({ lattice: square, rate: ground.rate, images: atoms, weights: shares })
const blur = operator({ kind: 'blur', sigma: 0.8, boundary: 'no-flux' }, [1, 3, 3])
const poisson = { kind: 'poisson' } as const

function seenOf(k: number, gain: number) {
  const seen = measured(atoms[k % 4], { operator: blur, likelihood: likelihood(poisson), gain }, random(k))
  const told = measurement({ operator: blur.description, likelihood: poisson, gain, seen }, [1, 3, 3])
  const weights = atoms.map((image, i) => shares[i] * Math.exp(told.log(image, 0) - told.log(atoms[0], 0)))
  return { told, posterior: weights.map(w => w / weights.reduce((a, b) => a + b, 0)) }
}

/** How many of the samples are nearest to each of the images. */
function nearest(counts: Int32Array): number[] {
  const found = [0, 0, 0, 0]
  for (let i = 0; i < counts.length; i += 9) {
    const apart = atoms.map(image => image.reduce((sum, n, x) => sum + Math.abs(n - counts[i + x]), 0))
    found[apart.indexOf(Math.min(...apart))]++
  }
  return found
}

const openOf = () =>
  openness({
    process: ground,
    origin: four.origin,
    masses: Array.from({ length: 40 }, () => [36]),
    batch: 40,
    seed: 1,
    solver: ancestral({ calls: 16 }),
    least: 0.01,
  })

describe('measuring()', () => {
  it('draws samples much nearer to the posterior than those of the prior are', async () => {
    const open = await openOf()
    let [far, apart] = [0, 0]
    for (let k = 0; k < 4; k++) {
      const { told, posterior } = seenOf(k, 0.5)
      const origin = measuring(told, { open, strength: 1 }).around!(four.origin)
      const masses = Array.from({ length: 100 }, () => [36])
      const solver = ancestral({ calls: 12 })
      const { counts } = await sample({ process: ground, batch: 50, seed: k, origin, masses, solver })
      const found = nearest(counts)
      posterior.forEach((p, i) => {
        far += Math.abs(p - shares[i])
        apart += Math.abs(p - found[i] / 100)
      })
    }
    expect(apart).toBeLessThan(0.65 * far)
  })
})

describe('variational()', () => {
  it('finds the most probable image, in every case', async () => {
    const open = await openOf()
    const right: boolean[] = []
    for (let k = 0; k < 12; k++) {
      const { told, posterior } = seenOf(k, 2)
      const origin = measuring(told, { open, strength: 1 }).around!(four.origin)
      const solver = variational({ calls: 24 })
      const { counts } = await sample({ process: ground, batch: 1, seed: k, origin, masses: [[36]], solver })
      right.push(nearest(counts)[posterior.indexOf(Math.max(...posterior))] === 1)
    }
    expect(right).toEqual(right.map(() => true))
  })
})
