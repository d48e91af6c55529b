/** `saltus simulate`: what a measurement would see of images. */
import { Command } from 'commander'
import { type SimulateJob, simulate, simulateSchema } from '../../jobs/restore/simulate.ts'
import { demandWritable, writeWhole } from '../../node/files.ts'
import { machineFiles } from '../../node/machine.ts'
import { sayer } from '../../node/say.ts'
import { jobOf, withFields } from '../flags.ts'
import { given, several } from '../usage.ts'

export function simulateCommand(): Command {
  const command = new Command('simulate').description(
    'blur, mask, coarsen or project images, and count the photons: what restore is given',
  )
  return withFields(command, simulateSchema)
    .option('-o, --out <file>', 'needed: .npz (with how it was measured), .npy or .png; several', several)
    .option('--quiet', 'print errors only', false)
    .addHelpText(
      'after',
      `
Examples:
  saltus simulate --input digits.npz --operator blur:1.5 --photons 10 -o seen.npz
  saltus simulate --input slice.png --operator projections:8 --scatter gaussian:0.5 -o views.npz`,
    )
    .action(async (flags: SimulateJob & { out?: string[]; quiet: boolean }) => {
      const job = jobOf(simulateSchema, flags)
      const out = given('simulate', '--out', flags.out)
      for (const path of out) demandWritable(path)
      const simulated = simulate(job, { files: machineFiles, say: sayer(flags) })
      for (const path of out)
        for (const { name, bytes } of await simulated.files(path)) writeWhole(name, bytes)
      if (!flags.quiet) process.stdout.write(`${simulated.said}\n`)
    })
}
