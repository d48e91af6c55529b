/**
 * The table of a model's card: node dist/scripts/card.js MODEL DATA FOLDER COUNT:CALLS[@W]…
 *
 * Draws COUNT samples with CALLS network calls each (or `cfl0.5`: algorithm 2 with ε = 0.5) and the guidance W, all of
 * the same masses and classes, evaluates them against the test images in DATA, with training images as the floor, and
 * prints a row each. Files stay in FOLDER. The table of guidance: 1000:128@0.5 1000:128@1 1000:128@1.5 …
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../src/cli/version.ts'

const [model, data, folder, ...wanted] = process.argv.slice(2)

/** Runs a command of saltus and returns what it prints. */
const saltus = (...args: string[]): string =>
  execFileSync(process.execPath, [join(packageRoot, 'bin/saltus.js'), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })

console.log(
  '| solver | guidance | samples | Fréchet | floor | ratio | sure ≥ 0.9 | right | classes seen | seconds |',
)
console.log('|---|---|---|---|---|---|---|---|---|---|')
for (const word of wanted) {
  const [count, told] = word.split(':')
  const [calls, guidance = '1'] = told.split('@')
  const cfl = calls.startsWith('cfl') ? calls.slice(3) : undefined
  const file = join(folder, `${count}-${told}.npz`)
  const solver = cfl ? ['--solver', 'cfl', '--cfl', cfl] : ['--calls', calls]
  const began = Date.now()
  const known = existsSync(file)
  const flags = ['--model', model, '--count', count, '--seed', '1', '--guidance', guidance, ...solver]
  if (!known) saltus('sample', ...flags, '--out', file)
  const seconds = known ? '–' : ((Date.now() - began) / 1000).toFixed(0)
  const e = JSON.parse(saltus('evaluate', '--samples', file, '--reference', data, '--real', data, '--json'))
  const classes = e.classes.filter((share: number) => share > 0).length
  const cells = [
    cfl ? `cfl, ε = ${cfl}` : `leap, ${calls} calls`,
    guidance,
    count,
    e.frechet.toFixed(3),
    e.floor.toFixed(3),
    (e.frechet / e.floor).toFixed(1),
    `${(100 * e.sure).toFixed(1)} %`,
    e.right === undefined ? '–' : `${(100 * e.right).toFixed(1)} %`,
    classes,
    seconds,
  ]
  console.log(`| ${cells.join(' | ')} |`)
}
