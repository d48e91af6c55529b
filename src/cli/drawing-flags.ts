/** The flags that every command that draws images has, and how it draws while someone watches. */
import { type Command, Option } from 'commander'
import type { Context } from '../jobs/context.ts'
import { drawingFields } from '../jobs/generate/fields.ts'
import type { Plan, Samples } from '../jobs/generate/samples.ts'
import { type Shard, shardField } from '../jobs/shard/shard.ts'
import { demandWritable, writeWhole } from '../node/files.ts'
import { machine } from '../node/machine.ts'
import { sayer } from '../node/say.ts'
import { type Device, devices } from '../runtime/onnxruntime-node.ts'
import { parserOf, withFields } from './flags.ts'
import { duration, interruption, progressOfJob } from './progress.ts'
import { shardBy } from './shard-by.ts'
import { given, oneOf, several, whole } from './usage.ts'

/** How a job is run and shown, not what it is. */
export interface DrawingFlags {
  readonly out?: string[]
  readonly device: Device
  readonly workers?: number
  readonly quiet: boolean
  readonly json?: boolean
  readonly printJob?: boolean
  readonly shard?: Shard
}

export const withDrawingFlags = (command: Command): Command =>
  withMachineFlags(withFields(command, drawingFields))

/** Adds the flags of what draws. */
export function withMachineFlags(command: Command): Command {
  return command
    .option('--device <name>', devices.join(', '), oneOf('--device', devices), 'cpu')
    .option(
      '--workers <n>',
      'threads that draw at the same time on the cpu (default: the cores); they change no byte',
      whole('--workers', { least: 1, most: 1024 }),
    )
    .option('--quiet', 'print errors only', false)
}

/** Adds --out, and what is told of what was written. */
export function withOut(command: Command, kinds: string): Command {
  return command
    .addOption(
      new Option('-o, --out <file>', `needed: ${kinds}; may be given several times`).argParser(several),
    )
    .option('--json', 'print one JSON object: the job, what was delivered, the files')
    .addOption(
      new Option(`--shard ${shardField.argument}`, shardField.help).argParser(
        parserOf(shardField, '--shard'),
      ),
    )
    .option('--print-job', 'print the job as JSON, to be run by saltus run, and do nothing else')
}

interface Drawing<J> {
  readonly kind: string
  readonly command: string
  readonly job: J
  plan(context: Context): Plan | Promise<Plan>
  draw(plan: Plan, job: J & { readonly kind: string }, context: Context): Promise<Samples>
}

/** Draws what a job asks for, with a bar of the progress, writes it to every --out, and tells of it. */
export async function drawnBy<J extends object>(
  flags: DrawingFlags,
  { kind, command, job, plan: planned, draw }: Drawing<J>,
): Promise<void> {
  if (flags.printJob) {
    process.stdout.write(`${JSON.stringify({ kind, ...job })}\n`)
    return
  }
  const out = given(command, '--out', flags.out)
  await watched({ ...flags, name: 'sampling' }, async context => {
    const plan = await planned(context)
    if (flags.shard) {
      process.stdout.write(await shardBy(flags, { out, plan, job: { kind, ...job }, context }))
      return
    }
    for (const path of out) for (const name of plan.names(path)) demandWritable(name)
    const began = performance.now()
    const samples = await draw(plan, { kind, ...job }, context)
    const names: string[] = []
    for (const path of out)
      for (const { name, bytes } of await samples.files(path)) {
        writeWhole(name, bytes)
        names.push(name)
      }
    const seconds = (performance.now() - began) / 1000
    const { masses, fractions, record } = samples
    const count = plan.drawing.masses.length
    const noun = count === 1 ? plan.noun.replace(/^(\w+)s\b/, '$1') : plan.noun
    process.stdout.write(
      flags.json
        ? `${JSON.stringify({ ...record, count, masses, fractions, seconds, files: names })}\n`
        : flags.quiet
          ? ''
          : `${count} ${noun} in ${duration(seconds)}; ${samples.said}\n`,
    )
  })
}

/** Runs some work with what this machine has, while a bar shows how far it is and Ctrl-C ends it. */
export async function watched<T>(
  {
    device,
    workers,
    quiet,
    name,
  }: Pick<DrawingFlags, 'device' | 'workers' | 'quiet'> & { readonly name: string },
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const { signal, release } = interruption({ patience: 1500 })
  const bar = progressOfJob(name, { quiet })
  try {
    return await work(machine({ device, workers, signal, onProgress: bar.show, say: sayer({ quiet }) }))
  } finally {
    bar.stop()
    release()
  }
}
