// Paths of units whose origins are known: from the limit back to their origins, by exact bridges.
import { demand } from '../base/errors.ts'
import type { Random } from '../base/random.ts'
import { kernels, type Lattice } from '../lattice/index.ts'

export interface PathOptions {
  readonly lattice: Lattice
  /** r, hops per direction and unit of time: tau = rate * t. */
  readonly rate: number
  /** Where the units of an image come from, [C, ...sites]. */
  readonly origins: (image: number) => ArrayLike<number>
  /** The stream of an image's paths. */
  readonly stream: (image: number) => Random
}

/**
 * Where the known units of image number `image` are at `time` in [0, 1], [C, ...sites], to be read before the next
 * question. Times of one image fall; one that rises above the last begins a new path, from the limit, on the same
 * stream as the first, so that a run can be repeated.
 */
export type Paths = (image: number, time: number) => Int32Array

interface Path {
  time: number
  readonly random: Random
  /** By unit: the site [C, ...sites] that it comes from, and that where it is. */
  readonly from: Int32Array
  readonly at: Int32Array
  readonly counts: Int32Array
}

/**
 * A unit that is at x at time t and comes from x0 is at z at time s < t with probability
 *
 *     P(z) = k_s(z|x0) k_{t-s}(x|z) / k_t(x|x0)   per axis,
 *
 * exactly, whatever the steps: drawn for every unit by itself. Tables of a step take 8 L³ bytes for an axis of L sites.
 */
export function paths({ lattice, rate, origins, stream }: PathOptions): Paths {
  const tables = bridgeTables(lattice, rate)
  const known = new Map<number, Path>()

  function begun(image: number): Path {
    const counts = Int32Array.from(origins(image))
    const from = new Int32Array(counts.reduce((sum, n) => sum + n, 0))
    for (let x = 0, unit = 0; x < counts.length; unit += counts[x++]) from.fill(x, unit, unit + counts[x])
    return { time: Infinity, random: stream(image), from, at: from.slice(), counts }
  }

  return (image, time) => {
    demand(time >= 0 && time <= 1, 'follow known units', 'the time', 'in [0, 1]', time)
    let path = known.get(image)
    if (!path || time > path.time) {
      path = begun(image)
      known.set(image, path)
    }
    if (time === path.time) return path.counts
    move(path, lattice, tables(path.time, time))
    path.time = time
    return path.counts
  }
}

/** Draws the coordinate at the end of a step of an axis from that at its beginning and that of the origin. */
type Draw = (origin: number, x: number, random: Random) => number

function move(
  { from, at, counts, random }: Path,
  { axes, strides, size }: Lattice,
  draws: readonly Draw[],
): void {
  counts.fill(0)
  for (let unit = 0; unit < at.length; unit++) {
    const [x0, x] = [from[unit], at[unit]]
    let place = x - (x % size)
    for (let a = 0; a < axes.length; a++) {
      const [stride, length] = [strides[a], axes[a].length]
      place += stride * draws[a](Math.floor(x0 / stride) % length, Math.floor(x / stride) % length, random)
    }
    at[unit] = place
    counts[place]++
  }
}

/** The draws of a step from time t (Infinity: from nowhere) to s, an axis each; those of the last step are kept. */
function bridgeTables(lattice: Lattice, rate: number): (t: number, s: number) => readonly Draw[] {
  const sources = kernels(lattice)
  let last: { t: number; s: number; draws: readonly Draw[] } | undefined
  return (t, s) => {
    if (last?.t === t && last.s === s) return last.draws
    const draws = lattice.axes.map(({ length }, a) => {
      const near = sources[a].at(rate * s)
      return drawer(length, near, t === Infinity ? undefined : sources[a].at(rate * (t - s)))
    })
    last = { t, s, draws }
    return draws
  }
}

/** By sums up to each coordinate, made when a pair of origin and place is first met. */
function drawer(length: number, near: Float64Array, far: Float64Array | undefined): Draw {
  const rows: (Float64Array | undefined)[] = []
  return (x0, x, random) => {
    const pair = far ? x0 * length + x : x0
    let row = rows[pair]
    if (!row) {
      row = new Float64Array(length)
      for (let z = 0, sum = 0; z < length; z++) {
        sum += near[x0 * length + z] * (far ? far[z * length + x] : 1)
        row[z] = sum
      }
      rows[pair] = row
    }
    const u = random.uniform() * row[length - 1]
    let [least, most] = [0, length - 1]
    while (least < most) {
      const middle = (least + most) >> 1
      if (u < row[middle]) most = middle
      else least = middle + 1
    }
    return least
  }
}
