/** `saltus sample`: images of exactly the mass, materials of exactly the volume fractions that are asked for. */
import { basename } from 'node:path'
import { Command } from 'commander'
import { cannot } from '../base/errors.ts'
import { resized } from '../model/resize.ts'
import { process as processOf } from '../process/index.ts'
import type { Drawing } from './drawing.ts'
import { type DrawingFlags, drawShown, solverOf, withDrawingFlags } from './drawing-flags.ts'
import { phaseFractions, porosities } from './fractions.ts'
import { loadModel, modelPath } from './models.ts'
import { duration, interruption } from './progress.ts'
import { imageSamples } from './sample-images.ts'
import { materialSamples } from './sample-material.ts'
import type { SampleFlags, SampleOf, Samples } from './samples.ts'
import { given, listOf, several, UsageError, whole } from './usage.ts'
import { massRange } from './wishes.ts'

/** What is asked of the samples, and of what model. */
export interface AskedFlags extends DrawingFlags, SampleFlags {
  readonly model: string
  readonly size?: readonly [number, number]
}

interface Flags extends AskedFlags {
  readonly out?: string[]
}

export function sampleCommand(): Command {
  const command = new Command('sample').description(
    'draw images from a model: where units walk, each has exactly the mass, or the volume fractions, asked for',
  )
  withAskedFlags(command, 16).option(
    '--out <file>',
    'needed: .png (a grid), .npy, .npz; of materials .tif and .vti as well; may be given several times',
    several,
  )
  return withDrawingFlags(command).action(async (flags: Flags) => {
    await run(flags)
  })
}

/** Adds the flags that say what samples are wanted; `count` of them by default. */
export function withAskedFlags(command: Command, count: number): Command {
  return command
    .option('--model <model>', 'a model file, or the name of a shipped model', 'mnist')
    .option(
      '--count <n>',
      'how many images, of each class and mass that are asked for',
      whole('--count', { least: 1, most: 1_000_000 }),
      count,
    )
    .option(
      '--class <c>',
      'classes by name or number, like 7, 0:9 or 0,3,7: a row of the picture each (default: one drawn for every image like those of the training data)',
    )
    .option('--no-classes', 'tell the network no class')
    .option(
      '--mass <m>',
      'units per image, M or MIN:MAX, or several with commas (default: masses like those of the training data)',
      listOf(massRange('sample')),
    )
    .option(
      '--porosity <p>',
      'materials: pores / all, P or MIN:MAX, several with commas, or a file with one for each sample',
      porosities,
    )
    .option(
      '--fractions <list>',
      'materials: the share of every solid phase, F or MIN:MAX each, or a file with such lines',
      phaseFractions,
    )
    .option('--size <h,w>', 'materials: height and width in voxels (default: those of the training)', sizeOf)
}

/** H,W or HxW or one side for both. */
function sizeOf(text: string): readonly [number, number] {
  const side = whole('--size', { least: 4, most: 8192 })
  const [height, width = height, ...more] = text.split(/[x×,]/)
  if (more.length > 0) throw new UsageError(cannot('sample', '--size', 'H,W', text))
  return [side(height), side(width)]
}

/** What the flags ask for, checked: how it is to be drawn, and how written to `out`. */
export function requested(
  flags: AskedFlags,
  out: readonly string[],
): { readonly samples: Samples; readonly drawing: Drawing } {
  const { seed, guidance, size } = flags
  const file = loadModel(flags.model)
  const { model, process: walk } = size ? resized(file, size) : { model: file, process: undefined }
  const { description, bytes } = model
  const { conserved } = processOf(description.process)
  const of: SampleOf = { name: basename(modelPath(flags.model), '.onnx'), description, conserved, flags, out }
  const samples: Samples = description.data.material ? materialSamples(of) : imageSamples(of)
  const { wished } = samples
  const drawing = {
    model: bytes,
    description,
    process: walk,
    solver: solverOf(flags, description),
    seed,
    masses: wished.map(wish => wish.masses),
    labels: wished.map(wish => wish.label),
    guidance,
  }
  return { samples, drawing }
}

async function run(flags: Flags): Promise<void> {
  const { samples, drawing } = requested(flags, given('sample', '--out', flags.out))
  const { signal, release } = interruption({ patience: 2000 })
  try {
    if (!flags.quiet) for (const words of samples.warnings) process.stderr.write(`${words}\n`)
    const began = performance.now()
    const drawn = await drawShown(drawing, flags, signal)
    const said = samples.write(drawn)
    const took = duration((performance.now() - began) / 1000)
    process.stdout.write(`${samples.wished.length} ${samples.noun} in ${took}; ${said}\n`)
  } finally {
    release()
  }
}
