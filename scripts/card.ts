/**
 * The table of a model's card: node dist/scripts/card.js MODEL DATA FOLDER COUNT:[SOLVER]CALLS[@W]…
 *
 * Draws COUNT samples with CALLS network calls each, by the model's own solver or the one named (`multistep32`; `cfl0.5`:
 * algorithm 2 with ε = 0.5; `net16`: 16 calls without noise), and the guidance W, all of the same classes and, where mass is
 * kept, the same masses, evaluates them against the test images in DATA, with training images as the floor, and prints a row
 * each: the mass is that of the samples over that of the test images. Files stay in FOLDER. The table of all cards:
 * 2000:8 2000:16 2000:32 2000:64 2000:128
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { saltus } from './run.ts'
import { demandWords } from './words.ts'

const [model, data, folder, ...wanted] = demandWords(
  'card.js MODEL DATA FOLDER COUNT:CALLS',
  process.argv.slice(2),
)

/** A solver, and what is told it. */
function solverOf(word: string): { flags: string[]; told: string } {
  const [, name, value] = /^(ancestral|multistep|net|cfl|)(\d.*)$/.exec(word) ?? []
  if (value === undefined)
    throw new RangeError(`Cannot read the solver ${word}: it is none of 32, multistep32, net32, cfl0.5`)
  if (name === 'cfl') return { flags: ['--solver', 'cfl', '--cfl', value], told: `cfl, ε = ${value}` }
  const calls = ['--calls', value]
  if (name === 'net') return { flags: [...calls, '--noise', '0'], told: `net flow, ${value} calls` }
  const solver = name === '' ? [] : ['--solver', name]
  return { flags: [...solver, ...calls], told: `${name || 'default'}, ${value} calls` }
}

const heads = 'solver,guidance,samples,Fréchet,floor,ratio,sure ≥ 0.9,right,mass,classes seen,seconds'.split(
  ',',
)
console.log(`| ${heads.join(' | ')} |`)
console.log(`${'|---'.repeat(heads.length)}|`)
for (const word of wanted) {
  const [count, told] = word.split(':')
  const [calls, guidance = '1'] = told.split('@')
  const solver = solverOf(calls)
  const file = join(folder, `${count}-${told}.npz`)
  const began = performance.now()
  const known = existsSync(file)
  const flags = ['--model', model, '--count', count, '--seed', '1', '--guidance', guidance]
  if (!known) saltus('sample', ...flags, ...solver.flags, '--out', file)
  const seconds = known ? '–' : ((performance.now() - began) / 1000).toFixed(0)
  const e = JSON.parse(saltus('evaluate', '--samples', file, '--reference', data, '--real', data, '--json'))
  const share = (of: number | undefined) => (of === undefined ? '–' : `${(100 * of).toFixed(1)} %`)
  const cells = [
    solver.told,
    guidance,
    count,
    e.frechet.toFixed(3),
    e.floor.toFixed(3),
    (e.frechet / e.floor).toFixed(1),
    share(e.sure),
    share(e.right),
    (e.mass.samples.mean / e.mass.reference.mean).toFixed(3),
    e.classes?.filter((part: number) => part > 0).length ?? '–',
    seconds,
  ]
  console.log(`| ${cells.join(' | ')} |`)
}
