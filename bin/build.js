// Compiles the TypeScript sources to dist/. In an installed package there is nothing to do: dist/ is shipped.
//
// The command line needs what `tsconfig.build.json` names, src/; `npm run build` compiles bench/ and scripts/ as well.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const at = path => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** Lies in dist/src, so that it changes hands together with what it speaks of; its time is that of the sources. */
const stamp = 'src/.built'

/** Compiles anew beside dist/, by a configuration, and puts in place what comes out; returns the exit status. */
function build(configuration) {
  if (!existsSync(at('src'))) return 0
  const compiler = at('node_modules/typescript/bin/tsc')
  if (!existsSync(compiler)) {
    process.stderr.write(
      'Cannot build saltus: its compiler must be installed (npm ci --include=dev), got none\n',
    )
    // npx runs "prepare" too, and keeps a broken link in its cache where that fails.
    return process.env.npm_lifecycle_event === 'prepare' ? 0 : 1
  }
  const fresh = at(`dist/.fresh-${process.pid}`)
  try {
    mkdirSync(join(fresh, 'src'), { recursive: true })
    // Written first: what changes while the compiler reads is newer than the build.
    writeFileSync(join(fresh, stamp), '')
    const args = [compiler, '-p', at(configuration), '--outDir', fresh]
    const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 2, 2] })
    if (status !== 0) return status ?? 1
    for (const name of readdirSync(fresh)) replace(at(`dist/${name}`), join(fresh, name))
    return 0
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** Puts a folder in another's place: nobody finds it half-written, and nothing of the old one stays. */
function replace(old, fresh) {
  try {
    if (existsSync(old)) renameSync(old, `${fresh}.old`)
    renameSync(fresh, old)
  } catch (error) {
    // Another process that builds was quicker: what it has put there is as good.
    if (!existsSync(old)) throw error
  }
}

/** The time of the last change below a folder. */
const changed = folder =>
  readdirSync(folder, { recursive: true })
    .filter(name => name.endsWith('.ts'))
    .reduce((latest, name) => Math.max(latest, statSync(join(folder, name)).mtimeMs), 0)

/** Compiles where sources are newer than the last build; returns the exit status. */
export function freshen() {
  if (!existsSync(at('src')) || !existsSync(at('node_modules/typescript'))) return 0
  const built = statSync(at(`dist/${stamp}`), { throwIfNoEntry: false })?.mtimeMs ?? 0
  return changed(at('src')) <= built ? 0 : build('tsconfig.build.json')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const status = build('tsconfig.tools.json')
  // An error in bench/ or scripts/ stops nobody from installing.
  const installing = process.env.npm_lifecycle_event === 'prepare'
  process.exitCode = status !== 0 && installing ? build('tsconfig.build.json') : status
}
