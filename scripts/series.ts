/**
 * Series: node dist/scripts/series.js sines FILE.csv [--count 10000] [--seed 1]
 *         node dist/scripts/series.js scores DATA.csv SAMPLES.csv --window 24 [--stride 1] [--by …] [--columns …] [--judges] [--seed 1]
 *
 * `sines` writes series of 24 steps of five columns, each (1 + sin(f x + p))/2 with f and p drawn evenly from 0 to 0.1 and x = 0 … 23: the
 * made data of TimeGAN (Yoon et al. 2019), which PaD-TS was measured on too.
 *
 * `scores` compares windows of DATA with the series of SAMPLES (as `saltus sample --out x.csv` writes them), values scaled to 0 … 1 by the
 * range of the data: VDS, the squared maximum mean discrepancy of the values of a column, and FDDS, that of the correlations of two columns within a
 * window, each a mean over columns or pairs, 2,000 of each drawn at random, mean of seven Gaussian kernels of widths 1/32 … 2; in
 * brackets the same between two halves of the data. --judges trains small networks as well: the discriminative and the predictive score.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { below, type Random, random } from '../src/base/random.ts'
import { whole } from '../src/cli/usage.ts'
import { numbersOf, readCsv, type Table } from '../src/formats/csv.ts'
import { discriminative, predictive } from './series/posthoc.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    window: { type: 'string', default: '24' },
    stride: { type: 'string', default: '1' },
    by: { type: 'string' },
    columns: { type: 'string' },
    judges: { type: 'boolean', default: false },
  },
})
const [count, window, stride] = [values.count, values.window, values.stride].map(
  whole('a number', { least: 1 }),
)
const seed = whole('a number', { least: 0 })(values.seed)
const [verb, path, other] = demandWords('series.js sines|scores FILE.csv', positionals)

function sines(): string {
  const rng = random(seed)
  const lines = ['series,step,a,b,c,d,e']
  for (let i = 0; i < count; i++) {
    const waves = Array.from({ length: 5 }, () => [0.1 * rng.uniform(), 0.1 * rng.uniform()])
    for (let x = 0; x < 24; x++)
      lines.push([i, x, ...waves.map(([f, p]) => ((1 + Math.sin(f * x + p)) / 2).toFixed(6))].join())
  }
  return `${lines.join('\n')}\n`
}

/** Windows [N][C][L] of a table. */
function windowsOf(
  table: Table,
  names: readonly string[],
  { by, step }: { by?: string; step: number },
): number[][][] {
  const columns = names.map(name => numbersOf(table, name))
  const at = by === undefined ? -1 : table.columns.indexOf(by)
  const made: number[][][] = []
  for (let from = 0; from + window <= table.rows.length; ) {
    const rows = table.rows.slice(from, from + window)
    const odd = at < 0 ? -1 : rows.findIndex(row => row[at] !== rows[0][at])
    if (odd < 0) made.push(columns.map(column => Array.from(column.subarray(from, from + window))))
    from += odd < 0 ? step : odd
  }
  return made
}

async function scores(): Promise<void> {
  const [data, samples] = [path, other].map(file => readCsv(readFileSync(file, 'utf8'), file))
  const names = values.columns?.split(',') ?? samples.columns.slice(2)
  const raw = windowsOf(data, names, { by: values.by, step: stride })
  const ranges = names.map((_, c) => {
    const all = raw.map(of => of[c])
    const low = Math.min(...all.map(of => Math.min(...of)))
    return [low, Math.max(...all.map(of => Math.max(...of))) - low]
  })
  const scaled = (all: number[][][]) =>
    all.map(of => of.map((row, c) => row.map(value => (value - ranges[c][0]) / ranges[c][1])))
  const [real, made] = [raw, windowsOf(samples, names, { by: 'series', step: window })].map(scaled)
  const rng = random(seed)
  const [half, rest] = halves(real, rng)
  const report = (name: string, of: (a: number[][][], b: number[][][]) => number) =>
    console.log(`${name} ${of(real, made).toPrecision(3)} (${of(half, rest).toPrecision(3)})`)
  console.log(`${made.length} samples, ${real.length} windows of ${names.join(', ')}`)
  report('VDS', (a, b) => mean(names.map((_, c) => discrepancy(...both(a, b, of => of[c], rng)))))
  const pairs = names.flatMap((_, i) => names.slice(i + 1).map((_, k) => [i, i + 1 + k]))
  if (pairs.length > 0)
    report('FDDS', (a, b) =>
      mean(pairs.map(([i, j]) => discrepancy(...both(a, b, of => [correlation(of[i], of[j])], rng)))),
    )
  if (!values.judges) return
  for (const [name, of] of Object.entries({ discriminative, predictive })) {
    const [own, best] = [await of(real, made, { seed }), await of(half, rest, { seed })]
    console.log(`${name} ${own.toPrecision(3)} (${best.toPrecision(3)})`)
  }
}

/** A random half and the rest. */
function halves<T>(all: readonly T[], rng: Random): [T[], T[]] {
  const order = all.map(of => ({ of, key: rng.uniform() })).sort((p, q) => p.key - q.key)
  const middle = order.length >> 1
  return [order.slice(0, middle), order.slice(middle)].map(part => part.map(({ of }) => of)) as [T[], T[]]
}

/** At most 2,000 numbers of either, drawn at random. */
function both(
  a: number[][][],
  b: number[][][],
  of: (window: number[][]) => number[],
  rng: Random,
): [number[], number[]] {
  return [a, b].map(set => {
    const all = set.flatMap(of)
    return all.length <= 2000 ? all : Array.from({ length: 2000 }, () => all[below(rng, all.length)])
  }) as [number[], number[]]
}

const mean = (of: readonly number[]) => of.reduce((sum, value) => sum + value, 0) / of.length

function correlation(p: readonly number[], q: readonly number[]): number {
  const [u, v] = [p, q].map(of => of.map(value => value - mean(of)))
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0)
  const size = Math.sqrt(dot(u, u) * dot(v, v))
  return size > 0 ? dot(u, v) / size : 0
}

/** The unbiased squared discrepancy: pairs of a number with itself are left out. */
function discrepancy(a: readonly number[], b: readonly number[]): number {
  const widths = [-5, -4, -3, -2, -1, 0, 1].map(power => 2 ** power)
  const kernel = (d: number) => mean(widths.map(w => Math.exp((-d * d) / (2 * w * w))))
  const within = (of: readonly number[]) => {
    let sum = 0
    for (let i = 0; i < of.length; i++) for (let j = 0; j < i; j++) sum += kernel(of[i] - of[j])
    return (2 * sum) / (of.length * (of.length - 1))
  }
  let across = 0
  for (const p of a) for (const q of b) across += kernel(p - q)
  return within(a) + within(b) - (2 * across) / (a.length * b.length)
}

if (verb === 'sines') writeFileSync(path, sines())
else await scores()
