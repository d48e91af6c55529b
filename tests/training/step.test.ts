// The training step as one graph and in pieces, and the loop around it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cancelled } from '../../src/base/errors.ts'
import { random } from '../../src/base/random.ts'
import { lattice } from '../../src/lattice/index.ts'
import { networkOf } from '../../src/model/file.ts'
import { conv, linear, type Place } from '../../src/network/layers.ts'
import { initial, layoutOf, type Parameters } from '../../src/network/parameters.ts'
import { labels } from '../../src/process/index.ts'
import type { Program, Value } from '../../src/runtime/runtime.ts'
import { input, multiply, silu, sizeOf, subtract, total } from '../../src/tensor/index.ts'
import type { Feeds } from '../../src/training/batches.ts'
import { adamDefaults } from '../../src/training/optimizer.ts'
import {
  gradientStep,
  type Objective,
  originObjective,
  trainingStep,
  updateStep,
} from '../../src/training/step.ts'
import {
  accumulatedStep,
  averageDecay,
  Diverged,
  learningRate,
  newState,
  type Report,
  type Stepper,
  type TrainingState,
  train,
  wholeStep,
} from '../../src/training/trainer.ts'
import { apart, compiled, floats } from '../tensor/compute.ts'

const place = (parameters: Parameters): Place => ({ parameters, name: 'net', periodic: [true, false] })

// Not a link that is blind to a common shift: Adam makes steps of the rounding of a gradient that should be 0.
const walk = labels({ lattice: lattice([4, 3], 'no-flux') })

/** Two convolutions on counts [n, 1, 4, 3]: enough of a network for the whole step. */
const origins = (n: number): Objective =>
  originObjective(parameters => {
    const counts = input('counts', [n, 1, 4, 3])
    const y = silu(conv(place(parameters), counts, { out: 3 }))
    const output = conv({ ...place(parameters), name: 'out' }, y, { out: 1, side: 1 })
    return { output, shown: { counts, time: input('time', [n]) } }
  }, walk.link)

/** Images i … i + n − 1 of an endless series. */
function images(first: number, n: number): Feeds {
  const draw = (shape: number[], of: (u: number) => number): Value => {
    const size = sizeOf(shape.slice(1))
    const data = new Float32Array(n * size)
    for (let i = 0; i < n; i++) {
      const rng = random(5)
        .fork(first + i)
        .fork(size)
      for (let k = 0; k < size; k++) data[i * size + k] = of(rng.uniform())
    }
    return { shape, data }
  }
  return {
    counts: draw([n, 1, 4, 3], u => Math.floor(9 * u)),
    target: draw([n, 1, 4, 3], u => Math.round(u)),
    // As in a batch of four, whatever part of it this is.
    weights: draw([n, 1, 4, 3], u => (0.1 + u) / n),
  }
}

const layoutOfObjective = (objective: Objective) =>
  layoutOf(parameters => {
    objective(parameters)
  })
const layout = layoutOfObjective(origins(1))
const options = { layout, adam: adamDefaults }
const run = { rate: 0.01, warmup: 2, steps: 6, adam: adamDefaults, averageDecay: 0.5 }

describe('the training step', () => {
  const programs: Program[] = []
  let whole: Stepper
  let inOne: Stepper
  let inTwo: Stepper
  let poisoned: Stepper
  beforeAll(async () => {
    const four = await compiled(trainingStep(origins(4), options))
    const gradients = await compiled(gradientStep(origins(4), options))
    const half = await compiled(gradientStep(origins(2), options))
    const update = await compiled(updateStep(options))
    programs.push(four, gradients, half, update)
    const fours = async (step: number) => images(4 * step, 4)
    whole = wholeStep(four, fours)
    inOne = accumulatedStep({ gradients, update, pieces: 1 }, fours)
    inTwo = accumulatedStep({ gradients: half, update, pieces: 2 }, async piece => images(2 * piece, 2))
    poisoned = wholeStep(four, async step => {
      const feeds = await fours(step)
      if (step === 3) (feeds.counts.data as Float32Array)[7] = Number.NaN
      return feeds
    })
  })
  afterAll(async () => {
    for (const program of programs) await program.release()
  })

  const begin = (): TrainingState => newState(initial(layout, random(1)))
  async function trained(stepper: Stepper, from = begin()) {
    const reports: Report[] = []
    const state = await train(from, { ...run, stepper, after: (_, report) => void reports.push(report) })
    return { state, reports }
  }

  it('`wholeStep()` and `accumulatedStep()` go the same way, with one micro-batch and with two', async () => {
    const a = await trained(whole)
    expect(a.state.step).toBe(6)
    for (const stepper of [inOne, inTwo]) {
      const b = await trained(stepper)
      for (const name of ['parameters', 'first', 'second', 'average'] as const) {
        expect(apart(b.state[name], a.state[name]), name).toBeLessThan(1e-4)
      }
      b.reports.forEach(({ loss, norm, rate, step }, k) => {
        expect(Math.abs(loss / a.reports[k].loss - 1)).toBeLessThan(1e-5)
        expect(Math.abs(norm / a.reports[k].norm - 1)).toBeLessThan(1e-4)
        expect([rate, step]).toEqual([a.reports[k].rate, k + 1])
      })
    }
  })

  it('`train()` moves parameters and their average, and both are different', async () => {
    const { parameters, average } = (await trained(whole)).state
    expect(apart(parameters, begin().parameters)).toBeGreaterThan(1e-3)
    expect(apart(average, begin().parameters)).toBeGreaterThan(1e-3)
    expect(apart(average, parameters)).toBeGreaterThan(1e-4)
  })

  it('`train()` taken up again gives the bytes of a run in one go', async () => {
    const states: TrainingState[] = []
    const after = (state: TrainingState) => void states.push(state)
    const last = await train(begin(), { ...run, stepper: whole, after })
    expect(states.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6])
    expect(states[5]).toBe(last)
    const resumed = await train(states[2], { ...run, stepper: whole, after: () => {} })
    expect(resumed).toEqual(last)
  })

  it('`train()` feeds each step its rate, the corrections of Adam and the weight of the new average', async () => {
    const fed: number[][] = []
    const stepper: Stepper = async (state, { shape, data }) => {
      expect(shape).toEqual([4])
      fed.push(Array.from(data))
      return { state: { ...state, step: state.step + 1 }, loss: 1, norm: 1 }
    }
    await train({ ...begin(), step: 1 }, { ...run, averageDecay: 0.2, stepper, after: () => {} })
    // Steps 1 … 5 of 6, two of them warm-up: β1 = 0.9, β2 = 0.999, the average's decay min(0.2, (1 + k)/(10 + k)).
    expect(fed.length).toBe(5)
    expect(apart(fed[0], [0.01, 1 / (1 - 0.81), 1 / (1 - 0.998001), 9 / 11])).toBeLessThan(1e-6)
    const last = [0.005 * (1 - Math.SQRT1_2), 1 / (1 - 0.531441), 1 / (1 - 0.999 ** 6), 0.8]
    fed[4].forEach((value, i) => {
      expect(Math.abs(value / last[i] - 1), `control ${i}`).toBeLessThan(1e-5)
    })
  })

  it('`train()` leaves the state that it began with as it was', async () => {
    const from = begin()
    await trained(whole, from)
    expect(from).toEqual(begin())
  })

  it('`train()` ends with `Diverged` at the step whose numbers are none', async () => {
    const steps: number[] = []
    const after = ({ step }: TrainingState) => void steps.push(step)
    const error = await train(begin(), { ...run, stepper: poisoned, after }).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(Diverged)
    expect(String(error)).toMatch(
      /^Diverged: Cannot go on training: the loss and gradient at step 3 must be finite/,
    )
    expect(steps).toEqual([1, 2, 3])
  })

  it('`train()` ends with `Cancelled` between two steps', async () => {
    const controller = new AbortController()
    const after = ({ step }: TrainingState) => void (step === 2 && controller.abort())
    const ended = train(begin(), { ...run, stepper: whole, after, signal: controller.signal })
    await expect(ended).rejects.toThrow(new Cancelled('Stopped after step 2'))
  })

  it('`train()` of a state at the last step does nothing', async () => {
    const done = { ...begin(), step: 6 }
    expect(await train(done, { ...run, stepper: whole, after: () => expect.unreachable() })).toBe(done)
  })
})

describe('train()', () => {
  it('`train()` learns y = 3x − 1 from noiseless points', async () => {
    const objective: Objective = parameters => {
      const y = linear(place(parameters), input('x', [8, 1]), { out: 1 })
      const error = subtract(y, input('y', [8, 1]))
      return multiply(total(multiply(error, error)), 1 / 8)
    }
    const line = layoutOfObjective(objective)
    const program = await compiled(trainingStep(objective, { layout: line, adam: adamDefaults }))
    const next = async (step: number): Promise<Feeds> => {
      const rng = random(2).fork(step)
      const x = Float32Array.from({ length: 8 }, () => 4 * rng.uniform() - 2)
      return {
        x: floats([8, 1], x),
        y: floats(
          [8, 1],
          x.map(v => 3 * v - 1),
        ),
      }
    }
    const losses: number[] = []
    const { parameters, average } = await train(newState(initial(line, random(1))), {
      stepper: wholeStep(program, next),
      adam: adamDefaults,
      rate: 0.1,
      warmup: 10,
      steps: 300,
      averageDecay: 0.9,
      after: (_, { loss }) => void losses.push(loss),
    })
    await program.release()
    expect(losses[0]).toBeGreaterThan(1)
    expect(losses[299]).toBeLessThan(1e-6)
    expect(apart(parameters, [3, -1])).toBeLessThan(1e-3)
    expect(apart(average, [3, -1])).toBeLessThan(1e-3)
  })

  it.each(['counts', 'time', 'target'])('`train()` of the U-Net notices a NaN in its %s', async poisoned => {
    const task = {
      shape: [1, 5, 4],
      width: 1,
      periodic: [true, true],
      times: [1e-3, 1],
      scale: 9,
      classes: 0,
    } as const
    const network = { base: 4, multipliers: [1, 2], blocks: [1, 1], attention: [false, true], embedding: 4 }
    const objective = originObjective(networkOf({ task, network }, 2), walk.link)
    const layout = layoutOfObjective(objective)
    const program = await compiled(trainingStep(objective, { layout, adam: adamDefaults }))
    const fill = (shape: number[], value: number) =>
      floats(shape, new Float32Array(sizeOf(shape)).fill(value))
    const next = async (): Promise<Feeds> => {
      const feeds = {
        counts: fill([2, 1, 5, 4], 3),
        time: fill([2], 0.5),
        target: fill([2, 1, 5, 4], 2),
        weights: fill([2, 1, 5, 4], 0.1),
      }
      const { data } = feeds[poisoned as keyof typeof feeds]
      ;(data as Float32Array)[1] = Number.NaN
      return feeds
    }
    // Not from zero weights: those hide what stands behind them.
    const start = newState(initial(layout, random(1)).map((value, i) => value + 0.05 * Math.sin(i)))
    const ended = train(start, { ...run, stepper: wholeStep(program, next), after: () => {} })
    await expect(ended).rejects.toThrow(Diverged)
    await program.release()
  })
})

describe('learningRate()', () => {
  const of = (step: number, warmup = 10) => learningRate(step, { rate: 0.5, warmup, steps: 110 })

  it('`learningRate()` rises evenly through the warm-up, then falls as a cosine to 0', () => {
    expect([0, 4, 9, 10].map(step => of(step))).toEqual([0.05, 0.25, 0.5, 0.5])
    expect(of(60)).toBeCloseTo(0.25, 12)
    // A third of the way: (1 + cos 60°)/2 = 3/4.
    expect(learningRate(30, { rate: 1, warmup: 0, steps: 90 })).toBeCloseTo(0.75, 12)
    expect(of(110)).toBeCloseTo(0, 12)
    for (let step = 10; step < 110; step++) expect(of(step + 1)).toBeLessThan(of(step))
  })

  it('`learningRate()` begins at the full rate without a warm-up, and stands a warm-up longer than the run', () => {
    expect(of(0, 0)).toBe(0.5)
    expect(of(109, 200)).toBeCloseTo(0.275, 12)
  })
})

describe('averageDecay()', () => {
  it('`averageDecay()` grows from 1/10 to the decay that is asked for', () => {
    expect([0, 1, 8, 1e6].map(step => averageDecay(step, 0.999))).toEqual([0.1, 2 / 11, 0.5, 0.999])
  })
})
