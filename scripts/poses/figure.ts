/**
 * Figures of 15 joints (x, y), drawn as lines into grey pictures, and as counts of a channel for each joint. Joints are, in this order:
 * neck, belly, face, then right and left of each: shoulder, hip, elbow, knee, wrist, ankle. Sites are row · side + column.
 */
import { normals } from '../../src/base/normal.ts'
import type { Random } from '../../src/base/random.ts'

export type Point = readonly [number, number]
export type Pose = readonly Point[]

/** Every joint's other side: what it is in a mirror. */
const mirror = [0, 1, 2, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13] as const

/** Pairs of joints and how bright the line between them is: right limbs are bright and left ones dim, or no picture would tell them apart. */
const limbs = [
  [2, 0, 0.8],
  [0, 1, 0.8],
  [0, 4, 0.55],
  [4, 8, 0.55],
  [8, 12, 0.55],
  [1, 6, 0.55],
  [6, 10, 0.55],
  [10, 14, 0.55],
  [0, 3, 1],
  [3, 7, 1],
  [7, 11, 1],
  [1, 5, 1],
  [5, 9, 1],
  [9, 13, 1],
] as const

/** The smallest box around a pose: its middle and its larger side. */
export function boxAround(pose: Pose): { readonly middle: Point; readonly size: number } {
  const [x, y] = [0, 1].map(a => pose.map(point => point[a]))
  const [left, right, top, bottom] = [Math.min(...x), Math.max(...x), Math.min(...y), Math.max(...y)]
  return { middle: [(left + right) / 2, (top + bottom) / 2], size: Math.max(right - left, bottom - top) }
}

/** Poses moved and scaled alike, so that the box around the one numbered `by` has its middle at `at` and its larger side is `size`; mirrored, right is left. */
export function placed(
  poses: readonly Pose[],
  { by, at, size, mirrored }: { by: number; at: Point; size: number; mirrored: boolean },
): Pose[] {
  const box = boxAround(poses[by])
  const scale = size / box.size
  return poses.map(pose =>
    pose.map((_, joint): Point => {
      const [x, y] = pose[mirrored ? mirror[joint] : joint]
      const across = (x - box.middle[0]) * scale
      return [at[0] + (mirrored ? -across : across), at[1] + (y - box.middle[1]) * scale]
    }),
  )
}

export interface Box {
  readonly corner: Point
  readonly sides: Point
}

/** Whether a box hides a point. */
export const hides = ({ corner, sides }: Box, point: Point): boolean =>
  [0, 1].every(a => point[a] >= corner[a] && point[a] < corner[a] + sides[a])

/** The distance of a point from the line between two. */
function fromLine([x, y]: Point, [a, b]: Point, [c, d]: Point): number {
  const [u, v] = [c - a, d - b]
  const length = u * u + v * v
  const along = length > 0 ? Math.min(1, Math.max(0, ((x - a) * u + (y - b) * v) / length)) : 0
  return Math.hypot(x - a - along * u, y - b - along * v)
}

/** A picture [side, side], from about 0 to 1: limbs a site wide and the face a disc; a box hides what is behind it with grey, and all has noise. */
export function drawn(
  pose: Pose,
  { side, noise, box, rng }: { side: number; noise: number; box?: Box; rng: Random },
): Float32Array {
  const error = new Float64Array(side * side)
  normals(rng, error)
  return Float32Array.from({ length: side * side }, (_, site) => {
    const at: Point = [(site % side) + 0.5, Math.floor(site / side) + 0.5]
    let value = 0.8 * Math.min(1, Math.max(0, 2 - Math.hypot(at[0] - pose[2][0], at[1] - pose[2][1])))
    for (const [from, to, shade] of limbs)
      value = Math.max(value, shade * Math.min(1, Math.max(0, 1.2 - fromLine(at, pose[from], pose[to]))))
    if (box !== undefined && hides(box, at)) value = 0.4
    return value + noise * error[site]
  })
}

/** The site that a point lies in, the nearest one for a point outside. */
export function siteOf(point: Point, side: number): number {
  const [column, row] = point.map(x => Math.min(side - 1, Math.max(0, Math.floor(x))))
  return row * side + column
}

/** The mean place (x, y) of units on a lattice of sites; of no units, its middle. */
export function meanPlace(counts: ArrayLike<number>, side: number): Point {
  let [x, y, mass] = [0, 0, 0]
  for (let site = 0; site < counts.length; site++) {
    x += counts[site] * ((site % side) + 0.5)
    y += counts[site] * (Math.floor(site / side) + 0.5)
    mass += counts[site]
  }
  return mass > 0 ? [x / mass, y / mass] : [side / 2, side / 2]
}

/**
 * The chance with which the site of a joint is in the region around the mean of units that holds a share of them: those nearest to the mean are in it, and of
 * units as far away as the joint as many as are missing, at random. Where units have the law of the joint, its expectation is the share.
 */
export function inRegion(
  counts: ArrayLike<number>,
  { side, joint, share }: { side: number; joint: number; share: number },
): number {
  const mean = meanPlace(counts, side)
  const distance = (site: number) =>
    Math.hypot((site % side) + 0.5 - mean[0], Math.floor(site / side) + 0.5 - mean[1])
  const own = distance(joint)
  let [nearer, alike, mass] = [0, 0, 0]
  for (let site = 0; site < counts.length; site++) {
    if (counts[site] === 0) continue
    const apart = distance(site) - own
    mass += counts[site]
    if (Math.abs(apart) < 1e-9) alike += counts[site]
    else if (apart < 0) nearer += counts[site]
  }
  const missing = share * mass - nearer
  return missing <= 0 ? 0 : alike === 0 ? 1 : Math.min(1, missing / alike)
}

/** Whether a place is a true joint's: not further than a share of the larger side of the box around the pose. */
export const correct = (place: Point, pose: Pose, joint: number, share: number): boolean =>
  Math.hypot(place[0] - pose[joint][0], place[1] - pose[joint][1]) <= share * boxAround(pose).size
