/** `saltus merge`: the parts of a job in shards as the files that it would have written at once. */
import { Command, Option } from 'commander'
import { endingOf } from '../../jobs/files.ts'
import { planOf } from '../../jobs/run.ts'
import { bitsOf } from '../../jobs/shard/bits.ts'
import { joined } from '../../jobs/shard/draw.ts'
import { missingOf, type Note, ranges, whole } from '../../jobs/shard/shard.ts'
import { demandWritable, writeWhole } from '../../node/files.ts'
import { machineFiles } from '../../node/machine.ts'
import { sayer } from '../../node/say.ts'
import { arrayIn, finished, linesIn, mergeArrays } from '../../node/shard-folder.ts'
import { given, several } from '../usage.ts'

interface Flags {
  readonly out?: string[]
  readonly missing: boolean
  readonly allowMixed: boolean
  readonly quiet: boolean
}

export function mergeCommand(): Command {
  return new Command('merge')
    .description('put the parts of a job in shards together: the bytes that it would have written at once')
    .argument('<folder>', 'the folder of the parts: --out of the shards')
    .addOption(
      new Option(
        '-o, --out <file>',
        'needed: what the job would have written (of numbers and tables .json, .jsonl); may be given several times',
      ).argParser(several),
    )
    .option(
      '--missing',
      'print the parts that are not there, as in sbatch --array, and do nothing else',
      false,
    )
    .option(
      '--allow-mixed',
      'take parts that were made with several numerics: one law, but other bytes',
      false,
    )
    .option('--quiet', 'print errors only', false)
    .addHelpText(
      'after',
      `
Examples:
  for i in 0 1 2 3; do saltus sample -n 64 --seed 1 --shard $i/4 --out parts; done
  saltus merge parts -o digits.npz -o digits.png
  saltus merge parts --missing`,
    )
    .action((folder: string, flags: Flags) => run(folder, flags))
}

async function run(folder: string, flags: Flags): Promise<void> {
  const there = finished(folder)
  if (flags.missing && there.length > 0) {
    process.stdout.write(`${ranges(missingOf(there).indices)}\n`)
    return
  }
  const out = given('merge', '--out', flags.out)
  const { notes, fingerprint } = whole(there, { name: folder, mixed: flags.allowMixed })
  for (const path of out) demandWritable(path)
  await mergers[
    notes[0].job.kind === 'bits' || notes[0].job.kind === 'measure' ? notes[0].job.kind : 'drawn'
  ]({
    ...{ folder, notes, fingerprint, out, quiet: flags.quiet },
  })
  if (!flags.quiet)
    process.stdout.write(`${notes.length} parts, ${notes[0].total} in all: ${out.join(', ')}\n`)
}

interface Merging {
  readonly folder: string
  readonly notes: readonly Note[]
  readonly fingerprint: string
  readonly out: readonly string[]
  readonly quiet: boolean
}

const mergers: Record<'drawn' | 'bits' | 'measure', (merging: Merging) => Promise<void> | void> = {
  async drawn(merging) {
    const { folder, notes, out } = merging
    const others = out.filter(path => endingOf(path) !== '.npy')
    for (const path of out) if (!others.includes(path)) mergeArrays(folder, notes, path)
    if (others.length > 0) await mergeSamples({ ...merging, out: others })
  },
  bits({ folder, notes, out }) {
    const report = bitsOf(
      notes,
      notes.map(note => arrayIn(folder, note)),
    )
    for (const path of out) writeWhole(path, `${JSON.stringify(report)}\n`)
  },
  measure({ folder, notes, out }) {
    function* lines() {
      for (const note of notes) yield Buffer.from(linesIn(folder, note))
    }
    for (const path of out) writeWhole(path, lines())
  },
}

/** Files that say more than their counts are written as the job itself would: its plan again, with what was drawn. */
async function mergeSamples({ folder, notes, fingerprint, out, quiet }: Merging): Promise<void> {
  const [{ saltus, job, read }] = notes
  const plan = await planOf(job, { files: machineFiles, say: sayer({ quiet }) })
  for (const path of out) for (const name of plan.names(path)) demandWritable(name)
  const parts = notes.map(note => arrayIn(folder, note))
  const samples = joined(plan, parts, { saltus, job, sha256: read, fingerprint })
  for (const path of out) for (const { name, bytes } of await samples.files(path)) writeWhole(name, bytes)
}
