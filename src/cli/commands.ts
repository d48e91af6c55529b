/** All commands of the command line, and the page of their help. */
import { Command, type CommanderError } from 'commander'
import { version } from '../base/version.ts'
import { misused } from './usage.ts'

/** What every command is made by: loaded when it is called, or when all are listed. */
const verbs: Readonly<Record<string, () => Promise<Command>>> = {
  sample: async () => (await import('./sample/sample.ts')).sampleCommand(),
  movie: async () => (await import('./movie/movie.ts')).movieCommand(),
  inpaint: async () => (await import('./inpaint/inpaint.ts')).inpaintCommand(),
  simulate: async () => (await import('./simulate/simulate.ts')).simulateCommand(),
  restore: async () => (await import('./restore/restore.ts')).restoreCommand(),
  encode: async () => (await import('./encode/encode.ts')).encodeCommand(),
  decode: async () => (await import('./encode/encode.ts')).decodeCommand(),
  deform: async () => (await import('./deform/deform.ts')).deformCommand(),
  recovery: async () => (await import('./recovery/recovery.ts')).recoveryCommand(),
  train: async () => (await import('./train/train.ts')).trainCommand(),
  distill: async () => (await import('./distill/distill.ts')).distillCommand(),
  sweep: async () => (await import('./sweep/sweep.ts')).sweepCommand(),
  translate: async () => (await import('./translate/translate.ts')).translateCommand(),
  diffuse: async () => (await import('./diffuse/diffuse.ts')).diffuseCommand(),
  evaluate: async () => (await import('./evaluate/evaluate.ts')).evaluateCommand(),
  measure: async () => (await import('./measure/measure.ts')).measureCommand(),
  graph: async () => (await import('./graph/graph.ts')).graphCommand(),
  info: async () => (await import('./info/info.ts')).infoCommand(),
  inspect: async () => (await import('./inspect/inspect.ts')).inspectCommand(),
  models: async () => (await import('./models/models.ts')).modelsCommand(),
  run: async () => (await import('./run/run.ts')).runCommand(),
  merge: async () => (await import('./merge/merge.ts')).mergeCommand(),
  slurm: async () => (await import('./engines/engines.ts')).engineCommand('slurm'),
  kubernetes: async () => (await import('./engines/engines.ts')).engineCommand('kubernetes'),
  snakemake: async () => (await import('./engines/engines.ts')).engineCommand('snakemake'),
  parallel: async () => (await import('./engines/engines.ts')).engineCommand('parallel'),
  solvers: async () => (await import('./solvers/solvers.ts')).solversCommand(),
  wander: async () => (await import('./wander/wander.ts')).wanderCommand(),
  column: async () => (await import('./column/column.ts')).columnCommand(),
  couple: async () => (await import('./couple/couple.ts')).coupleCommand(),
  flow: async () => (await import('./flow/flow.ts')).flowCommand(),
  spiral: async () => (await import('./spiral/spiral.ts')).spiralCommand(),
  studio: async () => (await import('./studio/studio.ts')).studioCommand(),
  completion: async () => (await import('./completion/completion.ts')).completionCommand(commands),
}

/** The program: with the command that `word` names alone, which is there sooner, with none for its version, or with all. */
export async function commands(word?: string): Promise<Command> {
  const program = new Command('saltus')
    // A command's options are its own, also where a command above it has one of that name.
    .enablePositionalOptions()
    .description('Generative diffusion by jump processes: images with exactly the mass you ask for')
    .version(version)
    .addHelpText(
      'after',
      '\nsaltus <command> --help says what a command can do.\n\nExit status: 0, 1 for failure, 2 for wrong usage, 75 for failure that another try may not have (no space or memory left), 130 after Ctrl-C, 143 after SIGTERM.',
    )
  const alone = word === '--version' || word === '-V' ? [] : Object.keys(verbs)
  const names = word !== undefined && Object.hasOwn(verbs, word) ? [word] : alone
  const called = await Promise.all(names.map(name => verbs[name]()))
  for (const command of called) program.addCommand(command)
  for (const command of [program, ...called, ...called.flatMap(({ commands }) => commands)]) {
    const name = fullName(command)
    command.configureOutput({ outputError: () => {} }).exitOverride(error => {
      throw isHelp(error) ? error : misused(name, error)
    })
  }
  return program
}

/** The help of every command as a page of Markdown. */
export async function commandsPage(): Promise<string> {
  const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)]
  const sections = all(await commands())
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
