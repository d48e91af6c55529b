// What holes receive, from the estimate of their mass to the last unit: many random holes with made-up origins.
import { describe, expect, it } from 'vitest'
import { below, type Random, random } from '../../../src/base/random.ts'
import { estimateBy, holeMasses } from '../../../src/jobs/complete/hole.ts'
import { type Drawing, painter } from '../../../src/jobs/draw/drawing.ts'
import { type BoundaryName, lattice } from '../../../src/lattice/index.ts'
import type { ModelDescription } from '../../../src/model/description.ts'
import { packGaussian } from '../../../src/model/gaussian.ts'
import { labels, spatial } from '../../../src/process/index.ts'
import type { Runtime, Value } from '../../../src/runtime/runtime.ts'
import { ancestral, cfl, multistep, type Solver } from '../../../src/sampling/index.ts'

type Feeds = Readonly<Record<string, Value>>
type Shape = readonly [channels: number, height: number, width: number]

/** A model of which only what it says of itself is looked at. */
function described(
  shape: Shape,
  options: { boundary?: BoundaryName; phases?: boolean } = {},
): ModelDescription {
  const { boundary = 'no-flux', phases = false } = options
  const [channels, height, width] = shape
  const grid = lattice([height, width], boundary)
  const walk = phases ? labels({ lattice: grid, channels }) : spatial({ lattice: grid, channels, ceiling: 9 })
  const masses = Array.from({ length: 4 }, (_, i) =>
    new Array<number>(channels).fill((2 + i) * height * width),
  )
  const around = boundary === 'periodic'
  return {
    format: 2,
    version: '0',
    process: walk.description,
    schedule: { kind: 'exponential', start: 1e-4 },
    task: { shape, width: 1, periodic: [around, around], times: [1e-4, 1], scale: 9, classes: 0 },
    network: { base: 4, multipliers: [1], blocks: [1], attention: [false], embedding: 4 },
    tile: 2,
    sampling: ancestral().description,
    parameters: 0,
    data: { name: 'x', count: 4, shape, largest: 9, masses, range: [1, 9], classes: [] },
    training: {},
  }
}

/** A network that says what `of` makes of the counts that it is shown, none of them negative. */
const saying = (of: (counts: Float32Array) => Float32Array): Runtime =>
  ({
    name: 'made up',
    compile: async () => ({
      async run({ counts }: Feeds) {
        expect((counts.data as Float32Array).every(n => n >= 0)).toBe(true)
        return { origin: { shape: counts.shape, data: of(counts.data as Float32Array) } }
      },
      release: async () => {},
    }),
  }) as unknown as Runtime

/** Origins of any size; of phases, probabilities that may be sure. */
const wild = (rng: Random, [channels, height, width]: Shape, phases: boolean): Runtime =>
  saying(counts => {
    const said = counts.map(() => Math.exp(24 * rng.uniform() - 12))
    const sites = height * width
    if (phases)
      for (let i = 0; i < said.length; i++) {
        if (Math.floor(i / sites) % channels > 0) continue
        const all = Array.from({ length: channels }, (_, c) => said[i + c * sites])
        const sum = 1 + all.reduce((total, p) => total + p, 0)
        all.forEach((p, c) => {
          said[i + c * sites] = p / sum
        })
      }
    return said
  })

interface Hole {
  readonly description: ModelDescription
  /** [K, C, ...sites] */
  readonly images: Int32Array
  readonly open: Uint8Array
  readonly each: number
  readonly seed: number
  readonly solver: Solver
  /** Of the holes, [N][C]. */
  readonly masses: readonly (readonly number[])[]
}

/** All completions, [N, C, ...sites]. */
async function completed(hole: Hole, runtime: Runtime): Promise<Int32Array> {
  const { description, images, open, each, seed, solver, masses } = hole
  const [channels] = description.task.shape
  const [size, sites] = [open.length, open.length / channels]
  const drawing: Drawing = {
    model: new Uint8Array(0),
    description,
    surroundings: { known: images, open, each, channels, phases: description.process.kind === 'labels' },
    solver: solver.description,
    seed,
    masses: masses.map((of, i) => of.map((mass, c) => mass + around(hole, Math.floor(i / each), c, sites))),
  }
  const one = await painter(drawing, runtime)
  const counts = new Int32Array(masses.length * size)
  for (let tile = 0; tile * description.tile < masses.length; tile++)
    counts.set((await one.paint(tile)).counts, tile * description.tile * size)
  await one.end()
  return counts
}

function around({ images, open }: Hole, image: number, channel: number, sites: number): number {
  let sum = 0
  for (let x = channel * sites; x < (channel + 1) * sites; x++)
    if (!open[x]) sum += images[image * open.length + x]
  return sum
}

/** What the holes hold, [N][C]; a known count that is not as it was is refused, and a negative one. */
function inHoles(counts: Int32Array, { images, open, each, description }: Hole): number[][] {
  const [size, [channels]] = [open.length, description.task.shape]
  const sites = size / channels
  return Array.from({ length: counts.length / size }, (_, i) => {
    const masses = new Array<number>(channels).fill(0)
    for (let x = 0; x < size; x++) {
      const n = counts[i * size + x]
      if (n < 0 || (!open[x] && n !== images[Math.floor(i / each) * size + x]))
        throw new Error(`${n} units at ${x} of image ${i}`)
      if (open[x]) masses[Math.floor(x / sites)] += n
    }
    return masses
  })
}

/** Nothing, all, a single site, one channel of several, or sites at random; of phases the same sites of all. */
function someHole(rng: Random, [channels, height, width]: Shape, phases = false): Uint8Array {
  const sites = height * width
  const open = new Uint8Array(channels * sites)
  const kind = below(rng, 6)
  if (kind === 1) open.fill(1)
  if (kind === 2) open[below(rng, open.length)] = 1
  if (kind === 3) open.fill(1, 0, sites)
  if (kind > 3) for (let x = 0; x < open.length; x++) open[x] = rng.uniform() < 0.45 ? 1 : 0
  return phases ? open.map((_, x) => open[x % sites]) : open
}

const solvers: readonly Solver[] = [
  ancestral({ calls: 2 }),
  ancestral({ calls: 3, noise: 0, bend: 1 }),
  ancestral({ calls: 2, settle: false }),
  multistep({ calls: 4, damping: 0.7 }),
  cfl({ fraction: 1, noise: 0 }),
]

describe('holes', () => {
  it('hold exactly their mass in every channel, and nothing around them changes, whatever is said of them', {
    timeout: 180_000,
  }, async () => {
    const rng = random(31)
    for (let trial = 0; trial < 600; trial++) {
      const shape: Shape = [1 + below(rng, 2), 1 + below(rng, 4), 2 + below(rng, 4)]
      const description = described(shape, { boundary: below(rng, 2) ? 'periodic' : 'no-flux' })
      const open = someHole(rng, shape)
      // Some of what is known lies above the largest count of the data, 9.
      const images = Int32Array.from({ length: 2 * open.length }, () => below(rng, 12))
      const sites = open.length / shape[0]
      const masses = Array.from({ length: 2 }, () =>
        Array.from({ length: shape[0] }, (_, c) =>
          open.subarray(c * sites, (c + 1) * sites).includes(1) ? below(rng, 2) * below(rng, 200) : 0,
        ),
      )
      const solver = solvers[trial % solvers.length]
      const hole = { description, images, open, each: 1, seed: trial, solver, masses }
      expect(inHoles(await completed(hole, wild(rng, shape, false)), hole)).toEqual(masses)
    }
  })

  it('of a material hold exactly so much of every phase, one at a site, and known labels stay', {
    timeout: 180_000,
  }, async () => {
    const rng = random(37)
    const own = [...solvers.slice(0, 2), solvers[3], cfl({ fraction: 1, noise: 0, settle: true })]
    for (let trial = 0; trial < 400; trial++) {
      const shape: Shape = [1 + below(rng, 3), 1 + below(rng, 5), 2 + below(rng, 5)]
      const description = described(shape, { phases: true, boundary: below(rng, 2) ? 'periodic' : 'no-flux' })
      const open = someHole(rng, shape, true)
      const sites = open.length / shape[0]
      const images = new Int32Array(open.length)
      for (let x = 0; x < sites; x++) {
        const label = below(rng, shape[0] + 1)
        if (label > 0) images[(label - 1) * sites + x] = 1
      }
      let left = open.subarray(0, sites).reduce((sum, x) => sum + x, 0)
      const masses = [
        Array.from({ length: shape[0] }, () => {
          const mass = below(rng, left + 1)
          left -= mass
          return mass
        }),
      ]
      const hole = {
        description,
        images,
        open,
        each: 1,
        seed: trial,
        solver: own[trial % own.length],
        masses,
      }
      const counts = await completed(hole, wild(rng, shape, true))
      expect(inHoles(counts, hole)).toEqual(masses)
      for (let x = 0; x < sites; x++) {
        let units = 0
        for (let c = 0; c < shape[0]; c++) units += counts[c * sites + x]
        expect(units).toBeLessThanOrEqual(1)
      }
    }
  })

  it('are the same for an image whatever is asked for beside it', async () => {
    const rng = random(33)
    const description = described([1, 5, 6])
    // Origins that follow from what the network is shown, as those of networks do.
    const steady = saying(counts =>
      counts.map((n, i) => 0.2 + n / (1 + counts[Math.floor(i / 30) * 30 + ((i + 7) % 30)])),
    )
    for (let trial = 0; trial < 12; trial++) {
      const open = someHole(rng, [1, 5, 6])
      const images = Int32Array.from({ length: 30 }, () => below(rng, 12))
      const mass = open.includes(1) ? 70 : 0
      const drawn = (each: number) => {
        const masses = Array.from({ length: each }, () => [mass])
        const hole = { description, images, open, each, seed: trial, solver: ancestral({ calls: 4 }), masses }
        return completed(hole, steady)
      }
      const [few, many] = [await drawn(1), await drawn(5)]
      expect(many.slice(0, 30)).toEqual(few)
    }
  })

  it('follow what is said of them: all units go where the origin has them', async () => {
    const description = described([1, 5, 6])
    const open = Uint8Array.from({ length: 30 }, (_, x) => (x % 6 < 4 ? 1 : 0))
    const images = Int32Array.from({ length: 30 }, (_, x) => x % 5)
    const one = saying(counts => counts.map((_, i) => (i % 30 === 13 ? 1 : 0)))
    const hole = {
      description,
      images,
      open,
      each: 1,
      seed: 1,
      solver: ancestral({ calls: 8 }),
      masses: [[8]],
    }
    expect((await completed(hole, one))[13]).toBe(8)
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
