/**
 * The figures of docs/restoration.md: node dist/scripts/restoration.js digits|rock|photons DATA [--count n] [--samples n] [--calls k] [--strength f] [--model m] [--halved]
 *
 * digits: test digits (DATA: a folder of MNIST) blurred by σ = 1.5 at 10 photons a site, against Richardson and Lucy's steps at
 * the best of 300 stoppings, which know the truth (--halved: of 14 × 14); and how often the truth is within the 90 % intervals of the samples.
 * rock: slices of labels (DATA: .npy) from 8 views over half a turn, and from 12 over 120 degrees, with errors of half a
 * voxel: samples' IoU of the pores and error of the surface, against filtered back projection and SIRT (200 steps) at the
 * threshold that gives the true porosity. photons: counts (DATA: .npz of one image), cut to the model's size, blurred by σ = 1:
 * their residuals about the samples.
 */
import { parseArgs } from 'node:util'
import { whole } from '../src/cli/usage.ts'
import type { NdArray } from '../src/formats/array.ts'
import { gunzip } from '../src/formats/gzip.ts'
import { readNpy, writeNpy } from '../src/formats/npy.ts'
import { writeNpz } from '../src/formats/npz.ts'
import { withFiles } from '../src/jobs/files.ts'
import { restoreSchema } from '../src/jobs/restore/fields.ts'
import { restore } from '../src/jobs/restore/restore.ts'
import { loadSeen } from '../src/jobs/restore/seen.ts'
import { simulate, simulateSchema } from '../src/jobs/restore/simulate.ts'
import { checked } from '../src/jobs/schema.ts'
import { readBytes, writeWhole } from '../src/node/files.ts'
import { imagesAt } from '../src/node/load.ts'
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
    samples: { type: 'string', default: '16' },
    calls: { type: 'string', default: '16' },
    strength: { type: 'string' },
    model: { type: 'string' },
    halved: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
})
const [what, data] = demandWords('restoration.js digits|rock|photons DATA', positionals)
const [count, samples, calls] = [values.count, values.samples, values.calls].map(
  whole('a number', { least: 1 }),
)
const context = machine({ workers: 1 })

/** Simulates and restores images; what comes is samples [count · samples, size]. */
async function restored(images: NdArray, measuring: object, restoring: object) {
  const held: Record<string, Uint8Array> = { 'images.npy': writeNpy(images) }
  const files = () => withFiles(context.files, held)
  const job = checked('simulate', simulateSchema, { input: 'images.npy', seed: 5, ...measuring })
  const seen = simulate(job, { files: files() })
  held['seen.npz'] = (await seen.files('seen.npz'))[0].bytes
  const strength = values.strength === undefined ? undefined : Number(values.strength)
  const model = values.model === undefined ? {} : { model: values.model }
  const told = { input: 'seen.npz', calls, count: samples, seed: 7, strength, ...model, ...restoring }
  const result = await restore(checked('restore', restoreSchema, told), { ...context, files: files() })
  if (values.out) for (const { name, bytes } of await result.files(values.out)) writeWhole(name, bytes)
  return { seen, result }
}

const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length
const decibels = (a: ArrayLike<number>, b: ArrayLike<number>, most: number) => {
  let sum = 0
  for (let x = 0; x < a.length; x++) sum += (a[x] - b[x]) ** 2
  return 10 * Math.log10((most * most * a.length) / sum)
}

/** The samples of image k, and their mean. */
function samplesOf(counts: Int32Array, k: number, size: number) {
  const own = Array.from({ length: samples }, (_, i) =>
    counts.subarray((k * samples + i) * size, (k * samples + i + 1) * size),
  )
  return { own, average: Float64Array.from({ length: size }, (_, x) => mean(own.map(one => one[x]))) }
}

/** Digits [n, 28, 28] as means of 2 × 2 pixels. */
function halved(digits: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: digits.length / 4 }, (_, at) => {
    const [k, y, x] = [Math.floor(at / 196), Math.floor((at % 196) / 14), at % 14]
    const first = k * 784 + 56 * y + 2 * x
    return Math.round((digits[first] + digits[first + 1] + digits[first + 28] + digits[first + 29]) / 4)
  })
}

async function digits(): Promise<void> {
  const side = values.halved ? 14 : 28
  const size = side * side
  const set = imagesAt(data, { split: 'test' })
  const whole = Uint8Array.from(set.counts.subarray(100 * 784, (100 + count) * 784))
  const truth = values.halved ? halved(whole) : whole
  const images = { data: truth, shape: [count, side, side] }
  const { seen, result } = await restored(images, { operator: 'blur:1.5', photons: 10 }, {})
  const rows: number[][] = []
  for (let k = 0; k < count; k++) {
    const own = truth.subarray(k * size, (k + 1) * size)
    const mass = own.reduce((sum, n) => sum + n, 0)
    const description: MeasurementDescription = {
      operator: { kind: 'blur', sigma: 1.5, boundary: 'no-flux' },
      likelihood: { kind: 'poisson' },
      gain: seen.gains[k],
      seen: seen.seen.subarray(k * size, (k + 1) * size),
    }
    let best = -Infinity
    const told = measurement(description, [1, side, side])
    richardsonLucy(told, { mass, steps: 300 }, estimate => {
      best = Math.max(best, decibels(estimate, own, 255))
    })
    const { own: drawn, average } = samplesOf(result.counts, k, size)
    const inside = { all: 0, ink: 0, sites: 0 }
    for (let x = 0; x < size; x++) {
      const sorted = drawn.map(one => one[x]).sort((a, b) => a - b)
      const cut = Math.floor(0.05 * (samples + 1))
      const [low, high] = [sorted[Math.max(0, cut - 1)], sorted[samples - Math.max(1, cut)]]
      const within = own[x] >= low && own[x] <= high
      inside.all += Number(within)
      if (high === 0 && own[x] === 0) continue
      inside.sites++
      inside.ink += Number(within)
    }
    const likely = mean(drawn.map(one => told.log(one, 0))) - told.log(own, 0)
    rows.push([best, decibels(average, own, 255), inside.all / size, inside.ink / inside.sites, likely])
    console.log(rows[k].map(value => value.toFixed(3)).join('  '))
  }
  const all = rows[0].map((_, i) => mean(rows.map(row => row[i])))
  console.log(
    `${count} digits, ${samples} samples, ${calls} calls: Richardson-Lucy ${all[0].toFixed(2)} dB, mean of the samples ${all[1].toFixed(2)} dB; in the interval ${(100 * all[2]).toFixed(1)} % of all sites, ${(100 * all[3]).toFixed(1)} % of those with ink; log likelihood less that of the truth ${all[4].toFixed(1)}`,
  )
}

/** Sites of a slice that are pores, as many as asked for: those with the least values. */
function darkest(values: Float64Array, pores: number): Uint8Array {
  const order = [...values.keys()].sort((a, b) => values[a] - values[b])
  const out = new Uint8Array(values.length).fill(1)
  for (const x of order.slice(0, pores)) out[x] = 0
  return out
}

/** Of two sets of labels: what the pores share, and the relative error of the surface. */
function agreement(found: ArrayLike<number>, truth: ArrayLike<number>, width: number): [number, number] {
  let [both, either] = [0, 0]
  for (let x = 0; x < truth.length; x++) {
    both += Number(found[x] === 0 && truth[x] === 0)
    either += Number(found[x] === 0 || truth[x] === 0)
  }
  const surface = (labels: ArrayLike<number>) => {
    let sum = 0
    for (let x = 0; x < truth.length; x++) {
      if ((x + 1) % width !== 0) sum += Number(labels[x] !== labels[x + 1])
      if (x + width < truth.length) sum += Number(labels[x] !== labels[x + width])
    }
    return sum
  }
  return [either > 0 ? both / either : 1, surface(found) / surface(truth) - 1]
}

async function rock(): Promise<void> {
  const bytes = readBytes(data)
  const volume = readNpy(gunzip(bytes, data), data)
  if (typeof volume === 'string') throw new Error('no array')
  const [depth, rows, columns] = volume.shape
  const [side, size] = [64, 4096]
  const truth = new Uint8Array(count * size)
  // Slices of the last fifth, which was held out, at places that do not overlap.
  for (let k = 0; k < count; k++) {
    const z = Math.floor(depth * 0.8) + 4 + ((k * 7) % Math.floor(depth * 0.2 - 4))
    const [top, left] = [(k * 64 * 3) % (rows - side), (k * 64 * 5) % (columns - side)]
    for (let x = 0; x < size; x++)
      truth[k * size + x] = Number(
        volume.data[(z * rows + top + Math.floor(x / side)) * columns + left + (x % side)],
      )
  }
  for (const [name, operator, angles] of [
    ['8 views over 180 degrees', 'projections:8', evenAngles(8)],
    ['12 views over 120 degrees', 'projections:12:0:120', evenAngles(12, 0, 120)],
  ] as const) {
    const images = { data: truth, shape: [count, side, side] }
    const measuring = { operator, scatter: 'gaussian:0.5' }
    const { seen, result } = await restored(images, measuring, { model: 'berea' })
    const sums = { fbp: [0, 0], sirt: [0, 0], samples: [0, 0], mean: [0, 0] }
    const length = seen.seen.length / count
    for (let k = 0; k < count; k++) {
      const own = truth.subarray(k * size, (k + 1) * size)
      const pores = own.reduce((sum, label) => sum + Number(label === 0), 0)
      const told = measurement(
        {
          operator: { kind: 'projections', angles },
          likelihood: { kind: 'gaussian', sigma: 0.5 },
          gain: 1,
          seen: seen.seen.subarray(k * length, (k + 1) * length),
        },
        [1, side, side],
      )
      const add = (into: number[], [iou, surface]: [number, number], share = 1) => {
        into[0] += (iou * share) / count
        into[1] += (Math.abs(surface) * share) / count
      }
      add(sums.fbp, agreement(darkest(filteredBackProjection(told), pores), own, side))
      add(sums.sirt, agreement(darkest(sirt(told, { most: 1, steps: 200 }), pores), own, side))
      const { own: drawn, average } = samplesOf(result.counts, k, size)
      for (const one of drawn)
        add(
          sums.samples,
          agreement(
            one.map(n => 1 - n),
            own,
            side,
          ),
          1 / samples,
        )
      add(
        sums.mean,
        agreement(
          darkest(
            average.map(n => 1 - n),
            pores,
          ),
          own,
          side,
        ),
      )
    }
    console.log(`${name}, ${count} slices, ${samples} samples, ${calls} calls`)
    for (const [method, [iou, surface]] of Object.entries(sums))
      console.log(`  ${method}: IoU ${iou.toFixed(3)}, surface off by ${(100 * surface).toFixed(1)} %`)
  }
}

async function photons(): Promise<void> {
  const { data: counts, shape } = loadSeen(data, { files: context.files })
  const [, , height, width] = shape
  const side = 28
  // The window with the most counts, of those on a grid of a quarter of its side.
  let best = { top: 0, left: 0, sum: -1 }
  for (let top = 0; top + side <= height; top += 7)
    for (let left = 0; left + side <= width; left += 7) {
      let sum = 0
      for (let x = 0; x < side * side; x++)
        sum += counts[(top + Math.floor(x / side)) * width + left + (x % side)]
      if (sum > best.sum) best = { top, left, sum }
    }
  const cut = Float64Array.from(
    { length: side * side },
    (_, x) => counts[(best.top + Math.floor(x / side)) * width + best.left + (x % side)],
  )
  const held = { 'cut.npz': writeNpz({ samples: { data: cut, shape: [1, side, side] } }) }
  const brightest = cut.reduce((most, n) => Math.max(most, n), 0)
  // So many units that the brightest place stays well below the largest count of a model.
  const mass = Math.round((80 * best.sum) / brightest)
  const told = {
    input: 'cut.npz',
    operator: 'blur:1',
    boundary: 'no-flux',
    mass,
    calls,
    count: samples,
    seed: 7,
  }
  const result = await restore(checked('restore', restoreSchema, told), {
    ...context,
    files: withFiles(context.files, held),
  })
  if (values.out) for (const { name, bytes } of await result.files(values.out)) writeWhole(name, bytes)
  const one = measurement(
    {
      operator: { kind: 'blur', sigma: 1, boundary: 'no-flux' },
      likelihood: { kind: 'poisson' },
      gain: best.sum / mass,
      seen: cut,
    },
    [1, side, side],
  )
  const expected = new Float64Array(side * side)
  const { average } = samplesOf(result.counts, 0, side * side)
  one.operator.apply(average, expected)
  let [squares, sites] = [0, 0]
  expected.forEach((e, x) => {
    const mu = (e * best.sum) / mass
    if (mu < 0.5) return
    squares += (cut[x] - mu) ** 2 / mu
    sites++
  })
  console.log(
    `${best.sum} photons in ${side}×${side} from (${best.top}, ${best.left}): ${result.said}; χ² a site ${(squares / sites).toFixed(2)} over ${sites} sites that expect half a photon`,
  )
}

await { digits, rock, photons }[what as 'digits' | 'rock' | 'photons']()
