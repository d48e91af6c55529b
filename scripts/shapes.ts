/**
 * The figures of the card of `shapes`: node dist/scripts/shapes.js MODEL DATA FOLDER [--from 900] [--count 50] [--calls k] [--seed 1].
 *
 * Of the volumes [N, Z, Y, X] in DATA from one on: each is drawn again from its silhouette and its number of voxels. Told is
 * the silhouette's IoU, and the volume's beside that of the visual hull (the silhouette all through the depth) and that of the hull
 * with the same number of voxels: its layers filled from the one on that the volumes before `--from` fill most.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { whole } from '../src/cli/usage.ts'
import { writeNpz } from '../src/formats/npz.ts'
import { labelsAt } from '../src/node/load.ts'
import { open } from '../src/node/open.ts'
import { silhouette } from '../src/training/crops.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    from: { type: 'string', default: '900' },
    count: { type: 'string', default: '50' },
    calls: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})
const [name, path, folder] = demandWords('shapes.js MODEL DATA FOLDER', positionals)
const [from, count, seed] = [values.from, values.count, values.seed].map(whole('a number', { least: 0 }))
const { data, shape } = await labelsAt(path)
const lengths = shape.slice(1)
const [deep, ...plane] = lengths
const [sites, area] = [deep, 1].map(side => side * plane[0] * plane[1])
const volumeAt = (i: number) => data.subarray(i * sites, (i + 1) * sites)
const seen = (volume: ArrayLike<number>) => silhouette(volume, lengths, 0)
const totalOf = (of: ArrayLike<number>) => Array.from(of).reduce((sum, n) => sum + n, 0)

const held = Array.from({ length: count }, (_, k) => volumeAt(from + k))
const views = held.map(seen)
const asked = join(folder, 'sketches.npz')
const sketches = Float32Array.from({ length: count * area }, (_, x) => views[Math.floor(x / area)][x % area])
writeFileSync(asked, writeNpz({ sketch: { data: sketches, shape: [count, ...plane] } }))
const model = await open(name)
const calls = values.calls === undefined ? {} : { calls: Number(values.calls) }
const volume = held.map(totalOf)
const samples = await model.generate({ tell: asked, volume, count: 1, seed, ...calls, say: console.error })
for (const { name: file, bytes } of await samples.files(join(folder, 'shapes.npz')))
  writeFileSync(file, bytes)
const drawn = held.map((_, k) => (samples.labels ?? data).subarray(k * sites, (k + 1) * sites))

/** Voxels of both over voxels of either. */
function overlap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [both, either] = [0, 0]
  for (let x = 0; x < a.length; x++) {
    both += a[x] > 0 && b[x] > 0 ? 1 : 0
    either += a[x] > 0 || b[x] > 0 ? 1 : 0
  }
  return both / either
}

/** Layers, those first that the volumes before fill most. */
const layers = Array.from({ length: deep }, (_, z) => z)
const filled = layers.map(z =>
  Array.from({ length: from }, (_, i) => totalOf(volumeAt(i).subarray(z * area, (z + 1) * area))).reduce(
    (a, b) => a + b,
    0,
  ),
)
const order = layers.toSorted((a, b) => filled[b] - filled[a])

/** The hull, of at most so many voxels. */
function hull(view: ArrayLike<number>, most = Infinity): Uint8Array {
  const out = new Uint8Array(sites)
  let left = most
  for (const z of order) for (let x = 0; x < area; x++) if (view[x] > 0 && left-- > 0) out[z * area + x] = 1
  return out
}

const rows = {
  'silhouette IoU': held.map((_, k) => overlap(seen(drawn[k]), views[k])),
  'volume IoU': held.map((own, k) => overlap(drawn[k], own)),
  'volume IoU of the hull': held.map((own, k) => overlap(hull(views[k]), own)),
  'the same, as many voxels': held.map((own, k) => overlap(hull(views[k], volume[k]), own)),
  'voxels as asked for': held.map((own, k) => (totalOf(drawn[k]) === totalOf(own) ? 1 : 0)),
}
console.log(`| ${count} volumes from ${from} on | mean | least | median |\n|---|---|---|---|`)
for (const [row, of] of Object.entries(rows)) {
  const sorted = of.toSorted((a, b) => a - b)
  const figures = [totalOf(of) / count, sorted[0], sorted[count >> 1]].map(value => value.toFixed(3))
  console.log(`| ${row} | ${figures.join(' | ')} |`)
}
