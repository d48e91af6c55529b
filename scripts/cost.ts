/**
 * What quality costs: node dist/scripts/cost.js MODEL DATA [--ratio 6] [--count 2000] [--calls 8,12,16,24,32,48,64,128]
 *
 * Draws `--count` samples of a model of digits by its own solver on one thread, with more and more network calls, until
 * their Fréchet ratio (against the test images in DATA, over that of as many training images) is at most `--ratio`, and
 * prints a row each: the seconds of processor time per sample, and the ratio. The last row is the cost of that quality.
 */
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { listOf, whole } from '../src/cli/usage.ts'
import { writeNpz } from '../src/formats/npz.ts'
import { draw } from '../src/jobs/draw/draw.ts'
import { solverOf } from '../src/jobs/draw/solver.ts'
import { wishes } from '../src/jobs/generate/wishes.ts'
import { packed } from '../src/jobs/output/images.ts'
import { writeWhole } from '../src/node/files.ts'
import { machine } from '../src/node/machine.ts'
import { loadModel } from '../src/node/models.ts'
import { process as processOf } from '../src/process/index.ts'
import { saltus } from './run.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ratio: { type: 'string', default: '6' },
    count: { type: 'string', default: '2000' },
    calls: { type: 'string', default: '8,12,16,24,32,48,64,128' },
  },
})
const [name, data] = demandWords('cost.js MODEL DATA', positionals)
const count = whole('--count', { least: 2 })(values.count)
const { description, bytes } = loadModel(name)
const { conserved } = processOf(description.process)
const wished = wishes(description.data, { count, seed: 1 })
const drawing = {
  model: bytes,
  description,
  seed: 1,
  masses: wished.map(({ masses }) => masses.slice(0, conserved)),
  labels: wished.map(({ label }) => label),
}
const file = join(tmpdir(), `cost-${process.pid}.npz`)

console.log('| calls | CPU seconds per sample | Fréchet ratio |\n|---|---|---|')
for (const calls of listOf(whole('--calls', { least: 1 }))(values.calls)) {
  const before = process.cpuUsage()
  const { counts } = await draw(
    { ...drawing, solver: solverOf({ calls }, description) },
    machine({ workers: 1 }),
  )
  const { user, system } = process.cpuUsage(before)
  writeWhole(file, writeNpz({ samples: packed({ counts, shape: [count, ...description.task.shape] }) }))
  const told = saltus('evaluate', '--samples', file, '--reference', data, '--real', data, '--json')
  const { frechet, floor } = JSON.parse(told)
  const cost = (user + system) / 1e6 / count
  console.log(`| ${calls} | ${cost.toFixed(4)} | ${(frechet / floor).toFixed(2)} |`)
  if (frechet / floor <= Number(values.ratio)) break
}
rmSync(file, { force: true })
