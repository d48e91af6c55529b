/**
 * The table of a super-resolution model's card: node dist/scripts/super-resolution.js MODEL DATA FOLDER [--count n] [--calls k] [--seed s]
 *
 * Cuts `--count` crops out of the slab of DATA that the training held out, keeps the sums of their blocks alone, and restores each
 * once. Tells the voxels that are wrong, beside the nearest and the bicubic enlargement cut at the threshold that gives
 * the solid of the crop, the sums of blocks that are off, and for every scalar of a rock the p-value of the two-sample Kolmogorov–Smirnov
 * test of samples and enlargements against the crops. Files stay in FOLDER.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { random } from '../src/base/random.ts'
import { whole } from '../src/cli/usage.ts'
import type { NdArray } from '../src/formats/array.ts'
import { readNpz, writeNpz } from '../src/formats/npz.ts'
import { readBytes } from '../src/node/files.ts'
import { loadModel } from '../src/node/models.ts'
import { process } from '../src/process/index.ts'
import { heldOut } from './held-out.ts'
import { saltus } from './run.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '100' },
    calls: { type: 'string', default: '8' },
    seed: { type: 'string', default: '2' },
  },
})
const [name, data, folder] = demandWords('super-resolution.js MODEL DATA FOLDER', positionals)
const [count, calls, seed] = [values.count, values.calls, values.seed].map(whole('a number', { least: 1 }))
const { description } = loadModel(name)
const side = process(description.process).blocks ?? 1
const [, height, width] = description.task.shape
const sites = height * width
const [rows, columns] = [height / side, width / side]
mkdirSync(folder, { recursive: true })
const file = (of: string) => join(folder, of)
const store = (of: string, labels: Uint8Array) =>
  writeFileSync(file(of), writeNpz({ samples: { data: labels, shape: [count, height, width] } }))

const crops = await heldOut(name, data, { least: count, random: random(seed) })
const truth = new Uint8Array(count * sites)
for (let i = 0; i < count; i++) truth.set(crops[i].data, i * sites)
store('held-out.npz', truth)
saltus(
  'simulate',
  '--input',
  file('held-out.npz'),
  '--operator',
  `blocks:${side}`,
  '--scatter',
  'none',
  '--out',
  file('low.npz'),
)
const began = performance.now()
if (!existsSync(file('restored.npz')))
  saltus(
    'restore',
    '--model',
    name,
    '--input',
    file('low.npz'),
    '--count',
    '1',
    '--calls',
    String(calls),
    '--out',
    file('restored.npz'),
  )
console.log(`${calls} calls, ${((performance.now() - began) / 1000).toFixed(0)} s\n`)
const { samples } = readNpz(readBytes(file('restored.npz')), 'restored.npz') as { samples: NdArray }
const pores = description.data.material?.units[0] === 0
store(
  'samples.npz',
  Uint8Array.from(samples.data as ArrayLike<number>, n => (pores ? 1 - n : n)),
)

/** The share of solid in the block of a site, or beyond the sides that of the nearest. */
function share(image: number, row: number, column: number): number {
  const [y, x] = [Math.max(0, Math.min(rows - 1, row)), Math.max(0, Math.min(columns - 1, column))]
  let sum = 0
  for (let k = 0; k < side * side; k++)
    sum += truth[image * sites + (y * side + Math.floor(k / side)) * width + x * side + (k % side)]
  return sum / side / side
}

/** Keys' cubic kernel, a = -1/2. */
function cubic(at: number): number {
  const d = Math.abs(at)
  if (d >= 2) return 0
  return d < 1 ? 1.5 * d ** 3 - 2.5 * d * d + 1 : -0.5 * d ** 3 + 2.5 * d * d - 4 * d + 2
}

function enlarged(image: number, kind: 'nearest' | 'bicubic'): Float64Array {
  const blocks = Float64Array.from({ length: (rows + 4) * (columns + 4) }, (_, i) =>
    share(image, Math.floor(i / (columns + 4)) - 2, (i % (columns + 4)) - 2),
  )
  return Float64Array.from({ length: sites }, (_, site) => {
    const [y, x] = [Math.floor(site / width), site % width].map(at => (at + 0.5) / side - 0.5)
    const [near, left] = kind === 'nearest' ? [Math.round(y), Math.round(x)] : [Math.floor(y), Math.floor(x)]
    if (kind === 'nearest') return blocks[(near + 2) * (columns + 4) + left + 2]
    let sum = 0
    for (let i = near - 1; i <= near + 2; i++)
      for (let j = left - 1; j <= left + 2; j++)
        sum += cubic(y - i) * cubic(x - j) * blocks[(i + 2) * (columns + 4) + j + 2]
    return sum
  })
}

/** The sites of the largest values are solid, as many as the crop has. */
function cut(image: number, grey: Float64Array): Uint8Array {
  const solid = truth.subarray(image * sites, (image + 1) * sites).reduce((sum, n) => sum + n, 0)
  const order = [...grey.keys()].sort((a, b) => grey[b] - grey[a] || a - b)
  const labels = new Uint8Array(sites)
  for (const site of order.slice(0, solid)) labels[site] = 1
  return labels
}
for (const kind of ['nearest', 'bicubic'] as const) {
  const all = new Uint8Array(count * sites)
  for (let i = 0; i < count; i++) all.set(cut(i, enlarged(i, kind)), i * sites)
  store(`${kind}.npz`, all)
}

const names = ['samples', 'bicubic', 'nearest']
const labelsOf = (of: string) =>
  (readNpz(readBytes(file(`${of}.npz`)), of) as { samples: NdArray }).samples.data
const wrong = names.map(of => {
  const own = labelsOf(of)
  let [voxels, blocks] = [0, 0]
  const sums = [own, truth].map(labels => {
    const found = new Int32Array(count * rows * columns)
    for (let i = 0; i < labels.length; i++) {
      const [image, y, x] = [Math.floor(i / sites), Math.floor((i % sites) / width), i % width]
      found[(image * rows + Math.floor(y / side)) * columns + Math.floor(x / side)] += labels[i] as number
    }
    return found
  })
  for (let i = 0; i < own.length; i++) voxels += Number(own[i] !== truth[i])
  sums[0].forEach((sum, i) => {
    blocks += Number(sum !== sums[1][i])
  })
  return { voxels: (100 * voxels) / own.length, blocks }
})
console.log(`| | ${names.join(' | ')} |\n|---${'|---'.repeat(names.length)}|`)
console.log(`| voxels wrong | ${wrong.map(({ voxels }) => `${voxels.toFixed(2)} %`).join(' | ')} |`)
console.log(
  `| sums of blocks that are off, of ${count * rows * columns} | ${wrong.map(({ blocks }) => blocks).join(' | ')} |`,
)

const found = names.map(of => {
  const lines = saltus('measure', file(`${of}.npz`), '--reference', file('held-out.npz'), '--json')
  const told = lines
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  return told.find(line => line.comparison !== undefined).comparison as Record<string, { p: number }>
})
for (const scalar of Object.keys(found[0]))
  console.log(`| ${scalar}, p | ${found.map(own => own[scalar].p.toPrecision(2)).join(' | ')} |`)
const passed = found.map(own => Object.values(own).filter(({ p }) => p > 0.01).length)
console.log(`| p > 0.01 | ${passed.map(n => `${n} of ${Object.keys(found[0]).length}`).join(' | ')} |`)
