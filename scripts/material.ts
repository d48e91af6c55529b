/**
 * The table of a material's card: node dist/scripts/material.js MODEL DATA FOLDER [--count n] [--calls k] [--seed s]
 *
 * Cuts twice `--count` crops out of the slab of DATA that the training of MODEL held out, draws as many samples with exactly
 * the fractions of the first half, measures all three sets, and prints a row for every scalar: samples, held-out
 * crops and other held-out crops, each as mean ± deviation, with the p-values of the two-sample Kolmogorov–Smirnov
 * test of the samples and of the other crops against the first ones. Last, how many of the pairs of neighbours differ
 * across the seam of the torus and inside: alike where samples tile seamlessly. Files stay in FOLDER.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { random } from '../src/base/random.ts'
import { whole } from '../src/cli/usage.ts'
import type { NdArray } from '../src/formats/array.ts'
import { readNpz, writeNpz } from '../src/formats/npz.ts'
import { readBytes } from '../src/node/files.ts'
import { loadModel } from '../src/node/models.ts'
import { fractions, type Labels } from '../src/structure/index.ts'
import { heldOut } from './held-out.ts'
import { saltus } from './run.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '200' },
    calls: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})
const [name, data, folder] = demandWords('material.js MODEL DATA FOLDER', positionals)
const [count, seed] = [values.count, values.seed].map(whole('a number', { least: 1 }))
const calls = values.calls === undefined ? [] : ['--calls', values.calls]
const { data: trained, task } = loadModel(name).description
const { voxelSize, unit } = trained.material ?? {}
mkdirSync(folder, { recursive: true })
const file = (of: string) => join(folder, of)

function store(of: string, grids: readonly Labels[]): void {
  const [height, width] = grids[0].shape
  const all = new Uint8Array(grids.length * height * width)
  grids.forEach((grid, i) => {
    all.set(grid.data, i * height * width)
  })
  const samples = { data: all, shape: [grids.length, height, width] }
  // Samples tell the size of a voxel, and lengths of crops are to be told in the same unit.
  const scale = voxelSize === undefined ? undefined : { data: Float64Array.of(voxelSize), shape: [] }
  const told: Record<string, NdArray | string> = scale ? { voxel_size: scale, unit: unit ?? '' } : {}
  writeFileSync(file(of), writeNpz({ samples, ...told }))
}

const grids = await heldOut(name, data, { least: 2 * count, random: random(seed) })
store('held-out.npz', grids.slice(0, count))
store('others.npz', grids.slice(count, 2 * count))
const wanted = grids.slice(0, count).map(grid =>
  fractions(grid, task.shape[0] + 1)
    .slice(1)
    .join(','),
)
writeFileSync(file('fractions.txt'), `${wanted.join('\n')}\n`)
const began = performance.now()
if (!existsSync(file('samples.npz'))) {
  const flags = ['--fractions', file('fractions.txt'), '--seed', String(seed), ...calls]
  console.log(saltus('sample', '--model', name, ...flags, '--out', file('samples.npz')).trim())
  console.log(`${((performance.now() - began) / 1000).toFixed(0)} s\n`)
}

/** Of a set; `mean` and `deviation` are those of the finite values, null where there is none. */
interface Side {
  readonly mean: number | null
  readonly deviation: number | null
  readonly infinite: number
}
interface Comparison {
  readonly samples: Side
  readonly reference: Side
  readonly statistic: number
  readonly p: number
}

/** The comparison of one set with the held-out crops, by the name of the scalar. */
function compared(of: string): Record<string, Comparison> {
  const report = ['--report', file(`${basename(of, '.npz')}.svg`)]
  const lines = saltus('measure', file(of), '--reference', file('held-out.npz'), '--json', ...report)
  const found = lines
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
    .find(line => line.comparison !== undefined)
  return found.comparison
}

const [own, floor] = [compared('samples.npz'), compared('others.npz')]
const digits = (value: number | null, count: number) => value?.toPrecision(count) ?? '–'
const side = ({ mean, deviation, infinite }: Side) =>
  `${digits(mean, 4)} ± ${digits(deviation, 2)}${infinite > 0 ? ` (${infinite} ∞)` : ''}`
console.log('| | samples | held out | other held out | KS p, samples | KS p, other held out |')
console.log('|---|---|---|---|---|---|')
for (const [scalar, { samples, reference, p }] of Object.entries(own)) {
  const other = floor[scalar]
  const cells = [
    scalar,
    side(samples),
    side(reference),
    side(other.samples),
    p.toPrecision(2),
    other.p.toPrecision(2),
  ]
  console.log(`| ${cells.join(' | ')} |`)
}

/** The shares of neighbours whose labels differ, across the sides and inside. */
function seam(of: string): string {
  const { data: labels, shape } = readNpz(readBytes(file(of)), of).samples as NdArray
  const [n, height, width] = shape
  const sums = { seam: 0, inside: 0 }
  for (let i = 0; i < n; i++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const at = (v: number, h: number) => labels[(i * height + (v % height)) * width + (h % width)]
        if (at(y, x) !== at(y, x + 1)) sums[x === width - 1 ? 'seam' : 'inside']++
        if (at(y, x) !== at(y + 1, x)) sums[y === height - 1 ? 'seam' : 'inside']++
      }
  const inside = sums.inside / (n * ((width - 1) * height + (height - 1) * width))
  return `${(sums.seam / (n * (height + width))).toFixed(4)} across, ${inside.toFixed(4)} inside`
}
console.log(
  `\nNeighbours that differ: samples ${seam('samples.npz')}; held-out crops ${seam('held-out.npz')}`,
)
