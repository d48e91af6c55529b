/**
 * The figures of docs/fields.md, of films of a scalar that is carried along and spreads:
 *
 *     node dist/scripts/fields.js prepare FILMS.npz TOLD.json FOLDER [--held-out 100] [--grain 100] [--block 1] [--every 1] [--copies 4] [--anew] [--seed 1]
 *     node dist/scripts/fields.js roll MODEL FOLDER [--calls 1] [--views 1] [--seed 1]
 *     node dist/scripts/fields.js films MODEL FOLDER [--count 40] [--each 8] [--calls k] [--tell first,caption] [--seed 1]
 *
 * and of pairs of fields, the second drawn from what is told of the first:
 *
 *     node dist/scripts/fields.js maps PAIRS.npz FOLDER [--held-out 100] [--grain 100] [--offset 0] [--least x] [--slack ROWS:TOTAL] [--noise 0] [--blur 1] [--copies 4] [--mirrored] [--seed 1]
 *     node dist/scripts/fields.js judge MODEL FOLDER [--count 40] [--each 8] [--calls k] [--mass true|regressed] [--seed 1]
 *     node dist/scripts/fields.js regress MODEL FOLDER [--seed 1]
 *
 * FILMS.npz holds `u` [N, frames, H, W], TOLD.json of each film its drift `c`, its diffusivity `D` and its `caption`. `prepare` makes
 * counts of them, --grain units for each grey level (of sums over blocks, and of every k-th frame), and writes three files to FOLDER: films.npz (the later frames as channels, told the first), steps.npz (a
 * frame, told the one before), both mirrored and turned, and held-out.npz, the last films as they are; with --anew a film to learn from is the first frame of one, moved round,
 * with the drift and the diffusivity of another. `roll` draws these frame by frame, `films` at once.
 *
 * PAIRS.npz holds `x` and `y`, both [N, H, W], or [N, L] and [N, T, L] of lines at successive times: see fields/maps.ts. `regress` trains MODEL's network anew, as the plain
 * regression on the same pairs.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { below, random } from '../src/base/random.ts'
import { decimal, oneOf, whole } from '../src/cli/usage.ts'
import { writeNpz } from '../src/formats/npz.ts'
import { open } from '../src/node/open.ts'
import { type Drift, estimated, evolved, symmetric, units } from './fields/film.ts'
import { prepareFilms, shownFrame } from './fields/films.ts'
import { filmOf, header, held, mean, percent, report, show, still } from './fields/held.ts'
import { judgeMaps, regressMaps } from './fields/judge.ts'
import { prepareMaps } from './fields/maps.ts'
import { covered, covering } from './fields/ranks.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'held-out': { type: 'string', default: '100' },
    grain: { type: 'string', default: '100' },
    block: { type: 'string', default: '1' },
    every: { type: 'string', default: '1' },
    copies: { type: 'string', default: '4' },
    anew: { type: 'boolean', default: false },
    count: { type: 'string', default: '40' },
    each: { type: 'string', default: '8' },
    calls: { type: 'string' },
    views: { type: 'string', default: '1' },
    tell: { type: 'string', default: 'first,caption' },
    offset: { type: 'string', default: '0' },
    least: { type: 'string', default: '-1e9' },
    slack: { type: 'string', default: '0:0' },
    noise: { type: 'string', default: '0' },
    blur: { type: 'string', default: '1' },
    mirrored: { type: 'boolean', default: false },
    mass: { type: 'string', default: 'true' },
    seed: { type: 'string', default: '1' },
  },
})
const numbers = [values['held-out'], values.grain, values.block, values.every, values.each, values.views]
const [heldOut, grain, block, every, each, views, copies, seed] = [
  ...numbers,
  values.copies,
  values.seed,
].map(whole('a number', { least: 1 }))
const [verb, ...words] = demandWords(
  'fields.js prepare|roll|films|maps|judge|regress MODEL|DATA.npz FOLDER|TOLD.json',
  positionals,
)

/** A frame as the network is told it. */
const shown = (counts: ArrayLike<number>, shape: readonly number[]) =>
  shownFrame(counts, shape, 255 * grain * block ** 2)

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
  const quarter = Math.floor(each / 4)
  const within = (of: readonly number[], k: number) => percent(covered(of, { each, k }))
  const wanted = [1, quarter].map(k => percent(covering({ each, k })))
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
  prepare([films, told, folder]) {
    const { anew } = values
    prepareFilms(films, told, { folder, heldOut, grain, block, every, copies, anew, seed })
  },
  roll,
  films: atOnce,
  maps([file, folder]) {
    const [rows, total] = values.slack.split(':').map(whole('--slack', { least: 0 }))
    const number = (name: 'offset' | 'least' | 'noise') => decimal(`--${name}`)(values[name])
    const options = {
      ...{ heldOut, grain, rows, total, copies, seed, block: whole('--blur', { least: 1 })(values.blur) },
      ...{ offset: number('offset'), least: number('least'), noise: number('noise') },
      mirrored: values.mirrored,
    }
    console.log(prepareMaps(file, folder, options))
  },
  judge([model, folder]) {
    const calls = values.calls === undefined ? undefined : whole('--calls', { least: 1 })(values.calls)
    const mass = oneOf('--mass', ['true', 'regressed'])(values.mass)
    const count = whole('--count', { least: 1 })(values.count)
    return judgeMaps(model, folder, { each, calls, count, mass, seed })
  },
  regress: ([model, folder]) => regressMaps(model, folder, seed),
}
await verbs[oneOf('the first word', Object.keys(verbs))(verb)](words)
