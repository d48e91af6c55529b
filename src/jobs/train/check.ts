/** How a material's training stands: finished samples of the network as it is, beside crops that were held out. */
import { random } from '../../base/random.ts'
import { phasePicture } from '../../formats/phase-picture.ts'
import type { ModelDescription } from '../../model/description.ts'
import { encodeModelFile } from '../../model/file.ts'
import { originFunction } from '../../model/origin.ts'
import type { JumpProcess } from '../../process/index.ts'
import type { Program } from '../../runtime/runtime.ts'
import { sample, solver } from '../../sampling/index.ts'
import { drive, type Labels, type Measured, measure } from '../../structure/index.ts'
import { batches } from '../../training/batches.ts'
import type { ImageSource } from '../../training/source.ts'
import { imageSource } from '../../training/sources.ts'
import type { TrainingState } from '../../training/trainer.ts'
import type { Context } from '../context.ts'
import { labelsOf } from '../input/phases.ts'
import type { Figure } from './aims.ts'
import type { Run } from './run.ts'

/** A figure of the samples and of the crops, both as means over all of them. */
export interface Standing {
  readonly samples: number
  readonly crops: number
  /** How far the samples are from the crops: as a part of the crops', S2 as a part of φ (1 − φ). */
  readonly off: number
}

/** One look at a run. */
export interface Check {
  readonly step: number
  readonly seconds: number
  /** The mean loss over crops that were held out, as that of the training is told. */
  readonly heldOutLoss: number
  /** Whether the crops were held out, or are of the training for want of others. */
  readonly beside: 'held-out crops' | 'training crops'
  /** The distances of the three S2, in voxels. */
  readonly lags: readonly number[]
  readonly figures: Readonly<Record<Figure, Standing>>
}

/** A check, and a picture of the samples with their porosities. */
export interface Looked {
  readonly check: Omit<Check, 'step' | 'seconds'>
  readonly picture: Uint8Array
}

/** Samples per call. */
export const tile = 16

/** Crops and samples of a check: with 32 of each the surface of a sandstone is told to about 3 %. */
export const sampleCount = 2 * tile

/** Crops of a source, the same ones every time, and their masses. */
export function cropsOf(
  process: JumpProcess,
  source: ImageSource,
  count: number,
): { counts: Int32Array; masses: number[][] } {
  const size = process.channels * process.sites
  const counts = new Int32Array(count * size)
  const stream = random(0)
  const masses = Array.from({ length: count }, (_, i) => {
    const out = counts.subarray(i * size, (i + 1) * size)
    source.draw(i, { random: stream.fork(i), out })
    return process.invariant(out)
  })
  return { counts, masses }
}

/**
 * Draws as many samples with exactly the fractions of held-out crops, the same crops and seeds every time, by the solver
 * that samples will be drawn by, and measures both. For a run on crops of a material.
 */
export async function look(
  run: Run,
  state: TrainingState,
  { runtime, threads, signal }: Pick<Context, 'runtime' | 'threads' | 'signal'>,
): Promise<Looked> {
  const description = run.describe(state.step)
  const { process, data } = run
  const source = imageSource(data.heldOut ?? data.source, run.options.seed)
  const { counts: crops, masses } = cropsOf(process, source, sampleCount)
  const program = await runtime.compile(encodeModelFile(description, state.average), { threads })
  try {
    const drawn = await sample({
      process,
      solver: solver(description.sampling),
      origin: originFunction(program, description),
      masses,
      seed: 0,
      batch: tile,
      signal,
    })
    const [own, real] = [drawn.counts, crops].map(counts => labelled(counts, description))
    const lags = [20, 8, 4].map(part =>
      Math.max(1, Math.floor(Math.min(...description.task.shape.slice(1)) / part)),
    )
    return {
      check: {
        heldOutLoss: await lossOf(run, description, program),
        beside: data.heldOut ? 'held-out crops' : 'training crops',
        lags,
        figures: await compared(own, real, lags),
      },
      picture: pictured(own.slice(0, tile), description),
    }
  } finally {
    await program.release()
  }
}

/** Whether a run can be looked at so: it is one on crops of slices (volumes take too long), whose origins are probabilities. */
export const checkable = ({ data, process, lattice }: Run): boolean =>
  data.material !== undefined && lattice.shape.length === 2 && process.link.local

/** Counts as grids of labels. */
export function labelled(counts: Int32Array, { data, task }: ModelDescription): Labels[] {
  const [, height, width] = task.shape
  const sites = height * width
  const labels = labelsOf(counts, data.material!, sites)
  return Array.from({ length: labels.length / sites }, (_, i) => ({
    data: labels.subarray(i * sites, (i + 1) * sites),
    shape: [height, width],
  }))
}

/** The mean loss over two batches of held-out crops, the same every time. */
async function lossOf(run: Run, description: ModelDescription, program: Program): Promise<number> {
  const { process, schedule, data, options } = run
  const { sites, channels } = process
  const next = batches({
    process,
    schedule,
    source: imageSource(data.heldOut ?? data.source, options.seed),
    batch: tile,
    seed: 0,
    classes: description.task.classes,
    told: description.task.told,
    labelDropout: 0,
    seam: options.boundary === 'periodic',
  })
  let sum = 0
  for (const step of [0, 1]) {
    const { target, weights, ...asked } = next(step)
    const { origin } = await program.run(asked)
    for (let b = 0; b < tile; b++)
      for (let x = 0; x < sites; x++) {
        let [told, left, rest] = [0, 1, 1]
        for (let c = 0, at = b * channels * sites + x; c < channels; c++, at += sites) {
          told += target.data[at] * origin.data[at]
          left -= target.data[at]
          rest -= origin.data[at]
        }
        sum -= (weights.data[b * sites + x] / sites) * Math.log(Math.max(1e-7, told + left * rest))
      }
  }
  return sum / 2
}

/** The figures of both sides, measured alike: without what meets across the sides, which crops do not know. */
async function compared(
  own: readonly Labels[],
  real: readonly Labels[],
  lags: readonly number[],
): Promise<Record<Figure, Standing>> {
  const only = ['s2', 'poreSizes', 'specificSurface'] as const
  const seen = async (grids: readonly Labels[]) => {
    const all: Measured[] = []
    for (const grid of grids) all.push(await drive(measure(grid, { only, range: Math.max(...lags) })))
    return all
  }
  const [samples, crops] = [await seen(own), await seen(real)]
  const variance = mean(crops.map(({ porosity }) => porosity * (1 - porosity)))
  const standing = (of: (one: Measured) => number, scale?: number): Standing => {
    const [a, b] = [samples, crops].map(all => mean(all.map(of).filter(Number.isFinite)))
    return { samples: a, crops: b, off: (a - b) / (scale ?? b) }
  }
  const s2 = (k: number) => standing(({ s2 }) => s2?.radial[lags[k]] ?? Number.NaN, variance)
  return {
    surface: standing(({ specificSurface }) => specificSurface?.isotropic ?? Number.NaN),
    pores: standing(({ poreSizes }) => poreSizes?.mean ?? Number.NaN),
    near: s2(0),
    middle: s2(1),
    far: s2(2),
  }
}

const mean = (all: readonly number[]): number => all.reduce((sum, value) => sum + value, 0) / all.length

function pictured(grids: readonly Labels[], { data }: ModelDescription): Uint8Array {
  const [height, width] = grids[0].shape
  const labels = new Uint8Array(grids.length * height * width)
  grids.forEach((grid, i) => {
    labels.set(grid.data, i * height * width)
  })
  const captions = grids.map(({ data: own }) =>
    (own.reduce((pores, label) => pores + (label === 0 ? 1 : 0), 0) / own.length).toFixed(3),
  )
  return phasePicture(
    { data: labels, shape: [grids.length, height, width] },
    { labels: data.material?.phases.length, captions },
  )
}
