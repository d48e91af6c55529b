/** Tracks of joints as windows of counts, what is measured of a window, and a judge that reads its action. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { moments } from '../../src/metrics/frechet.ts'

/** Joints of a body: neck, belly, face, then right and left shoulder, hip, elbow, knee, wrist and ankle. */
export const JOINTS = 15

/** Channels of a window: x and y of each joint. */
export const CHANNELS = 2 * JOINTS

const [NECK, BELLY, RIGHT_HIP, LEFT_HIP] = [0, 1, 5, 6]

/** Pairs of joints a bone apart. */
export const bones: readonly (readonly [number, number])[] = [
  ...([
    [0, 1],
    [0, 2],
    [0, 3],
    [0, 4],
    [1, 5],
    [1, 6],
    [3, 7],
    [4, 8],
  ] as const),
  ...([
    [5, 9],
    [6, 10],
    [7, 11],
    [8, 12],
    [9, 13],
    [10, 14],
  ] as const),
]

/** Positions [C][frames]: channel 2j is x of joint j, 2j + 1 its y, y downwards. */
export type Motion = readonly Float64Array[]

/** Sequences: positions [all frames, 15, 2], where each begins (and the last ends), and the action of each. */
export interface Tracks {
  readonly positions: ArrayLike<number>
  readonly offsets: ArrayLike<number>
  readonly actions: ArrayLike<number>
}

export interface Window {
  readonly motion: Motion
  readonly action: number
}

/**
 * Windows of so many frames of one sequence, each moved so that the belly is at 0 on the mean, and scaled so that the trunk, from the neck to the
 * middle of the hips, is 1 long on the mean.
 */
export function windowsOf(
  { positions, offsets, actions }: Tracks,
  sequence: number,
  { frames, stride }: { readonly frames: number; readonly stride: number },
): Window[] {
  const made: Window[] = []
  for (let from = offsets[sequence]; from + frames <= offsets[sequence + 1]; from += stride) {
    const raw = Array.from({ length: CHANNELS }, (_, c) =>
      Float64Array.from({ length: frames }, (_, f) => positions[(from + f) * CHANNELS + c]),
    )
    made.push({ motion: bodily(raw), action: actions[sequence] })
  }
  return made
}

/** A motion about its belly, in lengths of its trunk. */
export function bodily(raw: Motion): Motion {
  const frames = raw[0].length
  const hips = [0, 1].map(k => raw[2 * RIGHT_HIP + k].map((x, f) => (x + raw[2 * LEFT_HIP + k][f]) / 2))
  const lengths = hips[0].map((x, f) => Math.hypot(x - raw[2 * NECK][f], hips[1][f] - raw[2 * NECK + 1][f]))
  const trunk = mean(lengths)
  const centre = [0, 1].map(k => mean(raw[2 * BELLY + k]))
  return raw.map((row, c) =>
    Float64Array.from({ length: frames }, (_, f) => (row[f] - centre[c % 2]) / trunk),
  )
}

/** The same motion in a mirror: x turned round, right and left exchanged. */
export const mirrored = (motion: Motion): Motion =>
  motion.map((_, c) => {
    const joint = c >> 1
    const other = joint < 3 ? joint : joint % 2 === 1 ? joint + 1 : joint - 1
    const row = motion[2 * other + (c % 2)]
    return c % 2 === 0 ? row.map(x => -x) : row
  })

/** What the counts of a channel mean: `value = low + step · count`, counts from 0 to levels - 1. */
export interface Scale {
  readonly levels: number
  readonly low: readonly number[]
  readonly step: readonly number[]
}

/** The scale on which the least value of each channel is 0 and the largest levels - 1. */
export function scaleOf(motions: readonly Motion[], levels: number): Scale {
  const ends = Array.from({ length: CHANNELS }, (_, c) => {
    let [low, high] = [Infinity, -Infinity]
    for (const motion of motions)
      for (const value of motion[c]) [low, high] = [Math.min(low, value), Math.max(high, value)]
    return [low, high]
  })
  return {
    levels,
    low: ends.map(([low]) => low),
    step: ends.map(([low, high]) => (high - low) / (levels - 1)),
  }
}

/** Counts [C, frames] of a motion; what is off the scale is at its end. */
export const counted = (motion: Motion, { levels, low, step }: Scale): Uint32Array =>
  Uint32Array.from(
    motion.flatMap((row, c) =>
      Array.from(row, x => Math.max(0, Math.min(levels - 1, Math.round((x - low[c]) / step[c])))),
    ),
  )

/** The motion of counts [C, frames]. */
export const motionOf = (counts: ArrayLike<number>, { low, step }: Scale): Motion => {
  const frames = counts.length / CHANNELS
  return low.map((from, c) =>
    Float64Array.from({ length: frames }, (_, f) => from + step[c] * counts[c * frames + f]),
  )
}

/** Of a motion the mean x and y of each joint, its mean speed (trunks a frame), and the mean length of each bone. */
export function features(motion: Motion): number[] {
  const frames = motion[0].length
  const along = (of: (f: number) => number, count: number) => {
    let sum = 0
    for (let f = 0; f < count; f++) sum += of(f)
    return sum / count
  }
  const joints = Array.from({ length: JOINTS }, (_, j) => [motion[2 * j], motion[2 * j + 1]])
  return [
    ...motion.map(mean),
    ...joints.map(([x, y]) => along(f => Math.hypot(x[f + 1] - x[f], y[f + 1] - y[f]), frames - 1)),
    ...bones.map(([a, b]) =>
      along(f => Math.hypot(joints[a][0][f] - joints[b][0][f], joints[a][1][f] - joints[b][1][f]), frames),
    ),
  ]
}

/** A motion that stands still where its joints are on the mean. */
export const still = (motion: Motion): Motion => motion.map(row => row.map(() => mean(row)))

/** Features over the deviation that each has among some real ones. */
export function measure(real: readonly (readonly number[])[]): (features: readonly number[]) => number[] {
  const { covariance } = moments(real.flat(), real[0].length)
  const deviations = covariance.diagonal().map(Math.sqrt)
  return of => of.map((x, i) => x / deviations[i])
}

/**
 * A linear judge: the action whose mean is nearest in the covariance within actions (Fisher's discriminant, all actions alike likely).
 * A thousandth of the mean variance is added to every one.
 */
export function judge(
  examples: readonly (readonly number[])[],
  actions: ArrayLike<number>,
): (features: readonly number[]) => number {
  const names = [...new Set(Array.from(actions))].sort((a, b) => a - b)
  const centres = new Map(names.map(name => [name, centre(examples.filter((_, i) => actions[i] === name))]))
  const rest = examples.map((of, i) => of.map((x, k) => x - centres.get(actions[i])![k]))
  const size = examples[0].length
  const { covariance } = moments(rest.flat(), size)
  const ridge = Matrix.eye(size).mul((1e-3 * covariance.trace()) / size)
  const { eigenvectorMatrix: axes, realEigenvalues } = new EigenvalueDecomposition(covariance.add(ridge), {
    assumeSymmetric: true,
  })
  const whitened = (of: readonly number[]) =>
    new Matrix([of as number[]])
      .mmul(axes)
      .getRow(0)
      .map((x, k) => x / Math.sqrt(realEigenvalues[k]))
  const places = names.map(name => whitened(centres.get(name)!))
  return of => {
    const own = whitened(of)
    const away = places.map(place => place.reduce((sum, x, k) => sum + (x - own[k]) ** 2, 0))
    return names[away.indexOf(Math.min(...away))]
  }
}

const centre = (of: readonly (readonly number[])[]) =>
  of[0].map((_, k) => of.reduce((sum, row) => sum + row[k], 0) / of.length)

function mean(of: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < of.length; i++) sum += of[i]
  return sum / of.length
}
