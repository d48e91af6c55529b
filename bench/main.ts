// All benchmarks, or those named: npm run bench [-- walk engine models sampling random physics]. Results: bench/results.txt.
import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus } from 'node:os'
import { newShipped } from '../src/node/models.ts'
import { run as engine, subjectOf } from './engine.ts'
import { run as physics } from './physics.ts'
import { run as draws } from './random.ts'
import { run as sampling } from './sampling.ts'
import { run as walk } from './walk.ts'

const benchmarks: Readonly<Record<string, () => unknown>> = {
  walk,
  engine: () => engine(),
  models,
  sampling: () => sampling(),
  random: draws,
  physics,
}

const named = process.argv.slice(2)
const unknown = named.find(name => !Object.hasOwn(benchmarks, name))
if (unknown) {
  process.stderr.write(
    `Cannot run the benchmarks: each name must be one of ${Object.keys(benchmarks).join(', ')}, got ${unknown}\n`,
  )
  process.exit(2)
}
console.log(
  `${cpus()[0].model}, ${availableParallelism()} cores · Node ${process.versions.node} · commit ${commit()} · ${new Date().toISOString().slice(0, 10)}`,
)
for (const [name, run] of Object.entries(benchmarks)) {
  if (named.length > 0 && !named.includes(name)) continue
  console.log(`\n## ${name}\n`)
  await run()
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return 'unknown'
  }
}

/** Training step and inference of every shipped model. */
async function models(): Promise<void> {
  const names = newShipped()
  if (names.length === 0) console.log('No model of this format here.')
  for (const name of names) await engine({ subject: subjectOf(name), rounds: 5 })
}
