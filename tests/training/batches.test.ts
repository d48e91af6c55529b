// Batches: what they hold follows from (seed, step) alone, and is what the process says.
import { describe, expect, it } from 'vitest'
import { lattice } from '../../src/lattice/index.ts'
import { chain, death, spatial } from '../../src/process/index.ts'
import { exponential, logit } from '../../src/schedule/index.ts'
import { type BatchOptions, batches } from '../../src/training/batches.ts'
import { classificationBatches } from '../../src/training/classification.ts'
import { stored } from '../../src/training/stored.ts'

const walk = () => spatial({ lattice: lattice([4, 3], 'no-flux'), channels: 2 })
const count = 10
const size = 24
const images = {
  counts: Uint8Array.from({ length: count * size }, (_, i) =>
    i % size === 0 ? Math.floor(i / size) : (i * 7) % 11,
  ),
  count,
  labels: Array.from({ length: count }, (_, i) => i % 3),
}
const options = (): BatchOptions => ({
  process: walk(),
  schedule: exponential({ start: 1e-3 }),
  source: stored(images, 5),
  batch: 4,
  seed: 5,
  classes: 3,
  labelDropout: 0.25,
})

/** Masses [batch][channels] of a batch's counts. */
const masses = (counts: ArrayLike<number>) =>
  Array.from({ length: counts.length / 12 }, (_, plane) => {
    let mass = 0
    for (let x = 0; x < 12; x++) mass += counts[plane * 12 + x]
    return mass
  })

describe('batches()', () => {
  it('repeats its states for each draw, beside noise of its own in blocks of four sites', () => {
    const plain = batches(options())(2)
    const { noise, ...drawn } = batches({ ...options(), noise: 3, draws: 2 })(2)
    for (const [name, { shape, data }] of Object.entries(plain)) {
      expect(drawn[name].shape).toEqual([2 * shape[0], ...shape.slice(1)])
      expect([...drawn[name].data]).toEqual([...data, ...data])
    }
    expect(noise.shape).toEqual([8, 3, 1, 1])
    expect(new Set(noise.data).size).toBe(24)
    expect(batches({ ...options(), noise: 3, draws: 2 })(3).noise.data).not.toEqual(noise.data)
  })

  it('draws the same batch for a step whatever was drawn before it', () => {
    const inOrder = batches(options())
    const drawn = [0, 1, 2, 3, 4, 5].map(inOrder)
    const jumping = batches(options())
    for (const step of [5, 0, 3]) expect(jumping(step)).toEqual(drawn[step])
    expect(batches({ ...options(), source: stored(images, 6), seed: 6 })(0)).not.toEqual(drawn[0])
  })

  it('shows every image once per epoch, in a new order each time', () => {
    const next = batches({ ...options(), batch: 10 })
    const known = masses(images.counts)
    const sorted = (values: number[]) => [...values].sort((a, b) => a - b)
    const [first, second] = [masses(next(0).counts.data), masses(next(1).counts.data)]
    expect(sorted(first)).toEqual(sorted(known))
    expect(sorted(second)).toEqual(sorted(known))
    expect(first).not.toEqual(second)
  })

  it('gives counts, targets, times and weights as the network and the loss expect them', () => {
    const { counts, time, label, target, weights } = batches(options())(0)
    expect(counts.shape).toEqual([4, 2, 4, 3])
    expect(target.shape).toEqual([4, 2, 4, 3])
    expect(weights.shape).toEqual([4, 1, 4, 3])
    expect([...weights.data]).toEqual(new Array(48).fill(0.25))
    // The target is the clean image itself: one of the set, of the masses of the noisy one.
    expect(masses(target.data)).toEqual(masses(counts.data))
    const known = Array.from({ length: count }, (_, i) =>
      images.counts.slice(i * size, (i + 1) * size).join(),
    )
    for (let b = 0; b < 4; b++) {
      expect(known).toContain(target.data.subarray(b * size, (b + 1) * size).join())
      // One stratum of u = 1 + ln t / ln 1000 per image of the batch.
      const u = 1 + Math.log(time.data[b]) / Math.log(1000)
      expect(u).toBeGreaterThanOrEqual(b / 4 - 1e-6)
      expect(u).toBeLessThanOrEqual((b + 1) / 4 + 1e-6)
      expect(label.data[b]).toBeLessThanOrEqual(3)
    }
    // At the last of these times hardly anything is where it was.
    expect(counts.data).not.toEqual(target.data)
  })

  it('drops labels at the asked rate and otherwise gives the image its own', () => {
    const next = batches({ ...options(), batch: 10 })
    // The mass of the first channel tells which image it is.
    const labelOf = new Map(
      masses(images.counts).flatMap((mass, plane) => (plane % 2 ? [] : [[mass, (plane / 2) % 3] as const])),
    )
    expect(labelOf.size).toBe(count)
    let dropped = 0
    for (let step = 0; step < 100; step++) {
      const { counts, label } = next(step)
      const found = masses(counts.data)
      label.data.forEach((value, b) => {
        if (value === 3) dropped++
        else expect(value).toBe(labelOf.get(found[2 * b]))
      })
    }
    // Binomial(1000, 1/4): mean 250, standard deviation 13.7; six of them either way.
    expect(Math.abs(dropped - 250)).toBeLessThan(83)
  })

  it('leaves labels out where the model has no classes, and refuses an empty set', () => {
    expect(batches({ ...options(), classes: 0 })(0)).not.toHaveProperty('label')
    expect(() => stored({ ...images, count: 0 }, 5)).toThrow('the data must be at least one image')
  })
})

describe('batches() of processes whose units do not move', () => {
  const fading = (weight?: string): BatchOptions => ({
    ...options(),
    process: death({ lengths: [4, 3], channels: 2, ceiling: 10 }),
    schedule: logit({ tau1: 15, tau2: 15 }),
    weight,
  })

  it('weigh births as the paper does, by the step of a thousandth of the schedule; or all times alike', () => {
    const [even, instantaneous, finite] = [undefined, 'instantaneous', 'finite-time'].map(weight =>
      batches(fading(weight))(3),
    )
    const { schedule } = fading()
    for (let b = 0; b < 4; b++) {
      // Same draws, other weights.
      expect(instantaneous.counts.data).toEqual(even.counts.data)
      const u = schedule.coordinate(even.time.data[b])
      const [t, s] = [schedule.time(u), schedule.time(u - 1 / 1000)]
      const [x, before] = [Math.exp(-15 * t), Math.exp(-15 * s)]
      const at = b * 12
      // The loss of the link is that of the paper over 1 - x.
      const unit = (1000 * (1 - x)) / 4
      expect(even.weights.data[at]).toBe(0.25)
      expect(instantaneous.weights.data[at] / (unit * x * 15 * (t - s))).toBeCloseTo(1, 4)
      expect(finite.weights.data[at] / (unit * (before - x))).toBeCloseTo(1, 3)
    }
    expect(() => batches(fading('toString'))).toThrow('the weight must be one of even, instantaneous')
    expect(() => batches({ ...options(), weight: 'finite-time' })).toThrow('one of even, got')
  })

  it('ask for what the link of the process tells: the state of every site', () => {
    const matrix = [-2, 1, 1, 1, -2, 1, 1, 1, -2]
    const process = chain({ lengths: [4, 3], matrix })
    const counts = Uint8Array.from({ length: 12 }, (_, i) => i % 3)
    const source = stored({ counts, count: 1 }, 1)
    const { target, counts: noisy } = batches({ ...options(), process, source, batch: 2, classes: 0 })(0)
    expect(noisy.shape).toEqual([2, 1, 4, 3])
    expect(target.shape).toEqual([2, 3, 4, 3])
    for (let i = 0; i < 72; i++) {
      const [state, x] = [Math.floor(i / 12) % 3, i % 12]
      expect(target.data[i]).toBe(Number(counts[x] === state))
    }
  })
})

describe('classificationBatches()', () => {
  it('shifts and brightens images within the bounds asked for', () => {
    const one = {
      counts: Float32Array.from({ length: 9 }, (_, i) => (i === 4 ? 100 : 0)),
      labels: [2],
      count: 1,
    }
    const next = classificationBatches({
      images: one,
      shape: [1, 3, 3],
      batch: 64,
      seed: 1,
      shift: 1,
      brightness: 0.5,
    })
    const { counts, label } = next(0)
    const places = new Set<number>()
    for (let b = 0; b < 64; b++) {
      const image = counts.data.subarray(b * 9, (b + 1) * 9)
      const bright = image.findIndex(value => value > 0)
      places.add(bright)
      expect(image.filter(value => value > 0)).toHaveLength(1)
      expect(image[bright]).toBeGreaterThanOrEqual(50)
      expect(image[bright]).toBeLessThanOrEqual(150)
      expect(label.data[b]).toBe(2)
    }
    // All nine shifts: missing one has probability 9 (8/9)^64 = 0.5 %, and this seed shows all.
    expect(places.size).toBe(9)
    expect(next(0)).toEqual(next(0))
  })
})
