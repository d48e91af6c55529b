/** `saltus slurm`, `kubernetes`, `snakemake`, `parallel`: a job in shards, for the engine that one has. */
import { Command, Option } from 'commander'
import { cannot, UsageError } from '../../base/errors.ts'
import {
  type Engine,
  kubernetes,
  mergeable,
  parallel,
  partsOf,
  slurm,
  snakemake,
} from '../../jobs/shard/engines.ts'
import { given, several, whole } from '../usage.ts'

interface Flags extends Omit<Engine, 'words' | 'out' | 'parts' | 'shards'> {
  readonly out?: string[]
  readonly parts?: string
  readonly shards?: number
}

const engines = {
  slurm: { print: slurm, what: 'print a script that draws in arrays of Slurm, and merges' },
  kubernetes: { print: kubernetes, what: 'print an Indexed Job of Kubernetes that draws' },
  snakemake: { print: snakemake, what: 'print a Snakefile that draws and merges' },
  parallel: { print: parallel, what: 'print a line of GNU parallel that draws and merges' },
} as const

/** Commands whose jobs are done in shards. */
const able = ['sample', 'inpaint', 'run', 'evaluate', 'measure']

/** The command of an engine. */
export function engineCommand(name: keyof typeof engines): Command {
  const { print, what } = engines[name]
  const command = new Command(name)
    .description(`${what}: the words of a command that draws, as they are`)
    .argument('<command...>', able.join(', '))
    .allowUnknownOption()
    .addOption(
      new Option('-o, --out <file>', 'needed: what is wanted in the end, as of the command').argParser(
        several,
      ),
    )
    .option(
      '--shards <n>',
      'needed: parts that are drawn apart',
      whole('--shards', { least: 1, most: 100_000 }),
    )
    .option('--minutes <n>', 'most minutes of a shard', whole('--minutes', { least: 1 }), 60)
    .option('--threads <n>', 'threads of a shard', whole('--threads', { least: 1, most: 1024 }), 4)
    .option('--parts <folder>', 'where the parts go (default: digits.parts for digits.npz)')
    .option('--call <words>', 'how saltus is called there', 'saltus')
  const own: Record<string, () => unknown> = {
    slurm: () =>
      command.option(
        '--most <n>',
        'most tasks of an array: below MaxArraySize of the site',
        whole('--most', { least: 1 }),
        1000,
      ),
    kubernetes: () =>
      command
        .option('--image <name>', 'an image in which saltus is installed', 'saltus')
        .option('--claim <name>', 'the claim of the volume that all share', 'saltus'),
  }
  own[name]?.()
  return command
    .addHelpText(
      'after',
      `\nExample:\n  saltus ${name} sample -n 100000 -o digits.npy --shards 1000 --minutes 30`,
    )
    .action((words: string[], flags: Flags) => {
      const [verb] = words
      if (!able.includes(verb))
        throw new UsageError(cannot(`run saltus ${name}`, 'the command', `one of ${able.join(', ')}`, verb))
      const out = given(name, '--out', flags.out)
      for (const path of out)
        if (!mergeable(path)) throw new UsageError(cannot(`run saltus ${name}`, '--out', 'a file', path))
      const shards = given(name, '--shards', flags.shards)
      const defaults = { most: 1000, image: 'saltus', claim: 'saltus', parts: partsOf(out) }
      process.stdout.write(print({ ...defaults, ...flags, words, out, shards }))
    })
}
