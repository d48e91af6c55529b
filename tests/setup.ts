/** Compiles dist/ once before the tests, so that those of the command line do not all begin with it. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../bin/saltus.js', import.meta.url))

/** Where the sources do not compile, the tests of the command line fail by themselves; the others need no dist/. */
export default function setup(): void {
  const { status } = spawnSync(process.execPath, [bin, '--version'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0)
    process.stderr.write(`bin/saltus.js ended with status ${status}: see the messages above\n`)
}
