/**
 * The table of volumes of a material's card: node dist/scripts/volumes.js MODEL DATA FOLDER [--from-slices] [--size 64]
 * [--count 50] [--calls k] [--seed 1].
 *
 * Cuts twice `--count` cubes out of the slab of DATA that the training held out (where there are not as many side by side,
 * every half side), draws a volume with exactly the porosity of each of the first half, one file after the other, and
 * measures all three sets. For every number a row: samples, held-out cubes, other held-out cubes, each mean ± deviation,
 * with the p of Kolmogorov and Smirnov of the samples, and of the other cubes, against the held-out ones. What is drawn
 * and measured stays in FOLDER: stopped, it goes on where it was.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { below, random } from '../src/base/random.ts'
import { whole } from '../src/cli/usage.ts'
import type { NdArray } from '../src/formats/array.ts'
import { readNpz } from '../src/formats/npz.ts'
import { volumePicture } from '../src/formats/volume-picture.ts'
import { kolmogorovSmirnov } from '../src/metrics/index.ts'
import { readBytes } from '../src/node/files.ts'
import { labelsAt } from '../src/node/load.ts'
import { loadModel } from '../src/node/models.ts'
import { crop, finish, type Labels, measure, scalars } from '../src/structure/index.ts'
import { saltus } from './run.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'from-slices': { type: 'boolean', default: false },
    size: { type: 'string', default: '64' },
    count: { type: 'string', default: '50' },
    calls: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})
const [name, data, folder] = demandWords('volumes.js MODEL DATA FOLDER', positionals)
const [side, count, seed] = [values.size, values.count, values.seed].map(whole('a number', { least: 1 }))
mkdirSync(folder, { recursive: true })
const file = (of: string) => join(folder, of)
const lags = [1, 2, 3, 4, 6, 8, 12, 16]

/** Cubes of the held-out slab in a random order. */
async function heldOut(): Promise<Labels[]> {
  const { data: labels, shape } = await labelsAt(data)
  const [from, to] = loadModel(name).description.data.material?.heldOut ?? [0, shape[0]]
  const plane = shape[1] * shape[2]
  const slab = { data: labels.subarray(from * plane, to * plane), shape: [to - from, ...shape.slice(1)] }
  const places = (step: number) =>
    slab.shape
      .map(length => Array.from({ length: Math.floor((length - side) / step) + 1 }, (_, i) => i * step))
      .reduce<number[][]>((all, starts) => all.flatMap(of => starts.map(start => [...of, start])), [[]])
  const found = [side, side >> 1].map(places).find(list => list.length >= 2 * count) ?? []
  if (found.length < 2 * count) throw new Error(`Cannot cut ${2 * count} cubes: there are too few`)
  const rng = random(seed)
  for (let i = found.length - 1; i > 0; i--) {
    const j = below(rng, i + 1)
    ;[found[i], found[j]] = [found[j], found[i]]
  }
  return found.slice(0, 2 * count).map(corner => crop(slab, corner, [side, side, side]))
}

/** A volume with the pores of a cube. */
function sampled(i: number, like: Labels): Labels {
  const path = file(`sample-${i}.npz`)
  if (!existsSync(path)) {
    const pores = like.data.reduce((sum, label) => sum + (label === 0 ? 1 : 0), 0)
    const began = performance.now()
    const flags = [
      ...[
        '--model',
        name,
        '--size',
        [side, side, side].join(','),
        '--count',
        '1',
        '--workers',
        '1',
        '--quiet',
      ],
      ...['--porosity', String(pores / like.data.length), '--seed', String(seed + i)],
      ...(values['from-slices'] ? ['--from-slices'] : []),
      ...(values.calls === undefined ? [] : ['--calls', values.calls]),
    ]
    saltus('sample', ...flags, '--out', path)
    console.error(`sample ${i}: ${((performance.now() - began) / 1000).toFixed(0)} s`)
  }
  const { data: drawn } = readNpz(readBytes(path), path).samples as NdArray
  return { data: drawn as Uint8Array, shape: [side, side, side] }
}

/** All numbers of a cube, kept in a file. */
function numbersOf(of: string, i: number, cube: Labels): Record<string, number> {
  const path = file(`${of}-${i}.json`)
  if (!existsSync(path)) {
    const measured = finish(measure(cube))
    const found: Record<string, number> = { ...scalars(measured) }
    for (const [axis, percolates] of Object.entries(measured.percolates ?? {}))
      found[`percolates.${axis}`] = Number(percolates)
    for (let axis = 0; axis < 3; axis++)
      for (const lag of lags) found[`S2.${'zyx'[axis]}.${lag}`] = pairs(cube, axis, lag)
    found['lineal.8'] = measured.linealPath?.mean[8] ?? Number.NaN
    // Infinity is no number of JSON.
    writeFileSync(
      path,
      JSON.stringify(found, (_, value) => (value === Infinity ? 'Infinity' : value)),
    )
  }
  const read = JSON.parse(readFileSync(path, 'utf8'))
  return Object.fromEntries(
    Object.entries(read).map(([key, value]) => [key, value === null ? Number.NaN : Number(value)]),
  )
}

/** The share of pairs of sites at a lag along an axis, inside the cube, that are both pores. */
function pairs({ data: labels, shape }: Labels, axis: number, lag: number): number {
  const stride = [shape[1] * shape[2], shape[2], 1][axis]
  let [both, all] = [0, 0]
  for (let i = 0; i < labels.length; i++) {
    if (Math.floor(i / stride) % shape[axis] >= shape[axis] - lag) continue
    all++
    if (labels[i] === 0 && labels[i + lag * stride] === 0) both++
  }
  return both / all
}

const cubes = await heldOut()
const sets = {
  real: cubes.slice(0, count).map((cube, i) => numbersOf('real', i, cube)),
  other: cubes.slice(count).map((cube, i) => numbersOf('other', i, cube)),
}
const volumes = cubes.slice(0, count).map((cube, i) => sampled(i, cube))
const drawn = volumes.map((volume, i) => numbersOf('sample', i, volume))
const some = [volumes[0], cubes[0]]
const shown = new Uint8Array(2 * side ** 3)
some.forEach((cube, i) => {
  shown.set(cube.data, i * side ** 3)
})
writeFileSync(
  file('volumes.png'),
  volumePicture({ data: shown, shape: [2, side, side, side] }, { captions: ['SAMPLE', 'HELD OUT'], body: 0 }),
)

const told = (all: readonly Record<string, number>[], key: string) => {
  const finite = all.map(of => of[key]).filter(Number.isFinite)
  const mean = finite.reduce((a, b) => a + b, 0) / finite.length
  const spread = Math.sqrt(finite.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, finite.length - 1))
  const lost = all.length - finite.length
  return `${mean.toPrecision(4)} ± ${spread.toPrecision(2)}${lost > 0 ? ` (${lost} ∞ or none)` : ''}`
}
const p = (a: readonly Record<string, number>[], key: string) => {
  const numbers = (all: readonly Record<string, number>[]) =>
    all.map(of => of[key]).filter(v => !Number.isNaN(v))
  const [one, two] = [numbers(a), numbers(sets.real)]
  return one.length === 0 || two.length === 0 ? '–' : kolmogorovSmirnov(one, two).p.toPrecision(2)
}
console.log(`${count} volumes of ${side}³\n`)
console.log('| | samples | held out | other held out | KS p, samples | KS p, other held out |')
console.log('|---|---|---|---|---|---|')
for (const key of Object.keys(sets.real[0])) {
  const cells = [
    told(drawn, key),
    told(sets.real, key),
    told(sets.other, key),
    p(drawn, key),
    p(sets.other, key),
  ]
  console.log(`| ${key} | ${cells.join(' | ')} |`)
}
