/** `saltus solvers`: what a number of calls buys with each solver, measured without a network. */
import { extname } from 'node:path'
import { Command } from 'commander'
import { cannot, UsageError } from '../../base/errors.ts'
import { lattice } from '../../lattice/index.ts'
import { demandWritable, writeWhole } from '../../node/files.ts'
import { imagesAt } from '../../node/load.ts'
import { ancestral, multistep, type Solver } from '../../sampling/index.ts'
import { noises, orders, type Recovered, recovery, stabilityLimit } from '../../sampling/study/index.ts'
import { drive } from '../../structure/work.ts'
import { interruption, progressBar } from '../progress.ts'
import { decimal, listOf, whole } from '../usage.ts'
import { type Drawn, recoveryChart, table, variationChart } from './shown.ts'

interface Flags {
  readonly data?: string
  readonly calls: number[]
  readonly images: number
  readonly samples: number
  readonly mass: number
  readonly noise?: number
  readonly seed: number
  readonly out?: string
  readonly json: boolean
  readonly quiet: boolean
}

export function solversCommand(): Command {
  const many = { least: 1, most: 1_000_000 }
  return new Command('solvers')
    .description('what a number of calls buys with each solver: known laws and exact origins, no network')
    .option('--data <path>', 'images with classes: draw from a mixture of the first of them as well')
    .option('--calls <list>', 'calls per image, with --data', listOf(whole('--calls', many)), [8, 16, 32])
    .option('--images <n>', 'images of the mixture', whole('--images', many), 500)
    .option('--samples <n>', 'samples drawn by each solver', whole('--samples', many), 96)
    .option('--mass <m>', 'units of each of them', whole('--mass', { least: 1, most: 100_000_000 }), 26_000)
    .option(
      '--noise <eta>',
      'of the walk, with --data (default: 1)',
      decimal('--noise', { least: 0, most: 8 }),
    )
    .option('--seed <n>', 'seed of the samples', whole('--seed', { least: 0 }), 0)
    .option('--out <file>', 'write a chart: .svg; of the samples with --data, else of the laws')
    .option('--json', 'print one JSON object', false)
    .option('--quiet', 'print results and errors only', false)
    .action(run)
}

async function run(flags: Flags): Promise<void> {
  const { out } = flags
  if (out !== undefined) {
    if (extname(out) !== '.svg')
      throw new UsageError(cannot('write the chart', '--out', 'a file ending in .svg', out))
    demandWritable(out)
  }
  const { signal, release } = interruption()
  try {
    const laws = await measureLaws(flags, signal)
    const drawn = flags.data === undefined ? undefined : await drawAll(flags.data, flags, signal)
    process.stdout.write(flags.json ? `${JSON.stringify({ ...laws, drawn })}\n` : table({ ...laws, drawn }))
    if (out !== undefined)
      writeWhole(out, await (drawn ? recoveryChart(drawn.solvers) : variationChart(laws.orders)))
  } finally {
    release()
  }
}

/** Damping, of which 1 is none. */
const dampings = [1, 0.75, 0.5, 0.25]

async function measureLaws({ quiet }: Flags, signal: AbortSignal) {
  const bar = progressBar('laws', { total: 100, quiet })
  try {
    const at = (begin: number, share: number) => ({
      signal,
      onProgress: (done: number) => bar.update(Math.floor(begin + share * done)),
    })
    const stability = [
      { order: 1, damping: 1, limit: stabilityLimit({ order: 1, damping: 1 }) },
      ...dampings.map(damping => ({ order: 2, damping, limit: stabilityLimit({ order: 2, damping }) })),
    ]
    return {
      stability,
      orders: await drive(orders(), at(0, 50)),
      noises: await drive(noises(), at(50, 50)),
    }
  } finally {
    bar.stop()
  }
}

async function drawAll(data: string, flags: Flags, signal: AbortSignal) {
  const { calls, images, samples: count, mass, noise, seed, quiet } = flags
  const { set, known } = firstOf(data, images)
  const solvers: (readonly [string, Solver])[] = calls.flatMap(many => [
    [`ancestral ${many}`, ancestral({ calls: many, noise })] as const,
    [`multistep ${many}`, multistep({ calls: many, noise })] as const,
  ])
  const total = 2 * calls.reduce((sum, many) => sum + many, 0)
  const bar = progressBar('samples', { total, quiet })
  let before = 0
  try {
    const bench = recovery({
      lattice: lattice(set.shape.slice(1), 'no-flux'),
      known,
      mass,
      count,
      seed,
      signal,
      onProgress: done => bar.update(before + done),
    })
    const rows: Drawn[] = []
    for (const [solver, of] of solvers) {
      const { nearest: _, ...row } = await bench.draw(of)
      rows.push({ solver, ...row })
      before += row.calls
    }
    const { nearest: _, ...perfect } = bench.perfect()
    return { images: known.images.length, samples: count, mass, solvers: rows, perfect } satisfies {
      perfect: Omit<Recovered, 'nearest'>
      [name: string]: unknown
    }
  } finally {
    bar.stop()
  }
}

/** The first images of the data and their classes; of one channel, for that is what is compared. */
function firstOf(data: string, images: number) {
  const set = imagesAt(data)
  const { shape, count, counts, labels } = set
  const what = 'draw from a mixture'
  if (shape[0] !== 1) throw new RangeError(cannot(what, 'the images', 'of one channel', `${shape[0]}`))
  if (labels === undefined) throw new RangeError(cannot(what, 'the images', 'told apart into classes', data))
  const size = shape[1] * shape[2]
  const chosen = Array.from({ length: Math.min(images, count) }, (_, k) =>
    counts.subarray(k * size, (k + 1) * size),
  )
  return { set, known: { images: chosen, classes: Array.from(labels.subarray(0, chosen.length)) } }
}
