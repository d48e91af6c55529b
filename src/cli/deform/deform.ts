/** `saltus deform`: images along smooth random flows. */
import { Command } from 'commander'
import { type DeformJob, deform, deformSchema } from '../../jobs/deform/deform.ts'
import { demandWritable, writeWhole } from '../../node/files.ts'
import { machineFiles } from '../../node/machine.ts'
import { sayer } from '../../node/say.ts'
import { jobOf, withFields } from '../flags.ts'
import { given, several } from '../usage.ts'

export function deformCommand(): Command {
  const command = new Command('deform').description(
    'push the units of images along smooth random flows, masses exact; masks and classes go along',
  )
  return withFields(command, deformSchema)
    .option('-o, --out <file>', 'needed: .npz (with the displacements), .npy or .png; several', several)
    .option('--quiet', 'print errors only', false)
    .addHelpText(
      'after',
      `
Examples:
  saltus deform --input digits.npz --amplitude 0.1 --count 10 -o more.npz
  saltus deform --input slice.png --masks tumour.png -o deformed.png -o deformed.npz`,
    )
    .action(async (flags: DeformJob & { out?: string[]; quiet: boolean }) => {
      const job = jobOf(deformSchema, flags)
      const out = given('deform', '--out', flags.out)
      for (const path of out) demandWritable(path)
      const deformed = deform(job, { files: machineFiles, say: sayer(flags) })
      for (const path of out)
        for (const { name, bytes } of await deformed.files(path)) writeWhole(name, bytes)
      if (!flags.quiet) process.stdout.write(`${deformed.said}\n`)
    })
}
