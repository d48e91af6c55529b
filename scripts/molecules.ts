/**
 * The figures of docs/chemistry.md, of molecules as lines of letters:
 *
 *     node dist/scripts/molecules.js prepare MOLECULES.csv FOLDER [--seed 1]
 *     node dist/scripts/molecules.js judge MODEL MOLECULES.csv FOLDER [--count 500] [--calls k] [--seed 1]
 *
 * MOLECULES.csv has the columns smiles and those that are told, in QM9's units. `prepare` writes molecules.npz: seven molecules in ten, each
 * once, a letter a site and its properties; letters.txt, what the states are. `judge` draws molecules, asked for properties of others, and looks which are
 * valid, different and new; what they have of a property a regressor says that was fitted on the other molecules alone.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { random } from '../src/base/random.ts'
import { whole } from '../src/cli/usage.ts'
import type { NdArray } from '../src/formats/array.ts'
import { numbersOf, placeOf, readCsv } from '../src/formats/csv.ts'
import { writeNpz } from '../src/formats/npz.ts'
import { open } from '../src/node/open.ts'
import { ridge } from './chemistry/ridge.ts'
import { leftOpen, lettersOf, likeness, lineOf, moleculeOf, seen, statesOf } from './chemistry/smiles.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '500' },
    calls: { type: 'string' },
  },
})
const [seed, count] = [values.seed, values.count].map(whole('a number', { least: 0 }))
const [verb] = demandWords('molecules.js prepare|judge MOLECULES.csv FOLDER', positionals)

/** What is told: energies in Hartree, the heat capacity in cal/(mol K). */
const told = ['homo', 'lumo', 'gap', 'cv'] as const

interface Row {
  readonly line: string
  readonly told: readonly number[]
}

/** The molecules of a table, each once, in a random order: those to learn from, and the others. */
function halves(path: string): {
  readonly own: Row[]
  readonly other: Row[]
  readonly letters: string
  length: number
} {
  const table = readCsv(readFileSync(path, 'utf8'), path)
  const at = placeOf(table, 'smiles')
  const columns = told.map(column => numbersOf(table, column))
  const rows = new Map<string, Row>()
  table.rows.forEach((row, i) => {
    if (!rows.has(row[at])) rows.set(row[at], { line: row[at], told: columns.map(column => column[i]) })
  })
  const rng = random(seed)
  const all = [...rows.values()]
    .map(row => [rng.uniform(), row] as const)
    .sort(([a], [b]) => a - b)
    .map(([, row]) => row)
  const lines = all.map(({ line }) => line)
  const kept = Math.round(0.7 * all.length)
  const length = 4 * Math.ceil(Math.max(...lines.map(line => line.length)) / 4)
  return { own: all.slice(0, kept), other: all.slice(kept), letters: lettersOf(lines), length }
}

function prepare([, path, folder]: readonly string[]): void {
  mkdirSync(folder, { recursive: true })
  const { own, letters, length } = halves(path)
  const states = Uint8Array.from(own.flatMap(({ line }) => statesOf(line, letters, length)))
  const lists = told.map((name, k) => {
    const data = Float32Array.from(own, row => row.told[k])
    return [name, { data, shape: [own.length] }] as [string, NdArray]
  })
  const samples = { data: states, shape: [own.length, 1, 1, length] }
  writeFileSync(join(folder, 'molecules.npz'), writeNpz({ samples, ...Object.fromEntries(lists) }))
  writeFileSync(join(folder, 'letters.txt'), letters.slice(1))
  console.log(`${own.length} molecules of at most ${length} letters, ${letters.length} states`)
}

const mean = (of: readonly number[]) => of.reduce((a, b) => a + b, 0) / of.length
const deviation = (of: readonly number[]) => Math.sqrt(mean(of.map(value => (value - mean(of)) ** 2)))
const percent = (part: number, all: number) => `${((100 * part) / all).toFixed(1)} %`

async function judge([, name, path, folder]: readonly string[]): Promise<void> {
  const { own, other, letters, length } = halves(path)
  const real = other.flatMap(({ line, told: properties }) => {
    const molecule = moleculeOf(line)
    return molecule ? [{ seen: seen(molecule), code: molecule.getIDCode(), told: properties }] : []
  })
  console.log(
    `Of ${other.length} molecules that were not learned from ${percent(real.length, other.length)} are found valid`,
  )
  const known = new Set(own.flatMap(({ line }) => moleculeOf(line)?.getIDCode() ?? []))
  const [fitted, tested] = [real.slice(0, FITTED), real.slice(FITTED)]
  const says = told.map((_, k) =>
    ridge(
      fitted.map(one => one.seen),
      fitted.map(one => one.told[k]),
      { kernel: likeness, weight: 0.05 },
    ),
  )
  const model = await open(name)
  const calls = values.calls === undefined ? {} : { calls: Number(values.calls) }
  const asked = tested.slice(0, count)

  async function drawn(tell: readonly number[]) {
    const file = join(folder, 'asked.npz')
    const lists = tell.map(k => {
      const data = Float32Array.from(asked, one => one.told[k])
      return [told[k], { data, shape: [asked.length] }] as [string, NdArray]
    })
    writeFileSync(file, writeNpz(Object.fromEntries(lists)))
    const options = tell.length > 0 ? { tell: file } : {}
    const { counts } = await model.generate({ ...options, count: asked.length, seed, ...calls })
    return asked.map((_, i) => lineOf(counts.subarray(i * length, (i + 1) * length), letters))
  }

  console.log(
    '| told | valid | of these different | of these new | of the others a ring or bracket left open |\n|---|---|---|---|---|',
  )
  const errors: string[] = []
  for (const tell of [[], [2], [3], [2, 3], [0, 1, 2, 3]]) {
    const lines = await drawn(tell)
    const row = tell.length === 0 ? 'nothing' : tell.map(k => told[k]).join(', ')
    const found = lines.flatMap((line, i) => {
      const molecule = line === undefined ? undefined : moleculeOf(line)
      return molecule ? [{ i, code: molecule.getIDCode(), seen: seen(molecule) }] : []
    })
    const codes = [...new Set(found.map(({ code }) => code))]
    const open = lines.filter(line => line !== undefined && !moleculeOf(line) && leftOpen(line)).length
    const fresh = codes.filter(code => !known.has(code))
    console.log(
      `| ${row} | ${percent(found.length, lines.length)} | ${percent(codes.length, found.length)} | ${percent(fresh.length, codes.length)} | ${percent(open, lines.length - found.length)} |`,
    )
    console.error(lines.slice(0, 8).join('  '))
    for (const k of tell.length === 0 ? [2, 3] : tell) {
      const off = mean(found.map(one => Math.abs(says[k](one.seen) - asked[one.i].told[k])))
      const its = mean(tested.map(one => Math.abs(says[k](one.seen) - one.told[k])))
      const all = deviation(real.map(one => one.told[k]))
      errors.push(
        `| ${row} | ${told[k]} | ${off.toPrecision(3)} | ${its.toPrecision(3)} | ${all.toPrecision(3)} | ${(off / all).toFixed(2)} |`,
      )
    }
  }
  console.log(
    `\n| told | property | mean error of samples | the regressor's own | deviation of the data | error over deviation |\n|---|---|---|---|---|---|\n${errors.join('\n')}`,
  )
}

/** Molecules that the regressor is fitted on. */
const FITTED = 2000

await (verb === 'judge' ? judge : prepare)(positionals)
