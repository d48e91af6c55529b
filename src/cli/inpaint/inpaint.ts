/** `saltus inpaint`: holes of any shape filled with exactly what is asked for, and nothing else touched. */
import { Command } from 'commander'
import { completePlan } from '../../jobs/complete/complete.ts'
import { completeSchema } from '../../jobs/complete/fields.ts'
import { drawingFields } from '../../jobs/generate/fields.ts'
import { drawPlan } from '../../jobs/generate/generate.ts'
import { type DrawingFlags, drawnBy, withDrawingFlags, withOut } from '../drawing-flags.ts'
import { jobOf, withFields } from '../flags.ts'
import { type ListedFlags, listed, withListed } from '../sample/listed.ts'

export function inpaintCommand(): Command {
  const command = new Command('inpaint').description(
    'complete images: the hole receives exactly what is asked for, all else stays as it is',
  )
  withListed(withFields(command, completeSchema, ['porosity', 'fractions', ...Object.keys(drawingFields)]))
  withOut(command, '.png (a row each), .npy or .npz; of materials .tif and .vti as well')
  withDrawingFlags(command).addHelpText(
    'after',
    `
Examples:
  saltus inpaint --input digit.png --mask hole.png --out four.png
  saltus inpaint --input digit.png --mask hole.png --mass 9000,12000 --class 3 --out threes.npz
  saltus inpaint --model berea --input rock.png --mask hole.png --porosity 0.2 --out rock.tif`,
  )
  return command.action((flags: DrawingFlags & ListedFlags) => run(flags))
}

async function run(flags: DrawingFlags & ListedFlags): Promise<void> {
  const job = jobOf(completeSchema, listed(flags))
  await drawnBy(flags, {
    kind: 'complete',
    command: 'inpaint',
    job,
    plan: context => completePlan(job, context),
    draw: drawPlan,
  })
}
