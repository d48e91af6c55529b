/** The flags that every command that draws images has, and how it draws while someone watches. */
import type { Command } from 'commander'
import { cannot } from '../base/errors.ts'
import type { ModelDescription } from '../model/description.ts'
import { process as processOf } from '../process/index.ts'
import { type Device, devices } from '../runtime/onnxruntime-node.ts'
import { type SolverDescription, solver } from '../sampling/index.ts'
import { type Drawn, draw } from './draw.ts'
import type { Drawing } from './drawing.ts'
import { progressBar } from './progress.ts'
import { decimal, oneOf, UsageError, whole } from './usage.ts'

const solvers = ['ancestral', 'multistep', 'cfl'] as const

export interface DrawingFlags {
  readonly calls?: number
  readonly solver?: (typeof solvers)[number]
  readonly noise?: number
  readonly damping?: number
  readonly cfl?: number
  readonly guidance?: number
  readonly seed: number
  readonly device: Device
  readonly workers?: number
  readonly quiet: boolean
}

export function withDrawingFlags(command: Command): Command {
  return command
    .option(
      '--calls <k>',
      'network calls of ancestral and multistep (default: what the model says suits it)',
      whole('--calls', { least: 1, most: 1_000_000 }),
    )
    .option(
      '--solver <name>',
      "ancestral (one step back for each call), multistep (of order two: fewer calls) or cfl (DSD's algorithm 2) (default: what the model says suits it)",
      oneOf('--solver', solvers),
    )
    .option(
      '--noise <eta>',
      'how much of the forward walk is undone and done again: 1 the reversed walk, 0 its net flow alone, above 1 with mixing; walks only',
      decimal('--noise', { least: 0, most: 8 }),
    )
    .option(
      '--damping <beta>',
      'multistep: below 1 the change from call to call is damped',
      decimal('--damping', { above: 0, most: 1 }),
    )
    .option(
      '--cfl <e>',
      'cfl: largest probability of a hop in one step (default: 0.15)',
      decimal('--cfl', { above: 0, most: 1 }),
    )
    .option(
      '--guidance <w>',
      'how far the origin leans towards the class that is told: 0 not at all, 1 as learned (the default), others take two network calls for one',
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

/** Flags that only some solvers know. */
const ofSome = {
  calls: ['ancestral', 'multistep'],
  damping: ['multistep'],
  cfl: ['cfl'],
} as const satisfies Partial<Record<keyof DrawingFlags, readonly (typeof solvers)[number][]>>

/** The solver that suits the model where none is named: of few calls another one than of many, if the model says so. */
function usual(
  { sampling, few }: ModelDescription,
  { solver: named, calls }: Partial<DrawingFlags>,
): SolverDescription {
  return few && named === undefined && calls !== undefined && calls <= Number(few.calls) ? few : sampling
}

/**
 * The solver that the flags ask for: what they leave open is as the model has it. The labels of a material end with one
 * decision on all of them by any solver. @throws UsageError for a flag of another solver
 */
export function solverOf(flags: Partial<DrawingFlags>, description: ModelDescription): SolverDescription {
  const { data, process } = description
  const { solver: named, calls, noise, damping, cfl: fraction } = flags
  const sampling = usual(description, flags)
  const kind = named ?? (sampling.kind as (typeof solvers)[number])
  for (const [flag, solvers] of Object.entries(ofSome))
    if (flags[flag as keyof typeof ofSome] !== undefined && !(solvers as readonly string[]).includes(kind))
      throw new UsageError(
        cannot('draw', `--${flag}`, `left out with --solver ${kind}`, flags[flag as keyof typeof ofSome]),
      )
  if (noise !== undefined && processOf(process).motion === 0)
    throw new UsageError(cannot('draw', '--noise', 'left out with a model whose units do not walk', noise))
  const told = { calls, noise, damping, fraction }
  const given = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
  const settle = kind === 'cfl' ? data.material !== undefined : sampling.settle
  return solver({ ...sampling, ...given, settle, kind }).description
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
