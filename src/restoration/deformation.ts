// Smooth deformations of images: units go along a flow that folds nowhere, each one whole, and masks go with them.
import { multinomial } from '../base/multinomial.ts'
import { normals } from '../base/normal.ts'
import type { Random } from '../base/random.ts'
import { lattice } from '../lattice/index.ts'
import { latticeWalk } from '../walk/lattice-walk.ts'

/** A field of vectors on a plane [H, W], in sites: [2, H, W], along the rows' axis first. */
export interface Field {
  readonly shape: readonly [number, number]
  readonly data: Float64Array
}

/** A velocity is composed with itself so often: its flow is that of 2^SQUARINGS small steps. */
const SQUARINGS = 7

/** Along each axis of a site so many parts go their own ways. */
const PARTS = 2

export interface VelocityOptions {
  /** Root mean square of the velocity, as a share of the shorter side. */
  readonly amplitude: number
  /** How many scales it has: white noise smoothed by a quarter of the shorter side, by half of that, … */
  readonly scales: number
  readonly random: Random
}

/**
 * A random velocity, smooth and of several scales, each of a variance in proportion to the fourth power of its length, so that
 * steps from site to site are those of the longest. Nothing flows through the walls.
 */
export function velocity(shape: Field['shape'], { amplitude, scales, random }: VelocityOptions): Field {
  const [height, width] = shape
  const sites = height * width
  const data = new Float64Array(2 * sites)
  const walk = latticeWalk(lattice(shape, 'no-flux'))
  const [white, smooth] = [new Float64Array(sites), new Float64Array(sites)]
  const shorter = Math.min(height, width)
  for (let scale = 0; scale < scales; scale++) {
    const length = Math.max(1, shorter / 4 / 2 ** scale)
    for (const axis of [0, 1]) {
      normals(random, white)
      walk.spread(white, (length * length) / 2, smooth)
      const size = Math.sqrt(smooth.reduce((sum, v) => sum + v * v, 0) / sites)
      const weight = size > 0 ? (length * length) / size : 0
      for (let x = 0; x < sites; x++) data[axis * sites + x] += weight * smooth[x]
    }
  }
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      data[i] *= open((y + 0.5) / height)
      data[sites + i] *= open((x + 0.5) / width)
    }
  const size = Math.sqrt(data.reduce((sum, v) => sum + v * v, 0) / sites)
  const factor = size > 0 ? (amplitude * shorter) / size : 0
  return { shape, data: data.map(v => v * factor) }
}

/** 1 inside and 0 on both walls. */
const open = (at: number) => 1 - (2 * at - 1) ** 4

/** The displacement of every site by the flow of a velocity over the time 1, or back over -1 (scaling and squaring). */
export function flow({ shape, data }: Field, time = 1): Field {
  let now: Float64Array = data.map(v => (v * time) / 2 ** SQUARINGS)
  for (let k = 0; k < SQUARINGS; k++) now = composed(now, now, shape)
  return { shape, data: now }
}

/** The displacement of the first and then the second. */
export function composed(first: Float64Array, second: Float64Array, shape: Field['shape']): Float64Array {
  const [height, width] = shape
  const sites = height * width
  const out = new Float64Array(first.length)
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++)
      for (const axis of [0, 1])
        out[axis * sites + i] =
          first[axis * sites + i] + between(second, axis, [y + first[i], x + first[sites + i]], shape)
  return out
}

/** A component of a field between the sites, by bilinear interpolation; beyond the walls as at them. */
function between(
  data: Float64Array,
  axis: number,
  [row, column]: readonly [number, number],
  [height, width]: Field['shape'],
): number {
  const y = Math.max(0, Math.min(height - 1, row))
  const x = Math.max(0, Math.min(width - 1, column))
  const [top, left] = [Math.min(height - 2, Math.floor(y)), Math.min(width - 2, Math.floor(x))]
  const [t, s] = [y - Math.max(0, top), x - Math.max(0, left)]
  const at = (dy: number, dx: number) =>
    data[axis * height * width + Math.max(0, top + dy) * width + Math.max(0, left + dx)]
  return (1 - t) * ((1 - s) * at(0, 0) + s * at(0, 1)) + t * ((1 - s) * at(1, 0) + s * at(1, 1))
}

/**
 * Moves the units of an image [C, H, W] by a displacement: each stands somewhere in its site, and lands where that place does. Each of
 * PARTS² parts of a site becomes a box between where the middles of its sides come to, so that boxes of neighbours meet and
 * no stripes arise; the units of a site are thrown over the sites by how much of the boxes lies in them (one multinomial). No unit is
 * made or lost.
 */
export function pushed(counts: Int32Array, { shape, data }: Field, random: Random): Int32Array {
  const [height, width] = shape
  const sites = height * width
  const out = new Int32Array(counts.length)
  const [places, shares]: [number[], number[]] = [[], []]
  const ends = (axis: number, [row, column]: readonly [number, number]) => {
    const half = 0.5 / PARTS
    const [before, after] = [-half, half].map(step => {
      const at = axis === 0 ? ([row + step, column] as const) : ([row, column + step] as const)
      return at[axis] + between(data, axis, at, shape)
    })
    return covered(before, after, shape[axis])
  }
  for (let at = 0; at < counts.length; at++) {
    if (counts[at] === 0) continue
    const x = at % sites
    places.length = 0
    shares.length = 0
    for (let p = 0; p < PARTS * PARTS; p++) {
      const row = Math.floor(x / width) + (Math.floor(p / PARTS) + 0.5) / PARTS - 0.5
      const column = (x % width) + ((p % PARTS) + 0.5) / PARTS - 0.5
      const across = ends(1, [row, column])
      for (const [y, high] of ends(0, [row, column]))
        for (const [z, wide] of across) {
          places.push(y * width + z)
          shares.push(high * wide)
        }
    }
    const drawn = new Int32Array(places.length)
    multinomial(random, counts[at], shares, drawn)
    for (let k = 0; k < places.length; k++) out[at - x + places[k]] += drawn[k]
  }
  return out
}

/** The sites along an axis between two ends, and the share of the way that lies in each; beyond the walls is at them. */
function covered(one: number, other: number, length: number): [site: number, share: number][] {
  const [from, to] = [Math.min(one, other), Math.max(one, other)].map(end =>
    Math.max(0, Math.min(length, end + 0.5)),
  )
  const first = Math.min(length - 1, Math.floor(from))
  if (!(to - from > 1e-9)) return [[first, 1]]
  const found: [number, number][] = []
  for (let x = first; x < length && x < to; x++)
    found.push([x, (Math.min(to, x + 1) - Math.max(from, x)) / (to - from)])
  return found
}

/** Labels [H, W] along the flow whose way back is told: at every site the label of where it came from. */
export function pulled<T extends Uint8Array | Int32Array>(labels: T, { shape, data }: Field): T {
  const [height, width] = shape
  const sites = height * width
  const out = labels.slice() as T
  for (let i = 0; i < out.length; i++) {
    const x = i % sites
    const y = Math.max(0, Math.min(height - 1, Math.round(Math.floor(x / width) + data[x])))
    const z = Math.max(0, Math.min(width - 1, Math.round((x % width) + data[sites + x])))
    out[i] = labels[i - x + y * width + z]
  }
  return out
}

/** The share of the sites where a displacement folds: where the determinant of its Jacobian, by differences ahead, is not above 0. */
export function folds({ shape: [height, width], data }: Field): number {
  const sites = height * width
  let folded = 0
  for (let y = 0; y < height - 1; y++)
    for (let x = 0; x < width - 1; x++) {
      const i = y * width + x
      const by = (axis: number, step: number) => data[axis * sites + i + step] - data[axis * sites + i]
      const area = (1 + by(0, width)) * (1 + by(1, 1)) - by(0, 1) * by(1, width)
      if (!(area > 0)) folded++
    }
  return folded / Math.max(1, (height - 1) * (width - 1))
}
