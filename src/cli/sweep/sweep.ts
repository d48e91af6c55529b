/** `saltus sweep`: the options of a training that serve best, by many short runs and fewer long ones. */
import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { cannot, UsageError } from '../../base/errors.ts'
import { loadImages } from '../../jobs/input/images.ts'
import { type Result, type Rung, ranked, rungsOf } from '../../jobs/sweep/halving.ts'
import { sweepScript } from '../../jobs/sweep/script.ts'
import { type SweepJob, trial } from '../../jobs/sweep/sweep.ts'
import { type Options, trialsOf } from '../../jobs/sweep/vary.ts'
import { cropNames, optionsOf, trainSchema } from '../../jobs/train/fields.ts'
import { machine } from '../../node/machine.ts'
import { sayer } from '../../node/say.ts'
import { jobOf, withFields } from '../flags.ts'
import { given, several, whole } from '../usage.ts'
import { type SweepFolder, sweepFolder } from './sweep-folder.ts'

interface Flags {
  readonly out?: string
  readonly vary?: string[]
  readonly trials: number
  readonly rungs: number
  readonly factor: number
  readonly rung?: number
  readonly place?: number
  readonly threads: number
  readonly slurm: boolean
  readonly minutes: number
  readonly call: string
  readonly data?: string
  readonly json: boolean
  readonly quiet: boolean
}

/** What a sweep leaves alone: its trials are of whole images, and end after steps. */
const without = ['minutes', 'until', 'fromData', 'graph', 'pairing', 'coupling', 'from', ...cropNames]

export function sweepCommand(): Command {
  const command = new Command('sweep')
    .description('try options of a training: many runs of few steps, the best of them with more')
    .addOption(
      new Option(
        '--vary <field>',
        'what differs: FIELD=MIN:MAX, FIELD=MIN:MAX:log or FIELD=A|B|C; may be given several times',
      ).argParser(several),
    )
    .option('--trials <n>', 'runs of the first rung', whole('--trials', { least: 1, most: 100_000 }), 9)
    .option('--rungs <n>', 'rungs; the last has all --steps', whole('--rungs', { least: 1, most: 16 }), 3)
    .option('--factor <n>', 'of each rung one in so many stays', whole('--factor', { least: 2 }), 3)
    .option('-o, --out <folder>', 'the folder of the sweep; needed. Of one that is begun nothing else is')
    .option(
      '--rung <k>',
      'of a sweep that is begun: one trial of rung k alone',
      whole('--rung', { least: 0 }),
    )
    .option('--place <j>', 'which: the j-th of the rung, from 0', whole('--place', { least: 0 }))
    .option('--threads <n>', 'threads of a run: they change bits', whole('--threads', { least: 1 }), 1)
    .option('--slurm', 'print a script that runs it in chained arrays of Slurm', false)
    .option('--minutes <n>', 'of the script: most minutes of a trial', whole('--minutes', { least: 1 }), 60)
    .option('--call <words>', 'of the script: how saltus is called there', 'saltus')
    .option('--json', 'print one JSON object at the end', false)
    .option('--quiet', 'print errors only', false)
  return withFields(command, trainSchema, without)
    .addHelpText(
      'after',
      `
Of ten images of --data the last is held out: trials are judged by their loss on those.

Example:
  saltus sweep --data mnist/ --vary learning-rate=3e-4:1e-2:log --vary 'base=8|16|24' --trials 9 -o sweep`,
    )
    .action((flags: Flags) => run(flags))
}

async function run(flags: Flags): Promise<void> {
  const folder = sweepFolder(given('sweep', '--out', flags.out))
  const told = flags.data === undefined && !flags.vary ? undefined : newJob(flags)
  // What cannot be begins no folder.
  if (told) planOf(told)
  const job = folder.begun(told)
  const { rungs, trials } = planOf(job)
  if (flags.slurm) {
    const { minutes, threads, call } = flags
    process.stdout.write(sweepScript({ folder: resolve(folder.path), rungs, minutes, threads, call }))
    return
  }
  const say = sayer({ quiet: flags.quiet })
  const one = runner(job, { folder, trials, flags, say })
  const { rung: only, place } = flags
  if (only !== undefined || place !== undefined) {
    const rung = given('sweep', '--rung', only)
    const wanted = `below ${rungs.length}, and --place below the trials of the rung`
    if (!(rung < rungs.length && given('sweep', '--place', place) < rungs[rung].trials))
      throw new UsageError(cannot('sweep', '--rung', wanted, `${rung}, ${place}`))
    await one({ rung, trial: entrants(folder, rungs, rung)[place as number], ...rungs[rung] })
    return
  }
  for (const rung of rungs.keys())
    for (const trial of entrants(folder, rungs, rung)) await one({ rung, trial, ...rungs[rung] })
  const results = rungs.map((_, rung) => folder.results(rung))
  const [winner] = ranked(results.at(-1) as Result[])
  folder.finish(winner, { rung: rungs.length - 1, trials, results })
  const best = results.at(-1)?.find(({ trial }) => trial === winner)
  if (flags.json) process.stdout.write(`${JSON.stringify({ winner, ...best, options: trials[winner] })}\n`)
  else if (!flags.quiet)
    process.stdout.write(`trial ${winner}: loss ${best?.loss?.toFixed(5)}, ${wordsOf(trials[winner])}\n`)
}

const wordsOf = (options: Options) =>
  Object.entries(options)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')

/** The rungs of a sweep, and the options of its trials. @throws UsageError */
function planOf(job: SweepJob): { rungs: Rung[]; trials: Options[] } {
  const { steps } = optionsOf(jobOf(trainSchema, job.train))
  const trials = trialsOf(job.vary, job.trials, Number(job.train.seed))
  return { rungs: rungsOf({ ...job, steps }), trials }
}

/** The sweep that the flags ask for. */
function newJob(flags: Flags): SweepJob {
  const { vary, trials, rungs, factor } = flags
  const told = jobOf(trainSchema, { ...flags, minutes: undefined })
  const train = { ...told, data: resolve(given('sweep', '--data', told.data)) }
  return { kind: 'sweep', vary: given('sweep', '--vary', vary), trials, rungs, factor, train }
}

/** Who takes part in a rung: all, or the best of the one before. @throws UsageError where that is not finished */
function entrants(folder: SweepFolder, rungs: readonly Rung[], rung: number): number[] {
  if (rung === 0) return Array.from({ length: rungs[0].trials }, (_, trial) => trial)
  const before = folder.results(rung - 1)
  const { trials } = rungs[rung - 1]
  if (before.length < trials)
    throw new Error(cannot('sweep', `rung ${rung - 1}`, `finished, of ${trials} trials`, `${before.length}`))
  return ranked(before).slice(0, rungs[rung].trials)
}

interface Running {
  readonly folder: SweepFolder
  readonly trials: readonly Options[]
  readonly flags: Flags
  readonly say: (text: string) => unknown
}

/** Runs a trial, unless it is there; the images are read when the first is not. */
function runner(job: SweepJob, { folder, trials, flags, say }: Running) {
  const context = machine({ threads: flags.threads })
  let images: ReturnType<typeof loadImages> | undefined
  return async (of: { readonly rung: number; readonly trial: number; readonly steps: number }) => {
    if (folder.has(of)) return
    images ??= loadImages(String(job.train.data), { files: context.files, say, split: 'train' })
    const options = trials[of.trial]
    const { loss, model } = await trial(job, { options, steps: of.steps }, { ...context, images })
    folder.put(of, { options, loss, model })
    say(`rung ${of.rung}, trial ${of.trial}: loss ${loss?.toFixed(5) ?? 'none'}, ${wordsOf(options)}`)
  }
}
