/** Samples of pairs of fields judged by what is true: how far they are, whether their spread is right, and the plain regression beside them. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { random } from '../../src/base/random.ts'
import { fieldPicture } from '../../src/formats/field-picture.ts'
import { writeNpz } from '../../src/formats/npz.ts'
import { open } from '../../src/node/open.ts'
import { ridge } from '../chemistry/ridge.ts'
import { blurred, type Coding, valued, withoutSlack } from './coding.ts'
import { away } from './film.ts'
import { mean, percent } from './held.ts'
import { heldMaps, learned, stacked, sumOf } from './maps.ts'
import { covered, covering, placeOf } from './ranks.ts'
import { regressed } from './regression.ts'

/** Of so many training pairs masses are learned, the first ones: what comes after them are these again, mirrored. */
const mostExamples = 900

/** A mass from what is told alone: kernel ridge regression on the means over blocks of 2×2 sites. */
function massRegressed(folder: string, side: number): (given: ArrayLike<number>) => number {
  const seen = (given: ArrayLike<number>) =>
    blurred(Array.from(given).slice(0, side * side), { side, block: 2 })
  const { given, counts } = learned(folder)
  const kernel = (a: Float64Array, b: Float64Array) => {
    const apart = a.reduce((sum, value, x) => sum + (value - b[x]) ** 2, 0) / a.length
    return Math.exp(-apart / 0.5)
  }
  const told = ridge(given.slice(0, mostExamples).map(seen), counts.slice(0, mostExamples).map(sumOf), {
    kernel,
    weight: 0.1,
  })
  return of => Math.round(told(seen(of)))
}

export interface JudgeOptions {
  readonly each: number
  readonly calls?: number
  readonly count: number
  /** The mass of a sample: that of the truth (or the same of all), or as it is regressed from what is told. */
  readonly mass: 'true' | 'regressed'
  readonly seed: number
}

/** Several samples of each held-out pair: how far they and their mean are from the truth, and whether their spread is right. */
export async function judgeMaps(file: string, folder: string, options: JudgeOptions): Promise<void> {
  const { each, seed } = options
  const held = heldMaps(folder, options.count)
  const { coding, shape, fields, given } = held
  const width = shape[2]
  const drawn = await drawnBy(file, folder, { ...options, held })
  const right = held.counts.map(of => withoutSlack(of, coding, width))
  const middle = drawn.map(own => valuedMean(own, coding))
  const first = drawn.map(([own]) => own)
  console.log(titles)
  say(
    'the truth, as counts',
    right.map(of => valued(of, coding)),
    fields,
  )
  say(`mean of ${each}`, middle, fields)
  say(
    'one sample',
    first.map(own => valued(own, coding)),
    fields,
  )
  if (shape[0] === 1) {
    const off = right.map((of, i) => Math.abs(sumOf(first[i]) / sumOf(of) - 1))
    console.log(`the sum of one sample is off by ${percent(mean(off))}`)
  }
  if (each > 1) calibration(drawn, { right, coding, middle, seed, each })
  const bands = drawn.map((own, i) => spreadOf(own, middle[i], coding))
  picture(join(folder, 'judged.png'), { given, fields, middle, bands }, shape)
}

/** Samples of held-out pairs, `each` of every one, without their slack; says how many have exactly the units asked for. */
async function drawnBy(
  file: string,
  folder: string,
  { held, each, calls, mass: asked, seed }: JudgeOptions & { readonly held: ReturnType<typeof heldMaps> },
): Promise<Int32Array[][]> {
  const { coding, shape, given, counts: right } = held
  const [channels, height, width] = shape
  const rows = given.flatMap(row => Array.from({ length: each }, () => row))
  const path = join(folder, 'asked.npz')
  writeFileSync(path, writeNpz({ given: stacked(Float32Array, rows, [1, height + coding.rows, width]) }))
  const told = asked === 'regressed' ? massRegressed(folder, width) : undefined
  const mass = given.map((row, i) => (told ? told(row) : sumOf(right[i])))
  const model = await open(file)
  const more = calls === undefined ? {} : { calls }
  const { counts } = await model.generate({ tell: path, mass, count: each, seed, ...more })
  const size = counts.length / rows.length
  const drawn = rows.map((_, n) => Int32Array.from(counts.subarray(n * size, (n + 1) * size)))
  const line = size / channels
  const exact = drawn.filter((own, n) => {
    const wanted = mass[Math.floor(n / each)] / channels
    return Array.from({ length: channels }, (_, c) => sumOf(own.subarray(c * line, (c + 1) * line))).every(
      sum => sum === wanted,
    )
  })
  console.log(`${exact.length} of ${rows.length} samples have exactly the units asked for in every channel`)
  return given.map((_, i) =>
    drawn.slice(i * each, (i + 1) * each).map(own => withoutSlack(own, coding, width)),
  )
}

const titles = '| | relative L2 | median |\n|---|---|---|'

const valuedMean = (of: readonly Int32Array[], coding: Coding) =>
  valued(
    Float64Array.from(of[0], (_, x) => mean(of.map(own => own[x]))),
    coding,
  )

const spreadOf = (of: readonly Int32Array[], middle: Float64Array, coding: Coding) =>
  middle.map((m, x) =>
    Math.sqrt(
      of.reduce((sum, own) => sum + (own[x] / coding.grain - coding.offset - m) ** 2, 0) /
        Math.max(1, of.length - 1),
    ),
  )

function say(name: string, made: readonly ArrayLike<number>[], fields: readonly ArrayLike<number>[]): void {
  const off = fields.map((field, i) => away(made[i], field)).sort((a, b) => a - b)
  console.log(`| ${name} | ${percent(mean(off))} | ${percent(off[off.length >> 1])} |`)
}

interface Drawn {
  readonly right: readonly Float64Array[]
  readonly coding: Coding
  readonly middle: readonly Float64Array[]
  readonly seed: number
  readonly each: number
}

/** How often the truth lies between samples, site by site and in its sum, and spread beside error. */
function calibration(
  drawn: readonly (readonly Int32Array[])[],
  { right, coding, middle, seed, each }: Drawn,
): void {
  const rng = random(seed).fork(7)
  const quarter = Math.max(1, Math.floor(each / 4))
  const sites = drawn.map((own, i) =>
    Array.from(right[i], (value, x) => {
      const here = own.map(of => of[x])
      return placeOf(here, value, rng)
    }),
  )
  const sums = drawn.map((own, i) => [placeOf(own.map(sumOf), sumOf(right[i]), rng)])
  // Where all have the same sum there is nothing to be said of it.
  const differ = drawn.some(([own, other]) => sumOf(own) !== sumOf(other))
  const rows: Readonly<Record<string, readonly (readonly number[])[]>> = differ ? { sites, sums } : { sites }
  const wanted = [1, quarter].map(k => percent(covering({ each, k })))
  console.log(
    `| truth | between the outermost samples (${wanted[0]}) | between those a quarter in (${wanted[1]}) |\n|---|---|---|`,
  )
  for (const [name, places] of Object.entries(rows)) {
    const within = [1, quarter].map(k => meanAndError(places.map(of => covered(of, { each, k }))))
    console.log(`| ${name} | ${within.join(' | ')} |`)
  }
  const rms = (of: readonly number[]) => Math.sqrt(mean(of.map(v => v * v)))
  const spread = rms(drawn.flatMap((own, i) => Array.from(spreadOf(own, middle[i], coding))))
  const wrong = rms(
    right.flatMap((of, i) => Array.from(valued(of, coding), (value, x) => value - middle[i][x])),
  )
  console.log(
    `spread of samples ${spread.toFixed(4)}, error of their mean ${wrong.toFixed(4)} (rms over sites)`,
  )
}

/** The mean over pairs, whose sites go together, and its standard error. */
function meanAndError(of: readonly number[]): string {
  const m = mean(of)
  const variance = of.reduce((sum, value) => sum + (value - m) ** 2, 0) / (of.length * (of.length - 1))
  return `${percent(m)} ± ${(100 * Math.sqrt(variance)).toFixed(1)}`
}

interface Shown {
  readonly given: readonly Float64Array[]
  readonly fields: readonly Float64Array[]
  readonly middle: readonly Float64Array[]
  readonly bands: readonly Float64Array[]
}

/** Of the first four pairs a row each: what is told, the truth, the mean of the samples, and their spread, four times as bright. */
function picture(
  path: string,
  { given, fields, middle, bands }: Shown,
  [channels, rows, width]: readonly number[],
): void {
  const height = channels * rows
  const size = height * width
  const shown = fields.slice(0, 4).flatMap((field, i) => {
    const [low, high] = [Math.min(...field), Math.max(...field)]
    const relative = (of: ArrayLike<number>) => Array.from(of, value => (value - low) / (high - low))
    const told = Array<number>(size).fill(Number.NaN)
    const seen = Array.from(given[i]).slice(0, size)
    // Lines are told one, in the field's own unit; coefficients have their own.
    const [from, to] = seen.length < size ? [low, high] : [Math.min(...seen), Math.max(...seen)]
    seen.forEach((value, x) => {
      told[x] = (value - from) / (to - from || 1)
    })
    const band = Array.from(bands[i], value => (4 * value) / (high - low))
    return [told, relative(field), relative(middle[i]), band]
  })
  const data = Float32Array.from(shown.flat())
  writeFileSync(
    path,
    fieldPicture({ data, shape: [shown.length, height, width] }, { columns: 4, scale: 4, low: 0, high: 1 }),
  )
}

/** The plain regression by a model's own network, on what it was trained on, as often: how far it is from the truth. */
export async function regressMaps(file: string, folder: string, seed: number): Promise<void> {
  const { description } = await open(file)
  const { task, network, training } = description
  const { coding, shape, given, fields } = heldMaps(folder, Infinity)
  const seen = learned(folder)
  const size = shape.reduce((a, b) => a * b)
  const number = (name: string) => Number(training[name])
  const { parameters, tell } = await regressed({
    ...{ task: { ...task, shape }, network, seed },
    given: seen.given.map(row => row.slice(0, Math.min(row.length, size))),
    fields: seen.counts.map(of => valued(withoutSlack(of, coding, shape[2]), coding)),
    ...{ steps: number('steps'), batch: number('batch'), warmup: number('warmup') },
    ...{ rate: number('learningRate'), average: number('average') },
  })
  console.log(`${parameters} parameters\n${titles}`)
  const found = await tell(given.map(row => row.slice(0, Math.min(row.length, size))))
  say('plain regression', found, fields)
  const apart = fields.map((field, i) => Math.abs(sumOf(found[i]) / sumOf(field) - 1))
  if (shape[0] === 1) console.log(`its sum is off by ${percent(mean(apart))}`)
}
