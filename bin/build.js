// Compiles the TypeScript sources to dist/. In an installed package there is nothing to do: dist/ is shipped.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const at = path => fileURLToPath(new URL(`../${path}`, import.meta.url))
const stamp = at('dist/.built')

/** Compiles; returns the exit status. */
function build() {
  if (!existsSync(at('src'))) return 0
  const compiler = at('node_modules/typescript/bin/tsc')
  if (!existsSync(compiler)) {
    process.stderr.write('Cannot build saltus: its dependencies must be installed first (npm ci)\n')
    return 1
  }
  const { status } = spawnSync(process.execPath, [compiler, '-p', at('tsconfig.build.json')], { stdio: 'inherit' })
  if (status === 0) writeFileSync(stamp, '')
  return status ?? 1
}

/** The time of the last change below a folder. */
const changed = folder =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
    .reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0)

/** Compiles where sources are newer than the last build. */
export async function freshen() {
  if (!existsSync(at('src')) || !existsSync(at('node_modules/typescript'))) return
  const built = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (changed(at('src')) <= built) return
  const status = build()
  if (status !== 0) process.exit(status)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = build()
