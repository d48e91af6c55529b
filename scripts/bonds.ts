/**
 * Molecules as small graphs: node dist/scripts/bonds.js data MOLECULES.csv FOLDER
 * writes FOLDER/train.json and FOLDER/test.json (each tenth) of the column `smiles`, each molecule once, those with charges left out; … measure
 * SAMPLES.json TRAIN.json tells how many samples are molecules (every atom has room for its bonds, all hang together; nothing
 * is mended), how many of these differ, and how many of those are none of the training.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { placeOf, readCsv } from '../src/formats/csv.ts'
import { type SmallGraph, smallGraphsOfJson } from '../src/graph/index.ts'
import { codeOf, graphOf, isMolecule } from './chemistry/bonds.ts'
import { moleculeOf } from './chemistry/smiles.ts'
import { demandWords } from './words.ts'

const [what, path, other] = demandWords('bonds.js data|measure FILE FOLDER|TRAIN.json', process.argv.slice(2))
const listed = (name: string) => smallGraphsOfJson(JSON.parse(readFileSync(name, 'utf8')), { name })

if (what === 'data') {
  const table = readCsv(readFileSync(path, 'utf8'), path)
  const column = placeOf(table, 'smiles')
  const found = new Map<string, SmallGraph>()
  let left = 0
  for (const row of table.rows) {
    const read = moleculeOf(row[column])
    const molecule = read && graphOf(read)
    if (molecule && isMolecule(molecule) && molecule.n >= 3) found.set(codeOf(molecule), molecule)
    else left++
  }
  const all = [...found.values()]
  for (const [name, own] of [
    ['train.json', (i: number) => i % 10 > 0],
    ['test.json', (i: number) => i % 10 === 0],
  ] as const)
    writeFileSync(join(other, name), JSON.stringify(all.filter((_, i) => own(i))))
  process.stdout.write(`${all.length} molecules of ${table.rows.length} rows; ${left} left out\n`)
} else {
  const samples = listed(path)
  const known = new Set(listed(other).map(codeOf))
  const valid = samples.filter(isMolecule)
  const different = [...new Set(valid.map(codeOf))]
  const share = (part: number, whole: number) =>
    `${part} of ${whole} (${((100 * part) / Math.max(1, whole)).toFixed(1)} %)`
  const fresh = different.filter(code => !known.has(code)).length
  process.stdout.write(
    `molecules ${share(valid.length, samples.length)}, different ${share(different.length, valid.length)}, new ${share(fresh, different.length)}\n`,
  )
}
