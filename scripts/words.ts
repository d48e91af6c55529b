/** The words behind a script's name: all that it must be told, or one line. */
import { cannot } from '../src/base/errors.ts'

/**
 * The words that were given, where they are as many as `usage` names: `material.js MODEL DATA FOLDER`. Else the program
 * ends with one line and status 2, as the command does where it is used wrongly.
 */
export function demandWords(usage: string, given: readonly string[]): readonly string[] {
  const [script, ...names] = usage.split(' ')
  if (given.length >= names.length) return given
  process.stderr.write(`${cannot('run', script, `told ${names.join(' ')}`, given)}\n`)
  return process.exit(2)
}
