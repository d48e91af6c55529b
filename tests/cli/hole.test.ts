// What holes receive, from the estimate of their mass to the last unit: thousands of random holes with made-up rates,
// and a few with the shipped models.
import { describe, expect, it } from 'vitest'
import { below, type Random, random } from '../../src/base/random.ts'
import { type Drawing, painter } from '../../src/cli/drawing.ts'
import { estimateBy, holeMasses } from '../../src/cli/hole.ts'
import { loadModel } from '../../src/cli/models.ts'
import { routeOf } from '../../src/cli/route.ts'
import { type BoundaryName, lattice } from '../../src/lattice/index.ts'
import type { ModelDescription } from '../../src/model/description.ts'
import { packGaussian } from '../../src/model/gaussian.ts'
import { spatial } from '../../src/process/index.ts'
import { intoHole } from '../../src/process/into-hole.ts'
import { onnxruntimeNode } from '../../src/runtime/onnxruntime-node.ts'
import type { Runtime, Value } from '../../src/runtime/runtime.ts'
import { leap } from '../../src/sampling/index.ts'

type Feeds = Readonly<Record<string, Value>>
type Shape = readonly [channels: number, height: number, width: number]

/** A model of which only what it says of itself is looked at. */
function described(
  shape: Shape,
  options: { boundary?: BoundaryName; mask?: boolean } = {},
): ModelDescription {
  const { boundary = 'no-flux', mask = true } = options
  const [channels, height, width] = shape
  const walk = spatial({ lattice: lattice([height, width], boundary), channels })
  const masses = Array.from({ length: 4 }, (_, i) =>
    new Array<number>(channels).fill((2 + i) * height * width),
  )
  const around = boundary === 'periodic'
  return {
    format: 1,
    version: '0',
    process: walk.description,
    schedule: { kind: 'exponential', start: 1e-4 },
    task: {
      shape,
      jumps: walk.jumps,
      periodic: [around, around],
      motion: walk.motion,
      times: [1e-4, 1],
      scale: 9,
      classes: 0,
      ...(mask ? { mask: true } : {}),
    },
    network: { base: 4, multipliers: [1], blocks: [1], attention: [false], embedding: 4 },
    tile: 2,
    parameters: 0,
    data: { name: 'x', count: 4, shape, largest: 9, masses, range: [1, 9], classes: [] },
    training: {},
  }
}

/** Rates of any size, and a check that the network is never shown a negative count. */
const wild = (rng: Random): Runtime =>
  ({
    name: 'wild',
    compile: async () => ({
      async run({ counts }: Feeds) {
        expect((counts.data as Float32Array).every(n => n >= 0)).toBe(true)
        const data = Float32Array.from({ length: 4 * counts.data.length }, () =>
          Math.exp(10 * rng.uniform() - 5),
        )
        return { ratios: { shape: counts.shape, data } }
      },
      release: async () => {},
    }),
  }) as unknown as Runtime

interface Hole {
  readonly description: ModelDescription
  readonly images: Int32Array
  readonly open: Uint8Array
  readonly each: number
  readonly seed: number
  readonly calls: number
  /** Left out: an estimate. */
  readonly total?: (i: number) => number
}

/** All completions, what they should hold, and how many units had to be moved. */
async function completed(hole: Hole, runtime: Runtime, model: Uint8Array = new Uint8Array(0)) {
  const { description, images, open, each, seed, calls, total } = hole
  const route = routeOf(description, open)
  const { expected } = estimateBy(description, { lattice: route.lattice, open })
  const size = open.length
  const sites = route.lattice.size
  const masses = holeMasses({ parts: route.parts, images, size, sites, expected, each, total })
  const told = route.told({ known: images, open, each, masses, seed })
  const drawing: Drawing = { model, description, ...told, solver: leap({ calls }).description, seed, masses }
  const one = await painter(drawing, runtime)
  const counts = new Int32Array(masses.length * size)
  for (let tile = 0; tile * description.tile < masses.length; tile++)
    counts.set((await one.paint(tile)).counts, tile * description.tile * size)
  await one.end()
  const moved = intoHole(counts.subarray(0, size), route.lattice, open)
  for (let i = 1; i < masses.length; i++)
    intoHole(counts.subarray(i * size, (i + 1) * size), route.lattice, open)
  return { counts, moved, masses: masses.map(parts => parts.reduce((sum, mass) => sum + mass, 0)) }
}

/** The masses of the holes; units outside them, or a negative count, are refused. */
function inHoles(counts: Int32Array, open: Uint8Array): number[] {
  return Array.from({ length: counts.length / open.length }, (_, i) => {
    let mass = 0
    for (let x = 0; x < open.length; x++) {
      const n = counts[i * open.length + x]
      if (n < 0 || (n > 0 && !open[x])) throw new Error(`${n} units at ${x}`)
      mass += n
    }
    return mass
  })
}

/** Nothing, all, a single site, one channel of several, or sites at random. */
function someHole(rng: Random, [channels, height, width]: Shape): Uint8Array {
  const sites = height * width
  const open = new Uint8Array(channels * sites)
  const kind = below(rng, 6)
  if (kind === 1) open.fill(1)
  if (kind === 2) open[below(rng, open.length)] = 1
  if (kind === 3) open.fill(1, 0, sites)
  if (kind > 3) for (let x = 0; x < open.length; x++) open[x] = rng.uniform() < 0.45 ? 1 : 0
  return open
}

describe.each([
  ['a network that sees the mask', true, 1500],
  ['a network of whole images', false, 500],
] as const)('holes filled by %s', (_, mask, trials) => {
  it('hold exactly their mass, and nothing is negative or outside, whatever the rates', {
    timeout: 180_000,
  }, async () => {
    const rng = random(mask ? 31 : 32)
    for (let trial = 0; trial < trials; trial++) {
      const shape: Shape = [1 + below(rng, 2), 1 + below(rng, 4), 2 + below(rng, 4)]
      const description = described(shape, { mask, boundary: below(rng, 2) ? 'periodic' : 'no-flux' })
      const open = someHole(rng, shape)
      const images = Int32Array.from({ length: 2 * open.length }, () => below(rng, 12))
      const asked = open.includes(1) ? below(rng, 200) : 0
      const total = trial % 3 === 0 ? undefined : () => asked
      const hole = { description, images, open, each: 1, seed: trial, calls: 2, total }
      const { counts, masses } = await completed(hole, wild(rng))
      expect(inHoles(counts, open)).toEqual(masses)
      if (total) expect(masses).toEqual([asked, asked])
    }
  })

  it('are the same for an image whatever is asked for beside it', async () => {
    const rng = random(33)
    const description = described([1, 5, 6], { mask })
    for (let trial = 0; trial < 12; trial++) {
      const open = someHole(rng, [1, 5, 6])
      const images = Int32Array.from({ length: 30 }, () => below(rng, 12))
      // Rates that follow from what the network is shown, as those of networks do.
      const steady = {
        compile: async () => ({
          run: async ({ counts }: Feeds) => ({
            ratios: {
              shape: counts.shape,
              data: Float32Array.from({ length: 120 * 2 }, (_, i) => {
                const [image, x] = [Math.floor(i / 120), i % 30]
                return 0.2 + counts.data[image * 30 + x] / (1 + counts.data[image * 30 + ((x + 7) % 30)])
              }),
            },
          }),
          release: async () => {},
        }),
      } as unknown as Runtime
      const drawn = async (each: number) =>
        (await completed({ description, images, open, each, seed: trial, calls: 4 }, steady)).counts
      const [few, many] = [await drawn(1), await drawn(5)]
      expect(many.slice(0, 30)).toEqual(few)
    }
  })
})

describe('holeMasses()', () => {
  it('shares a mass over the parts as expected of them, nothing to those of which less than nothing is', () => {
    const parts = [
      { channel: 0, sites: [0, 1] },
      { channel: 0, sites: [3] },
      { channel: 1, sites: [2] },
    ]
    const expected = () => Float64Array.of(10, 20, 0, -6, 0, 0, 10, 0)
    const of = (total?: () => number) =>
      holeMasses({ parts, images: new Int32Array(8), size: 8, sites: 4, expected, each: 1, total })[0]
    // 30 - 6 + 10, of which three quarters and a quarter.
    expect(of()).toEqual([26, 0, 8])
    expect(of(() => 400)).toEqual([300, 0, 100])
    expect(of(() => 0)).toEqual([0, 0, 0])
  })

  it('shares by the sites where nothing is expected, and refuses units without a hole', () => {
    const parts = [
      { channel: 0, sites: [0, 1, 2] },
      { channel: 1, sites: [3] },
    ]
    const options = { images: new Int32Array(8), size: 8, sites: 4, each: 1, total: () => 8 }
    const none = () => new Float64Array(8).fill(-1)
    expect(holeMasses({ ...options, parts, expected: none })).toEqual([[6, 2]])
    const closed = [{ channel: 0, sites: [] }]
    expect(() => holeMasses({ ...options, parts: closed, expected: none })).toThrow('got 8')
    expect(holeMasses({ ...options, parts: closed, expected: none, total: () => 0 })).toEqual([[0]])
  })
})

describe('estimateBy()', () => {
  const [grid, open] = [lattice([2, 3], 'no-flux'), Uint8Array.of(0, 0, 1, 0, 0, 1)]
  const image = Int32Array.of(4, 4, 9, 4, 4, 9)
  const plain = described([1, 2, 3])

  it('goes by the edge of the hole where a model knows no better, and by a typical image where there is none', () => {
    const { expected, from } = estimateBy(plain, { lattice: grid, open })
    expect(from).toBe('the edge of the hole')
    expect(Array.from(expected(image), n => Math.round(1000 * n) / 1000)).toEqual([4, 4, 4, 4, 4, 4])
    const whole = estimateBy(plain, { lattice: grid, open: new Uint8Array(6).fill(1) })
    expect([...whole.expected(image)]).toEqual(new Array(6).fill(3.5))
  })

  it('goes by the normal law of the training data where the model has one, and by the class', () => {
    const factors = Float64Array.of(1, 1, 3, 1, 1, 3, 0, 2)
    const mean = Float64Array.of(2, 2, 2, 2, 2, 2, 4.5, 4.5)
    const noise = new Float64Array(8).fill(0.01)
    const gaussian = packGaussian({ size: 6, classes: 2, largest: 9, rank: 1, mean, noise, factors })
    const model = {
      ...plain,
      task: { ...plain.task, classes: 2 },
      data: { ...plain.data, gaussian, classes: ['a', 'b'] },
    }
    const { expected, from } = estimateBy(model, { lattice: grid, open })
    expect(from).toBe('the training data')
    expect(expected(image)[2]).toBeCloseTo(2 + 3 * 2, 1)
    const all = new Uint8Array(6).fill(1)
    const told = estimateBy(model, { lattice: grid, open: all, label: 1 }).expected(image)
    expect(told[2]).toBeCloseTo(2 + (3 * 4.5) / 2, 0)
  })
})

describe.each(['mnist-inpaint', 'mnist'])('holes filled by %s', name => {
  it('hold exactly their mass, with nothing outside', { timeout: 300_000 }, async () => {
    const { description, bytes } = loadModel(name)
    const rng = random(41)
    const runtime = onnxruntimeNode()
    const kinds: ((y: number, x: number) => boolean)[] = [
      (y, x) => y > 8 && y < 20 && x > 4 && x < 17,
      (y, x) => y === 14 && x === 13,
      () => rng.uniform() < 0.3,
      () => true,
    ]
    for (const [k, inside] of kinds.entries()) {
      const open = Uint8Array.from({ length: 784 }, (_, i) => (inside(Math.floor(i / 28), i % 28) ? 1 : 0))
      const images = Int32Array.from({ length: 784 * 3 }, (_, i) => ((i % 28) % 9 < 3 ? below(rng, 256) : 0))
      const mass = 1 + below(rng, 40_000)
      const total = k === 0 ? undefined : () => mass
      const hole = { description, images, open, each: 1, seed: k, calls: 3, total }
      const { counts, masses, moved } = await completed(hole, runtime, bytes)
      expect(inHoles(counts, open)).toEqual(masses)
      if (total) expect(masses).toEqual([mass, mass, mass])
      if (description.task.mask) expect(moved).toBe(0)
    }
  })
})
