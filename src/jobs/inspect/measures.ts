/** The measures of the job `inspect`, each a function of what is inspected. */
import { exp, log } from '../../base/numeric.ts'
import {
  conservativity,
  dimension,
  type LoopRow,
  ratesBy,
  type Spread,
  spreadOf,
} from '../../inspection/index.ts'
import { type BoundaryName, lattice } from '../../lattice/index.ts'
import { type Band, frechet, LEAST_SIDE, lifeOf, moments, scales } from '../../metrics/index.ts'
import type { Context } from '../context.ts'
import { viewer } from '../evaluate/viewer.ts'
import type { InspectJob } from './fields.ts'
import { type Subject, samplesOf, someOf, timesOf } from './subject.ts'

/** The answer of the origin to the noise at a time. */
export interface DimensionRow {
  readonly time: number
  readonly tau: number
  /** Over the images: after how many eigenvalues the largest fall is, that fall, and how many carry the answer. */
  readonly dimension: Spread
  readonly fall: Spread
  readonly effective: Spread
  /** The eigenvalues over the largest, mean over the images. */
  readonly values: readonly number[]
}

export interface ScaleTable {
  readonly taus: readonly number[]
  /** With the tau at which each octave's signal is its noise; NaN: never in these. */
  readonly bands: readonly (Band & { readonly life: number })[]
}

/** The Fréchet distance between samples of noise 0 and 1, and between two sets of noise 1. */
export interface Gap {
  readonly samples: number
  readonly features: string
  readonly frechet: number
  readonly floor: number
}

type Telling = (share: number) => void

export function loopsOf(
  { process, images, asked }: Subject,
  job: InspectJob,
  tell: Telling,
): Promise<LoopRow[]> {
  const { loops, seed, count } = job
  return conservativity({
    process,
    rates: ratesBy(asked(() => {})),
    images: someOf(images, count),
    times: timesOf(process, job),
    loops,
    seed,
    onProgress: tell,
  })
}

export async function dimensionsOf(
  { process, images, asked }: Subject,
  job: InspectJob,
  tell: Telling,
): Promise<DimensionRow[]> {
  const { around, draws, seed } = job
  const times = timesOf(process, job)
  const rows: DimensionRow[] = []
  for (const [i, time] of times.entries()) {
    const within = asked(share => tell((i + share) / times.length))
    const found = await dimension({ ...within, images: someOf(images, around), draws, time, seed })
    const over = (pick: (answer: (typeof found)[number]) => number) => spreadOf(found.map(pick))
    rows.push({
      time,
      tau: process.rate * time,
      dimension: over(answer => answer.dimension),
      fall: over(answer => answer.fall),
      effective: over(answer => answer.effective),
      values: found[0].values.map((_, k) =>
        found.reduce((sum, { values }) => sum + values[k] / values[0] / found.length, 0),
      ),
    })
  }
  return rows
}

/** Taus of the curves. */
const POINTS = 41

/** Undefined where the process is none on a lattice. */
export function scalesOf({ process, images }: Subject, { count }: InspectJob): ScaleTable | undefined {
  const { lengths, boundaries } = process.description as { lengths?: number[]; boundaries?: BoundaryName[] }
  if (!lengths || !boundaries || process.motion === 0) return undefined
  const taus = Array.from(
    { length: POINTS },
    (_, i) => 0.01 * exp((i / (POINTS - 1)) * log(process.rate / 0.01)),
  )
  const counts = someOf(images, count)
  const { sites } = process
  const planes = Array.from({ length: counts.length / sites }, (_, k) =>
    counts.subarray(k * sites, (k + 1) * sites),
  )
  const bands = scales({ lattice: lattice(lengths, boundaries), planes, taus })
  return { taus, bands: bands.map(band => ({ ...band, life: lifeOf(band, taus) })) }
}

export async function gapOf(
  { process, model }: Subject,
  job: InspectJob,
  context: Context,
  tell: Telling,
): Promise<Gap | undefined> {
  // Features are of blocks of the image, which has too few sites where these are a line.
  const { shape, parts } = model.description.task
  const [height, width = 0] = (parts?.[0].shape ?? shape).slice(-2)
  if (process.motion === 0 || Math.min(height, width) < LEAST_SIDE) return undefined
  const sets = []
  for (const [k, noise] of [0, 1, 1].entries()) {
    sets.push(await samplesOf(job, context, { count: job.samples, seed: job.seed + 1 + k, noise }))
    tell((k + 1) / 3)
  }
  const view = await viewer(sets[1], { ...context, classifier: undefined })
  try {
    const [still, walked, again] = await Promise.all(
      sets.map(async set => moments((await view.see(set)).features, view.size)),
    )
    const of = { samples: job.samples, features: view.told }
    return { ...of, frechet: frechet(still, walked), floor: frechet(again, walked) }
  } finally {
    await view.release()
  }
}
