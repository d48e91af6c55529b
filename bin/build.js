// Compiles the TypeScript sources to dist/. In an installed package there is nothing to do: dist/ is shipped.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const at = path => fileURLToPath(new URL(`../${path}`, import.meta.url))

if (existsSync(at('src'))) {
  const compiler = at('node_modules/typescript/bin/tsc')
  const { status } = spawnSync(process.execPath, [compiler, '-p', at('tsconfig.build.json')], { stdio: 'inherit' })
  process.exitCode = status ?? 1
}
