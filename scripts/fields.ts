/**
 * The figures of docs/fields.md, of films of a scalar that is carried along and spreads:
 *
 *     node dist/scripts/fields.js prepare FILMS.npz TOLD.json FOLDER [--held-out 100] [--grain 100] [--block 1] [--every 1] [--seed 1]
 *     node dist/scripts/fields.js roll MODEL FOLDER [--calls 1] [--views 1] [--seed 1]
 *     node dist/scripts/fields.js films MODEL FOLDER [--count 40] [--each 8] [--calls k] [--tell first,caption] [--seed 1]
 *
 * FILMS.npz holds `u` [N, frames, H, W], TOLD.json of each film its drift `c`, its diffusivity `D` and its `caption`. `prepare` makes
 * counts of them, --grain units for each grey level (of sums over blocks, and of every k-th frame), and writes three files to FOLDER: films.npz (the later frames as channels, told the first), steps.npz (a
 * frame, told the one before), both mirrored and turned, and held-out.npz, the last films as they are. `roll` draws these frame by frame, `films` at once.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { below, random } from '../src/base/random.ts'
import { whole } from '../src/cli/usage.ts'
import type { NdArray } from '../src/formats/array.ts'
import { writeNpz } from '../src/formats/npz.ts'
import { open } from '../src/node/open.ts'
import { coarser, compass, type Drift, estimated, evolved, symmetric, units } from './fields/film.ts'
import { arraysIn, filmOf, header, held, mean, percent, report, show, still } from './fields/held.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'held-out': { type: 'string', default: '100' },
    grain: { type: 'string', default: '100' },
    block: { type: 'string', default: '1' },
    every: { type: 'string', default: '1' },
    count: { type: 'string', default: '40' },
    each: { type: 'string', default: '8' },
    calls: { type: 'string' },
    views: { type: 'string', default: '1' },
    tell: { type: 'string', default: 'first,caption' },
    seed: { type: 'string', default: '1' },
  },
})
const numbers = [values['held-out'], values.grain, values.block, values.every, values.each, values.views]
const [heldOut, grain, block, every, each, views, seed] = [...numbers, values.seed].map(
  whole('a number', { least: 1 }),
)
const [verb, ...words] = demandWords(
  'fields.js prepare|roll|films MODEL|FILMS.npz FOLDER|TOLD.json',
  positionals,
)

interface Known {
  readonly c: Drift
  readonly D: number
  readonly caption: string
}

function prepare([films, told, folder]: readonly string[]): void {
  mkdirSync(folder, { recursive: true })
  const { data, shape } = arraysIn(films)('u')
  const [count, all, fine] = shape
  const chosen = Array.from({ length: Math.ceil(all / every) }, (_, f) => f * every)
  const [frames, side] = [chosen.length, fine / block]
  const known: Known[] = JSON.parse(readFileSync(told, 'utf8'))
  const size = side * side
  const rng = random(seed)
  const kept = count - heldOut
  const counts = Array.from({ length: count }, (_, i) => {
    const frame = (f: number) => data.subarray((i * all + f) * fine ** 2, (i * all + f + 1) * fine ** 2)
    const mass = grain * Array.from(frame(0)).reduce((a, b) => a + b, 0)
    const film = new Uint32Array(frames * size)
    chosen.forEach((f, k) => {
      film.set(coarser(Uint32Array.from(units(frame(f), mass)), { side: fine, block }), k * size)
    })
    return film
  })
  /** A film seen in one of eight ways, and what is told of it. */
  const seen = (i: number, kind: number) => {
    const { frames: film, drift } = symmetric({ frames: counts[i], drift: known[i].c, side }, kind)
    const caption = known[i].caption.replace(compass(known[i].c), compass(drift))
    return { film, drift, spread: Math.log10(known[i].D), caption }
  }
  type Seen = ReturnType<typeof seen>
  const list = (of: readonly Seen[]) => ({
    drift: { data: Float32Array.from(of.flatMap(({ drift }) => drift)), shape: [of.length, 2] },
    spread: { data: Float32Array.from(of, ({ spread }) => spread), shape: [of.length] },
  })
  const field = (of: readonly Seen[], from: number, to: number) => {
    const all = new Uint32Array(of.length * (to - from) * size)
    of.forEach(({ film }, i) => {
      all.set(film.subarray(from * size, to * size), i * (to - from) * size)
    })
    return { data: all, shape: [of.length, to - from, side, side] }
  }
  const put = (name: string, arrays: Parameters<typeof writeNpz>[0]) =>
    writeFileSync(join(folder, name), writeNpz(arrays, { pack: false }))
  const whole = (of: readonly Seen[]) => ({
    samples: field(of, 1, frames),
    first: field(of, 0, 1),
    ...list(of),
    caption: of.map(({ caption }) => caption),
  })
  const many = whole(Array.from({ length: 4 * kept }, (_, k) => seen(k % kept, below(rng, 8))))
  put('films.npz', { ...many, first: shown(many.first.data, many.first.shape) })
  const steps = Array.from({ length: kept * (frames - 1) }, (_, k) => {
    const own = seen(k % kept, below(rng, 8))
    const at = Math.floor(k / kept)
    return { ...own, film: own.film.slice(at * size, (at + 2) * size) }
  })
  const { data: before, shape: frame } = field(steps, 0, 1)
  put('steps.npz', { samples: field(steps, 1, 2), now: shown(before, frame), ...list(steps) })
  put('held-out.npz', whole(Array.from({ length: heldOut }, (_, k) => seen(kept + k, 0))))
}

/**
 * A frame [N, 1, side, side] as the network is told it: its counts and their logarithm, both from 0 to 1. (What it adds to is the logarithm of the
 * law of a unit, of which counts alone tell little where they are small.)
 */
function shown(counts: ArrayLike<number>, [count, , ...sides]: readonly number[]): NdArray {
  const [most, size] = [255 * grain * block ** 2, counts.length / count]
  const data = new Float32Array(2 * counts.length)
  for (let x = 0; x < counts.length; x++) {
    const at = 2 * size * Math.floor(x / size) + (x % size)
    data[at] = counts[x] / most
    data[at + size] = Math.log1p(counts[x]) / Math.log1p(most)
  }
  return { data, shape: [count, 2, ...sides] }
}

/** One of many ways of looking at a frame: mirrored, turned, and moved round; at x of it is what was at source[x]. */
function viewOf(side: number, view: number) {
  const all = Uint32Array.from({ length: side * side }, (_, x) => x)
  const { frames } = symmetric({ frames: all, drift: [0, 0], side }, view % 8)
  const rng = random(seed).fork(view)
  const [a, b] = view === 0 ? [0, 0] : [below(rng, side), below(rng, side)]
  const source = all.map(x => frames[((Math.floor(x / side) + a) % side) * side + (((x % side) + b) % side)])
  return { source, turned: (drift: Drift) => symmetric({ frames: all, drift, side }, view % 8).drift }
}

/** Films by a model of one frame after the other: each is told what was drawn before, as the mean over several views of it. */
async function roll([name, folder]: readonly string[]): Promise<void> {
  const truth = held(folder)
  const { films, knownDrift, spread, mass, count, later, side, size } = truth
  const model = await open(name)
  const path = join(folder, 'asked.npz')
  const made = films.map(film => Float64Array.from(film))
  const ways = Array.from({ length: views }, (_, v) => viewOf(side, v))
  const drifts = ways.flatMap(({ turned }) => films.flatMap((_, i) => turned(knownDrift(i))))
  const lists = {
    drift: { data: Float32Array.from(drifts), shape: [views * count, 2] },
    spread: {
      data: Float32Array.from({ length: views * count }, (_, k) => spread.data[k % count]),
      shape: [views * count],
    },
  }
  for (let f = 1; f <= later; f++) {
    const now = new Float64Array(views * count * size)
    ways.forEach(({ source }, v) => {
      for (let x = 0; x < count * size; x++) {
        const film = made[Math.floor(x / size)]
        now[v * count * size + x] = film[(f - 1) * size + source[x % size]]
      }
    })
    writeFileSync(path, writeNpz({ now: shown(now, [views * count, 1, side, side]), ...lists }))
    const calls = Number(values.calls ?? 1)
    const masses = ways.flatMap(() => mass)
    const { counts } = await model.generate({ tell: path, mass: masses, count: 1, calls, seed: seed + f })
    for (let i = 0; i < count; i++) {
      const sum = new Float64Array(size)
      ways.forEach(({ source }, v) => {
        for (let x = 0; x < size; x++) sum[source[x]] += counts[(v * count + i) * size + x]
      })
      made[i].set(units(sum, mass[i]), f * size)
    }
  }
  header(later)
  still(truth)
  report(`frame by frame, ${values.calls ?? 1} calls, ${views} views`, made, truth)
  show(join(folder, 'rolled.png'), [films[0], made[0], films[1], made[1]], { later, side })
}

/** Films at once, several of each held-out one: their mean, their spread, and whether each obeys the equation. */
async function atOnce([file, folder]: readonly string[]): Promise<void> {
  const truth = held(folder, Number(values.count))
  const { films, first, drift, spread, lists, mass, count, later, side, size } = truth
  const told: Parameters<typeof writeNpz>[0] = {}
  for (const name of values.tell.split(',')) {
    const list = name === 'first' ? shown(first.data, first.shape) : lists.get(name)!()
    if ('texts' in list)
      told[name] = list.texts.slice(0, count).flatMap(text => Array<string>(each).fill(text))
    else {
      const wide = list.data.length / list.shape[0]
      const rows = new Float32Array(count * each * wide)
      for (let k = 0; k < count * each; k++)
        rows.set(list.data.subarray(Math.floor(k / each) * wide, (Math.floor(k / each) + 1) * wide), k * wide)
      told[name] = { data: rows, shape: [count * each, ...list.shape.slice(1)] }
    }
  }
  const path = join(folder, 'asked.npz')
  writeFileSync(path, writeNpz(told))
  const model = await open(file)
  const calls = values.calls === undefined ? {} : { calls: Number(values.calls) }
  const { counts } = await model.generate({
    tell: path,
    mass: mass.map(of => later * of),
    count: each,
    seed,
    ...calls,
  })
  const sample = (i: number, k: number) => {
    const film = films[i].slice()
    const at = (i * each + k) * later * size
    film.set(counts.subarray(at, at + later * size), size)
    return film
  }
  const drawn = films.map((_, i) => Array.from({ length: each }, (_, k) => sample(i, k)))
  header(later)
  still(truth)
  const middle = drawn.map(own => own[0].map((_, x) => mean(own.map(film => film[x]))))
  report(`mean of ${each} samples`, middle, truth)
  report(
    'one sample',
    drawn.map(([own]) => own),
    truth,
  )
  const seen = drawn.map(own => own.map(film => estimated(film, side)))
  const obeyed = drawn.map(([own], i) =>
    filmOf(later, size, f => evolved(own.subarray(0, size), { side, ...seen[i][0], time: f / later })),
  )
  report(
    'a sample beside the equation with its own drift and diffusivity',
    drawn.map(([own]) => own),
    { ...truth, films: obeyed },
  )
  const below = (own: (of: ReturnType<typeof estimated>) => number, right: (i: number) => number) =>
    films.map((_, i) => seen[i].filter(of => own(of) < right(i)).length)
  // Of n samples and the truth every order is as likely: so many of the n + 1 places lie between.
  const quarter = Math.floor(each / 4)
  const within = (of: readonly number[], k: number) =>
    percent(mean(of.map(place => (place >= k && place <= each - k ? 1 : 0))))
  const wanted = [1, quarter].map(k => percent((each - 2 * k + 1) / (each + 1)))
  console.log(
    `| of the truth | between the outermost samples (${wanted[0]}) | between those a quarter in (${wanted[1]}) | spread of samples | error of their mean |\n|---|---|---|---|---|`,
  )
  const names = ['drift along the rows', 'drift along the columns', 'log10 of the diffusivity']
  names.forEach((row, a) => {
    const own = (of: ReturnType<typeof estimated>) =>
      a < 2 ? of.drift[a] : Math.log10(Math.max(1e-6, of.diffusivity))
    const right = (i: number) => (a < 2 ? drift.data[2 * i + a] : spread.data[i])
    const places = below(own, right)
    const deviation = mean(
      seen.map(of => {
        const m = mean(of.map(own))
        return Math.sqrt((mean(of.map(one => (own(one) - m) ** 2)) * each) / (each - 1))
      }),
    )
    const error = Math.sqrt(mean(seen.map((of, i) => (mean(of.map(own)) - right(i)) ** 2)))
    console.log(
      `| ${row} | ${within(places, 1)} | ${within(places, quarter)} | ${deviation.toFixed(3)} | ${error.toFixed(3)} |`,
    )
  })
}

const verbs: Readonly<Record<string, (words: readonly string[]) => unknown>> = {
  prepare,
  roll,
  films: atOnce,
}
await verbs[verb](words)
