/** The grain of the last step of a material: found by itself from held-in crops at the end of training. */
import { random } from '../../base/random.ts'
import type { ModelDescription } from '../../model/description.ts'
import { encodeModelFile } from '../../model/file.ts'
import { originFunction } from '../../model/origin.ts'
import type { JumpProcess } from '../../process/index.ts'
import { sample, solver } from '../../sampling/index.ts'
import { finish, type Labels, measure } from '../../structure/index.ts'
import { imageSource } from '../../training/sources.ts'
import type { TrainingState } from '../../training/trainer.ts'
import type { Context } from '../context.ts'
import { checkable, cropsOf, labelled, sampleCount, tile } from './check.ts'
import type { Run } from './run.ts'

/** tau over which the noise of the last draw may have walked. */
const grains = [0.3, 0.4, 0.5, 0.65, 0.8, 1, 1.2, 1.5, 1.9]

/** Whether the last step of a run has a grain: that of noise that walks. */
export const grained = (run: Run): boolean => checkable(run) && run.process.motion > 0

/**
 * Draws samples with the fractions of held-in crops, and takes of their last step the grain with which chords of one voxel, of every
 * phase, and the surface of the pores come nearest to those of the crops, by the sum of the logarithms of the ratios.
 */
export async function fitGrain(
  run: Run,
  state: Pick<TrainingState, 'step' | 'average'>,
  { runtime, threads, signal }: Pick<Context, 'runtime' | 'threads' | 'signal'>,
): Promise<number> {
  const description = run.describe(state.step)
  const { process, data, options } = run
  const crops = cropsOf(process, imageSource(data.source, options.seed), sampleCount)
  const program = await runtime.compile(encodeModelFile(description, state.average), { threads })
  try {
    const ends = await lastOf(description, {
      process,
      masses: crops.masses,
      signal,
      origin: originFunction(program, description),
    })
    const wanted = fringes(labelled(crops.counts, description), description)
    const off = grains.map(grain => {
      const got = fringes(labelled(ends.settled(grain), description), description)
      return got.reduce((sum, value, i) => sum + Math.abs(Math.log((value + 1e-4) / (wanted[i] + 1e-4))), 0)
    })
    return grains[off.indexOf(Math.min(...off))]
  } finally {
    await program.release()
  }
}

/** Samples before their last step, and how it ends them with a grain. */
async function lastOf(
  description: ModelDescription,
  options: Pick<Parameters<typeof sample>[0], 'process' | 'masses' | 'signal' | 'origin'>,
): Promise<{ settled(grain: number): Int32Array }> {
  const { process } = options
  const size = process.channels * process.sites
  const kept: { counts: Int32Array; origin: Float32Array; time: number }[] = []
  /** The process, which keeps what it is asked to settle. */
  const watched: JumpProcess = {
    ...process,
    settle(counts, origin, by) {
      kept.push({ counts: counts.slice(), origin: Float32Array.from(origin), time: by?.time ?? 0 })
      process.settle?.(counts, origin, by)
    },
  }
  await sample({ ...options, process: watched, solver: solver(description.sampling), seed: 1, batch: tile })
  return {
    settled(grain) {
      const out = new Int32Array(kept.length * size)
      kept.forEach(({ counts, origin, time }, i) => {
        const own = out.subarray(i * size, (i + 1) * size)
        own.set(counts)
        process.settle?.(own, origin, { time, grain, random: random(1).fork(i) })
      })
      return out
    },
  }
}

/** Of all grids together: the share of chords of one voxel of every phase, and the surface of the pores. */
function fringes(grids: readonly Labels[], { data }: ModelDescription): number[] {
  const phases = data.material?.phases.length ?? 2
  const sums = new Array<number>(phases + 1).fill(0)
  for (const grid of grids) {
    const { lone, specificSurface } = finish(
      measure(grid, { only: ['lone', 'specificSurface'], labels: phases }),
    )
    for (let label = 0; label < phases; label++) {
      const share = lone?.[label]?.oneVoxelChords ?? 0
      if (Number.isFinite(share)) sums[label] += share / grids.length
    }
    sums[phases] += (specificSurface?.isotropic ?? 0) / grids.length
  }
  return sums
}
