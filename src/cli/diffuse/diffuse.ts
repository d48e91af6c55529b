/** `saltus diffuse`: the exact forward walk of any image or array. */
import { Command } from 'commander'
import { type DiffuseJob, diffuse, diffuseSchema } from '../../jobs/diffuse/diffuse.ts'
import { demandWritable, writeWhole } from '../../node/files.ts'
import { machineFiles } from '../../node/machine.ts'
import { sayer } from '../../node/say.ts'
import { jobOf, withFields } from '../flags.ts'
import { given, several } from '../usage.ts'

export function diffuseCommand(): Command {
  const command = new Command('diffuse').description(
    'let the units of an image walk, every mass kept, or die: the exact forward process',
  )
  return withFields(command, diffuseSchema)
    .option(
      '-o, --out <file>',
      'needed: .png (a row per image, a column per time), .npy or .npz; may be given several times',
      several,
    )
    .option('--quiet', 'print errors only', false)
    .addHelpText(
      'after',
      `
Examples:
  saltus diffuse --input digit.png --tau 0,1,10,100 --out walk.png
  saltus diffuse --input digit.png --process blackout --time 0.1,0.5 -o b.npz`,
    )
    .action(async (flags: DiffuseJob & { out?: string[]; quiet: boolean }) => {
      const job = jobOf(diffuseSchema, flags)
      given('diffuse', '--input', job.input)
      const out = given('diffuse', '--out', flags.out)
      for (const path of out) demandWritable(path)
      const diffused = diffuse(job, { files: machineFiles, say: sayer(flags) }, out)
      for (const path of out)
        for (const { name, bytes } of await diffused.files(path)) writeWhole(name, bytes)
      if (!flags.quiet) process.stdout.write(`${diffused.said}\n`)
    })
}
