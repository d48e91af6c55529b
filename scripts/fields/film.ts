/**
 * Films [frames, H, W] of a scalar that is carried along by an even drift and spreads, on the periodic unit square: as counts, mirrored
 * and turned, as the equation has them, and read again. The drift (along the rows, along the columns) is in sides per unit of time; a
 * film lasts 1.
 */
import { fourierGrid } from '../../src/base/fourier-grid.ts'
import { nearestIntegers } from '../../src/walk/integers.ts'

export type Drift = readonly [number, number]

/** A field as `mass` units: the whole numbers nearest to it, scaled to that sum. Value = count · (sum of the field) / mass, to half a unit. */
export function units(field: ArrayLike<number>, mass: number): Int32Array {
  const sum = Array.from(field).reduce((a, b) => a + b, 0)
  const out = new Int32Array(field.length)
  nearestIntegers(
    Float64Array.from(field, value => (value * mass) / sum),
    { total: mass },
    out,
  )
  return out
}

/** Sums over blocks of `block`² sites of frames [F, side, side]: a coarser film with the same mass. */
export function coarser(frames: Uint32Array, { side, block }: { side: number; block: number }): Uint32Array {
  const wide = side / block
  const out = new Uint32Array(frames.length / block ** 2)
  for (let at = 0; at < frames.length; at++) {
    const [frame, row, column] = [Math.floor(at / side ** 2), Math.floor(at / side) % side, at % side]
    out[frame * wide ** 2 + Math.floor(row / block) * wide + Math.floor(column / block)] += frames[at]
  }
  return out
}

const winds = [
  'east',
  'north-east',
  'north',
  'north-west',
  'west',
  'south-west',
  'south',
  'south-east',
] as const

/** The word for a direction; east is along the rows' numbers. */
export const compass = ([a, b]: Drift): string =>
  winds[(Math.round(Math.atan2(b, a) / (Math.PI / 4)) + 8) % 8]

/** One of the 8 symmetries of the square, by its number, of frames [F, side, side] and their drift. */
export function symmetric<T extends Uint8Array | Uint32Array>(
  { frames, drift, side }: { readonly frames: T; readonly drift: Drift; readonly side: number },
  kind: number,
): { readonly frames: T; readonly drift: Drift } {
  const [down, across, swapped] = [1, 2, 4].map(bit => (kind & bit) > 0)
  const out = frames.slice() as T
  const area = side * side
  for (let at = 0; at < frames.length; at++) {
    const [frame, row, column] = [Math.floor(at / area), Math.floor(at / side) % side, at % side]
    const [a, b] = [down ? side - 1 - row : row, across ? side - 1 - column : column]
    const [i, j] = swapped ? [b, a] : [a, b]
    out[frame * area + i * side + j] = frames[at]
  }
  const [x, y] = [down ? -drift[0] : drift[0], across ? -drift[1] : drift[1]]
  return { frames: out, drift: swapped ? [y, x] : [x, y] }
}

/** A frame [side, side] moved round by whole sites: what was at [row, column] is then at [row, column] + `by`. */
export function moved(
  frame: ArrayLike<number>,
  { side, by: [down, across] }: { readonly side: number; readonly by: readonly [number, number] },
): Float64Array {
  const out = new Float64Array(frame.length)
  for (let at = 0; at < frame.length; at++)
    out[((Math.floor(at / side) + down) % side) * side + (((at % side) + across) % side)] = frame[at]
  return out
}

/** Whole waves along an axis, from -side/2 on; none at half of it, whose phase is not told by real numbers. */
const wave = (k: number, side: number) => (2 * k < side ? k : 2 * k === side ? 0 : k - side)

/** What a frame has become after a time: each wave k times exp(-(2π)² D |k|² t - 2πi k·c t), the equation's exact solution. */
export function evolved(
  first: ArrayLike<number>,
  { side, drift, diffusivity, time }: { side: number; drift: Drift; diffusivity: number; time: number },
): Float64Array {
  const transform = fourierGrid([side, side])
  const [re, im] = [Float64Array.from(first), new Float64Array(first.length)]
  transform(re, im)
  for (let at = 0; at < re.length; at++) {
    const [p, q] = [wave(Math.floor(at / side), side), wave(at % side, side)]
    const left = Math.exp(-((2 * Math.PI) ** 2) * diffusivity * (p * p + q * q) * time) / re.length
    const angle = -2 * Math.PI * (p * drift[0] + q * drift[1]) * time
    const [c, s] = [left * Math.cos(angle), left * Math.sin(angle)]
    ;[re[at], im[at]] = [re[at] * c - im[at] * s, re[at] * s + im[at] * c]
  }
  transform(re, im, true)
  return re
}

/** The longest waves, by which a film is read. */
const waves: readonly Drift[] = [
  [1, 0],
  [0, 1],
  [1, 1],
  [1, -1],
]

/** The drift and the diffusivity that explain frames [F + 1, side, side] best: least squares over the phases and sizes of the longest waves. */
export function estimated(
  frames: ArrayLike<number>,
  side: number,
): { readonly drift: Drift; readonly diffusivity: number } {
  const area = side * side
  const count = frames.length / area
  const turned = waves.map(([p, q]) => {
    const seen = Array.from({ length: count }, (_, f) => {
      let [re, im] = [0, 0]
      for (let x = 0; x < area; x++) {
        const angle = (-2 * Math.PI * (p * Math.floor(x / side) + q * (x % side))) / side
        re += frames[f * area + x] * Math.cos(angle)
        im += frames[f * area + x] * Math.sin(angle)
      }
      return [re, im]
    })
    // From frame to frame no wave turns by half: the film's own phase is the sum.
    let phase = 0
    for (let f = 1; f < count; f++) {
      const [[a, b], [c, d]] = [seen[f - 1], seen[f]]
      phase += Math.atan2(d * a - c * b, c * a + d * b)
    }
    const [began, ended] = [seen[0], seen[count - 1]].map(([re, im]) => re * re + im * im)
    return { phase, loss: Math.log(began / ended) / 2, weight: Math.sqrt(began * ended) }
  })
  let [aa, ab, bb, u, v, loss, all] = [0, 0, 0, 0, 0, 0, 0]
  turned.forEach(({ phase, weight, loss: own }, i) => {
    const [p, q] = waves[i]
    aa += weight * p * p
    ab += weight * p * q
    bb += weight * q * q
    u -= weight * p * phase
    v -= weight * q * phase
    loss += weight * own * (p * p + q * q)
    all += weight * (p * p + q * q) ** 2
  })
  const size = 2 * Math.PI * (aa * bb - ab * ab)
  return {
    drift: [(u * bb - v * ab) / size, (v * aa - u * ab) / size],
    diffusivity: loss / all / (2 * Math.PI) ** 2,
  }
}

/** |a - b| / |b| of fields. */
export function away(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [error, size] = [0, 0]
  for (let x = 0; x < b.length; x++) {
    error += (a[x] - b[x]) ** 2
    size += b[x] ** 2
  }
  return Math.sqrt(error / size)
}
