/**
 * One network at porosities far from the data's: node dist/scripts/porosities.js MODEL DATA OUT.png OUT.svg [options]
 *
 * Draws --count samples at each of --porosities (a row of OUT.png each), and prints a row of means: of the samples, and of
 * all crops of the held-out slab of DATA within 0.01 of that porosity. OUT.svg shows the two-point correlations of the samples, as
 * autocovariance (S2(r) - φ²)/(φ - φ²), which has no scale of φ.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { random } from '../src/base/random.ts'
import { decimal, listOf } from '../src/cli/usage.ts'
import type { NdArray } from '../src/formats/array.ts'
import { lineChart, type Series } from '../src/formats/chart.ts'
import { readNpz } from '../src/formats/npz.ts'
import { readBytes, writeWhole } from '../src/node/files.ts'
import { finish, fractions, type Labels, type Measured, measure, scalars } from '../src/structure/index.ts'
import { heldOut } from './held-out.ts'
import { saltus } from './run.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    porosities: { type: 'string', default: '0.03,0.08,0.14,0.2,0.3,0.42,0.55' },
    count: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
  },
})
const [model, data, picture, chart] = demandWords('porosities.js MODEL DATA OUT.png OUT.svg', positionals)
const porosities = listOf(decimal('--porosities', { least: 0, most: 1 }))(values.porosities)

const folder = mkdtempSync(join(tmpdir(), 'porosities-'))
const file = join(folder, 'samples.npz')
const asked = ['--porosity', values.porosities, '--count', values.count, '--seed', values.seed]
console.log(saltus('sample', '--model', model, ...asked, '--out', picture, '--out', file))
const { data: labels, shape } = readNpz(readBytes(file), file).samples as NdArray
rmSync(folder, { recursive: true })
const sites = shape[1] * shape[2]
const drawn: Labels[] = Array.from({ length: shape[0] }, (_, i) => ({
  data: labels.subarray(i * sites, (i + 1) * sites) as Uint8Array,
  shape: shape.slice(1),
}))
const crops = await heldOut(model, data, { least: 1, random: random(1) })

const names = ['specificSurface', 'correlationLength', 'chords.x', 'poreSizes']
const seen = (grid: Labels) =>
  finish(measure(grid, { only: ['s2', 'specificSurface', 'chords', 'poreSizes'], range: 32 }))
const mean = (all: readonly number[]) => all.reduce((sum, value) => sum + value, 0) / all.length

/** Means of the scalars; none of no grids. */
function cells(all: readonly Measured[]): string[] {
  const found = all.map(one => scalars(one))
  return names.map(name => {
    const finite = found.map(of => of[name]).filter(Number.isFinite)
    return finite.length > 0 ? mean(finite).toPrecision(3) : '–'
  })
}

/** The mean autocovariance over φ - φ². */
function autocovariance(name: string, all: readonly Measured[]): Series {
  const curve = (r: number) =>
    mean(all.map(({ porosity, s2 }) => ((s2?.radial[r] ?? 0) - porosity ** 2) / (porosity - porosity ** 2)))
  return { name, points: Array.from({ length: 33 }, (_, r) => [r, curve(r)] as const) }
}

const series: Series[] = []
console.log(`| porosity | held-out crops | ${names.join(' | ')} |`)
console.log(`|---|---|${'---|'.repeat(names.length)}`)
for (const [k, porosity] of porosities.entries()) {
  const own = drawn.slice(k * Number(values.count), (k + 1) * Number(values.count)).map(seen)
  const like = crops.filter(grid => Math.abs(fractions(grid, 1)[0] - porosity) <= 0.01).map(seen)
  const real = cells(like)
  console.log(
    `| ${porosity} | ${like.length} | ${cells(own)
      .map((value, i) => `${value} (${real[i]})`)
      .join(' | ')} |`,
  )
  series.push(autocovariance(`${porosity}`, own))
}
const title = 'Autocovariance of samples of one network, by their porosity'
const x = { label: 'distance / voxels' }
writeWhole(chart, await lineChart({ title, x, y: { label: '(S2(r) − φ²) / (φ − φ²)' }, series }))
