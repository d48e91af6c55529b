/** `saltus restore`: the scenes that may have given what was measured, each with exactly its mass. */
import { Command } from 'commander'
import { drawPlan } from '../../jobs/generate/generate.ts'
import { restoreSchema } from '../../jobs/restore/fields.ts'
import { restorePlan } from '../../jobs/restore/restore.ts'
import { type DrawingFlags, drawnBy, withMachineFlags, withOut } from '../drawing-flags.ts'
import { jobOf, withFields } from '../flags.ts'

export function restoreCommand(): Command {
  const command = withFields(
    new Command('restore').description(
      'samples of what blurred, noisy, coarse or projected counts may have been: masses exact',
    ),
    restoreSchema,
  )
  withOut(command, '.png (measured, mean, spread, samples), .npz or .npy; of materials .tif and .vti as well')
  return withMachineFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  saltus simulate --input digit.png --operator blur:1.5 --photons 10 -o seen.npz
  saltus restore --input seen.npz -o restored.png -o restored.npz
  saltus restore --input counts.png --operator blur:2 --mass 26000 -o restored.npz
  saltus restore -m berea --input views.npz --porosity 0.2 -o slice.tif`,
    )
    .action(async (flags: DrawingFlags) => {
      const job = jobOf(restoreSchema, flags)
      await drawnBy(flags, {
        kind: 'restore',
        command: 'restore',
        job,
        plan: context => restorePlan(job, context),
        draw: drawPlan,
      })
    })
}
