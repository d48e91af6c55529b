/** `saltus inpaint`: holes of any shape filled with exactly what is asked for, and nothing else touched. */
import { Command } from 'commander'
import { cannot, InvariantError } from '../base/errors.ts'
import type { Surroundings } from '../model/conditions.ts'
import { process as processOf } from '../process/index.ts'
import { drawShown, solverOf, withDrawingFlags } from './drawing-flags.ts'
import { phaseFractions, porosities } from './fractions.ts'
import type { HolePaths, InpaintFlags } from './holes.ts'
import { imageHoles } from './inpaint-images.ts'
import { labelHoles } from './inpaint-labels.ts'
import { loadModel } from './models.ts'
import { duration, interruption } from './progress.ts'
import { given, listOf, several, whole } from './usage.ts'
import { massRange } from './wishes.ts'

export function inpaintCommand(): Command {
  const command = new Command('inpaint')
    .description('complete images: the hole receives exactly what is asked for, all else stays as it is')
    .option('--model <model>', 'a model whose units walk: a file, or the name of a shipped one', 'mnist')
    .option(
      '--input <path>',
      'needed: the images to complete: png, npy, npz, idx, or a folder; of a material its labels',
    )
    .option('--mask <file>', 'needed: png or array of the image, [H, W] or [C, H, W], not 0 in the hole')
    .option(
      '--mass <m>',
      'units for the hole, M or MIN:MAX, or several with commas (default: as many as are expected)',
      listOf(massRange('inpaint')),
    )
    .option('--class <name>', 'the class that the network is told (default: none)')
    .option(
      '--porosity <p>',
      'materials: pores / all of the completed image, as for sample (default: the hole as what is around it)',
      porosities,
    )
    .option(
      '--fractions <list>',
      'materials: the share of every solid phase in it, as for sample',
      phaseFractions,
    )
    .option(
      '--count <n>',
      'how many completions of each image with each mass',
      whole('--count', { least: 1, most: 1e6 }),
      4,
    )
    .option(
      '--out <file>',
      'needed: .png (a row each), .npy or .npz; of materials .tif and .vti as well; may be given several times',
      several,
    )
  return withDrawingFlags(command).action(async (flags: InpaintFlags) => {
    await run(flags)
  })
}

async function run(flags: InpaintFlags): Promise<void> {
  const input = given('inpaint', '--input', flags.input)
  const mask = given('inpaint', '--mask', flags.mask)
  const paths: HolePaths = { input, mask, out: given('inpaint', '--out', flags.out) }
  const file = loadModel(flags.model)
  const { process: law, data } = file.description
  const { motion } = processOf(law)
  if (motion === 0)
    throw new RangeError(cannot('inpaint', 'the model', 'one whose units walk on a lattice', law.kind))
  const holes = data.material
    ? await labelHoles(file, data.material, { flags, paths })
    : imageHoles(file, { flags, paths })
  const { signal, release } = interruption({ patience: 2000 })
  try {
    const began = performance.now()
    const { model, process: walk, surroundings, masses, label } = holes
    const { description, bytes } = model
    const drawing = {
      model: bytes,
      description,
      process: walk,
      surroundings,
      solver: solverOf(flags, description),
      seed: flags.seed,
      masses,
      labels: label === undefined ? undefined : masses.map(() => label),
      guidance: flags.guidance,
    }
    const drawn = await drawShown(drawing, flags, signal)
    demandKnown(drawn.counts, surroundings)
    const said = await holes.write(drawn)
    const many = `${masses.length} image${masses.length > 1 ? 's' : ''}`
    process.stdout.write(`${many} in ${duration((performance.now() - began) / 1000)}; ${said}\n`)
  } finally {
    release()
  }
}

/** @throws InvariantError where a known count is not as it was */
function demandKnown(counts: Int32Array, { known, open, each = Infinity }: Surroundings): void {
  const size = open.length
  for (let i = 0; i * size < counts.length; i++) {
    const from = Math.floor(i / each) * size
    for (let x = 0; x < size; x++) {
      const [n, before] = [counts[i * size + x], known[from + x]]
      if (!open[x] && n !== before)
        throw new InvariantError(cannot('inpaint', `site ${x} of image ${i}`, String(before), n))
    }
  }
}
