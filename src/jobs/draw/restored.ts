/** Images drawn towards what was measured of them, where a drawing has something measured; else as they are drawn anyway. */
import { random } from '../../base/random.ts'
import type { ModelDescription } from '../../model/description.ts'
import type { JumpProcess } from '../../process/index.ts'
import {
  accepted,
  type Measurement,
  type MeasurementDescription,
  measurement,
  measuring,
  openness,
} from '../../restoration/index.ts'
import {
  type OriginFunction,
  type Sampled,
  type SampleOptions,
  type SampleProgress,
  type SolverDescription,
  sample,
  solver,
} from '../../sampling/index.ts'

/** What was measured, and how images are drawn to it. */
export interface Restoration {
  readonly measurement: MeasurementDescription
  /** See `MeasuringOptions.strength`. */
  readonly strength?: number
  /** How often each image goes part of the way forward and back, to stay where it is likelier: see `accepted`. Default 0. */
  readonly passes?: number
  /** How far: a share of the calls. Default 0.2. */
  readonly reach?: number
}

/** What is drawn: of a drawing, what matters here. */
export interface Restorable {
  readonly description: ModelDescription
  readonly restoration?: Restoration
  readonly solver: SolverDescription
  readonly seed: number
}

/** The calls of a tile, where they are known beforehand. */
export function callsOf({ restoration, solver: of }: Restorable): number | undefined {
  const { calls } = solver(of)
  if (!restoration || calls === undefined) return calls
  const { passes = 0, reach = 0.2 } = restoration
  const there = passes && (accepted(solver(of), { passes, reach, score: () => 0 }).calls ?? 0)
  return calls + there
}

/** The streams of what is drawn beside the images, far from theirs, which are numbered from 0. */
const [openStream, passStream] = [2 ** 32 + 4, 2 ** 32 + 5]

const seedFrom = (seed: number, key: number) => Math.floor(random(seed).fork(key).uniform() * 2 ** 53)

/** The end that takes what is most probable, where a process would draw. */
const likely =
  (settle: NonNullable<JumpProcess['settle']>): JumpProcess['settle'] =>
  (counts, origin) =>
    settle(counts, origin)

/** `sample` for a drawing. The origin is that of the prior; how open it is is found out once. */
export function restored(
  { description, restoration, solver: of, seed }: Restorable,
  { walk, origin }: { readonly walk: JumpProcess; readonly origin: OriginFunction },
): (options: SampleOptions) => Promise<Sampled> {
  if (!restoration) return sample
  const { strength, passes = 0, reach = 0.2 } = restoration
  const { tile, task, data } = description
  const seen: Measurement = measurement(restoration.measurement, task.shape)
  const phases = data.material !== undefined
  let told: Promise<OriginFunction> | undefined
  // What was measured decides: labels that were drawn once more at the end would fit it less (docs/restoration.md). Passes go by the prior.
  const decided = { ...walk, ...(walk.settle && { settle: likely(walk.settle) }) }
  async function drawnTo(signal: AbortSignal | undefined): Promise<OriginFunction> {
    const step = Math.max(1, Math.floor(data.masses.length / tile))
    const masses = Array.from(
      { length: tile },
      (_, i) => data.masses[Math.min(data.masses.length - 1, i * step)],
    )
    const prior = { process: walk, origin, masses, batch: tile, seed: seedFrom(seed, openStream), signal }
    const open = await openness({ ...prior, solver: solver(description.sampling), phases })
    return measuring(seen, { open, phases, strength }).around?.(origin) ?? origin
  }
  return async options => {
    told ??= drawnTo(options.signal)
    const towards = await told
    const drawn = await sample({ ...options, process: decided, origin: towards })
    if (passes === 0) return drawn
    const score = (counts: Int32Array, image: number) => seen.log(counts, image)
    const onProgress = (progress: SampleProgress) =>
      options.onProgress?.({ ...progress, calls: progress.calls + drawn.calls })
    return sample({
      ...options,
      solver: accepted(solver(of), { passes, reach, score }),
      seed: seedFrom(seed, passStream),
      resume: drawn.counts,
      onProgress,
    })
  }
}
