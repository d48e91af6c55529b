/**
 * The figures of docs/medical.md that need a prior: node dist/scripts/medical.js phantoms|ct|counts|hole WHERE [--model m] …
 *
 * phantoms: writes `--count` random phantoms, ellipses within a bright one, [N, 48, 48], to WHERE (.npy), to train a prior on. ct: `--count`
 * random phantoms that no prior has seen, and the one in the picture WHERE (.png, made 48 × 48), from 8 and 16 views over half a turn
 * with normal errors: samples and their mean against filtered back projection and SIRT. counts: held-out X-ray images (WHERE: .npz with
 * test_images) blurred by σ = 1 at 10 photons a site, against Richardson and Lucy at their best stopping. hole: the same images with
 * a hole of 10 × 10 in the middle, completed with the mass they had, against the harmonic function about the hole, brought to that mass as well.
 */
import { parseArgs } from 'node:util'
import { type Random, random } from '../src/base/random.ts'
import { whole } from '../src/cli/usage.ts'
import type { NdArray } from '../src/formats/array.ts'
import { writeNpy } from '../src/formats/npy.ts'
import { readNpz } from '../src/formats/npz.ts'
import { picture } from '../src/formats/picture.ts'
import { complete } from '../src/jobs/complete/complete.ts'
import { completeSchema } from '../src/jobs/complete/fields.ts'
import { withFiles } from '../src/jobs/files.ts'
import { loadImages } from '../src/jobs/input/images.ts'
import { restoreSchema } from '../src/jobs/restore/fields.ts'
import { restore } from '../src/jobs/restore/restore.ts'
import { simulate, simulateSchema } from '../src/jobs/restore/simulate.ts'
import { checked } from '../src/jobs/schema.ts'
import { readBytes, writeWhole } from '../src/node/files.ts'
import { machine } from '../src/node/machine.ts'
import {
  evenAngles,
  filteredBackProjection,
  type MeasurementDescription,
  measurement,
  richardsonLucy,
  sirt,
} from '../src/restoration/index.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '10' },
    samples: { type: 'string', default: '8' },
    calls: { type: 'string', default: '16' },
    seed: { type: 'string', default: '1' },
    model: { type: 'string', default: '' },
    out: { type: 'string' },
  },
})
const [what, where] = demandWords('medical.js phantoms|ct|counts|hole WHERE', positionals)
const [count, samples, calls] = [values.count, values.samples, values.calls].map(
  whole('a number', { least: 1 }),
)
const context = machine({ workers: 1 })
const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length
const decibels = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let sum = 0
  for (let x = 0; x < a.length; x++) sum += (a[x] - b[x]) ** 2
  return 10 * Math.log10((255 * 255 * a.length) / sum)
}

const side = 48

/** A bright ellipse, a darker one within, and some of other brightnesses in that; each site is the mean of 3 × 3 points. */
function phantom(rng: Random): Uint8Array {
  const between = (from: number, to: number) => from + (to - from) * rng.uniform()
  const [a, b, turn] = [between(0.6, 0.72), between(0.8, 0.95), between(-0.3, 0.3)]
  const rim = between(0.05, 0.09)
  const skull = { y: 0, x: 0, a, b, turn }
  const list = [
    { ...skull, by: between(200, 255) },
    { ...skull, a: a - rim, b: b - rim, by: 0 },
  ]
  const inside = between(40, 70)
  list[1].by = inside - list[0].by
  for (let k = 3 + Math.floor(7 * rng.uniform()); k > 0; k--) {
    const [r, phi] = [between(0, 0.55), between(0, 2 * Math.PI)]
    const size = between(0.04, 0.3)
    list.push({
      ...{ y: r * b * Math.sin(phi), x: r * a * Math.cos(phi), a: size, b: size * between(0.6, 1.6) },
      ...{ turn: between(0, Math.PI), by: between(-inside, 60) },
    })
  }
  return Uint8Array.from({ length: side * side }, (_, at) => {
    let sum = 0
    for (let p = 0; p < 9; p++) {
      const y = (2 * (Math.floor(at / side) + (Math.floor(p / 3) + 0.5) / 3)) / side - 1
      const x = (2 * ((at % side) + ((p % 3) + 0.5) / 3)) / side - 1
      let own = 0
      for (const one of list) {
        const [dy, dx] = [y - one.y, x - one.x]
        const [c, s] = [Math.cos(one.turn), Math.sin(one.turn)]
        if (((dx * c + dy * s) / one.a) ** 2 + ((dy * c - dx * s) / one.b) ** 2 <= 1) own += one.by
      }
      sum += Math.max(0, own)
    }
    return Math.min(255, Math.round(sum / 9))
  })
}

function phantoms(n: number, seed: number): Uint8Array {
  const out = new Uint8Array(n * side * side)
  for (let k = 0; k < n; k++) out.set(phantom(random(seed).fork(k)), k * side * side)
  return out
}

/** A square picture [S, S] as `side` × `side` means of the pixels that fall into each. */
function reduced({ counts, shape }: { counts: ArrayLike<number>; shape: readonly number[] }): Uint8Array {
  const from = shape[1]
  const [sums, weights] = [new Float64Array(side * side), new Float64Array(side * side)]
  for (let at = 0; at < from * from; at++) {
    const [y, x] = [Math.floor(at / from), at % from].map(p => Math.floor((p * side) / from))
    sums[y * side + x] += counts[at]
    weights[y * side + x]++
  }
  return Uint8Array.from(sums, (sum, x) => Math.round(sum / weights[x]))
}

/** Images measured and restored by the model. */
async function restored(images: NdArray, measuring: object) {
  const held: Record<string, Uint8Array> = { 'images.npy': writeNpy(images) }
  const files = () => withFiles(context.files, held)
  const seen = simulate(checked('simulate', simulateSchema, { input: 'images.npy', seed: 5, ...measuring }), {
    files: files(),
  })
  held['seen.npz'] = (await seen.files('seen.npz'))[0].bytes
  const told = { model: values.model, input: 'seen.npz', calls, count: samples, seed: 7 }
  const result = await restore(checked('restore', restoreSchema, told), { ...context, files: files() })
  return { seen, counts: result.counts, said: result.said }
}

/** The samples of image k, and their mean. */
function samplesOf(counts: Int32Array, k: number, size: number) {
  const own = Array.from({ length: samples }, (_, i) =>
    counts.subarray((k * samples + i) * size, (k * samples + i + 1) * size),
  )
  return { own, average: Float64Array.from({ length: size }, (_, x) => mean(own.map(one => one[x]))) }
}

const shown: { rows: ArrayLike<number>[]; captions: string[] } = { rows: [], captions: [] }
function show(width: number, columns: number): void {
  if (!values.out) return
  const clipped = shown.rows.flatMap(row => Array.from(row, v => Math.max(0, Math.min(255, Math.round(v)))))
  const shape = [shown.rows.length, 1, width, width]
  const { png } = picture({ counts: Int32Array.from(clipped), shape }, { columns, captions: shown.captions })
  writeWhole(values.out, png)
}
const put = (row: ArrayLike<number>, caption: string) => {
  shown.rows.push(row)
  shown.captions.push(caption)
}

async function ct(): Promise<void> {
  const size = side * side
  const other = reduced(loadImages(where, context))
  const truth = Uint8Array.from([...phantoms(count, 1e6), ...other])
  const all = count + 1
  for (const views of [8, 16]) {
    const sigma = 30
    const measuring = { operator: `projections:${views}`, scatter: `gaussian:${sigma}` }
    const { seen, counts, said } = await restored({ data: truth, shape: [all, side, side] }, measuring)
    const length = seen.seen.length / all
    const rows: number[][] = []
    for (let k = 0; k < all; k++) {
      const own = truth.subarray(k * size, (k + 1) * size)
      const told = measurement(
        {
          operator: { kind: 'projections', angles: evenAngles(views) },
          likelihood: { kind: 'gaussian', sigma },
          gain: 1,
          seen: seen.seen.subarray(k * length, (k + 1) * length),
        },
        [1, side, side],
      )
      const fbp = filteredBackProjection(told)
      const sirts = [20, 50, 100, 200].map(steps => sirt(told, { most: 255, steps }))
      const best = Math.max(...sirts.map(found => decibels(found, own)))
      const { own: drawn, average } = samplesOf(counts, k, size)
      rows.push([
        decibels(fbp, own),
        best,
        mean(drawn.map(one => decibels(one, own))),
        decibels(average, own),
      ])
      if (k < all - 1 && k > 0) continue
      put(own, 'TRUE')
      put(fbp, `FBP ${views}`)
      put(sirts[3], 'SIRT')
      put(drawn[0], 'SAMPLE')
      put(average, 'MEAN')
    }
    const line = (list: readonly number[][]) =>
      ['FBP', 'SIRT (best of 4 stoppings)', 'samples', 'mean of the samples']
        .map((name, i) => `${name} ${mean(list.map(row => row[i])).toFixed(2)} dB`)
        .join(', ')
    console.log(`${views} views, ${count} phantoms: ${line(rows.slice(0, count))}`)
    console.log(`${views} views, the picture: ${line(rows.slice(count))}; ${said}`)
  }
  show(side, 5)
}

/** Held-out X-ray images. */
function xrays(): Uint8Array {
  const array = readNpz(readBytes(where), where).test_images
  if (typeof array === 'string') throw new Error('no array')
  return Uint8Array.from({ length: count * 784 }, (_, at) => Number(array.data[at]))
}

async function lowCounts(): Promise<void> {
  const truth = xrays()
  const measuring = { operator: 'blur:1', photons: 10 }
  const { seen, counts, said } = await restored({ data: truth, shape: [count, 28, 28] }, measuring)
  const rows: number[][] = []
  for (let k = 0; k < count; k++) {
    const own = truth.subarray(k * 784, (k + 1) * 784)
    const description: MeasurementDescription = {
      operator: { kind: 'blur', sigma: 1, boundary: 'no-flux' },
      likelihood: { kind: 'poisson' },
      gain: seen.gains[k],
      seen: seen.seen.subarray(k * 784, (k + 1) * 784),
    }
    let best = -Infinity
    let image = new Float64Array(784)
    const mass = own.reduce((sum, n) => sum + n, 0)
    richardsonLucy(measurement(description, [1, 28, 28]), { mass, steps: 200 }, estimate => {
      const now = decibels(estimate, own)
      if (now > best) [best, image] = [now, estimate.slice()]
    })
    const { own: drawn, average } = samplesOf(counts, k, 784)
    rows.push([best, mean(drawn.map(one => decibels(one, own))), decibels(average, own)])
    if (k > 2) continue
    put(own, 'TRUE')
    put(
      Float64Array.from(description.seen, y => y / seen.gains[k]),
      'SEEN',
    )
    put(image, 'R-L')
    put(drawn[0], 'SAMPLE')
    put(average, 'MEAN')
  }
  const [rl, one, all] = [0, 1, 2].map(i => mean(rows.map(row => row[i])).toFixed(2))
  console.log(`${count} X-rays: Richardson-Lucy ${rl} dB, samples ${one} dB, their mean ${all} dB; ${said}`)
  show(28, 5)
}

/** What lies in the middle, from row and column 9 to 19. */
const open = Uint8Array.from({ length: 784 }, (_, x) => {
  const [row, column] = [Math.floor(x / 28), x % 28]
  return Number(row >= 9 && row < 19 && column >= 9 && column < 19)
})

/** The harmonic function in the hole, and as much more or less of it everywhere there as the mass asks for. */
function harmonic(image: ArrayLike<number>): Float64Array {
  const out = Float64Array.from({ length: 784 }, (_, x) => (open[x] ? 100 : image[x]))
  for (let round = 0; round < 2000; round++)
    for (let x = 0; x < 784; x++)
      if (open[x]) out[x] = (out[x - 1] + out[x + 1] + out[x - 28] + out[x + 28]) / 4
  const missing = open.reduce((sum, o, x) => sum + o * (image[x] - out[x]), 0) / 100
  return out.map((n, x) => n + open[x] * missing)
}

async function hole(): Promise<void> {
  const truth = xrays()
  const files = withFiles(context.files, {
    'x.npy': writeNpy({ data: truth, shape: [count, 28, 28] }),
    'mask.npy': writeNpy({ data: open, shape: [28, 28] }),
  })
  const masses = Array.from({ length: count }, (_, k) =>
    open.reduce((sum, o, x) => sum + o * truth[k * 784 + x], 0),
  )
  const told = {
    model: values.model,
    input: 'x.npy',
    mask: 'mask.npy',
    mass: masses.join(','),
    calls,
    seed: 3,
  }
  const job = checked('complete', completeSchema, { ...told, count: 1 })
  const { counts } = await complete(job, { ...context, files })
  const rows: number[][] = []
  let kept = 0
  for (let k = 0; k < count; k++) {
    const own = truth.subarray(k * 784, (k + 1) * 784)
    // Every image is completed with every mass: of these its own.
    const at = (k * count + k) * 784
    const found = counts.subarray(at, at + 784)
    const smooth = harmonic(own)
    const off = (of: ArrayLike<number>) =>
      Math.sqrt(open.reduce((sum, o, x) => sum + o * (of[x] - own[x]) ** 2, 0) / 100)
    /** Mean step between neighbours inside. */
    const rough = (of: ArrayLike<number>) =>
      mean([...open.keys()].filter(x => open[x] && open[x + 1]).map(x => Math.abs(of[x] - of[x + 1])))
    rows.push([off(found), off(smooth), rough(own), rough(found), rough(smooth)])
    const same = own.every((n, x) => open[x] || n === found[x])
    const mass = (of: ArrayLike<number>) => open.reduce((sum, o, x) => sum + o * of[x], 0)
    kept += Number(same && mass(own) === mass(found))
    if (k > 2) continue
    put(own, 'TRUE')
    put(
      own.map((n, x) => (open[x] ? 0 : n)),
      'HOLE',
    )
    put(smooth, 'HARMONIC')
    put(found, 'MODEL')
  }
  const [a, b, c, d, e] = [0, 1, 2, 3, 4].map(i => mean(rows.map(row => row[i])).toFixed(2))
  console.log(
    `${count} X-rays: root mean square in the hole ${a} by the model, ${b} harmonic; steps between neighbours true ${c}, model ${d}, harmonic ${e}; known pixels and mass kept in ${kept}`,
  )
  show(28, 4)
}

async function write(): Promise<void> {
  writeWhole(where, writeNpy({ data: phantoms(count, Number(values.seed)), shape: [count, side, side] }))
}

await { phantoms: write, ct, counts: lowCounts, hole }[what as 'phantoms' | 'ct' | 'counts' | 'hole']()
