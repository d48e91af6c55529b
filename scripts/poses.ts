/**
 * The figures of docs/poses.md, of joints in frames that are drawn from tracks of them:
 *
 *     node dist/scripts/poses.js prepare TRACKS.npz FOLDER [--images 6000] [--held-out 120] [--units 64] [--gap 2] [--noise 0.15] [--seed 1]
 *     node dist/scripts/poses.js judge FOLDER SAMPLES.npz …
 *
 * TRACKS.npz holds `train_pose` [T, 15, 2] and `train_offsets` [S + 1], where each of S sequences begins. `prepare` writes poses.npz (counts `samples` [N, 15, 32, 32], told the
 * middle `frame` or three `frames`), of the last fifth of the sequences (in a random order) held-out.npz, and what a model is told of these: frame.npz, frames.npz. `judge` prints a row of figures for each file
 * of samples (sample k is told row k, over and over again) and draws judged.png.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { below, random } from '../src/base/random.ts'
import { whole } from '../src/cli/usage.ts'
import type { NdArray } from '../src/formats/array.ts'
import { fieldPicture } from '../src/formats/field-picture.ts'
import { writeNpz } from '../src/formats/npz.ts'
import { arraysIn, percent } from './fields/held.ts'
import {
  type Box,
  correct,
  drawn,
  hides,
  inRegion,
  meanPlace,
  type Point,
  type Pose,
  placed,
  siteOf,
} from './poses/figure.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    images: { type: 'string', default: '6000' },
    'held-out': { type: 'string', default: '120' },
    units: { type: 'string', default: '64' },
    gap: { type: 'string', default: '2' },
    noise: { type: 'string', default: '0.15' },
    seed: { type: 'string', default: '1' },
  },
})
const numbers = [values.images, values['held-out'], values.units, values.gap, values.seed]
const [images, heldOut, units, gap, seed] = numbers.map(whole('a number', { least: 1 }))
const noise = Number(values.noise)
const [verb, ...words] = demandWords(
  'poses.js prepare|judge TRACKS.npz|FOLDER FOLDER|SAMPLES.npz',
  positionals,
)

const side = 32
const area = side * side
const joints = 15

function prepare([tracks, folder]: readonly string[]): void {
  mkdirSync(folder, { recursive: true })
  const [poses, offsets] = ['train_pose', 'train_offsets'].map(arraysIn(tracks))
  const rng = random(seed)
  const order = Array.from({ length: offsets.data.length - 1 }, (_, s) => s)
  for (let s = order.length - 1; s > 0; s--) {
    const other = below(rng, s + 1)
    ;[order[s], order[other]] = [order[other], order[s]]
  }
  const known = Math.floor(0.8 * order.length)
  const poseAt = (t: number): Pose =>
    Array.from({ length: joints }, (_, j): Point => {
      const at = 2 * (joints * t + j)
      return [poses.data[at], poses.data[at + 1]]
    })
  const between = (low: number, high: number) => low + (high - low) * rng.uniform()
  const hiding = (): Box => {
    const sides: Point = [between(9, 14), between(9, 14)]
    return { corner: [between(2, 30 - sides[0]), between(2, 30 - sides[1])], sides }
  }
  const write = (name: string, arrays: Parameters<typeof writeNpz>[0]) =>
    writeFileSync(join(folder, name), writeNpz(arrays, { pack: false }))
  const made = (count: number, of: readonly number[]) => {
    const samples = new Uint8Array(count * joints * area)
    const [frame, frames] = [new Float32Array(count * area), new Float32Array(3 * count * area)]
    const [truth, hidden] = [new Float32Array(2 * count * joints), new Uint8Array(count * joints)]
    for (let i = 0; i < count; i++) {
      const s = of[i % of.length]
      const [begin, end] = [offsets.data[s], offsets.data[s + 1]]
      const t = begin + gap + below(rng, end - begin - 2 * gap)
      const three = placed([t - gap, t, t + gap].map(poseAt), {
        by: 1,
        at: [side / 2 + between(-2, 2), side / 2 + between(-2, 2)],
        size: between(18, 26),
        mirrored: below(rng, 2) > 0,
      })
      three.forEach((pose, f) => {
        const box = hiding()
        const seen = drawn(pose, { side, noise, box, rng })
        frames.set(seen, (3 * i + f) * area)
        if (f !== 1) return
        frame.set(seen, i * area)
        pose.forEach((point, j) => {
          samples[(i * joints + j) * area + siteOf(point, side)] = units
          truth.set(point, 2 * (i * joints + j))
          hidden[i * joints + j] = hides(box, point) ? 1 : 0
        })
      })
    }
    return {
      told: {
        frame: { data: frame, shape: [count, 1, side, side] },
        frames: { data: frames, shape: [count, 3, side, side] },
      },
      known: {
        samples: { data: samples, shape: [count, joints, side, side] },
        joints: { data: truth, shape: [count, joints, 2] },
        hidden: { data: hidden, shape: [count, joints] },
      },
    }
  }
  const many = made(images, order.slice(0, known))
  write('poses.npz', { ...many.known, ...many.told })
  const few = made(heldOut, order.slice(known))
  write('held-out.npz', { ...few.known, ...few.told })
  write('frame.npz', { frame: few.told.frame })
  write('frames.npz', { frames: few.told.frames })
}

/** Poses [N, 15, 2] as rows. */
const posesOf = ({ data, shape: [count] }: NdArray): Pose[] =>
  Array.from({ length: count }, (_, i) =>
    Array.from(
      { length: joints },
      (_, j): Point => [data[2 * (i * joints + j)], data[2 * (i * joints + j) + 1]],
    ),
  )

function judge([folder, ...files]: readonly string[]): void {
  const held = arraysIn(join(folder, 'held-out.npz'))
  const truth = posesOf(held('joints'))
  const hidden = Array.from(held('hidden').data, Number)
  /** A number of each joint as its mean over all, over those that are seen, and over those that are hidden. */
  const threefold = (of: (i: number, j: number) => number) => {
    const [sum, count] = [
      [0, 0],
      [0, 0],
    ]
    truth.forEach((pose, i) => {
      pose.forEach((_, j) => {
        const kind = hidden[i * joints + j]
        sum[kind] += of(i, j)
        count[kind] += 1
      })
    })
    return [(sum[0] + sum[1]) / (count[0] + count[1]), sum[0] / count[0], sum[1] / count[1]].map(percent)
  }
  const found = (of: (i: number, j: number) => Point) =>
    threefold((i, j) => (correct(of(i, j), truth[i], j, 0.1) ? 1 : 0))
  console.log(
    `${truth.length} frames, ${hidden.reduce((a, b) => a + b, 0)} of ${hidden.length} joints hidden`,
  )
  console.log(
    '| PCK@0.1 | all | seen | hidden | of one sample | seen | hidden | 68 % region | seen | hidden |',
  )
  console.log(`|${'---|'.repeat(10)}`)
  const row = (name: string, cells: readonly string[]) => console.log(`| ${name} | ${cells.join(' | ')} |`)

  const train = arraysIn(join(folder, 'poses.npz'))
  const learned = posesOf(train('joints'))
  const middle = Array.from({ length: joints }, (_, j): Point => {
    const [x, y] = [0, 1].map(a => learned.reduce((sum, pose) => sum + pose[j][a], 0) / learned.length)
    return [x, y]
  })
  row(
    'the mean pose',
    found((_, j) => middle[j]),
  )
  const [theirs, ours] = [train('frame').data, held('frame').data]
  const nearest = truth.map((_, i) => {
    let [best, least] = [0, Infinity]
    for (let k = 0; k < learned.length; k++) {
      let apart = 0
      for (let x = 0; x < area && apart < least; x++)
        apart += (theirs[k * area + x] - ours[i * area + x]) ** 2
      if (apart < least) [best, least] = [k, apart]
    }
    return learned[best]
  })
  row(
    'the pose of the nearest frame of the training',
    found((i, j) => nearest[i][j]),
  )

  const columns: Column[] = [(i, j, x) => (siteOf(truth[i][j], side) === x ? 1 : 0)]
  for (const file of files) {
    const { data, shape } = arraysIn(file)('samples')
    const each = shape[0] / truth.length
    const of = (i: number, j: number, k: number) => {
      const at = ((k * truth.length + i) * joints + j) * area
      return data.subarray(at, at + area)
    }
    const pooled = truth.map((pose, i) =>
      pose.map((_, j) => {
        const sum = new Float64Array(area)
        for (let k = 0; k < each; k++) {
          const own = of(i, j, k)
          for (let x = 0; x < area; x++) sum[x] += own[x]
        }
        return sum
      }),
    )
    row(`${file}, mean of ${each}`, [
      ...found((i, j) => meanPlace(pooled[i][j], side)),
      ...found((i, j) => meanPlace(of(i, j, 0), side)),
      ...threefold((i, j) => inRegion(pooled[i][j], { side, joint: siteOf(truth[i][j], side), share: 0.68 })),
    ])
    columns.push((i, j, x) => pooled[i][j][x] / (each * units))
  }
  show(join(folder, 'judged.png'), held('frames').data, columns)
}

/** The share of the units of an image, joint and site. */
type Column = (i: number, j: number, x: number) => number

/** Six held-out images as rows: the three frames, the true joints, and the units of each file of samples. */
function show(path: string, frames: NdArray['data'], shares: readonly Column[]): void {
  const [rows, columns] = [6, 3 + shares.length]
  const data = new Float32Array(rows * columns * area)
  for (let i = 0; i < rows; i++) {
    const at = columns * i * area
    for (let x = 0; x < 3 * area; x++) data[at + x] = frames[3 * i * area + x]
    shares.forEach((share, column) => {
      for (let j = 0; j < joints; j++)
        for (let x = 0; x < area; x++) data[at + (3 + column) * area + x] += Math.sqrt(share(i, j, x))
    })
  }
  const picture = { data, shape: [rows * columns, side, side] }
  writeFileSync(path, fieldPicture(picture, { columns, scale: 3, low: 0, high: 1 }))
}

const verbs: Readonly<Record<string, (words: readonly string[]) => void>> = { prepare, judge }
verbs[verb](words)
