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
const PARTS = 4

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
 * Moves the units of an image [C, H, W] by a displacement: each stands somewhere in its site, and lands where that place does.
 * (One multinomial for the units of a site, over 16 parts of it.) No unit is made or lost.
 */
export function pushed(counts: Int32Array, { shape, data }: Field, random: Random): Int32Array {
  const [height, width] = shape
  const sites = height * width
  const parts = PARTS * PARTS
  const [even, drawn] = [new Float64Array(parts).fill(1), new Int32Array(parts)]
  const out = new Int32Array(counts.length)
  for (let at = 0; at < counts.length; at++) {
    if (counts[at] === 0) continue
    const x = at % sites
    const plane = at - x
    multinomial(random, counts[at], even, drawn)
    for (let p = 0; p < parts; p++) {
      if (drawn[p] === 0) continue
      const row = Math.floor(x / width) + (Math.floor(p / PARTS) + 0.5) / PARTS - 0.5
      const column = (x % width) + ((p % PARTS) + 0.5) / PARTS - 0.5
      const y = Math.round(row + between(data, 0, [row, column], shape))
      const z = Math.round(column + between(data, 1, [row, column], shape))
      const to = Math.max(0, Math.min(height - 1, y)) * width + Math.max(0, Math.min(width - 1, z))
      out[plane + to] += drawn[p]
    }
  }
  return out
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
