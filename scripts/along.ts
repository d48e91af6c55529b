/**
 * How residuals fall along a training: node dist/scripts/along.js DATA TEST FOLDER [--steps n] [--at list] [--base n] [--samples n]
 *
 * Trains a small model of DATA and keeps it after the steps of `--at`; inspects each on images of TEST (conservativity, the gap
 * between noise 0 and 1); trains a tiny model of a law of three units on a ring of six sites, all of whose 56 states are known, and tells the
 * residual of the master equation after as many steps. Writes FOLDER/along.svg and prints the table of docs/inspect.md.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { random } from '../src/base/random.ts'
import { whole } from '../src/cli/usage.ts'
import { lineChart, type Point, type Series, stacked } from '../src/formats/chart.ts'
import { inspection } from '../src/index.ts'
import { inspectSchema } from '../src/jobs/inspect/fields.ts'
import { type Inspection, inspect } from '../src/jobs/inspect/inspect.ts'
import { checked } from '../src/jobs/schema.ts'
import { trainSchema } from '../src/jobs/train/fields.ts'
import { train } from '../src/jobs/train/train.ts'
import { lattice } from '../src/lattice/index.ts'
import { decodeModelFile } from '../src/model/file.ts'
import { originFunction } from '../src/model/origin.ts'
import { writeWhole } from '../src/node/files.ts'
import { machine } from '../src/node/machine.ts'
import { process as processOf } from '../src/process/index.ts'
import { fewUnits } from '../src/sampling/study/index.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    steps: { type: 'string', default: '1200' },
    at: { type: 'string', default: '10,40,150,400,1200' },
    base: { type: 'string', default: '8' },
    samples: { type: 'string', default: '256' },
  },
})
const [data, test, folder] = demandWords('along.js DATA TEST FOLDER', positionals)
const [steps, base, samples] = [values.steps, values.base, values.samples].map(
  whole('a number', { least: 1 }),
)
const at = values.at.split(',').map(Number)
const context = machine({ workers: 1, threads: 1 })
const short = (value: number) => value.toPrecision(2)

/** A training, and the files of its models after some steps. */
async function models(
  job: object,
  name: string,
  images?: Parameters<typeof train>[1]['images'],
): Promise<Uint8Array[]> {
  const kept: Uint8Array[] = []
  const usual = { steps, warmup: 20, learningRate: 3e-3, average: 0.98, seed: 1, labels: false }
  await train(checked('train', trainSchema, { ...usual, ...job }), {
    ...context,
    images,
    onTrained({ step }, model) {
      if (!at.includes(step)) return
      kept.push(model())
      writeWhole(join(folder, `${name}-${step}.onnx`), model())
    },
  })
  return kept
}

const network = { base, multipliers: [1, 2, 2], blocks: [1, 1, 1], embedding: 32, attention: 'none' }
await models({ data, ...network, batch: 32 }, 'images')
const rows: Inspection[] = []
for (const step of at) {
  const job = { model: join(folder, `images-${step}.onnx`), data: test, only: ['conservativity', 'gap'] }
  rows.push(
    await inspect(checked('inspect', inspectSchema, { ...job, samples, calls: 16, loops: 128 }), context),
  )
  process.stderr.write(`${step}: ${JSON.stringify(rows.at(-1))}\n`)
}

// Three units that keep together, on a ring: all laws by enumeration.
const ring = lattice([1, 6], ['no-flux', 'periodic'])
const weights = (state: Int32Array) => 1 + 20 * Number(Math.max(...state) === 3) + 3 * state[0]
const all = fewUnits({ lattice: ring, rate: 6, units: 3, weight: () => 1 }).states
const few = fewUnits({ lattice: ring, rate: 6, units: 3, weight: i => weights(all[i]) })
const counts = new Uint8Array(4000 * 6)
const stream = random(7)
for (let i = 0; i < 4000; i++) {
  let [left, state] = [stream.uniform(), 0]
  while (state < few.law.length - 1 && left >= few.law[state]) left -= few.law[state++]
  counts.set(few.states[state], 6 * i)
}
const tiny = {
  ...network,
  base: 8,
  multipliers: [1],
  blocks: [2],
  boundary: 'periodic',
  rate: few.rate,
  batch: 32,
}
const time = 0.4 / few.rate
const residuals: number[] = []
for (const model of await models(tiny, 'ring', { shape: [1, 1, 6], count: 4000, counts })) {
  const { description } = decodeModelFile(model)
  const process = processOf(description.process)
  const program = await context.runtime.compile(model)
  const origin = originFunction(program, description)
  const told = await inspection.ratesBy({ process, origin, batch: description.tile })(few.states, time)
  residuals.push(residualOf(process.jumps, told))
  await program.release()
}
const { process: walk, exact } = exactly()
const floor = residualOf(walk.jumps, exact)

/** Rates of the walk on [1, 6] as those of the ring; hops along the axis of length 1 lead nowhere. */
function residualOf(jumps: number, told: readonly Float64Array[]): number {
  if (few.reached.length !== jumps * 6)
    throw new Error(`${jumps} jumps of a site, not ${few.reached.length / 6}`)
  return inspection.masterResidual(few, counts => told[few.index(counts)], time)
}

/** Rates that are made of the exact origin. */
function exactly() {
  const process = processOf({
    kind: 'spatial',
    lengths: [1, 6],
    boundaries: ['no-flux', 'periodic'],
    channels: 1,
    rate: few.rate,
  } as never)
  const exact = few.states.map(state => {
    const out = new Float64Array(6 * process.jumps)
    process.rates(state, few.expected(state, time), { time, out })
    return out
  })
  return { process, exact }
}

const line = (name: string, pick: (one: Inspection) => number | undefined): Series => ({
  name,
  points: rows.map((one, i): Point => [at[i], pick(one) ?? Number.NaN]),
})
const taus = rows[0].conservativity?.map(({ tau }) => tau) ?? []
const shown = [0, 2, 4].filter(k => k < taus.length)
const x = { label: 'step', log: true }
const charts = [
  await lineChart({
    title: 'Pairs of hops along a training: 0 if the rates are exact',
    x,
    y: { label: 'residual, median', log: true },
    series: shown.map(k => line(`τ ${short(taus[k])}`, one => one.conservativity?.[k].pair.median)),
  }),
  await lineChart({
    title: 'Plaquettes',
    x,
    y: { label: 'residual, median', log: true },
    series: shown.map(k => line(`τ ${short(taus[k])}`, one => one.conservativity?.[k].curl.median)),
  }),
  await lineChart({
    title: 'Samples of noise 0 beside samples of noise 1',
    x,
    y: { label: 'Fréchet distance', log: true },
    series: [
      line('noise 0 and 1', one => one.gap?.frechet),
      line('two sets of noise 1', one => one.gap?.floor),
    ],
  }),
  await lineChart({
    title: 'Master equation of three units on a ring',
    x,
    y: { label: 'residual', log: true },
    series: [
      { name: 'as learned', points: residuals.map((value, i): Point => [at[i], value]) },
      { name: 'of the exact origin', points: [at[0], at[at.length - 1]].map((step): Point => [step, floor]) },
    ],
  }),
]
writeWhole(join(folder, 'along.svg'), stacked(charts))
const cells = (name: string, list: readonly (number | undefined)[]) =>
  `| ${name} | ${list.map(value => (value === undefined ? '–' : short(value))).join(' | ')} |`
const told = [
  `| step | ${at.join(' | ')} |`,
  `|---${'|---'.repeat(at.length)}|`,
  ...taus.flatMap((tau, k) => [
    cells(
      `pairs, τ ${short(tau)}`,
      rows.map(one => one.conservativity?.[k].pair.median),
    ),
    cells(
      `plaquettes, τ ${short(tau)}`,
      rows.map(one => one.conservativity?.[k].curl.median),
    ),
  ]),
  cells(
    'Fréchet, noise 0 and 1',
    rows.map(one => one.gap?.frechet),
  ),
  cells(
    'two sets of noise 1',
    rows.map(one => one.gap?.floor),
  ),
  cells('master equation', residuals),
]
process.stdout.write(
  `${told.join('\n')}\nmaster equation, rates of the exact origin: ${floor.toPrecision(3)}\n`,
)
