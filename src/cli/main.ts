/** The command line: commands, and errors as one line with an exit status. */
import { CommanderError } from 'commander'
import { Cancelled, InvariantError, UsageError } from '../base/errors.ts'
import { commands } from './commands.ts'
import { flagOf } from './flags.ts'

/** Runs the command line; returns the exit status: 0, 1 for failure, 2 for wrong usage, 75 where another try may do, 130 or 143 when interrupted or terminated. */
export async function main(argv: readonly string[]): Promise<number> {
  process.stdout.off('error', unread).on('error', unread)
  process.stderr.off('error', unheard).on('error', unheard)
  try {
    const program = await commands(argv[0])
    await program.parseAsync(argv.length === 0 ? ['--help'] : argv, { from: 'user' })
    return 0
  } catch (error) {
    // What was asked for has been printed: help, or the version.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    return report(error)
  }
}

/** What our own errors look like: see `cannot()`. */
const grammar = /^Cannot [^:]+: /

/** One line for what the input brought about; the whole of it for what can only be a defect of the program. */
function report(error: unknown): number {
  if (error instanceof Cancelled) return error.cause === 'SIGTERM' ? 143 : 130
  const { message: told, stack } = error instanceof Error ? error : new Error(String(error))
  const message = error instanceof UsageError ? flagged(told, error.field) : told
  const expected = grammar.test(message) && !(error instanceof InvariantError)
  process.stderr.write(`${expected ? message.replace(/\s*\n\s*/g, ' ') : stack}\n`)
  return error instanceof UsageError ? 2 : passing(error) ? 75 : 1
}

/** What may be over when it is tried again (EX_TEMPFAIL of sysexits.h): no space left, no memory, too many files. */
function passing(error: unknown): boolean {
  const { message = '', code, cause } = error as Partial<NodeJS.ErrnoException>
  const named = ['ENOSPC', 'EDQUOT', 'ENOMEM', 'EMFILE', 'ENFILE', 'EIO', 'ESTALE'].includes(code ?? '')
  const starved = /allocation failed|out of memory|bad_alloc/i.test(message)
  return named || starved || (cause instanceof Error && passing(cause))
}

/** The field of a job by the name of its flag. */
const flagged = (message: string, field: string | undefined): string =>
  field === undefined ? message : message.replace(`: ${field} must be`, `: ${flagOf(field)} must be`)

/** Nobody reads what is printed any more (`saltus … | head`): no reason to complain. */
function unread(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
}

/** The terminal is gone (SIGHUP): what would be said on it is not worth an end. */
function unheard(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
}
