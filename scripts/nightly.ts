/** `npm run nightly -- --inputs 100000 --rounds 100`: the suites at length, one after the other, and one table of them all. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '100' },
    samples: { type: 'string', default: '100000' },
    checks: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Date.now()) },
  },
})
const { inputs, rounds, samples, checks, seed } = values

const suites = {
  fuzz: ['--inputs', inputs],
  crash: ['--rounds', rounds],
  laws: ['--samples', samples, '--checks', checks],
}

/** Runs a suite, shows what it says, and returns that with its exit status and seconds. */
function suite(
  name: string,
  args: readonly string[],
): Promise<{ status: number; said: string; seconds: number }> {
  const began = performance.now()
  const script = fileURLToPath(new URL(`./${name}.js`, import.meta.url))
  const child = spawn(process.execPath, [script, ...args, '--seed', seed], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => {
    said += bytes
    process.stdout.write(bytes)
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code =>
      resolve({ status: code ?? 1, said, seconds: (performance.now() - began) / 1000 }),
    )
  })
}

const rows: string[] = []
for (const [name, args] of Object.entries(suites)) {
  const { status, said, seconds } = await suite(name, args)
  const held = said.match(/^holds |^\S+ +\d+ inputs, /gm)?.length ?? 0
  const failed = said.match(/^FAILS |^FOUND /gm)?.length ?? 0
  rows.push(`| ${name} | ${held} | ${failed} | ${status} | ${seconds.toFixed(0)} |`)
  if (status !== 0) process.exitCode = 1
}
process.stdout.write(
  `\nseed ${seed}\n\n| suite | done | findings | status | s |\n|---|---|---|---|---|\n${rows.join('\n')}\n`,
)
