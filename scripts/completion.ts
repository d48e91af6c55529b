/**
 * How well holes are completed: node dist/scripts/completion.js MODEL DATA [--count n] [--calls k] [--seed s] [--shapes …]
 *
 * Test digits with holes at random, `--count` digits for each shape of hole, a hole for
 * every tile of the network. The classifier reads the whole digit, the digit with the hole left empty, with the hole's
 * true mass spread evenly over it, and completed with the estimated and with the true mass, never told the class. The
 * errors: of the estimated masses, the sum of what they are off by over that of the true ones; and the mean absolute
 * difference of the counts of the hole, relative to its mass, given the true mass. Two holes are filled at a time, or as
 * many as there are cores.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { random } from '../src/base/random.ts'
import { whole } from '../src/cli/usage.ts'
import { estimateBy, holeMasses, knownMasses, partsOf } from '../src/jobs/complete/hole.ts'
import { draw } from '../src/jobs/draw/draw.ts'
import { solverOf } from '../src/jobs/draw/solver.ts'
import { lattice } from '../src/lattice/index.ts'
import { classify, decodeClassifier } from '../src/model/classifier-file.ts'
import { readBytes } from '../src/node/files.ts'
import { imagesAt as loadImages } from '../src/node/load.ts'
import { machine } from '../src/node/machine.ts'
import { loadModel, modelPath } from '../src/node/models.ts'
import type { SpatialDescription } from '../src/process/index.ts'
import { onnxruntimeNode } from '../src/runtime/onnxruntime-node.ts'
import { type Shape, shapes } from './holes.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '64' },
    calls: { type: 'string', default: '32' },
    seed: { type: 'string', default: '1000003' },
    shapes: { type: 'string', default: 'box,half,strokes,scattered' },
  },
})
const [name, data] = demandWords('completion.js MODEL DATA', positionals)
const [count, calls, seed] = [values.count, values.calls, values.seed].map(whole('a number', { least: 1 }))
const { description, bytes } = loadModel(name)
const { tile, task } = description
const [channels, height, width] = task.shape
const size = channels * height * width
const { lengths, boundaries } = description.process as SpatialDescription
const grid = lattice(lengths, boundaries)
const test = loadImages(data, { split: 'test' })
const reader = await onnxruntimeNode().compile(readBytes(modelPath('mnist-classifier')))
const classifier = decodeClassifier(readBytes(modelPath('mnist-classifier')))

/** How many of the images are read as the labels say. */
async function right(images: ArrayLike<number>, labels: ArrayLike<number>): Promise<number> {
  const { probabilities } = await classify(reader, classifier, images)
  const { classes } = classifier.options
  return Array.from(labels).filter((label, i) => {
    const row = probabilities.subarray(i * classes, (i + 1) * classes)
    return row.indexOf(Math.max(...row)) === label
  }).length
}

interface Hole {
  /** [tile, C, H, W] */
  readonly images: Int32Array
  readonly open: Uint8Array
  readonly number: number
}

/** The images with their holes filled by `fill`, [tile, C, H, W]. */
const filled = ({ images, open }: Hole, fill: (at: number) => number): Int32Array =>
  images.map((n, at) => (open[at % size] ? fill(at) : n))

function massOf({ images, open }: Hole, i: number): number {
  return open.reduce((sum, inside, x) => sum + inside * images[i * size + x], 0)
}

/** Completed with the holes' true masses or with the estimated ones; also what was estimated. */
async function completed(hole: Hole, truth: boolean) {
  const { images, open, number } = hole
  const masses = holeMasses({
    parts: partsOf(open, height * width),
    images,
    size,
    sites: height * width,
    expected: estimateBy(description, { lattice: grid, open }).expected,
    each: 1,
    total: truth ? i => massOf(hole, i) : undefined,
  })
  const surroundings = { known: images, open, each: 1, channels }
  const { counts } = await draw(
    {
      model: bytes,
      description,
      surroundings,
      solver: solverOf({ calls }, description),
      seed: seed + number,
      masses: masses.map((of, i) => knownMasses(surroundings, i).map((mass, c) => mass + of[c])),
    },
    machine({ workers: 1 }),
  )
  return {
    images: counts,
    masses: masses.map(parts => parts.reduce((sum, mass) => sum + mass, 0)),
  }
}

/** What is summed over the digits of a shape: shares of digits, but for the last four. */
const none = {
  digits: 0,
  whole: 0,
  empty: 0,
  even: 0,
  estimated: 0,
  true: 0,
  apart: 0,
  mass: 0,
  error: 0,
  evenError: 0,
}
type Sums = typeof none

/** A hole of a shape, for the tile of test images that begins with image `from`. */
interface Task {
  readonly shape: string
  readonly number: number
  readonly from: number
}

async function measured({ shape, number, from }: Task): Promise<Sums> {
  const one = (shapes as Readonly<Record<string, Shape>>)[shape](random(seed).fork(number), [height, width])
  const open = Uint8Array.from({ length: size }, (_, x) => one[x % one.length])
  const images = Int32Array.from(test.counts.subarray(from * size, (from + tile) * size))
  const labels = Array.from({ length: tile }, (_, i) => Number(test.labels?.[from + i]))
  const hole: Hole = { images, open, number }
  const sites = open.reduce((sum, inside) => sum + inside, 0)
  const even = filled(hole, at => Math.round(massOf(hole, Math.floor(at / size)) / sites))
  const [estimated, truth] = [await completed(hole, false), await completed(hole, true)]
  const sums = { ...none, digits: tile }
  sums.whole = await right(images, labels)
  sums.empty = await right(
    filled(hole, () => 0),
    labels,
  )
  sums.even = await right(even, labels)
  sums.estimated = await right(estimated.images, labels)
  sums.true = await right(truth.images, labels)
  for (let i = 0; i < tile; i++) {
    const mass = massOf(hole, i)
    const apart = (other: Int32Array) => {
      let sum = 0
      for (let at = i * size; at < (i + 1) * size; at++) sum += Math.abs(other[at] - images[at])
      return sum / Math.max(1, mass)
    }
    sums.apart += Math.abs(estimated.masses[i] - mass)
    sums.mass += mass
    sums.error += apart(truth.images)
    sums.evenError += apart(even)
  }
  return sums
}

const wanted = values.shapes.split(',')
const tiles = Math.ceil(count / tile)
const results = new Map(wanted.map(shape => [shape, { ...none }]))
const there = Math.floor(test.count / tile)
// Far from each other, and other digits for every shape: with a quarter of the test images for each all are seen.
const waiting: Task[] = Array.from({ length: tiles }, (_, number) =>
  wanted.map((shape, s) => {
    const from = (((s * tiles + number) * 7919) % there) * tile
    return { shape, number, from }
  }),
).flat()
// Ctrl-C leaves out the holes that have not been begun.
process.once('SIGINT', () => waiting.splice(0))
const all = waiting.length
const began = performance.now()
let done = 0
async function work(): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const sums = await measured(next)
    const total = results.get(next.shape) as Sums
    for (const key of Object.keys(none) as (keyof Sums)[]) total[key] += sums[key]
    done++
    const seconds = (performance.now() - began) / 1000
    process.stderr.write(
      `${done} of ${all} holes, ${seconds.toFixed(0)} s, about ${((seconds / done) * (all - done)).toFixed(0)} s more\n`,
    )
  }
}
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work))

const titles = 'hole,digits,whole,empty,even,completed,true mass,error of the mass,error,error of even'.split(
  ',',
)
console.log(`| ${titles.join(' | ')} |`)
console.log(`|${'---|'.repeat(titles.length)}`)
const percent = (part: number) => `${(100 * part).toFixed(1)} %`
for (const [shape, sums] of results) {
  const { digits } = sums
  const shares = [sums.whole, sums.empty, sums.even, sums.estimated, sums.true].map(n => percent(n / digits))
  const errors = [sums.apart / Math.max(1, sums.mass), sums.error / digits, sums.evenError / digits].map(
    error => error.toFixed(3),
  )
  console.log(`| ${[shape, digits, ...shares, ...errors].join(' | ')} |`)
}
await reader.release()
