// How open the clean image still is at a time: what the model itself says, of images that it drew.
import { exp, log } from '../base/numeric.ts'
import { random } from '../base/random.ts'
import { type SampleOptions, sample } from '../sampling/index.ts'

/** φ at a time in (0, 1]: the mean of (n_0 - D)² over that of D. */
export type Openness = (time: number) => number

export interface OpennessOptions extends Omit<SampleOptions, 'onStep' | 'onProgress'> {
  /** Whether origins are probabilities of phases, D, whose squares are compared to D (1 - D); default: counts. */
  readonly phases?: boolean
  /** The least time that is looked at, > 0; what comes before it is as open as it is there. Default 1e-4. */
  readonly least?: number
}

/** Times that are looked at, even in their logarithms. */
const TIMES = 8

/** The stream of forward walks, far from the streams of the images, which are numbered from 0. */
const forwardStream = 2 ** 32 + 3

/**
 * Draws a tile of images without a measurement, lets them walk forward to some times t, and asks where they come from: the squares
 * of the differences tell φ(t) = Σ (n_0 - D_t)² / Σ D_t, over all sites and images. No data are needed. Between the times φ goes
 * evenly, against log t.
 */
export async function openness(options: OpennessOptions): Promise<Openness> {
  const { process, origin, batch, seed, phases = false, least = 1e-4 } = options
  const { counts } = await sample({ ...options, first: 0, masses: options.masses.slice(0, batch) })
  const size = process.channels * process.sites
  const clean = new Int32Array(batch * size)
  clean.set(counts)
  const noisy = new Int32Array(batch * size)
  const stream = random(seed).fork(forwardStream)
  const told: { readonly at: number; readonly open: number }[] = []
  for (let k = 0; k < TIMES; k++) {
    const at = (log(least) * k) / (TIMES - 1)
    const time = exp(at)
    for (let i = 0; i < batch; i++) {
      const own = [i * size, (i + 1) * size] as const
      const draw = { random: stream.fork(k * batch + i), noisy: noisy.subarray(...own) }
      process.corrupt(clean.subarray(...own), time, draw)
    }
    const origins = await origin(noisy, new Float64Array(batch).fill(time), 0)
    told.push({ at, open: openOf(counts, origins, { size, phases }) })
  }
  return time => between(told, log(time))
}

function openOf(
  clean: Int32Array,
  origins: Float32Array,
  { size, phases }: { size: number; phases: boolean },
): number {
  let [apart, all] = [0, 0]
  for (let from = 0; from < clean.length; from += size) {
    const scale = phases ? 1 : scaleOf(clean, origins, [from, from + size])
    for (let x = from; x < from + size; x++) {
      const d = scale * origins[x]
      apart += (clean[x] - d) ** 2
      all += phases ? d * (1 - d) : d
    }
  }
  return all > 0 ? apart / all : 0
}

/** What makes the origins of an image of the mass of its counts. */
function scaleOf(counts: Int32Array, origins: Float32Array, [from, to]: readonly [number, number]): number {
  let [mass, sum] = [0, 0]
  for (let x = from; x < to; x++) {
    mass += counts[x]
    sum += origins[x]
  }
  return sum > 0 ? mass / sum : 0
}

function between(told: readonly { readonly at: number; readonly open: number }[], at: number): number {
  const next = told.findIndex(one => one.at <= at)
  if (next === 0) return told[0].open
  if (next < 0) return told[told.length - 1].open
  const [above, below] = [told[next - 1], told[next]]
  return below.open + ((above.open - below.open) * (at - below.at)) / (above.at - below.at)
}
