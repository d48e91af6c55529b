/** All commands of the command line, and the page of their help. */
import { Command, type CommanderError } from 'commander'
import { version } from '../base/version.ts'
import { columnCommand } from './column/column.ts'
import { completionCommand } from './completion/completion.ts'
import { coupleCommand } from './couple/couple.ts'
import { diffuseCommand } from './diffuse/diffuse.ts'
import { decodeCommand, encodeCommand } from './encode/encode.ts'
import { evaluateCommand } from './evaluate/evaluate.ts'
import { flowCommand } from './flow/flow.ts'
import { graphCommand } from './graph/graph.ts'
import { infoCommand } from './info/info.ts'
import { inpaintCommand } from './inpaint/inpaint.ts'
import { measureCommand } from './measure/measure.ts'
import { modelsCommand } from './models/models.ts'
import { movieCommand } from './movie/movie.ts'
import { restoreCommand } from './restore/restore.ts'
import { runCommand } from './run/run.ts'
import { sampleCommand } from './sample/sample.ts'
import { simulateCommand } from './simulate/simulate.ts'
import { solversCommand } from './solvers/solvers.ts'
import { spiralCommand } from './spiral/spiral.ts'
import { studioCommand } from './studio/studio.ts'
import { trainCommand } from './train/train.ts'
import { misused } from './usage.ts'
import { wanderCommand } from './wander/wander.ts'

/** The program with all its commands. */
export function commands(): Command {
  const program = new Command('saltus')
    // A command's options are its own, also where a command above it has one of that name.
    .enablePositionalOptions()
    .description('Generative diffusion by jump processes: images with exactly the mass you ask for')
    .version(version)
    .addHelpText(
      'after',
      '\nsaltus <command> --help says what a command can do.\n\nExit status: 0, 1 for failure, 2 for wrong usage, 130 after Ctrl-C, 143 after SIGTERM.',
    )
  const verbs = [
    sampleCommand(),
    movieCommand(),
    inpaintCommand(),
    simulateCommand(),
    restoreCommand(),
    encodeCommand(),
    decodeCommand(),
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
    completionCommand(() => commands()),
  ]
  for (const command of verbs) program.addCommand(command)
  for (const command of [program, ...verbs, ...verbs.flatMap(({ commands }) => commands)]) {
    const name = fullName(command)
    command.configureOutput({ outputError: () => {} }).exitOverride(error => {
      throw isHelp(error) ? error : misused(name, error)
    })
  }
  return program
}

/** The help of every command as a page of Markdown. */
export function commandsPage(): string {
  const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)]
  const sections = all(commands())
    .filter(command => command.name() !== 'help')
    .map(command => {
      const text: string[] = []
      command.configureOutput({ writeOut: part => text.push(part), getOutHelpWidth: () => 80 })
      command.outputHelp()
      return `## ${fullName(command)}\n\n\`\`\`text\n${text.join('').trimEnd()}\n\`\`\`\n`
    })
  return `# Commands\n\nWhat \`--help\` prints of each, made by \`scripts/commands.ts\`.\n\n${sections.join('\n')}`
}

/** The words that call a command: `saltus graph embed`. */
const fullName = (command: Command): string =>
  command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name()

const isHelp = ({ code, exitCode }: CommanderError) => exitCode === 0 || code === 'commander.help'
