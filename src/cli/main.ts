/** The command line: commands, and errors as one line with an exit status. */
import { Command, CommanderError } from 'commander'
import { Cancelled, InvariantError, UsageError } from '../base/errors.ts'
import { version } from '../base/version.ts'
import { columnCommand } from './column/column.ts'
import { coupleCommand } from './couple/couple.ts'
import { diffuseCommand } from './diffuse/diffuse.ts'
import { evaluateCommand } from './evaluate/evaluate.ts'
import { flagOf } from './flags.ts'
import { flowCommand } from './flow/flow.ts'
import { graphCommand } from './graph/graph.ts'
import { infoCommand } from './info/info.ts'
import { inpaintCommand } from './inpaint/inpaint.ts'
import { measureCommand } from './measure/command.ts'
import { modelsCommand } from './models/models.ts'
import { movieCommand } from './movie/movie.ts'
import { runCommand } from './run/run.ts'
import { sampleCommand } from './sample/sample.ts'
import { solversCommand } from './solvers/solvers.ts'
import { spiralCommand } from './spiral/spiral.ts'
import { studioCommand } from './studio/studio.ts'
import { trainCommand } from './train/train.ts'
import { misused } from './usage.ts'
import { wanderCommand } from './wander/wander.ts'

/** Runs the command line; returns the exit status: 0, 1 for failure, 2 for wrong usage, 130 or 143 when interrupted or terminated. */
export async function main(argv: readonly string[]): Promise<number> {
  process.stdout.off('error', unread).on('error', unread)
  process.stderr.off('error', unheard).on('error', unheard)
  const program = new Command('saltus')
    // A command's options are its own, also where a command above it has one of that name.
    .enablePositionalOptions()
    .description('Generative diffusion by jump processes: images with exactly the mass you ask for')
    .version(version)
    .addHelpText('after', '\nsaltus <command> --help says what a command can do.')
  const commands = [
    sampleCommand(),
    movieCommand(),
    inpaintCommand(),
    trainCommand(),
    diffuseCommand(),
    evaluateCommand(),
    measureCommand(),
    graphCommand(),
    infoCommand(),
    modelsCommand(),
    runCommand(),
    solversCommand(),
    wanderCommand(),
    columnCommand(),
    coupleCommand(),
    flowCommand(),
    spiralCommand(),
    studioCommand(),
  ]
  for (const command of commands) program.addCommand(command)
  for (const command of [program, ...commands, ...commands.flatMap(({ commands }) => commands)]) {
    const name = fullName(command)
    command.configureOutput({ outputError: () => {} }).exitOverride(error => {
      throw isHelp(error) ? error : misused(name, error)
    })
  }
  try {
    await program.parseAsync(argv.length === 0 ? ['--help'] : argv, { from: 'user' })
    return 0
  } catch (error) {
    // What was asked for has been printed: help, or the version.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    return report(error)
  }
}

/** The words that call a command: `saltus graph embed`. */
const fullName = (command: Command): string =>
  command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name()

const isHelp = ({ code, exitCode }: CommanderError) => exitCode === 0 || code === 'commander.help'

/** What our own errors look like: see `cannot()`. */
const grammar = /^Cannot [^:]+: /

/** One line for what the input brought about; the whole of it for what can only be a defect of the program. */
function report(error: unknown): number {
  if (error instanceof Cancelled) return error.cause === 'SIGTERM' ? 143 : 130
  const { message: told, stack } = error instanceof Error ? error : new Error(String(error))
  const message = error instanceof UsageError ? flagged(told, error.field) : told
  const expected = grammar.test(message) && !(error instanceof InvariantError)
  process.stderr.write(`${expected ? message.replace(/\s*\n\s*/g, ' ') : stack}\n`)
  return error instanceof UsageError ? 2 : 1
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
