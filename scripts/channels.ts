/**
 * The figures of docs/restoration.md on completion: node dist/scripts/channels.js binder|cycles|classes DATA [--count n] [--calls k] [--out file]
 *
 * binder: slices of a three-phase cathode (DATA: .npy), the active material known and the binder as much as there was: lengths
 * of the interfaces and triple points against the true ones (Kolmogorov and Smirnov's p), and of binder strewn over the surface.
 * cycles: digits with a box of 14×14 open, by `--calls` calls, and by half of them with cycles for the other half: read right by the
 * classifier, and the mean step across the edge of the hole over that inside of it.
 * classes: `--count` digits of each class encoded, decoded as the same class (all bits equal?) and as the third after it: read as that
 * class, and the correlation with the source beside that of fresh samples of the class of the same masses.
 */
import { parseArgs } from 'node:util'
import { below, type Random, random } from '../src/base/random.ts'
import { whole } from '../src/cli/usage.ts'
import { gunzip } from '../src/formats/gzip.ts'
import { readNpy, writeNpy } from '../src/formats/npy.ts'
import { picture } from '../src/formats/picture.ts'
import { decode, decodeSchema, encode, encodeSchema } from '../src/jobs/code/code.ts'
import { complete } from '../src/jobs/complete/complete.ts'
import { completeSchema } from '../src/jobs/complete/fields.ts'
import { draw } from '../src/jobs/draw/draw.ts'
import { solverOf } from '../src/jobs/draw/solver.ts'
import { withFiles } from '../src/jobs/files.ts'
import { generateSchema } from '../src/jobs/generate/asking.ts'
import { generate } from '../src/jobs/generate/generate.ts'
import { labelsOf } from '../src/jobs/input/phases.ts'
import { checked } from '../src/jobs/schema.ts'
import { kolmogorovSmirnov } from '../src/metrics/index.ts'
import { classify, decodeClassifier } from '../src/model/classifier-file.ts'
import type { Material } from '../src/model/description.ts'
import { readBytes, writeWhole } from '../src/node/files.ts'
import { imagesAt } from '../src/node/load.ts'
import { machine } from '../src/node/machine.ts'
import { loadModel, modelPath } from '../src/node/models.ts'
import { correlation } from './correlation.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '48' },
    calls: { type: 'string', default: '16' },
    out: { type: 'string' },
  },
})
const [what, data] = demandWords('channels.js binder|cycles|classes DATA', positionals)
const [count, calls] = [values.count, values.calls].map(whole('a number', { least: 1 }))
const context = machine({ workers: 1 })
const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length

/** Random crops of a labelled volume's last fifth, which was held out, [count, side, side]. */
function crops(side: number): Uint8Array {
  const volume = readNpy(gunzip(readBytes(data), data), data)
  if (typeof volume === 'string') throw new Error('no array')
  const [depth, rows, columns] = volume.shape
  const stream = random(11)
  const out = new Uint8Array(count * side * side)
  for (let k = 0; k < count; k++) {
    const z = Math.floor(depth * 0.8) + below(stream, depth - Math.floor(depth * 0.8))
    const [top, left] = [below(stream, rows - side), below(stream, columns - side)]
    for (let x = 0; x < side * side; x++) {
      const at = (z * rows + top + Math.floor(x / side)) * columns + left + (x % side)
      out[k * side * side + x] = Number(volume.data[at])
    }
  }
  return out
}

/** Edges between active material and binder, binder and pore, and corners where all three meet, of labels [side, side]. */
function interfaces(labels: ArrayLike<number>, side: number): [number, number, number] {
  let [active, pore, triple] = [0, 0, 0]
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const at = y * side + x
      const pair = (other: number) => {
        const both = labels[at] * 3 + labels[other]
        if (both === 5 || both === 7) active++
        if (both === 2 || both === 6) pore++
      }
      if (x + 1 < side) pair(at + 1)
      if (y + 1 < side) pair(at + side)
      if (x + 1 < side && y + 1 < side) {
        const four = new Set([labels[at], labels[at + 1], labels[at + side], labels[at + side + 1]])
        if (four.size === 3) triple++
      }
    }
  return [active, pore, triple]
}

/** As much binder as there was, on pores beside the active material at random, and where these are too few anywhere. */
function strewn(truth: Uint8Array, side: number, stream: Random): Uint8Array {
  const out = truth.map(label => (label === 2 ? 0 : label))
  let left = truth.reduce((sum, label) => sum + Number(label === 2), 0)
  const open = [...out.keys()].filter(x => out[x] === 0)
  const beside = (x: number) =>
    [x % side > 0 ? x - 1 : x, (x + 1) % side > 0 ? x + 1 : x, x - side, x + side].some(y => out[y] === 1)
  const order = open
    .map(x => ({ x, key: stream.uniform() + (beside(x) ? 0 : 1) }))
    .sort((a, b) => a.key - b.key)
  for (const { x } of order) if (left-- > 0) out[x] = 2
  return out
}

async function binder(): Promise<void> {
  const side = 64
  const size = side * side
  const truth = crops(side)
  const stream = random(12)
  const measures = { model: [] as number[][], strewn: [] as number[][], truth: [] as number[][] }
  for (let k = 0; k < count; k++) {
    const own = truth.subarray(k * size, (k + 1) * size)
    measures.truth.push(interfaces(own, side))
    measures.strewn.push(interfaces(strewn(own, side, stream), side))
  }
  const { bytes, description } = loadModel('nmc')
  const { units } = description.data.material as Material
  const open = Uint8Array.from({ length: count * units.length * size }, (_, x) =>
    Number(truth[Math.floor(x / size / units.length) * size + (x % size)] !== 1),
  )
  const masses = Array.from({ length: count }, (_, k) =>
    units.map(label =>
      truth.subarray(k * size, (k + 1) * size).reduce((sum, found) => sum + Number(found === label), 0),
    ),
  )
  // All is open but the active material, on which no unit is.
  const known = new Int32Array(open.length)
  const drawing = {
    ...{ model: bytes, description, masses, seed: 13, solver: solverOf({ calls }, description) },
    surroundings: { known, open, size: units.length * size, each: 1, channels: units.length, phases: true },
  }
  const { counts } = await draw(drawing, context)
  const labels = labelsOf(counts, description.data.material as Material, size)
  for (let x = 0; x < labels.length; x++)
    if ((labels[x] === 1) !== (truth[x] === 1)) throw new Error(`voxel ${x} of the active material changed`)
  for (let k = 0; k < count; k++)
    measures.model.push(interfaces(labels.subarray(k * size, (k + 1) * size), side))
  if (values.out) {
    const shown = Int32Array.from({ length: 3 * 4 * size }, (_, at) => {
      const [row, x] = [Math.floor(at / size), at % size]
      const from = Math.floor(row / 3) * size
      const of = [truth.subarray(from, from + size), labels.subarray(from, from + size)][row % 3]
      return 127 * (of ?? strewn(truth.subarray(from, from + size), side, random(row)))[x]
    })
    writeWhole(values.out, picture({ counts: shown, shape: [12, 1, side, side] }, { columns: 3 }).png)
  }
  for (const [name, i] of [
    ['active-binder', 0],
    ['binder-pore', 1],
    ['triple points', 2],
  ] as const) {
    const list = (of: number[][]) => of.map(row => row[i])
    const shown = (of: number[][]) => {
      const p = kolmogorovSmirnov(list(of), list(measures.truth)).p
      return `${mean(list(of)).toFixed(1)} (p ${p.toPrecision(2)})`
    }
    console.log(
      `${name}: true ${mean(list(measures.truth)).toFixed(1)}, model ${shown(measures.model)}, strewn ${shown(measures.strewn)}`,
    )
  }
}

async function cycles(): Promise<void> {
  const [side, size] = [28, 784]
  const set = imagesAt(data, { split: 'test' })
  const truth = Uint8Array.from(set.counts.subarray(200 * size, (200 + count) * size))
  const inside = (x: number) => {
    const [row, column] = [Math.floor(x / side), x % side]
    return row >= 7 && row < 21 && column >= 7 && column < 21
  }
  const mask = Uint8Array.from({ length: size }, (_, x) => Number(inside(x)))
  const files = withFiles(context.files, {
    'digits.npy': writeNpy({ data: truth, shape: [count, side, side] }),
    'mask.npy': writeNpy({ data: mask, shape: [side, side] }),
  })
  const reader = await context.runtime.compile(readBytes(modelPath('mnist-classifier')))
  const classifier = decodeClassifier(readBytes(modelPath('mnist-classifier')))
  async function told(name: string, images: ArrayLike<number>): Promise<void> {
    const { probabilities } = await classify(reader, classifier, images)
    let right = 0
    for (let i = 0; i < count; i++) {
      const row = probabilities.subarray(i * 10, (i + 1) * 10)
      right += Number(row.indexOf(Math.max(...row)) === Number(set.labels?.[200 + i]))
    }
    let [seam, seams, within, steps] = [0, 0, 0, 0]
    for (let at = 0; at < count * size; at++) {
      const x = at % size
      for (const [other, there] of [
        [x + 1, x % side < side - 1],
        [x + side, x + side < size],
      ] as const) {
        if (!there) continue
        const step = Math.abs(images[at] - images[at - x + other])
        if (inside(x) !== inside(other)) [seam, seams] = [seam + step, seams + 1]
        else if (inside(x)) [within, steps] = [within + step, steps + 1]
      }
    }
    const ratio = seam / seams / (within / steps)
    console.log(`${name}: ${right} of ${count} read right, seam ${ratio.toFixed(3)}`)
  }
  await told('real', truth)
  const half = Math.floor(calls / 2)
  const part = Math.round(0.7 * half) - Math.round(0.5 * half)
  for (const [name, how] of [
    [`${calls} calls`, { calls }],
    [
      `${half} calls and ${Math.floor(half / part)} cycles of ${part}`,
      { calls: half, cycles: Math.floor(half / part) },
    ],
  ] as const) {
    const base = { input: 'digits.npy', mask: 'mask.npy', count: 1, seed: 3, solver: 'ancestral' }
    const job = checked('complete', completeSchema, { ...base, ...how })
    const { counts } = await complete(job, { ...context, files })
    await told(name, counts)
  }
  await reader.release()
}

async function classesOf(): Promise<void> {
  const size = 784
  const tile = 16
  const set = imagesAt(data, { split: 'test' })
  const reader = await context.runtime.compile(readBytes(modelPath('mnist-classifier')))
  const classifier = decodeClassifier(readBytes(modelPath('mnist-classifier')))
  const sums = { equal: 0, read: 0, kept: 0, decoded: [] as number[], fresh: [] as number[] }
  /** Some digits of a class there and back, and as another class. */
  async function some(
    chosen: readonly number[],
    { label, target, from }: { label: number; target: number; from: number },
  ): Promise<void> {
    const count = chosen.length
    const source = Uint8Array.from({ length: count * size }, (_, at) => {
      return set.counts[chosen[Math.floor(at / size)] * size + (at % size)]
    })
    const part = (images: ArrayLike<number>, i: number) =>
      Array.from({ length: size }, (_, x) => Number(images[i * size + x]))
    const masses = Array.from({ length: count }, (_, i) => part(source, i).reduce((sum, n) => sum + n, 0))
    const held: Record<string, Uint8Array> = {
      'digits.npy': writeNpy({ data: source, shape: [count, 28, 28] }),
    }
    const files = () => withFiles(context.files, held)
    const told = { input: 'digits.npy', class: String(label), calls, seed: 2 + from }
    const code = await encode(checked('encode', encodeSchema, told), { ...context, files: files() })
    held['z.npz'] = (await code.files('z.npz'))[0].bytes
    const as = (named: number) =>
      decode(checked('decode', decodeSchema, { input: 'z.npz', class: String(named) }), {
        ...context,
        files: files(),
      })
    const [same, other] = [(await as(label)).counts, (await as(target)).counts]
    const wish = { class: String(target), mass: masses, count: 1, calls, seed: 3 + from, solver: 'ancestral' }
    const { counts: fresh } = await generate(checked('generate', generateSchema, wish), context)
    const { probabilities } = await classify(reader, classifier, other)
    for (let i = 0; i < count; i++) {
      sums.equal += Number(part(same, i).every((n, x) => n === source[i * size + x]))
      const row = probabilities.subarray(i * 10, (i + 1) * 10)
      sums.read += Number(row.indexOf(Math.max(...row)) === target)
      sums.kept += Number(part(other, i).reduce((sum, n) => sum + n, 0) === masses[i])
      sums.decoded.push(correlation(part(source, i), part(other, i)))
      sums.fresh.push(correlation(part(source, i), part(fresh, i)))
    }
    if (values.out && label === 7 && from === 0) {
      const shown = Int32Array.from([
        ...part(source, 0),
        ...part(other, 0),
        ...part(source, 1),
        ...part(other, 1),
      ])
      writeWhole(values.out, picture({ counts: shown, shape: [4, 1, 28, 28] }, { columns: 2 }).png)
    }
  }
  for (let label = 0; label < 10; label++) {
    const target = (label + 3) % 10
    const chosen = Array.from({ length: set.count }, (_, i) => i)
      .filter(i => Number(set.labels?.[i]) === label)
      .slice(0, count)
    for (let from = 0; from < count; from += tile)
      await some(chosen.slice(from, from + tile), { label, target, from })
    console.log(
      `class ${label}: ${sums.equal} equal, ${sums.kept} masses kept, ${sums.read} read as the other class so far`,
    )
  }
  const all = 10 * count
  console.log(
    `${calls} calls: ${sums.equal} of ${all} equal to the bit, ${sums.kept} of ${all} masses kept, ${sums.read} of ${all} read as the other class, correlation ${mean(sums.decoded).toFixed(3)}, of fresh samples ${mean(sums.fresh).toFixed(3)}`,
  )
  await reader.release()
}

await { binder, cycles, classes: classesOf }[what as 'binder' | 'cycles' | 'classes']()
