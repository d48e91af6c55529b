// Training that speaks: how long it goes on, how finished samples stand, and what is said of that.
import { describe, expect, it } from 'vitest'
import { aimField } from '../../src/jobs/train/aims.ts'
import { drawChecks } from '../../src/jobs/train/charts.ts'
import { type Check, checkable, look } from '../../src/jobs/train/check.ts'
import { course } from '../../src/jobs/train/course.ts'
import type { TrainingData } from '../../src/jobs/train/data.ts'
import { fitGrain, grained } from '../../src/jobs/train/grain.ts'
import type { RunOptions } from '../../src/jobs/train/options.ts'
import { pace } from '../../src/jobs/train/pace.ts'
import { beginning, modelBytes, prepare } from '../../src/jobs/train/run.ts'
import { reached, sentence } from '../../src/jobs/train/trend.ts'
import { decodeModelFile } from '../../src/model/file.ts'
import { onnxruntimeNode } from '../../src/runtime/onnxruntime-node.ts'
import { cosine } from '../../src/schedule/index.ts'
import type { CropSource } from '../../src/training/crops.ts'

const standing = (off: number) => ({ samples: 1 + off, crops: 1, off })
const check = (step: number, surface: number, pores = 0.02): Check => ({
  step,
  seconds: 60 * step,
  heldOutLoss: 0.25,
  beside: 'held-out crops',
  lags: [3, 8, 16],
  figures: {
    surface: standing(surface),
    pores: standing(pores),
    near: standing(0.001),
    middle: standing(-0.02),
    far: standing(0.034),
  },
})

describe('pace()', () => {
  it('goes on for the steps asked for, or until it is told to end', () => {
    const { last, end } = pace({ steps: 100 }, () => 0)
    expect([last(0), last(99)]).toEqual([100, 100])
    end()
    expect(last(40)).toBe(40)
  })

  it('with minutes ends by the clock, and foresees the last step by the speed so far', () => {
    let now = 0
    const { last } = pace({ steps: 1_000_000, minutes: 10 }, () => now)
    expect(last(0)).toBe(1_000_000)
    now = 50
    // A slow first step says nothing.
    expect(last(1)).toBe(1_000_000)
    for (let step = 2; step <= 11; step++) {
      now += 2
      last(step)
    }
    expect(last(11)).toBe(11 + (600 - 70) / 2)
    // Slower from here on: fewer steps are left.
    now = 600 - 100
    expect(last(40)).toBeLessThan(52)
    now = 601
    expect(last(41)).toBe(41)
  })

  it('of a run that is gone on with counts the time before', () => {
    let now = 540
    const { last } = pace({ steps: 1_000_000, minutes: 10, from: 500 }, () => now)
    for (let step = 501; step <= 510; step++) {
      now += 3
      last(step)
    }
    expect(last(510)).toBe(510 + 10)
  })
})

describe('what is said of checks', () => {
  it('is one sentence, with the way that things go', () => {
    const words = sentence(check(1200, 0.12), check(600, 0.2))
    expect(words).toBe(
      'step 1200: surface 12 % above held-out crops, nearer than before; pore size 2 % above held-out crops; S2 at 3, 8, 16 voxels off by +0 %, −2 %, +3 % of φ(1 − φ); loss of held-out crops 0.2500',
    )
    expect(sentence(check(5, -0.3), check(4, 0.2))).toContain(
      'surface 30 % below held-out crops, further off than',
    )
    expect(sentence(check(5, 0.203), check(4, 0.2))).toContain('20 % above held-out crops, as before;')
    expect(sentence(check(5, 0.001))).toContain('step 5: surface as in held-out crops;')
  })

  it('is a chart in per cent', async () => {
    const svg = await drawChecks([check(1, 0.4), check(2, 0.2)])
    for (const word of ['surface', 'pore size', 'S2 at 16 voxels', 'held-out crops'])
      expect(svg).toContain(word)
  })

  it('ends a run where two checks running are as near as was aimed at', () => {
    const aim = aimField.read('surface=5%')!
    expect(aim).toEqual({ figure: 'surface', within: 0.05 })
    expect(aimField.read('pores = 0.1')).toEqual({ figure: 'pores', within: 0.1 })
    for (const wrong of ['surface', 'surface=5%%', 'volume=5%', 'surface=0', 'surface=100%'])
      expect(aimField.read(wrong)).toBeUndefined()
    expect(reached([check(1, 0.01)], [aim])).toBe(false)
    expect(reached([check(1, 0.06), check(2, 0.01)], [aim])).toBe(false)
    expect(reached([check(1, -0.04), check(2, 0.01)], [aim])).toBe(true)
    expect(reached([check(1, 0.04), check(2, 0.01)], [aim, { figure: 'pores', within: 0.01 }])).toBe(false)
    expect(reached([check(1, 0.04), check(2, 0.01)], undefined)).toBe(false)
  })
})

const options: RunOptions = {
  ...{
    data: 'rock',
    process: 'labels',
    boundary: 'periodic',
    schedule: 'walk:0.3:20',
    weight: 'even',
    steps: 10,
  },
  ...{
    batch: 2,
    accumulate: 1,
    learningRate: 1e-3,
    warmup: 0,
    average: 0.99,
    seed: 0,
    labels: true,
    labelDropout: 0.1,
  },
  ...{ base: 4, multipliers: [1], blocks: [1], attention: [], embedding: 8 },
}

/** Stripes that are `wide` voxels wide, or half of the voxels by chance. */
const stripes = (wide: number): CropSource => ({
  ...{
    kind: 'crops',
    shape: [1, 64, 64],
    size: [12, 12],
    channels: 1,
    axes: ['z'],
    flips: true,
    turns: true,
  },
  labels: Uint8Array.from({ length: 64 * 64 }, (_, i) => Math.floor((i % 64) / wide) % 2),
})

const data = (heldOut?: CropSource): TrainingData => ({
  images: { shape: [1, 12, 12], count: 1, counts: Uint8Array.from({ length: 144 }, (_, i) => i % 2) },
  source: stripes(4),
  material: { phases: ['pore', 'solid'], units: [1] },
  heldOut,
  count: 100,
  checksum: '0',
})

describe('a look at a run on crops', { timeout: 60_000 }, () => {
  const context = { runtime: onnxruntimeNode(), threads: 1 }
  const blocks = () => run(stripes(8), { process: 'shift', within: 4, boundary: 'no-flux' })
  const run = (heldOut?: CropSource, more = {}) =>
    prepare({ ...options, ...more }, data(heldOut), {
      designed: () => cosine(),
      spectral: () => cosine(),
    })

  it('measures samples of exactly the fractions of held-out crops beside these', async () => {
    const wide = run(stripes(8))
    const { check: found, picture } = await look(wide, beginning(wide), context)
    expect(checkable(wide)).toBe(true)
    expect(found.beside).toBe('held-out crops')
    expect(found.lags).toEqual([1, 1, 3])
    // A network that knows nothing yet tells half and half.
    expect(found.heldOutLoss).toBeCloseTo(Math.log(2), 4)
    // Walls of faces every 8 voxels: 11 pairs of neighbours of 12 voxels, by Crofton's π/4.
    expect(found.figures.surface.crops).toBeCloseTo((Math.PI / 4) * (1 / 8) * (11 / 12), 1)
    // Noise with such a mass has far more of it.
    expect(found.figures.surface.off).toBeGreaterThan(0.5)
    expect(found.figures.pores.off).toBeLessThan(0)
    expect(picture.subarray(1, 4)).toEqual(new TextEncoder().encode('PNG'))
    const training = await look(run(), beginning(run()), context)
    expect(training.check.beside).toBe('training crops')
    expect(training.check.figures.surface.crops).toBeGreaterThan(1.5 * found.figures.surface.crops)
  })

  it('is had of a shift from sums of blocks as well, which has no grain', async () => {
    const { check: found } = await look(blocks(), beginning(blocks()), context)
    expect(checkable(blocks())).toBe(true)
    expect(found.beside).toBe('held-out crops')
    expect(found.heldOutLoss).toBeGreaterThan(0)
    // The sums of all blocks are those of the crops, and so is the porosity: walls 8 wide are seen through them.
    expect(Math.abs(found.figures.far.off)).toBeLessThan(0.3)
    expect([grained(blocks()), grained(run(stripes(8)))]).toEqual([false, true])
  })

  it('is had when it is time to, and not so often that it costs much', async () => {
    const one = run(stripes(8), {
      until: [
        { figure: 'surface', within: 0.99 },
        { figure: 'pores', within: 0.99 },
      ],
    })
    let now = 0
    const runtime: typeof context.runtime = {
      ...context.runtime,
      compile(...told) {
        now += 20
        return context.runtime.compile(...told)
      },
    }
    const { due, look: see, last } = course(one, { ...context, runtime, every: 1, spent: () => now })
    now = 30
    expect(due()).toBe(false)
    now = 60
    expect(due()).toBe(true)
    const { check: found, sentence: words } = await see(beginning(one))
    expect(found?.step).toBe(0)
    expect(words).toContain('step 0: surface')
    // The look took 20 s by this clock: the next one is 11 times as far off.
    const seen = now
    expect(seen).toBe(80)
    expect(due()).toBe(false)
    now = seen + 219
    expect(due()).toBe(false)
    now = seen + 220
    expect(due()).toBe(true)
    expect(last(3)).toBe(10)
  })

  it('finds the grain of the last step, which goes into the model', async () => {
    const one = run(stripes(8))
    const grain = await fitGrain(one, beginning(one), context)
    expect(grain).toBeGreaterThan(0)
    // Stripes have no chord of one voxel: of noise the smoothest is nearest.
    expect(grain).toBeGreaterThanOrEqual(1)
    const { description } = decodeModelFile(modelBytes(one, beginning(one), { half: true, grain }))
    expect(description.sampling.grain).toBe(grain)
  })
})
