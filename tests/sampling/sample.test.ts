// The driver: tiles, progress, cancellation, and the invariant.
import { describe, expect, it } from 'vitest'
import { Cancelled, InvariantError } from '../../src/base/errors.ts'
import { lattice, noFlux } from '../../src/lattice/index.ts'
import { type JumpProcess, spatial, twoClocks } from '../../src/process/index.ts'
import { ancestral, type OriginFunction, type Solver, sample } from '../../src/sampling/index.ts'

const process = spatial({ lattice: lattice([3, 4], noFlux) })
const ones: OriginFunction = counts => new Float32Array(counts.length).fill(1)
const solver = ancestral({ calls: 3 })
const base = { process, solver, origin: ones, seed: 1, batch: 2 }

/** A solver whose image i takes i + 1 calls, i being told by its mass. */
const uneven: Solver = {
  description: { kind: 'uneven' },
  start: () => 1,
  advance: (_, image) => (image.step + 1 >= process.invariant(image.counts)[0] ? 0 : image.time / 2),
}

describe('sample()', () => {
  it('shows the origin function whole tiles only, empty at time 1 where there is nothing to do', async () => {
    const seen: { masses: number[]; times: number[] }[] = []
    const origin: OriginFunction = (counts, times) => {
      const masses = []
      for (let i = 0; i < counts.length; i += 12) masses.push(process.invariant(counts.slice(i, i + 12))[0])
      seen.push({ masses, times: [...times] })
      return ones(counts, times)
    }
    await sample({ ...base, solver: uneven, origin, masses: [[1], [3], [2]], first: 1, batch: 2 })
    expect(seen).toEqual([
      { masses: [0, 1], times: [1, 1] },
      { masses: [3, 2], times: [1, 1] },
      { masses: [3, 2], times: [0.5, 0.5] },
      { masses: [3, 0], times: [0.25, 1] },
    ])
  })

  it('carries each image by a process of its own, where there is one', async () => {
    const grid = lattice([3, 4], noFlux)
    const law = (x: number) => Float64Array.from({ length: 12 }, (_, at) => Number(at === x))
    const own = (x: number) => twoClocks({ lattice: grid, walks: 0, redraws: 30, law: law(x) })
    const first: number[][] = []
    const asked: number[] = []
    await sample({
      ...base,
      process: own(0),
      processOf(image) {
        asked.push(image)
        return own(image)
      },
      masses: [[50], [60], [70]],
      first: 2,
      onStep: (_, time, counts) => {
        if (time === 1) first.push([...counts])
      },
    })
    expect(asked).toEqual([2, 3, 4])
    // Each begins where its own law is.
    expect(first.map(counts => counts.findIndex(n => n > 0))).toEqual([2, 3, 4])
    expect(first.map(counts => Math.max(...counts))).toEqual([50, 60, 70])
  })

  it('tells its progress, and how many calls to expect', async () => {
    const told: unknown[] = []
    const result = await sample({ ...base, masses: [[5], [6], [7]], onProgress: p => told.push(p) })
    expect(told).toHaveLength(6)
    expect(told[0]).toEqual({ calls: 1, expectedCalls: 6, images: 0, total: 3 })
    expect(told[5]).toEqual({ calls: 6, expectedCalls: 6, images: 3, total: 3 })
    expect(result.calls).toBe(6)
    expect(result.seconds.origins).toBeGreaterThanOrEqual(0)
    expect(result.seconds.moves).toBeGreaterThan(0)
    await sample({
      ...base,
      solver: uneven,
      masses: [[1]],
      onProgress: p => expect(p.expectedCalls).toBeUndefined(),
    })
  })

  it('shows every state of every image once, from the limit to the end, and changes nothing by it', async () => {
    const seen: { image: number; time: number; counts: number[] }[] = []
    const masses = [[1], [3], [2]]
    const options = { ...base, solver: uneven, masses, first: 1 }
    const onStep = (image: number, time: number, counts: Int32Array) =>
      seen.push({ image, time, counts: [...counts] })
    const { counts } = await sample({ ...options, onStep })
    expect(counts).toEqual((await sample(options)).counts)
    expect(seen.map(({ image, time }) => [image, time])).toEqual([
      [1, 1],
      [1, 0],
      [2, 1],
      [3, 1],
      [2, 0.5],
      [3, 0.5],
      [2, 0.25],
      [3, 0],
      [2, 0],
    ])
    for (const { image, counts: then } of seen)
      expect(then.reduce((sum, n) => sum + n)).toBe(masses[image - 1][0])
    const last = seen.filter(({ time }) => time === 0).sort((a, b) => a.image - b.image)
    expect(last.flatMap(state => state.counts)).toEqual([...counts])
  })

  it('waits for origins that come later, and copies what it keeps of them', async () => {
    const shared = new Float32Array(2 * 12)
    const origin: OriginFunction = async (counts, times) => {
      await new Promise(done => setTimeout(done, 1))
      // The array of the last call is overwritten, as a runtime may do.
      for (let k = 0; k < shared.length; k++) shared[k] = 0.5 + ((counts[k % 24] + k) % 3) * times[0]
      return shared
    }
    const fresh: OriginFunction = async (counts, times) => (await origin(counts, times)).slice()
    const masses = [[50], [60]]
    const one = await sample({ ...base, origin, masses })
    expect((await sample({ ...base, origin: fresh, masses })).counts).toEqual(one.counts)
  })

  it('returns nothing for no masses, and empty images for masses of 0', async () => {
    expect((await sample({ ...base, masses: [] })).counts).toHaveLength(0)
    expect((await sample({ ...base, masses: [[0]] })).counts).toEqual(new Int32Array(12))
  })

  it('ends with Cancelled before the next call once the signal asks for it', async () => {
    const control = new AbortController()
    let calls = 0
    const origin: OriginFunction = (counts, times) => {
      if (++calls === 2) control.abort()
      return ones(counts, times)
    }
    const work = sample({ ...base, origin, masses: [[5]], signal: control.signal })
    await expect(work).rejects.toThrow(Cancelled)
    expect(calls).toBe(2)
  })

  it('throws InvariantError with step, image and both totals when a step changes a mass', async () => {
    const leaky: JumpProcess = {
      ...process,
      undo(counts, told, step) {
        process.undo(counts, told, step)
        if (counts[3] > 0) counts[3]--
      },
    }
    const work = sample({ ...base, process: leaky, masses: [[0], [4000]], checkEvery: 1 })
    await expect(work).rejects.toThrow(InvariantError)
    await expect(work).rejects.toThrow(
      /Cannot keep the mass of image 1 at step 1: its total must be "?4000"?, got \[39/,
    )
  })

  it('passes on the error of an origin function, and refuses origins that are none', async () => {
    const failing: OriginFunction = () => Promise.reject(new Error('no device'))
    await expect(sample({ ...base, origin: failing, masses: [[5]] })).rejects.toThrow('no device')
    const short: OriginFunction = () => new Float32Array(3)
    await expect(sample({ ...base, origin: short, masses: [[5]] })).rejects.toThrow(
      'the length of the origins must be 24, 2 images of 12, got 3',
    )
  })

  it('refuses impossible options', async () => {
    await expect(sample({ ...base, masses: [[1]], batch: 0 })).rejects.toThrow(
      'Cannot sample: the batch must be an integer >= 1, got 0',
    )
    await expect(sample({ ...base, masses: [[1, 2]] })).rejects.toThrow('masses must be 1 per image, got 2')
    await expect(sample({ ...base, masses: [[1.5]] })).rejects.toThrow(RangeError)
    await expect(sample({ ...base, masses: [[1]], first: -1 })).rejects.toThrow(RangeError)
    const stuck = { ...uneven, advance: () => 1 }
    await expect(sample({ ...base, solver: stuck, masses: [[1]] })).rejects.toThrow(
      "the solver's next time must be",
    )
  })
})
