/**
 * Large samples beside real windows: node dist/scripts/large.js MODEL DATA FOLDER [--size 256] [--whole 256] [--count 8] [--seed 1]
 *
 * Cuts windows of DATA normal to the axes that MODEL was trained on, side by side and 16 slices apart, held out or not (large
 * ones are few), draws `--count` samples with the fractions of windows spread evenly over theirs, and prints for every
 * scalar the mean of both and the p-value of the two-sample Kolmogorov–Smirnov test: the standard deviation of the porosity of
 * blocks of 32 and 64 voxels, (S2(r) − φ²)/(φ − φ²) at r = 16, 24, 48, and the largest radius of a disk in a pore. Files stay in FOLDER.
 *
 * With `--whole` larger than `--size` samples have that side and the mean fractions of the windows, and are cut into windows themselves: no rock
 * here is as large as they are.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { whole } from '../src/cli/usage.ts'
import type { NdArray } from '../src/formats/array.ts'
import { readNpz } from '../src/formats/npz.ts'
import { kolmogorovSmirnov } from '../src/metrics/index.ts'
import { readBytes } from '../src/node/files.ts'
import { labelsAt } from '../src/node/load.ts'
import { loadModel } from '../src/node/models.ts'
import {
  crop,
  finish,
  fractions,
  type Labels,
  phaseOf,
  squaredDistances,
  twoPoint,
} from '../src/structure/index.ts'
import { saltus } from './run.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string', default: '256' },
    whole: { type: 'string' },
    count: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
  },
})
const [name, path, folder] = demandWords('large.js MODEL DATA FOLDER', positionals)
const [size, count] = [values.size, values.count].map(whole('a number', { least: 1 }))
const side = values.whole === undefined ? size : whole('a number', { least: size })(values.whole)
const { training, task } = loadModel(name).description
mkdirSync(folder, { recursive: true })

const volume = await labelsAt(path)
const { axes = ['z', 'y', 'x'] } = (training.crops ?? {}) as { axes?: string[] }
const windows = ['z', 'y', 'x'].flatMap((axis, normal): Labels[] => {
  if (!axes.includes(axis)) return []
  const sides = [0, 1, 2].map(a => (a === normal ? 1 : size))
  const starts = volume.shape.map((length, a) => {
    const step = a === normal ? 16 : size
    return Array.from({ length: Math.max(0, Math.floor((length - sides[a]) / step) + 1) }, (_, i) => i * step)
  })
  return starts[0].flatMap(z =>
    starts[1].flatMap(y =>
      starts[2].map(x => ({ data: crop(volume, [z, y, x], sides).data, shape: [size, size] })),
    ),
  )
})
const byPorosity = windows.map(grid => fractions(grid, task.shape[0] + 1)).sort(([a], [b]) => a - b)
const means = byPorosity[0].map(
  (_, label) => byPorosity.reduce((sum, of) => sum + of[label], 0) / windows.length,
)
const wanted = Array.from({ length: count }, (_, i) =>
  side > size ? means : byPorosity[Math.floor(((i + 0.5) * windows.length) / count)],
)
const list = join(folder, 'fractions.txt')
writeFileSync(list, wanted.map(of => `${of.slice(1).join(',')}\n`).join(''))
const file = join(folder, 'samples.npz')
if (!existsSync(file)) {
  const began = performance.now()
  const flags = ['--size', `${side},${side}`, '--fractions', list, '--seed', values.seed]
  console.log(
    saltus('sample', '--model', name, ...flags, '--out', file, '--out', join(folder, 'samples.png')).trim(),
  )
  console.log(`${((performance.now() - began) / 1000).toFixed(0)} s`)
}
const { data, shape } = readNpz(readBytes(file), file).samples as NdArray
const per = Math.floor(side / size)
const samples = Array.from({ length: shape[0] * per * per }, (_, k): Labels => {
  const [i, y, x] = [Math.floor(k / per ** 2), Math.floor(k / per) % per, k % per]
  const all = { data: data as Uint8Array, shape: [shape[0], side, side] }
  return { data: crop(all, [i, y * size, x * size], [1, size, size]).data, shape: [size, size] }
})

const names = [
  'porosity',
  's.d. of 32-blocks',
  's.d. of 64-blocks',
  'S2 at 16',
  'S2 at 24',
  'S2 at 48',
  'largest pore radius',
]
function scalarsOf(grid: Labels): number[] {
  const pores = phaseOf(grid, 0)
  const porosity = pores.data.reduce((sum, pore) => sum + pore, 0) / pores.data.length
  const spread = (side: number) => {
    const per = Math.floor(size / side)
    const blocks = new Float64Array(per * per)
    for (let y = 0; y < per * side; y++)
      for (let x = 0; x < per * side; x++)
        blocks[Math.floor(y / side) * per + Math.floor(x / side)] += pores.data[y * size + x] / side ** 2
    const mean = blocks.reduce((sum, own) => sum + own, 0) / blocks.length
    return Math.sqrt(blocks.reduce((sum, own) => sum + (own - mean) ** 2, 0) / (blocks.length - 1))
  }
  const { radial } = finish(twoPoint(pores, { range: 48 }))
  const beyond = (r: number) => (radial[r] - porosity ** 2) / (porosity - porosity ** 2)
  const squares = squaredDistances({ data: pores.data.map(pore => 1 - pore), shape: grid.shape })
  const radius = Math.sqrt(squares.reduce((most, own) => Math.max(most, own), 0))
  return [porosity, spread(32), spread(64), beyond(16), beyond(24), beyond(48), radius]
}
const [own, real] = [samples, windows].map(all => all.map(scalarsOf))
const told = (all: number[][], i: number) => {
  const column = all.map(of => of[i])
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length
  const deviation = Math.sqrt(
    column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (column.length - 1),
  )
  return `${mean.toPrecision(3)} ± ${deviation.toPrecision(2)}`
}
console.log(`| ${size}² | ${samples.length} samples | ${windows.length} windows | KS p |\n|---|---|---|---|`)
names.forEach((scalar, i) => {
  const { p } = kolmogorovSmirnov(
    own.map(of => of[i]),
    real.map(of => of[i]),
  )
  console.log(`| ${scalar} | ${told(own, i)} | ${told(real, i)} | ${p.toPrecision(2)} |`)
})
