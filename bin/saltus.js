#!/usr/bin/env node
// Starts the command line; in a clone whose sources are newer than what was compiled, compiles them first.
import { freshen } from './build.js'

await freshen()
const { main } = await import('../dist/src/cli/main.js')
process.exitCode = await main(process.argv.slice(2))
