/** The command line: commands, and errors as one line with an exit status. */
import { Command, CommanderError } from 'commander'
import { Cancelled } from '../base/errors.ts'
import { trainCommand } from './train.ts'
import { UsageError } from './usage.ts'
import { version } from './version.ts'

/** Runs the command line; returns the exit status: 0, 1 for failure, 2 for wrong usage, 130 when interrupted. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('saltus')
    .description('Generative diffusion by jump processes: images with exactly the mass you ask for')
    .version(version)
    .showHelpAfterError('(saltus --help says more)')
  for (const command of [trainCommand()]) program.addCommand(command)
  for (const command of [program, ...program.commands]) command.exitOverride().configureOutput({ outputError: () => {} })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return 0
  } catch (error) {
    return report(error)
  }
}

function report(error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0
  const message = (error instanceof Error ? error.message : String(error)).replace(/^error: /, '')
  if (error instanceof Cancelled) return 130
  process.stderr.write(`${message.split('\n')[0]}\n`)
  if (process.env.SALTUS_TRACE && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  return error instanceof CommanderError || error instanceof UsageError ? 2 : 1
}
