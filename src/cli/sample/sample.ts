/** `saltus sample`: images of exactly the mass, materials of exactly the volume fractions that are asked for. */
import { Command } from 'commander'
import { generateSchema } from '../../jobs/generate/asking.ts'
import { askedFields } from '../../jobs/generate/fields.ts'
import { drawPlan, generatePlan } from '../../jobs/generate/generate.ts'
import { type DrawingFlags, drawnBy, withDrawingFlags, withOut } from '../drawing-flags.ts'
import { jobOf, withFields } from '../flags.ts'
import { type ListedFlags, listed, withListed } from './listed.ts'

export interface SampleFlags extends DrawingFlags, ListedFlags {}

export function sampleCommand(): Command {
  const command = new Command('sample').description(
    'draw images from a model: where units walk, each has exactly the mass, or the volume fractions, asked for',
  )
  withAskedFlags(command, 16)
  withOut(
    command,
    '.png (a grid), .npy, .npz; of materials .tif, .vti, .nrrd and .mhd as well, of series .csv, of graphs .json and .svg',
  )
  withDrawingFlags(command).addHelpText(
    'after',
    `
Examples:
  saltus sample -n 64 --mass 26000 -o digits.png
  saltus sample --class 7 -n 8 --calls 16 -o sevens.npz
  saltus sample -m berea --porosity 0.18,0.22 -n 4 -o rock.tif -o rock.png
  saltus sample -m berea --size 256,256 --porosity 0.2 -n 1 -o large.vti`,
  )
  return command.action((flags: SampleFlags) => run(flags))
}

/** Adds the flags that say what samples are wanted; `count` of them by default. */
export const withAskedFlags = (command: Command, count: number): Command =>
  withListed(withFields(command, askedFields(count), ['porosity', 'fractions']))

async function run(flags: SampleFlags): Promise<void> {
  const job = jobOf(generateSchema, listed(flags))
  await drawnBy(flags, {
    kind: 'generate',
    command: 'sample',
    job,
    plan: context => generatePlan(job, context),
    draw: drawPlan,
  })
}
