/**
 * What the exact sum costs, and what a second rank gains:
 *
 *     node dist/scripts/ranks.js DATA [--steps 40] [--accumulate 4] [--batch 32] [--base 16]
 *
 * The same training goes on three times side by side, a step of each in turn, so that whatever else the machine does falls on
 * all of them alike: one rank with sums of single precision, one with exact sums, and two ranks of a thread each.
 */
import { parseArgs } from 'node:util'
import { whole } from '../src/cli/usage.ts'
import { checked } from '../src/jobs/schema.ts'
import { drawer } from '../src/jobs/train/batch-source.ts'
import { dataOf } from '../src/jobs/train/data.ts'
import { optionsOf, trainSchema } from '../src/jobs/train/fields.ts'
import { type RankWork, rankThreads as threads } from '../src/jobs/train/rank-work.ts'
import { type Engine, startEngine } from '../src/jobs/train/run.ts'
import { first, prepared, toTheEnd } from '../src/jobs/train/train.ts'
import { machine, machineFiles } from '../src/node/machine.ts'
import { rankThreads } from '../src/node/rank-threads.ts'
import { addSums, addTo, newSum, rounded } from '../src/training/exact-sum.ts'
import { alone, type Ranks } from '../src/training/ranks.ts'
import type { TrainingState } from '../src/training/trainer.ts'
import { demandWords } from './words.ts'

const number = (fallback: number) => ({ type: 'string', default: String(fallback) }) as const
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { steps: number(40), accumulate: number(4), batch: number(32), base: number(16) },
})
const [steps, accumulate, batch, base] = (['steps', 'accumulate', 'batch', 'base'] as const).map(name =>
  whole(`--${name}`, { least: 1 })(values[name]),
)

/** One rank that adds in single precision, as a graph of one step would. */
async function singly({ graph, batches, pieces }: RankWork): Promise<Ranks> {
  const gradients = await machine().runtime.compile(graph, { threads })
  const draw = drawer(batches)
  return {
    ...alone,
    async sum({ step, parameters }) {
      const size = parameters.length
      const sums = new Float32Array(size + 1)
      for (let piece = 0; piece < pieces; piece++) {
        const weights = { shape: [size], data: parameters }
        const told = await gradients.run({ ...draw(step * pieces + piece), parameters: weights })
        const gradient = told.gradient.data as Float32Array
        for (let i = 0; i < size; i++) sums[i] += gradient[i]
        sums[size] += told.loss.data[0]
      }
      const wide = newSum(size + 1)
      addTo(wide, sums)
      return wide
    },
    close: () => gradients.release(),
  }
}

const context = machine()
const [data] = demandWords('ranks.js DATA', positionals)
const options = optionsOf(checked('train', trainSchema, { data, steps, accumulate, batch, base, warmup: 20 }))
const run = prepared(options, await dataOf(options, context))

const teams: Readonly<Record<string, (work: RankWork) => Ranks | Promise<Ranks>>> = {
  'one rank, single precision': singly,
  'one rank, exact': () => alone,
  'two ranks, exact': work => rankThreads(work, 2),
}
const engines = await Promise.all(
  Object.values(teams).map(ranks => startEngine(run, { runtime: context.runtime, ranks })),
)

/** Each waits for its turn: the resolvers of those that wait. */
const waiting: (() => void)[] = []
const turn = (i: number) =>
  new Promise<void>(resolve => {
    waiting[i] = resolve
  })

interface Cost {
  /** Milliseconds of the clock, and of the processor. */
  readonly wall: number
  readonly cpu: number
}

const clock = () => ({ wall: performance.now(), cpu: process.cpuUsage() })

function since({ wall, cpu }: ReturnType<typeof clock>): Cost {
  const { user, system } = process.cpuUsage(cpu)
  return { wall: performance.now() - wall, cpu: (user + system) / 1000 }
}

/** One training, of which each step waits for those of the others. */
async function training(
  engine: Engine,
  i: number,
): Promise<{ costs: Cost[]; losses: number[]; state: TrainingState }> {
  const costs: Cost[] = []
  const losses: number[] = []
  await turn(i)
  let began = clock()
  const state = await toTheEnd(run, {
    engine,
    start: first(run, { files: machineFiles }),
    async after(_, { step, loss }) {
      costs.push(since(began))
      losses.push(loss)
      const own = step < steps ? turn(i) : undefined
      waiting[(i + 1) % engines.length]()
      await own
      began = clock()
    },
  })
  await engine.close()
  return { costs, losses, state }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
}

const trainings = engines.map(training)
waiting[0]()
const [single, exact, two] = await Promise.all(trainings)

console.log(
  `${run.layout.size} parameters, ${accumulate} micro-batches of ${batch}, ${steps} steps of each, in turn\n`,
)
console.log(
  '| | ms of the processor | ms of the clock | of the clock, to one rank | loss at the end |\n|---|---|---|---|---|',
)
const names = Object.keys(teams)
for (const [i, { costs, losses }] of [single, exact, two].entries()) {
  const ratio = median(costs.map(({ wall }, step) => exact.costs[step].wall / wall))
  const [cpu, wall] = (['cpu', 'wall'] as const).map(of => median(costs.map(cost => cost[of])).toFixed(0))
  const last = losses.slice(-10)
  const loss = last.reduce((sum, value) => sum + value, 0) / last.length
  console.log(`| ${names[i]} | ${cpu} | ${wall} | ${ratio.toFixed(2)} | ${loss.toFixed(5)} |`)
}

const apart = single.losses.map((loss, step) => Math.abs(loss / exact.losses[step] - 1))
console.log(
  `\nlosses apart, exact and single: at most ${Math.max(...apart).toExponential(1)}, median ${median(apart).toExponential(1)}`,
)
console.log(
  `two ranks have the bytes of one: ${Buffer.from(two.state.parameters.buffer).equals(Buffer.from(exact.state.parameters.buffer))}`,
)

/** Milliseconds of the processor that a call takes, at its median. */
const timed = (call: () => unknown) =>
  median(
    Array.from({ length: 41 }, () => {
      const began = clock()
      call()
      return since(began).cpu
    }),
  )
const gradient = exact.state.first
const sum = newSum(gradient.length)
const plain = new Float32Array(gradient.length)
const costs = {
  'adding a gradient': timed(() => addTo(sum, gradient)),
  'the same in single precision': timed(() => {
    for (let i = 0; i < gradient.length; i++) plain[i] += gradient[i]
  }),
  'adding the sums of another rank': timed(() => addSums(sum, sum.slice())),
  'rounding the sums': timed(() => rounded(sum)),
}
for (const [name, ms] of Object.entries(costs)) console.log(`${name}: ${ms.toFixed(2)} ms`)
const share =
  (accumulate * costs['adding a gradient'] + costs['rounding the sums']) /
  median(exact.costs.map(({ cpu }) => cpu))
console.log(`the exact sum is ${(100 * share).toFixed(2)} % of a step`)
