/**
 * How recognition falls off outside the masses of the data: node dist/scripts/intensity.js MODEL OUT.svg [options]
 *
 * Draws images of every class at each mass, has the classifier read them, and prints a row for each mass; OUT.svg shows
 * the shares. Each image is read as it is, and again with its counts scaled to the median mass of the data: the first
 * falls with the brightness that the classifier knows, the second with the shape alone. With --data the test images,
 * scaled to each mass, tell what the classifier itself loses.
 */
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { listOf, whole } from '../src/cli/usage.ts'
import { lineChart, type Point } from '../src/formats/chart.ts'
import { draw } from '../src/jobs/draw/draw.ts'
import { solverOf } from '../src/jobs/draw/solver.ts'
import { wishes } from '../src/jobs/generate/wishes.ts'
import { classify, decodeClassifier } from '../src/model/classifier-file.ts'
import { readBytes, writeWhole } from '../src/node/files.ts'
import { imagesAt as loadImages } from '../src/node/load.ts'
import { machine } from '../src/node/machine.ts'
import { loadModel, modelPath } from '../src/node/models.ts'
import { onnxruntimeNode } from '../src/runtime/onnxruntime-node.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    masses: { type: 'string', default: '1000,2000,5000,10000,20000,40000,80000,120000,160000,200000' },
    /** Images of each class at each mass. */
    count: { type: 'string', default: '10' },
    calls: { type: 'string', default: '32' },
    guidance: { type: 'string', default: '1' },
    classifier: { type: 'string', default: 'mnist-classifier' },
    data: { type: 'string' },
  },
})
const [name, out] = demandWords('intensity.js MODEL OUT.svg', positionals)
const [count, calls] = [whole('--count', { least: 1 })(values.count), whole('--calls')(values.calls)]
const masses = listOf(whole('--masses', { least: 1 }))(values.masses)

const { description, bytes } = loadModel(name)
const { data, task } = description
const labels = data.classes.map((_, k) => k)
const totals = data.masses.map(channels => channels.reduce((sum, mass) => sum + mass, 0))
const typical = totals[totals.length >> 1]
const size = task.shape.reduce((product, length) => product * length, 1)
const path = modelPath(values.classifier)
const classifier = decodeClassifier(readBytes(path), basename(path))
const reader = await onnxruntimeNode().compile(readBytes(path))

/** The share of images read as what they are. */
async function read(counts: ArrayLike<number>, are: ArrayLike<number | undefined>): Promise<number> {
  const { probabilities } = await classify(reader, classifier, counts)
  const { classes } = classifier.options
  let right = 0
  for (let i = 0; i < are.length; i++) {
    const row = probabilities.subarray(i * classes, (i + 1) * classes)
    if (row.indexOf(Math.max(...row)) === are[i]) right++
  }
  return right / are.length
}

/** Counts whose images hold so many units each, fractions allowed. */
function scaled(counts: ArrayLike<number>, mass: number): Float32Array {
  const result = Float32Array.from(counts)
  for (let first = 0; first < result.length; first += size) {
    const image = result.subarray(first, first + size)
    const factor =
      mass /
      Math.max(
        1,
        image.reduce((sum, n) => sum + n, 0),
      )
    for (let x = 0; x < size; x++) image[x] *= factor
  }
  return result
}

const real = values.data === undefined ? undefined : loadImages(values.data, { split: 'test' })
const curves: Record<string, [number, number][]> = { 'as drawn': [], 'scaled to the median mass': [] }
if (real) curves['test images scaled to the mass'] = []
console.log(`| mass | images | ${Object.keys(curves).join(' | ')} |`)
console.log(`|---|---|${Object.keys(curves).fill('---|').join('')}`)
for (const mass of masses) {
  const wished = wishes(data, { count, seed: 1, labels, masses: [[mass, mass]] })
  const are = wished.map(({ label }) => label)
  const { counts } = await draw(
    {
      model: bytes,
      description,
      solver: solverOf({ calls }, description),
      seed: 1,
      masses: wished.map(wish => wish.masses),
      labels: are,
      guidance: Number(values.guidance),
    },
    machine(),
  )
  const shares = [await read(counts, are), await read(scaled(counts, typical), are)]
  if (real?.labels) shares.push(await read(scaled(real.counts, mass), real.labels))
  Object.values(curves).forEach((points, i) => {
    points.push([mass, shares[i]])
  })
  console.log(
    `| ${[mass, wished.length, ...shares.map(share => `${(100 * share).toFixed(1)} %`)].join(' | ')} |`,
  )
}
await reader.release()
const band = { name: 'masses of the data', points: data.range.map(mass => [mass, 0, 1] as const) }
const series = Object.entries(curves).map(([title, points]) => ({ name: title, points: points as Point[] }))
writeWhole(
  out,
  await lineChart({
    title: 'Digits recognised as the class asked for, by their mass',
    x: { label: 'units per image', log: true },
    y: { label: 'share recognised' },
    series,
    band,
  }),
)
