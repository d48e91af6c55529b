/** The flags that every command that draws images has, and how it draws while someone watches. */
import type { Command } from 'commander'
import type { ModelDescription } from '../model/description.ts'
import { type Device, devices } from '../runtime/onnxruntime-node.ts'
import { bridge, cfl, type LeapOptions, leap, type SolverDescription } from '../sampling/index.ts'
import { type Drawn, draw } from './draw.ts'
import type { Drawing } from './drawing.ts'
import { progressBar } from './progress.ts'
import { decimal, oneOf, whole } from './usage.ts'

export interface DrawingFlags {
  readonly calls?: number
  readonly solver?: 'leap' | 'bridge' | 'cfl'
  readonly cfl: number
  readonly guidance?: number
  readonly seed: number
  readonly device: Device
  readonly workers?: number
  readonly quiet: boolean
}

/**
 * For learned rates the structure of an image is decided while τ is large, and calls there pay most; and hops of both
 * ways mend what the network has told wrongly. Chosen on 256 samples of the MNIST model at 128 calls, of which the
 * classifier was sure in 82 % at a bend of 0.3, in 84 % at 0.4, and at 0.4 with a churn of 0.3 in 88 %.
 */
export const learned = { bend: 0.4, substeps: 2, churn: 0.3 } as const

/** Materials are decided at small τ as well, where single voxels make the walls of pores. */
const ofMaterials = { calls: 64, smallest: 0.02, bend: 0.15, substeps: 2, churn: 0.3 } as const

/** The leaps that suit what a model draws: as many calls as the tables in the cards say. */
export function usualLeap({ data }: ModelDescription): LeapOptions {
  return data.material ? ofMaterials : { calls: 128, ...learned }
}

export function withDrawingFlags(command: Command): Command {
  return command
    .option(
      '--calls <k>',
      'network calls of leap and bridge (default: 128, of materials 64)',
      whole('--calls', { least: 1, most: 1_000_000 }),
    )
    .option(
      '--solver <name>',
      "leap (large leaps), bridge (towards the expected origin) or cfl (DSD's algorithm 2) (default: leap; of units that do not move bridge)",
      oneOf('--solver', ['leap', 'bridge', 'cfl'] as const),
    )
    .option(
      '--cfl <e>',
      'cfl: largest probability of a hop in one step',
      decimal('--cfl', { above: 0, most: 1 }),
      0.15,
    )
    .option(
      '--guidance <w>',
      "how far rates lean towards the class: 0 not at all, 1 as learned, others take two network calls for one; where no class is told towards the data's structure (default: what the model says suits it, else 1)",
      decimal('--guidance', { least: 0, most: 100 }),
    )
    .option('--seed <n>', 'seed; sample i depends on seed and i alone', whole('--seed', { least: 0 }), 0)
    .option('--device <name>', devices.join(', '), oneOf('--device', devices), 'cpu')
    .option(
      '--workers <n>',
      'threads that draw at the same time on the cpu (default: the cores); they change no byte',
      whole('--workers', { least: 1, most: 1024 }),
    )
    .option('--quiet', 'print errors only', false)
}

/** The solver that the flags ask for, of images like those of a model. */
export function solverOf(
  { solver, calls, cfl: fraction }: Partial<DrawingFlags>,
  description: ModelDescription,
): SolverDescription {
  const steps = { ...usualLeap(description), ...(calls === undefined ? {} : { calls }) }
  const builders = { leap: () => leap(steps), bridge: () => bridge(steps), cfl: () => cfl({ fraction }) }
  return builders[solver ?? (description.task.motion > 0 ? 'leap' : 'bridge')]().description
}

/** Draws, with a bar of the progress. */
export async function drawShown(
  drawing: Drawing,
  { device, workers, quiet }: DrawingFlags,
  signal: AbortSignal,
): Promise<Drawn> {
  const total = drawing.masses.length
  const bar = progressBar('sampling', { total, quiet })
  try {
    return await draw(drawing, {
      device,
      workers,
      signal,
      onProgress: ({ calls, expectedCalls, images }) =>
        bar.update(expectedCalls ? Math.floor((calls / expectedCalls) * total) : images),
    })
  } finally {
    bar.stop()
  }
}
