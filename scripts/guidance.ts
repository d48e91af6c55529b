/**
 * Tells a model of a material the guidance that suits it: node dist/scripts/guidance.js MODEL DATA OUT [--count 64]
 *
 * Rates that a network has not learned to the end point too weakly towards the structure, and walls of samples are rougher
 * than those of the material. This finds the weight with which samples have as much surface as the crops of DATA that
 * were learned from (never those held out), of the same fractions: pairs of neighbours that differ, inside. It is where the
 * straight line through 1, 1.06 and the weight that these two tell comes to that. The weight is written into the
 * description in the model file; the network stays as it is.
 */
import { parseArgs } from 'node:util'
import { massesOf } from '../src/cli/data.ts'
import { draw } from '../src/cli/draw.ts'
import { solverOf } from '../src/cli/drawing-flags.ts'
import { loadModel } from '../src/cli/models.ts'
import { type CropOptions, cropData } from '../src/cli/training-data.ts'
import { whole } from '../src/cli/usage.ts'
import { redescribe } from './redescribe.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string', default: '64' }, seed: { type: 'string', default: '7' } },
})
const [name, data, out] = positionals
const [count, seed] = [values.count, values.seed].map(whole('a number', { least: 1 }))
const { description, bytes } = loadModel(name)
const { crops } = description.training
const { images } = await cropData(data, { ...(crops as CropOptions), seed })
const [channels, height, width] = description.task.shape
const size = channels * height * width

/** Mean share of neighbours of different phases, inside each image of units [N, C, H, W]. */
function surface(counts: ArrayLike<number>): number {
  const sites = height * width
  let differ = 0
  for (let i = 0; i < count; i++) {
    const unlike = (a: number, b: number) => {
      for (let c = 0; c < channels; c++)
        if (counts[i * size + c * sites + a] !== counts[i * size + c * sites + b]) return 1
      return 0
    }
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const at = y * width + x
        if (x + 1 < width) differ += unlike(at, at + 1)
        if (y + 1 < height) differ += unlike(at, at + width)
      }
  }
  return differ / (count * (height * (width - 1) + width * (height - 1)))
}

const masses = massesOf(images).slice(0, count)
const wanted = surface(images.counts)
console.log(`crops          surface ${wanted.toFixed(4)}`)

/** [guidance, surface over that of the crops - 1], of all that were tried. */
const tried: (readonly [number, number])[] = []

async function attempt(guidance: number): Promise<void> {
  const solver = solverOf({}, description)
  const drawn = await draw({ model: bytes, description, solver, seed, masses, guidance, exclusive: true })
  const found = surface(drawn.counts)
  console.log(`guidance ${guidance.toFixed(3)} surface ${found.toFixed(4)}`)
  tried.push([guidance, found / wanted - 1])
}

/** Where the straight line through what was tried is 0. */
function root(): number {
  const mean = (of: (one: readonly [number, number]) => number) =>
    tried.reduce((sum, one) => sum + of(one), 0) / tried.length
  const [x, y] = [mean(one => one[0]), mean(one => one[1])]
  const slope = mean(one => (one[0] - x) * (one[1] - y)) / mean(one => (one[0] - x) ** 2)
  return Math.min(1.3, Math.max(0.9, x - y / slope))
}

for (const guidance of [1, 1.06]) await attempt(guidance)
await attempt(root())
const guidance = Math.round(1000 * root()) / 1000
redescribe(bytes, { ...description, guidance }, out)
console.log(`${out}: guidance ${guidance}`)
