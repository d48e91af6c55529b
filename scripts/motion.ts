/**
 * The figures of docs/motion.md, of tracks of fifteen joints:
 *
 *     node dist/scripts/motion.js prepare TRACKS.npz FOLDER [--frames 16] [--stride 2] [--levels 65536] [--seed 1]
 *     node dist/scripts/motion.js judge MODEL FOLDER [--count 1000] [--calls 1,2,4,8,16,32] [--smallest 0.3] [--bend 1.6] [--noise 1]
 *         [--solver ancestral,multistep] [--other] [--seed 1]
 *     node dist/scripts/motion.js picture MODEL FOLDER OUT.svg [--seed 1]
 *
 * TRACKS.npz holds `train_pose` [frames, 15, 2], `train_offsets` (where sequences begin, and the last ends) and `train_label`, their actions. `prepare`
 * keeps a fifth of the sequences of each action and writes to FOLDER train.npz (windows as counts [N, 30, 1, frames], and mirrored),
 * held-out.npz, and scale.json, what the counts mean. `judge` prints Fréchet distances to the windows of train.npz and how many
 * samples are read as asked; --smallest, --bend and --noise may be lists, all of which are tried; with --other
 * the network is told another action than that of the window whose totals a sample has. `picture` draws windows of both as sticks.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { below, random } from '../src/base/random.ts'
import { whole } from '../src/cli/usage.ts'
import type { NdArray } from '../src/formats/array.ts'
import { openNpz, writeNpz } from '../src/formats/npz.ts'
import { painter } from '../src/jobs/draw/drawing.ts'
import { massesOf } from '../src/jobs/masses.ts'
import { frechet, moments } from '../src/metrics/frechet.ts'
import { decodeModelFile } from '../src/model/file.ts'
import { modelBytes } from '../src/node/models.ts'
import { onnxruntimeNode } from '../src/runtime/onnxruntime-node.ts'
import type { SolverDescription } from '../src/sampling/index.ts'
import { sticks } from './motion/sticks.ts'
import {
  CHANNELS,
  counted,
  features,
  judge,
  measure,
  mirrored,
  motionOf,
  type Scale,
  scaleOf,
  still,
  type Window,
  windowsOf,
} from './motion/windows.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    frames: { type: 'string', default: '16' },
    stride: { type: 'string', default: '2' },
    levels: { type: 'string', default: '65536' },
    count: { type: 'string', default: '1000' },
    calls: { type: 'string', default: '1,2,4,8,16,32' },
    solver: { type: 'string', default: 'ancestral,multistep' },
    smallest: { type: 'string', default: '0.3' },
    bend: { type: 'string', default: '1.6' },
    noise: { type: 'string', default: '1' },
    other: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
  },
})
const [frames, stride, levels, count, seed] = [
  ...[values.frames, values.stride, values.levels, values.count],
  values.seed,
].map(whole('a number', { least: 1 }))
const [verb, ...words] = demandWords('motion.js prepare|judge|picture TRACKS.npz|MODEL FOLDER', positionals)

/** Numbers with commas between. */
const listed = (text: string) => text.split(',').map(Number)

function prepare([tracks, folder]: readonly string[]): void {
  const arrays = openNpz(readFileSync(tracks), tracks)
  const array = (name: string) => (arrays.get(name)!() as NdArray).data
  const known = {
    positions: array('train_pose'),
    offsets: array('train_offsets'),
    actions: array('train_label'),
  }
  const sequences = Array.from({ length: known.actions.length }, (_, i) => i)
  const rng = random(seed)
  const keys = sequences.map(() => rng.uniform())
  const kept = new Set<number>()
  for (const action of new Set(Array.from(known.actions))) {
    const own = sequences.filter(i => known.actions[i] === action).sort((a, b) => keys[a] - keys[b])
    for (const i of own.slice(0, Math.round(own.length / 5))) kept.add(i)
  }
  const cut = (of: readonly number[]) => of.flatMap(i => windowsOf(known, i, { frames, stride }))
  const [held, seen] = [cut([...kept]), cut(sequences.filter(i => !kept.has(i)))]
  const all = [...seen, ...seen.map(({ motion, action }) => ({ motion: mirrored(motion), action }))]
  const scale = scaleOf(
    all.map(({ motion }) => motion),
    levels,
  )
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'scale.json'), JSON.stringify(scale))
  for (const [name, of] of [['train', all] as const, ['held-out', held] as const]) {
    const size = CHANNELS * frames
    const samples = new Uint32Array(of.length * size)
    of.forEach(({ motion }, i) => {
      samples.set(counted(motion, scale), i * size)
    })
    const labels = { data: Uint8Array.from(of, ({ action }) => action), shape: [of.length] }
    const shape = [of.length, CHANNELS, 1, frames]
    writeFileSync(join(folder, `${name}.npz`), writeNpz({ samples: { data: samples, shape }, labels }))
  }
  console.log(`${sequences.length - kept.size} sequences, ${all.length} windows with their mirror images`)
  console.log(`${kept.size} sequences held out, ${held.length} windows`)
}

/** The windows of a file, their totals, and what their counts mean. */
function read(folder: string, name: string) {
  const scale: Scale = JSON.parse(readFileSync(join(folder, 'scale.json'), 'utf8'))
  const path = join(folder, `${name}.npz`)
  const arrays = openNpz(readFileSync(path), path)
  const [samples, labels] = ['samples', 'labels'].map(key => arrays.get(key)!() as NdArray)
  const [many, ...shape] = samples.shape
  const size = shape.reduce((a, b) => a * b, 1)
  const windows: Window[] = Array.from({ length: many }, (_, i) => ({
    motion: motionOf(samples.data.subarray(i * size, (i + 1) * size), scale),
    action: labels.data[i],
  }))
  return { scale, windows, totals: massesOf({ counts: samples.data, count: many, shape }) }
}

/** Draws motions of these totals and actions by a solver. */
async function drawer(name: string, scale: Scale) {
  const { bytes } = modelBytes(name)
  const { description } = decodeModelFile(bytes, name)
  const runtime = onnxruntimeNode()
  return async (
    solver: SolverDescription,
    asked: readonly { readonly masses: readonly number[]; readonly label: number }[],
  ) => {
    const masses = asked.map(of => [...of.masses])
    const labels = asked.map(({ label }) => label)
    const drawing = { model: bytes, description, masses, labels, seed, solver }
    const own = await painter(drawing, runtime, { threads: 1 })
    const size = CHANNELS * description.task.shape[2]
    const made: Window[] = []
    for (let tile = 0; made.length < asked.length; tile++) {
      const { counts } = await own.paint(tile)
      for (let i = 0; i < counts.length / size && made.length < asked.length; i++)
        made.push({
          motion: motionOf(counts.subarray(i * size, (i + 1) * size), scale),
          action: labels[made.length],
        })
    }
    await own.end()
    return made
  }
}

async function scores([name, folder]: readonly string[]): Promise<void> {
  const [seen, held] = ['train', 'held-out'].map(file => read(folder, file))
  const raw = seen.windows.map(({ motion }) => features(motion))
  const over = measure(raw)
  const law = moments(raw.flatMap(over), raw[0].length)
  const reads = judge(
    raw.map(over),
    seen.windows.map(({ action }) => action),
  )
  const said = (windows: readonly Window[]) => {
    const all = windows.map(({ motion }) => over(features(motion)))
    const right = windows.filter(({ action }, i) => reads(all[i]) === action).length
    const distance = frechet(law, moments(all.flat(), all[0].length))
    return `${distance.toFixed(2)} | ${((100 * right) / windows.length).toFixed(1)} %`
  }
  const rng = random(seed)
  const chosen = Array.from({ length: count }, () => below(rng, seen.windows.length))
  const own = chosen.map(i => seen.windows[i])
  console.log(`| | distance | read as asked |\n|---|---|---|`)
  console.log(`| ${held.windows.length} held-out windows | ${said(held.windows)} |`)
  console.log(`| ${count} windows learned from | ${said(own)} |`)
  console.log(`| these, standing still | ${said(own.map(of => ({ ...of, motion: still(of.motion) })))} |`)
  const draw = await drawer(name, seen.scale)
  const asked = chosen.map((i, k) => ({
    masses: seen.totals[i],
    label: (values.other ? (own.find((of, j) => j > k && of.action !== own[k].action) ?? own[0]) : own[k])
      .action,
  }))
  for (const noise of listed(values.noise))
    for (const smallest of listed(values.smallest))
      for (const bend of listed(values.bend))
        for (const calls of listed(values.calls))
          for (const kind of values.solver.split(',')) {
            const made = await draw({ kind, calls, smallest, bend, noise }, asked)
            const times = `smallest ${smallest}, bend ${bend}, noise ${noise}`
            console.log(`| ${calls} calls, ${kind}, ${times} | ${said(made)} |`)
          }
}

if (verb === 'prepare') prepare(words)
else if (verb === 'judge') await scores(words)
else await picture(words)

/** Rows of real windows and, below each, samples of the same action and totals by 4 and 16 calls. */
async function picture([name, folder, out]: readonly string[]): Promise<void> {
  const { windows, totals, scale } = read(folder, 'held-out')
  const rng = random(seed)
  const chosen = Array.from({ length: 4 }, () => below(rng, windows.length))
  const asked = chosen.map(i => ({ masses: totals[i], label: windows[i].action }))
  const draw = await drawer(name, scale)
  const [noise, smallest, bend] = [values.noise, values.smallest, values.bend].map(Number)
  const [kind] = values.solver.split(',')
  const rows = [chosen.map(i => windows[i])]
  for (const calls of listed(values.calls))
    rows.push(await draw({ kind, calls, smallest, bend, noise }, asked))
  writeFileSync(out, sticks(rows.map(row => row.map(({ motion }) => motion))))
}
