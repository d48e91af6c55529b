/** `saltus run`: a job out of a file, or again the job that a file came from. */
import { Command } from 'commander'
import { cannot, UsageError } from '../../base/errors.ts'
import { nameOf } from '../../jobs/files.ts'
import { drawPlan } from '../../jobs/generate/generate.ts'
import { modelsNamed } from '../../jobs/generate/slices.ts'
import { type JobRecord, sha256 } from '../../jobs/record.ts'
import { recordIn } from '../../jobs/recorded.ts'
import { planOf } from '../../jobs/run.ts'
import { readBytes } from '../../node/files.ts'
import { machineFiles } from '../../node/machine.ts'
import { sayer } from '../../node/say.ts'
import { type DrawingFlags, drawnBy, withMachineFlags, withOut } from '../drawing-flags.ts'

export function runCommand(): Command {
  const command = new Command('run')
    .description('run the job of a .json file, or repeat the one that a result came from')
    .argument(
      '<file>',
      'a job (see --print-job), or a file that saltus wrote: .npz, .png, .tif, .vti, .nrrd, .mhd',
    )
  return withMachineFlags(withOut(command, 'as for the command that the job is of'))
    .addHelpText(
      'after',
      `
Examples:
  saltus sample --count 4 --seed 7 --print-job > job.json
  saltus run job.json --out four.npz
  saltus run four.npz --out again.npz`,
    )
    .action((path: string, flags: DrawingFlags) => run(path, flags))
}

type Told = Pick<JobRecord, 'job'> & Partial<JobRecord>

async function run(path: string, flags: DrawingFlags): Promise<void> {
  const told = read(path)
  const say = sayer(flags)
  const { kind, model } = told.job as JobRecord['job'] & { model?: unknown }
  const models = typeof model === 'string' ? modelsNamed(model) : []
  for (const [name, known] of Object.entries(told.sha256 ?? {})) {
    const own = models.includes(name)
    const found = await sha256(own ? machineFiles.model(name).bytes : machineFiles.read(name))
    const what = `the ${own ? 'model' : 'file'} ${name}`
    if (found !== known)
      say(`${nameOf(path)}: ${what} is another than the one it was made with, so samples will differ`)
  }
  await drawnBy(flags, {
    kind,
    command: 'run',
    job: told.job,
    plan: context => planOf(told.job, context),
    async draw(plan, job, context) {
      const samples = await drawPlan(plan, job as typeof job & { model: string }, context)
      if (told.fingerprint !== undefined && told.fingerprint !== samples.record.fingerprint)
        say(
          `${nameOf(path)}: made with other numerics (${told.fingerprint}): the law is the same, bytes may differ`,
        )
      return samples
    },
  })
}

/** The job of a file, with its record where it is a result. */
function read(path: string): Told {
  const bytes = readBytes(path)
  if (bytes[0] !== 0x7b) return recordIn(bytes, nameOf(path))
  try {
    const job = JSON.parse(new TextDecoder().decode(bytes))
    return job.job === undefined ? { job } : job
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error)
    throw new UsageError(cannot(`run ${nameOf(path)}`, 'the file', 'a job in JSON', got))
  }
}
