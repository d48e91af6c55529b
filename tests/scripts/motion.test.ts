// Tracks of joints: windows about the body, mirror images, counts, features, and a judge of actions.
import { describe, expect, it } from 'vitest'
import { sticks } from '../../scripts/motion/sticks.ts'
import {
  bodily,
  bones,
  CHANNELS,
  counted,
  features,
  JOINTS,
  judge,
  type Motion,
  measure,
  mirrored,
  motionOf,
  scaleOf,
  still,
  windowsOf,
} from '../../scripts/motion/windows.ts'
import { random } from '../../src/base/random.ts'

/** Sequences of joints that wander at random, of 9, 5 and 3 frames. */
function tracks() {
  const rng = random(1)
  const offsets = [0, 9, 14, 17]
  const positions = Float32Array.from({ length: 17 * CHANNELS }, () => rng.uniform())
  return { positions, offsets, actions: [2, 0, 1] }
}

const motions = [0, 1].flatMap(i => windowsOf(tracks(), i, { frames: 4, stride: 2 }).map(of => of.motion))

/** A stiff body, whose joints keep their places, carried (x, y) a frame. */
const carried = (x: number, y: number): Motion =>
  motions[0].map((row, c) => row.map((_, f) => row[0] + f * (c % 2 === 0 ? x : y)))

const close = (a: Motion, b: Motion, digits: number) =>
  a.forEach((row, c) => {
    row.forEach((x, f) => {
      expect(x).toBeCloseTo(b[c][f], digits)
    })
  })

describe('a window', () => {
  it('`windowsOf()` stays within its sequence, and leaves out what is shorter than a window', () => {
    const count = (i: number) => windowsOf(tracks(), i, { frames: 4, stride: 2 }).length
    expect([0, 1, 2].map(count)).toEqual([3, 1, 0])
    expect(windowsOf(tracks(), 0, { frames: 4, stride: 2 })[0].action).toBe(2)
  })

  it('`bodily()` has its belly at 0 and a trunk of length 1, wherever and however large the body was', () => {
    for (const motion of motions) {
      expect(still(motion)[2][0]).toBeCloseTo(0, 12)
      expect(still(motion)[3][0]).toBeCloseTo(0, 12)
      const moved = motion.map((row, c) => row.map(x => 7 * x + (c % 2 === 0 ? 3 : -5)))
      close(bodily(moved), motion, 10)
    }
    const [motion] = motions
    const trunk = motion[0].map((_, f) =>
      Math.hypot(
        motion[0][f] - (motion[10][f] + motion[12][f]) / 2,
        motion[1][f] - (motion[11][f] + motion[13][f]) / 2,
      ),
    )
    expect(trunk.reduce((a, b) => a + b, 0) / 4).toBeCloseTo(1, 12)
  })

  it('`mirrored()` twice is the window itself; once it exchanges right and left', () => {
    const [motion] = motions
    close(mirrored(mirrored(motion)), motion, 12)
    // The right wrist (11) where the left one (12) was, on the other side; the neck on its own.
    expect(mirrored(motion)[22][3]).toBe(-motion[24][3])
    expect(mirrored(motion)[23][3]).toBe(motion[25][3])
    expect(mirrored(motion)[0][1]).toBe(-motion[0][1])
  })

  it('`counted()` and `motionOf()` give it back to half a step, and no count leaves the levels', () => {
    const scale = scaleOf(motions, 1000)
    for (const motion of motions) {
      const back = motionOf(counted(motion, scale), scale)
      back.forEach((row, c) => {
        row.forEach((x, f) => {
          expect(Math.abs(x - motion[c][f])).toBeLessThan(0.5001 * scale.step[c])
        })
      })
    }
    const far = counted(
      motions[0].map(row => row.map(x => 100 * x)),
      scale,
    )
    expect(Math.max(...far)).toBe(999)
    expect(Math.min(...far)).toBe(0)
  })
})

describe('what is measured of a window', () => {
  it('`features()` of a stiff body that is carried: its one speed, and bones as long as they are', () => {
    const all = features(carried(0.3, -0.4))
    expect(all).toHaveLength(CHANNELS + JOINTS + bones.length)
    for (const speed of all.slice(CHANNELS, CHANNELS + JOINTS)) expect(speed).toBeCloseTo(0.5, 12)
    const resting = features(carried(0, 0))
    all.slice(CHANNELS + JOINTS).forEach((length, b) => {
      expect(length).toBeCloseTo(resting[CHANNELS + JOINTS + b], 12)
      const [p, q] = bones[b]
      const [x, y] = [0, 1].map(k => motions[0][2 * p + k][0] - motions[0][2 * q + k][0])
      expect(length).toBeCloseTo(Math.hypot(x, y), 12)
    })
  })

  it('`still()` keeps where joints are, and takes their speed', () => {
    const [all, none] = [features(motions[1]), features(still(motions[1]))]
    for (let c = 0; c < CHANNELS; c++) expect(none[c]).toBeCloseTo(all[c], 12)
    for (const speed of none.slice(CHANNELS, CHANNELS + JOINTS)) expect(speed).toBeCloseTo(0, 12)
  })

  it('every joint hangs on the others by bones', () => {
    const reached = new Set([0])
    for (const [a, b] of bones) {
      expect(reached.has(a)).toBe(true)
      reached.add(b)
    }
    expect(reached.size).toBe(JOINTS)
    expect(bones).toHaveLength(JOINTS - 1)
  })

  it('`measure()` makes every deviation 1', () => {
    const rng = random(2)
    const rows = Array.from({ length: 200 }, () => [5 + 3 * rng.uniform(), 0.01 * rng.uniform()])
    const scaled = rows.map(measure(rows))
    for (const k of [0, 1]) {
      const mean = scaled.reduce((sum, row) => sum + row[k], 0) / 200
      const variance = scaled.reduce((sum, row) => sum + (row[k] - mean) ** 2, 0) / 199
      expect(variance).toBeCloseTo(1, 10)
    }
  })

  it('`judge()` tells actions apart along what differs, however loud the rest is', () => {
    const rng = random(3)
    // Two numbers that are alike within an action and 10 times as wide as what tells the actions, their difference.
    const draw = (action: number) => {
      const wide = 10 * rng.uniform()
      return [wide + action + 0.2 * rng.uniform(), wide - action + 0.2 * rng.uniform()]
    }
    const actions = Array.from({ length: 300 }, (_, i) => [4, 7, 9][i % 3])
    const row = (action: number) => draw([4, 7, 9].indexOf(action))
    const reads = judge(actions.map(row), actions)
    for (const action of actions) expect(reads(row(action))).toBe(action)
  })
})

it('`sticks()` draws every fifth frame of every motion within its picture', () => {
  const motion = Array.from({ length: CHANNELS }, () => new Float64Array(11))
  const svg = sticks([[motion, motion], [motion]])
  expect(svg.match(/<path/g)).toHaveLength(9)
  expect(svg).not.toContain('NaN')
})
