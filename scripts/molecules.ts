/**
 * The figures of docs/chemistry.md, of molecules as states of a chain:
 *
 *     node dist/scripts/molecules.js prepare MOLECULES.csv FOLDER [--seed 1]
 *     node dist/scripts/molecules.js judge MODEL MOLECULES.csv FOLDER [--count 300] [--calls k] [--temperature T] [--seed 1]
 *     node dist/scripts/molecules.js predict MODEL MOLECULES.csv FOLDER [--count 300] [--draws 16] [--seed 1]
 *     node dist/scripts/molecules.js ask gap=0.25,cv=31 FOLDER        # or a molecule: CC(=O)OC
 *     node dist/scripts/molecules.js lines DRAWN.npz FOLDER
 *
 * MOLECULES.csv has the columns smiles and those that are told, in QM9's units. `prepare` writes seven molecules in ten, each once, as letters.npz (a
 * letter a site, told its properties) and as atoms.npz (rows of atoms, a site of properties behind them); others.npz, the other three as rows of atoms;
 * properties.npy, the mask of what they have; letters.txt and levels.json, what the states are. `judge` draws molecules,
 * asked for properties of others, and looks which are valid, different and new; what they have of a property a regressor says that was fitted on the
 * other molecules alone. `predict` shows a model of atoms other molecules and asks for their properties. `ask` writes asked.npz and asked.npy, --input and --mask of
 * saltus inpaint, which draws molecules that have some properties, or the properties of a molecule. `lines` prints samples as lines.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cannot } from '../src/base/errors.ts'
import { random } from '../src/base/random.ts'
import { whole } from '../src/cli/usage.ts'
import type { NdArray } from '../src/formats/array.ts'
import { numbersOf, placeOf, readCsv } from '../src/formats/csv.ts'
import { writeNpy } from '../src/formats/npy.ts'
import { readNpz, writeNpz } from '../src/formats/npz.ts'
import { open } from '../src/node/open.ts'
import { ridges } from './chemistry/ridge.ts'
import { leftOpen, likeness, lineOf, moleculeOf, seen } from './chemistry/smiles.ts'
import {
  ATOMS,
  askedFor,
  type Described,
  inAtoms,
  inLetters,
  type Levels,
  levelsOf,
  toldBy,
} from './chemistry/writing.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '300' },
    calls: { type: 'string' },
    temperature: { type: 'string' },
    draws: { type: 'string', default: '16' },
  },
})
const [seed, count, draws] = [values.seed, values.count, values.draws].map(whole('a number', { least: 0 }))
const [verb] = demandWords('molecules.js prepare|judge|predict|ask|lines MOLECULES.csv FOLDER', positionals)

/** What is told: energies in Hartree, the heat capacity in cal/(mol K). */
const told = ['homo', 'lumo', 'gap', 'cv'] as const

/** The molecules of a table, each once, in a random order: those to learn from, and the others. */
function halves(path: string): { readonly own: Described[]; readonly other: Described[] } {
  const table = readCsv(readFileSync(path, 'utf8'), path)
  const at = placeOf(table, 'smiles')
  const columns = told.map(column => numbersOf(table, column))
  const rows = new Map<string, Described>()
  table.rows.forEach((row, i) => {
    if (!rows.has(row[at])) rows.set(row[at], { line: row[at], told: columns.map(column => column[i]) })
  })
  const rng = random(seed)
  const all = [...rows.values()]
    .map(row => [rng.uniform(), row] as const)
    .sort(([a], [b]) => a - b)
    .map(([, row]) => row)
  const kept = Math.round(0.7 * all.length)
  return { own: all.slice(0, kept), other: all.slice(kept) }
}

function prepare([, path, folder]: readonly string[]): void {
  mkdirSync(folder, { recursive: true })
  const { own, other } = halves(path)
  const letters = inLetters([...own, ...other])
  const levels = told.map((_, k) => levelsOf(own.map(row => row.told[k])))
  const atoms = inAtoms(levels)
  const { channels, sites } = atoms
  for (const [name, rows, { channels, sites, states, write }] of [
    ['letters', own, letters],
    ['atoms', own, atoms],
    ['others', other, atoms],
  ] as const) {
    const written = rows.flatMap(row => {
      const of = write(row)
      return of ? [{ of, row }] : []
    })
    const lists = told.map((property, k) => {
      const data = Float32Array.from(written, ({ row }) => row.told[k])
      return [property, { data, shape: [written.length] }] as [string, NdArray]
    })
    const data = Uint8Array.from(written.flatMap(({ of }) => of))
    const samples = { data, shape: [written.length, channels, 1, sites] }
    writeFileSync(join(folder, `${name}.npz`), writeNpz({ samples, ...Object.fromEntries(lists) }))
    console.log(
      `${written.length} molecules of ${rows.length} in ${name}, ${channels}×${sites} of ${states} states`,
    )
  }
  const data = Uint8Array.from({ length: channels * sites }, (_, x) => (x % sites === ATOMS ? 1 : 0))
  writeFileSync(join(folder, 'properties.npy'), writeNpy({ data, shape: [channels, 1, sites] }))
  writeFileSync(join(folder, 'letters.txt'), letters.letters.slice(1))
  writeFileSync(
    join(folder, 'levels.json'),
    JSON.stringify(Object.fromEntries(told.map((name, k) => [name, levels[k]]))),
  )
}

const mean = (of: readonly number[]) => of.reduce((a, b) => a + b, 0) / of.length
const deviation = (of: readonly number[]) => Math.sqrt(mean(of.map(value => (value - mean(of)) ** 2)))
const percent = (part: number, all: number) => `${((100 * part) / all).toFixed(1)} %`

/** Molecules that are found valid, what they have, and regressors that were fitted on the first of them. */
function regressors(other: readonly Described[]) {
  const real = other.flatMap(row => {
    const molecule = moleculeOf(row.line)
    return molecule ? [{ ...row, seen: seen(molecule) }] : []
  })
  console.log(
    `Of ${other.length} molecules that were not learned from ${percent(real.length, other.length)} are found valid`,
  )
  const [fitted, tested] = [real.slice(0, FITTED), real.slice(FITTED)]
  const says = ridges(
    fitted.map(one => one.seen),
    told.map((_, k) => fitted.map(one => one.told[k])),
    { kernel: likeness, weight: 0.05 },
  )
  const said = tested.map(one => says(one.seen))
  const own = told.map((_, k) => mean(tested.map((one, i) => Math.abs(said[i][k] - one.told[k]))))
  return { tested, says, own, spread: told.map((_, k) => deviation(real.map(one => one.told[k]))) }
}

/** Of the properties in the order of `told`. */
const levelsIn = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'levels.json'), 'utf8')) as Record<string, Levels>

/** How the model of a folder writes molecules, and the levels of properties. */
function writingOf(folder: string, channels: number, all: () => readonly Described[]) {
  const levels = Object.values(levelsIn(folder))
  return { levels, writing: channels === 1 ? inLetters(all()) : inAtoms(levels) }
}

async function judge([, name, path, folder]: readonly string[]): Promise<void> {
  const { own, other } = halves(path)
  const model = await open(name)
  const { writing } = writingOf(folder, model.description.task.shape[0], () => [...own, ...other])
  const { channels, sites } = writing
  const known = new Set(own.flatMap(({ line }) => moleculeOf(line)?.getIDCode() ?? []))
  const { tested, says, own: its, spread } = regressors(other)
  const calls = values.calls === undefined ? {} : { calls: Number(values.calls) }
  const sharp = values.temperature === undefined ? {} : { temperature: Number(values.temperature) }
  const asked = tested.filter(one => writing.write(one)).slice(0, count)

  /** Letters are told; with a site of properties these are what is known. */
  async function statesFor(tell: readonly number[]): Promise<Int32Array> {
    const drawing = { seed, ...calls, ...sharp }
    if (tell.length === 0) return (await model.generate({ ...drawing, count: asked.length })).counts
    if (channels > 1) {
      const shape = [asked.length, channels, 1, sites]
      const data = Uint8Array.from(asked.flatMap(one => writing.write(one) ?? []))
      const open = Uint8Array.from({ length: channels * sites }, (_, x) =>
        x % sites === ATOMS && tell.includes(Math.floor(x / sites)) ? 0 : 1,
      )
      const mask = { data: open, shape: [channels, 1, sites] }
      return (await model.complete({ data, shape }, mask, { ...drawing, count: 1 })).counts
    }
    const file = join(folder, 'asked.npz')
    const lists = tell.map(k => {
      const data = Float32Array.from(asked, one => one.told[k])
      return [told[k], { data, shape: [asked.length] }] as [string, NdArray]
    })
    writeFileSync(file, writeNpz(Object.fromEntries(lists)))
    return (await model.generate({ ...drawing, tell: file, count: asked.length })).counts
  }

  console.log(
    '| told | valid | of these different | of these new | of the others a ring or bracket left open, or no molecule at all |\n|---|---|---|---|---|',
  )
  const errors: string[] = []
  for (const tell of [[], [2], [3], [2, 3], [0, 1, 2, 3]]) {
    const states = await statesFor(tell)
    const size = channels * sites
    const lines = asked.map((_, i) => writing.read(states.subarray(i * size, (i + 1) * size)))
    const row = tell.length === 0 ? 'nothing' : tell.map(k => told[k]).join(', ')
    const found = lines.flatMap((line, i) => {
      const molecule = line === undefined ? undefined : moleculeOf(line)
      return molecule ? [{ i, code: molecule.getIDCode(), seen: seen(molecule) }] : []
    })
    const codes = [...new Set(found.map(({ code }) => code))]
    const left = lines.filter(line => line === undefined || (!moleculeOf(line) && leftOpen(line))).length
    const fresh = codes.filter(code => !known.has(code))
    console.log(
      `| ${row} | ${percent(found.length, lines.length)} | ${percent(codes.length, found.length)} | ${percent(fresh.length, codes.length)} | ${percent(left, lines.length - found.length)} |`,
    )
    console.error(lines.slice(0, 8).join('  '))
    const said = found.map(one => says(one.seen))
    for (const k of tell.length === 0 ? [2, 3] : tell) {
      const off = mean(found.map((one, j) => Math.abs(said[j][k] - asked[one.i].told[k])))
      errors.push(
        `| ${row} | ${told[k]} | ${off.toPrecision(3)} | ${its[k].toPrecision(3)} | ${spread[k].toPrecision(3)} | ${(off / spread[k]).toFixed(2)} |`,
      )
    }
  }
  console.log(
    `\n| told | property | mean error of samples | the regressor's own | deviation of the data | error over deviation |\n|---|---|---|---|---|---|\n${errors.join('\n')}`,
  )
}

/** The properties of other molecules as the mean of what is drawn beside these. */
async function predict([, name, path, folder]: readonly string[]): Promise<void> {
  const { other } = halves(path)
  const model = await open(name)
  const [channels] = model.description.task.shape
  if (channels === 1)
    throw new RangeError(cannot('predict', 'the model', 'one of rows of atoms', 'one of letters'))
  const { writing, levels } = writingOf(folder, channels, () => other)
  const { tested, own, spread } = regressors(other)
  const asked = tested.filter(one => writing.write(one)).slice(0, count)
  const { sites } = writing
  const data = Uint8Array.from(asked.flatMap(one => writing.write(one) ?? []))
  const mask = {
    data: Uint8Array.from({ length: channels * sites }, (_, x) => (x % sites === ATOMS ? 1 : 0)),
    shape: [channels, 1, sites],
  }
  const images = { data, shape: [asked.length, channels, 1, sites] }
  const { counts } = await model.complete(images, mask, {
    seed,
    calls: Number(values.calls ?? 4),
    count: draws,
  })
  const size = channels * sites
  const drawn = Array.from({ length: asked.length * draws }, (_, i) =>
    toldBy(counts.subarray(i * size, (i + 1) * size), levels),
  )
  console.log("| property | mean error | the regressor's | deviation of the data |\n|---|---|---|---|")
  for (const [k, property] of told.entries()) {
    const said = asked.map((_, i) => mean(drawn.slice(i * draws, (i + 1) * draws).map(of => of[k])))
    const off = mean(asked.map((one, i) => Math.abs(said[i] - one.told[k])))
    console.log(
      `| ${property} | ${off.toPrecision(3)} | ${own[k].toPrecision(3)} | ${spread[k].toPrecision(3)} |`,
    )
  }
}

function ask([, words, folder]: readonly string[]): void {
  const { states, open, warnings } = askedFor(words, levelsIn(folder))
  const [channels, sites] = [states.length / (ATOMS + 1), ATOMS + 1]
  for (const warning of warnings) console.error(warning)
  const samples = { data: Uint8Array.from(states), shape: [1, channels, 1, sites] }
  writeFileSync(join(folder, 'asked.npz'), writeNpz({ samples }))
  writeFileSync(
    join(folder, 'asked.npy'),
    writeNpy({ data: Uint8Array.from(open), shape: [channels, 1, sites] }),
  )
}

/** Samples as lines, a comma and what they are said to have behind each; where they are no molecule nothing before it. */
async function lines([, path, folder]: readonly string[]): Promise<void> {
  const { samples } = (await readNpz(new Uint8Array(readFileSync(path)), path)) as { samples: NdArray }
  const [n, channels, , sites] = samples.shape
  const letters = `\0${readFileSync(join(folder, 'letters.txt'), 'utf8')}`
  const { levels, writing } = writingOf(folder, Math.max(2, channels), () => [])
  for (let i = 0; i < n; i++) {
    const states = Array.from(samples.data)
      .slice(i * channels * sites, (i + 1) * channels * sites)
      .map(Number)
    const line = channels === 1 ? lineOf(states, letters) : writing.read(states)
    const valid = line !== undefined && moleculeOf(line) ? line : ''
    const says = channels === 1 ? [] : toldBy(states, levels).map(value => value.toPrecision(4))
    console.log([valid, ...says].join())
  }
}

/** Molecules that the regressor is fitted on. */
const FITTED = 2000

const verbs: Readonly<Record<string, (words: readonly string[]) => void | Promise<void>>> = {
  ...{ prepare, judge, predict, ask, lines },
}
if (!Object.hasOwn(verbs, verb))
  throw new RangeError(cannot('run molecules.js', 'the verb', Object.keys(verbs).join(', '), verb))
await verbs[verb](positionals)
