/**
 * The strips of several models one below the other: node dist/scripts/beside.js OUT.png MODEL MODEL… -- FLAGS
 *
 * `saltus movie` draws each with the same FLAGS, as `--seed 3 --class 0:4`; a white line parts them.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readPng } from '../src/formats/png.ts'
import { writePng } from '../src/formats/png-writer.ts'
import { readBytes } from '../src/node/files.ts'
import { saltus } from './run.ts'
import { demandWords } from './words.ts'

const [out, ...rest] = demandWords('beside.js OUT.png MODEL', process.argv.slice(2))
const end = rest.includes('--') ? rest.indexOf('--') : rest.length
const [models, flags] = [rest.slice(0, end), rest.slice(end + 1)]

const folder = mkdtempSync(join(tmpdir(), 'beside-'))
const strips = models.map((model, k) => {
  const file = join(folder, `${k}.png`)
  console.log(saltus('movie', '--model', model, ...flags, '--out', file).trim())
  return readPng(readBytes(file), file)
})
rmSync(folder, { recursive: true })

const line = 2
const width = Math.max(...strips.map(({ shape }) => shape[2]))
const height = strips.reduce((sum, { shape }) => sum + shape[1] + line, -line)
const channels = Math.max(...strips.map(({ shape }) => shape[0]))
const data = new Uint8Array(channels * height * width).fill(255)
let top = 0
for (const { data: pixels, shape } of strips) {
  const [own, rows, columns] = shape
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++)
        data[(c * height + top + y) * width + x] = Number(pixels[((c % own) * rows + y) * columns + x])
  top += rows + line
}
writeFileSync(out, writePng({ data, shape: [channels, height, width] }))
