/**
 * Series judged by small networks that are trained afterwards, as TimeGAN has it (Yoon et al. 2019): one that shall tell samples from data, and
 * one that learns from samples to predict data. There both are recurrent (GRU); here convolutions along time, and a dense layer over the
 * last steps.
 */
import { below, type Random, random } from '../../src/base/random.ts'
import { encodeGraph } from '../../src/model/file.ts'
import { conv, inside, linear, type Place } from '../../src/network/layers.ts'
import { fixed, initial, layoutOf, type Parameters } from '../../src/network/parameters.ts'
import { onnxruntimeNode } from '../../src/runtime/onnxruntime-node.ts'
import type { Value } from '../../src/runtime/runtime.ts'
import {
  abs,
  coarsen,
  input,
  multiply,
  reduceMean,
  reshape,
  silu,
  softplus,
  subtract,
  type Tensor,
  total,
} from '../../src/tensor/index.ts'
import { adamDefaults } from '../../src/training/optimizer.ts'
import { trainingStep } from '../../src/training/step.ts'
import { newState, train, wholeStep } from '../../src/training/trainer.ts'

/** Series [N][C][L], values from 0 to 1. */
export type Windows = readonly (readonly (readonly number[])[])[]

/** Examples: `x` [N][inputs] and `y` [N]. */
interface Examples {
  readonly x: readonly ArrayLike<number>[]
  readonly y: readonly number[]
}

const BATCH = 128

/** What a network says of `x` [B, …] after it has learned y from x. */
async function fitted(
  { x, y }: Examples,
  of: {
    readonly shape: readonly number[]
    readonly steps: number
    readonly seed: number
    answer(place: Place, x: Tensor): Tensor
    loss(answer: Tensor, y: Tensor): Tensor
  },
): Promise<(x: readonly ArrayLike<number>[]) => Promise<number[]>> {
  const runtime = onnxruntimeNode()
  const told = (rows: readonly ArrayLike<number>[]): Value => {
    const data = new Float32Array(BATCH * rows[0].length)
    rows.forEach((row, i) => {
      data.set(row, i * row.length)
    })
    return { shape: [BATCH, ...of.shape], data }
  }
  const answer = (parameters: Parameters) =>
    of.answer({ parameters, name: 'judge', periodic: [false, false] }, input('x', [BATCH, ...of.shape]))
  const layout = layoutOf(answer)
  const objective = (parameters: Parameters) =>
    multiply(total(of.loss(answer(parameters), input('y', [BATCH, 1]))), 1 / BATCH)
  const program = await runtime.compile(
    encodeGraph(trainingStep(objective, { layout, adam: adamDefaults })),
    { threads: 1 },
  )
  const stream = random(of.seed)
  const done = await train(newState(initial(layout, stream.fork(0))), {
    ...{ steps: of.steps, rate: 3e-3, warmup: 20, averageDecay: 0.99, adam: adamDefaults },
    stepper: wholeStep(program, async step => {
      const rng = stream.fork(1 + step)
      const chosen = Array.from({ length: BATCH }, () => below(rng, x.length))
      return {
        x: told(chosen.map(i => x[i])),
        y: { shape: [BATCH, 1], data: Float32Array.from(chosen, i => y[i]) },
      }
    }),
    after() {},
  })
  await program.release()
  const ready = await runtime.compile(encodeGraph({ answer: answer(fixed(layout, done.average)) }), {
    threads: 1,
  })
  return async rows => {
    const said: number[] = []
    for (let from = 0; from < rows.length; from += BATCH) {
      const some = rows.slice(from, from + BATCH)
      const result = await ready.run({ x: told(some) })
      said.push(...Array.from(result.answer.data).slice(0, some.length))
    }
    return said
  }
}

/** A random fifth, and the rest. */
function parted<T>(all: readonly T[], rng: Random): readonly [T[], T[]] {
  const order = all.map(of => ({ of, key: rng.uniform() })).sort((p, q) => p.key - q.key)
  const cut = Math.round(all.length / 5)
  return [order.slice(0, cut), order.slice(cut)].map(part => part.map(({ of }) => of)) as [T[], T[]]
}

/** |share that is told right - 1/2| of held-out series, as many made as real: 0 where nobody can tell them apart, ½ at worst. */
export async function discriminative(
  real: Windows,
  made: Windows,
  { seed, steps = 400 }: { seed: number; steps?: number },
): Promise<number> {
  const rng = random(seed)
  const many = Math.min(real.length, made.length)
  const [some, others] = [real, made].map(of => parted(of, rng)).map(([test, rest]) => ({ test, rest }))
  const cut = (of: Windows) => of.slice(0, Math.round(0.8 * many))
  const rows = (of: Windows) => of.map(series => Float32Array.from(series.flat()))
  const [channels, length] = [real[0].length, real[0][0].length]
  const [right, wrong] = [cut(some.rest), cut(others.rest)].map(rows)
  const says = await fitted(
    { x: [...right, ...wrong], y: [...right.map(() => 1), ...wrong.map(() => -1)] },
    {
      ...{ shape: [channels, 1, length], steps, seed },
      answer(place, x) {
        let y = silu(conv(inside(place, 'a'), x, { out: 32 }))
        y = silu(conv(inside(place, 'b'), y, { out: 32 }))
        if (length % 2 === 0) y = coarsen(y, [1, 2])
        y = silu(conv(inside(place, 'c'), y, { out: 64 }))
        const pooled = reshape(reduceMean(y, [2, 3]), [x.shape[0], 64])
        return linear(inside(place, 'out'), silu(linear(inside(place, 'd'), pooled, { out: 64 })), { out: 1 })
      },
      loss: (answer, y) => softplus(multiply(multiply(answer, y), -1)),
    },
  )
  const tests = [some.test, others.test].map(of => of.slice(0, Math.round(0.2 * many)))
  const [yes, no] = await Promise.all(tests.map(rows).map(says))
  const told = yes.filter(of => of > 0).length + no.filter(of => of <= 0).length
  return Math.abs(told / (yes.length + no.length) - 0.5)
}

/** Steps of the other columns that the last column is predicted by. */
const SEEN = 6

/** The last column of each step but the first, and what the other columns were in the steps before; zeros before the first. */
function lags(all: Windows): Examples {
  const [x, y]: [Float32Array[], number[]] = [[], []]
  for (const series of all) {
    const [others, last] = [series.slice(0, -1), series[series.length - 1]]
    for (let t = 1; t < last.length; t++) {
      x.push(
        Float32Array.from(others.flatMap(row => Array.from({ length: SEEN }, (_, k) => row[t - 1 - k] ?? 0))),
      )
      y.push(last[t])
    }
  }
  return { x, y }
}

/** The mean absolute error in predicting the last column of data a step ahead from the others, learned from `made`. */
export async function predictive(
  real: Windows,
  made: Windows,
  { seed, steps = 600 }: { seed: number; steps?: number },
): Promise<number> {
  const inputs = SEEN * (real[0].length - 1)
  const says = await fitted(lags(made), {
    ...{ shape: [inputs], steps, seed },
    answer(place, x) {
      const first = silu(linear(inside(place, 'a'), x, { out: 64 }))
      return linear(inside(place, 'out'), silu(linear(inside(place, 'b'), first, { out: 64 })), { out: 1 })
    },
    loss: (answer, y) => abs(subtract(answer, y)),
  })
  const { x, y } = lags(real)
  const said = await says(x)
  return said.reduce((sum, value, i) => sum + Math.abs(value - y[i]), 0) / y.length
}
