/**
 * How well holes are completed: node dist/scripts/completion.js MODEL DATA [--count n] [--calls k] [--seed s]
 *
 * Test digits with holes that no training has seen (of another seed), `--count` digits for each shape of hole, a hole for
 * every tile of the network. The classifier reads the whole digit, the digit with the hole left empty, with the hole's
 * true mass spread evenly over it, and completed with the estimated and with the true mass, never told the class. The
 * error is the mean absolute difference of the counts of the hole, relative to its mass, given the true mass.
 */
import { parseArgs } from 'node:util'
import { random } from '../src/base/random.ts'
import { loadImages } from '../src/cli/data.ts'
import { learned } from '../src/cli/drawing-flags.ts'
import { readBytes } from '../src/cli/files.ts'
import { holeMasses, typicalCounts } from '../src/cli/hole.ts'
import { loadModel, modelPath } from '../src/cli/models.ts'
import { whole } from '../src/cli/usage.ts'
import { lattice } from '../src/lattice/index.ts'
import { classify, decodeClassifier } from '../src/model/classifier-file.ts'
import { surroundings } from '../src/model/conditions.ts'
import { rateFunction } from '../src/model/rates.ts'
import { confined, type SpatialDescription } from '../src/process/index.ts'
import { onnxruntimeNode } from '../src/runtime/onnxruntime-node.ts'
import { leap, sample } from '../src/sampling/index.ts'
import { shapes } from '../src/training/masks.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '64' },
    calls: { type: 'string', default: '64' },
    /** Far from any training's. */
    seed: { type: 'string', default: '1000003' },
  },
})
const [name, data] = positionals
const [count, calls, seed] = [values.count, values.calls, values.seed].map(whole('a number', { least: 1 }))
const { description, bytes } = loadModel(name)
const { tile, task } = description
const [channels, height, width] = task.shape
const size = channels * height * width
const { lengths, boundaries } = description.process as SpatialDescription
const grid = lattice(lengths, boundaries)
const test = loadImages(data, { split: 'test' })
const runtime = onnxruntimeNode()
const program = await runtime.compile(bytes)
const reader = await runtime.compile(readBytes(modelPath('mnist-classifier')))
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

interface Tile {
  readonly images: Int32Array
  readonly open: Uint8Array
  readonly number: number
}

/** The images with their holes filled by `fill`, [tile, C, H, W]. */
const filled = ({ images, open }: Tile, fill: (at: number) => number): Int32Array =>
  images.map((n, at) => (open[at % size] ? fill(at) : n))

/** Completed with the hole's true mass or with the estimated one. */
async function completed(one: Tile, truth: boolean): Promise<Int32Array> {
  const { images, open, number } = one
  const walk = confined({ lattice: grid, channels, open })
  const typical = typicalCounts(description.data, walk.sites)
  const total = truth ? (i: number) => massOf(one, i) : undefined
  const around = { images: Uint32Array.from(images), open, each: 1, typical, total }
  const { counts } = await sample({
    process: walk,
    solver: leap({ calls, ...learned }),
    rate: rateFunction(program, description, {
      conditions: [surroundings({ known: images, open, each: 1 })],
      rate: walk.rate,
    }),
    masses: holeMasses(walk, around),
    seed: seed + number,
    batch: tile,
  })
  return filled(one, at => counts[at])
}

function massOf({ images, open }: Tile, i: number): number {
  return open.reduce((sum, inside, x) => sum + inside * images[i * size + x], 0)
}

console.log('| hole | digits | whole | empty | even | completed | with the true mass | error | error, even |')
console.log('|---|---|---|---|---|---|---|---|---|')
for (const [shape, make] of Object.entries(shapes)) {
  if (shape === 'whole') continue
  const sums = { digits: 0, whole: 0, empty: 0, even: 0, estimated: 0, true: 0, error: 0, evenError: 0 }
  for (let number = 0; number * tile < count; number++) {
    const one = make(random(seed).fork(number), [height, width])
    const open = Uint8Array.from({ length: size }, (_, x) => one[x % one.length])
    const from = ((number * 7919) % Math.floor(test.count / tile)) * tile
    const images = Int32Array.from(test.counts.subarray(from * size, (from + tile) * size))
    const labels = Array.from({ length: tile }, (_, i) => Number(test.labels?.[from + i]))
    const hole: Tile = { images, open, number }
    const sites = open.reduce((sum, inside) => sum + inside, 0)
    const even = filled(hole, at => Math.round(massOf(hole, Math.floor(at / size)) / sites))
    const [estimated, truth] = [await completed(hole, false), await completed(hole, true)]
    sums.digits += tile
    sums.whole += await right(images, labels)
    sums.empty += await right(
      filled(hole, () => 0),
      labels,
    )
    sums.even += await right(even, labels)
    sums.estimated += await right(estimated, labels)
    sums.true += await right(truth, labels)
    for (let i = 0; i < tile; i++) {
      const apart = (other: Int32Array) => {
        let sum = 0
        for (let at = i * size; at < (i + 1) * size; at++) sum += Math.abs(other[at] - images[at])
        return sum / Math.max(1, massOf(hole, i))
      }
      sums.error += apart(truth)
      sums.evenError += apart(even)
    }
  }
  const { digits } = sums
  const shares = [sums.whole, sums.empty, sums.even, sums.estimated, sums.true].map(
    n => `${((100 * n) / digits).toFixed(1)} %`,
  )
  const errors = [sums.error, sums.evenError].map(sum => (sum / digits).toFixed(3))
  console.log(`| ${[shape, digits, ...shares, ...errors].join(' | ')} |`)
}
await Promise.all([program.release(), reader.release()])
