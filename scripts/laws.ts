/**
 * `npm run laws -- --samples 100000 --checks 1000000`: all processes and samplers against exact laws, with a fresh seed, and
 * masses in fuzzed steps. A correct program fails with a probability of at most 1e-4 over all of it (Bonferroni).
 */
import { parseArgs } from 'node:util'
import { random } from '../src/base/random.ts'
import { significance, variation } from './laws/exact.ts'
import { laws } from './laws/laws.ts'
import { fuzzMasses } from './laws/masses.ts'

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '100000' },
    checks: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Date.now()) },
  },
})
const [samples, checks, seed] = [values.samples, values.checks, values.seed].map(Number)

/** Of all tests together. */
const familyWise = 1e-4

const rng = random(seed)
const all = laws(seed, rng)
const each = familyWise / all.length
let failed = 0
process.stdout.write(
  `seed ${seed}, ${samples} samples of each of ${all.length} laws, each at ${each.toExponential(1)}\n`,
)
for (const { name, law, bias = 0, draw } of all) {
  const counts = await draw(samples)
  const p = significance(counts, law, samples)
  const apart = variation(counts, law, samples)
  // P(variation > e) <= 2^K exp(-2 N e^2), the union bound over all sets of states with Hoeffding's inequality.
  const most = bias + Math.sqrt((law.length * Math.LN2 + Math.log(1 / each)) / (2 * samples))
  const holds = bias > 0 ? apart <= most : p >= each
  if (!holds) failed++
  const told = bias > 0 ? `apart ${apart.toFixed(4)}, at most ${most.toFixed(4)}` : `p = ${p.toPrecision(3)}`
  process.stdout.write(`${holds ? 'holds ' : 'FAILS '} ${name.padEnd(52)} ${told}\n`)
}
const broken = fuzzMasses(checks, rng.fork(99))
process.stdout.write(
  broken === undefined ? `holds  masses in ${checks} steps\n` : `FAILS  masses: ${broken}\n`,
)
process.exitCode = failed > 0 || broken !== undefined ? 1 : 0
