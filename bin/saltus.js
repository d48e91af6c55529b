#!/usr/bin/env node
// Starts the command line; in a clone whose sources are newer than what was compiled, compiles them first.
import { existsSync } from 'node:fs'
import { freshen } from './build.js'

const entry = new URL('../dist/src/cli/main.js', import.meta.url)
const status = freshen()
if (status === 0 && existsSync(entry)) {
  const { main } = await import(entry.href)
  process.exitCode = await main(process.argv.slice(2))
} else {
  if (status === 0)
    process.stderr.write(
      'Cannot start saltus: it must be compiled, for which its compiler is needed (npm ci --include=dev), got no dist/\n',
    )
  process.exitCode = status || 1
}
