// Figures drawn as lines, their joints as counts, and how near units come to them.
import { describe, expect, it } from 'vitest'
import {
  type Box,
  boxAround,
  correct,
  drawn,
  hides,
  inRegion,
  meanPlace,
  type Point,
  type Pose,
  placed,
  siteOf,
} from '../../scripts/poses/figure.ts'
import { below, random } from '../../src/base/random.ts'

const side = 16
const mirror = [0, 1, 2, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13]

/** A pose of 15 joints anywhere, without symmetry. */
function anyPose(seed: number): Pose {
  const rng = random(seed)
  return Array.from({ length: 15 }, (): Point => [3 * rng.uniform() - 1, rng.uniform()])
}

describe('a figure', () => {
  it('is placed where it is asked for, and what is placed with it moves alike', () => {
    const [first, second] = [anyPose(1), anyPose(2)]
    for (const mirrored of [false, true]) {
      const both = placed([first, second], { by: 1, at: [7, 9], size: 12, mirrored })
      const box = boxAround(both[1])
      expect(box.size).toBeCloseTo(12, 10)
      expect(box.middle[0]).toBeCloseTo(7, 10)
      expect(box.middle[1]).toBeCloseTo(9, 10)
      const scale = 12 / boxAround(second).size
      both[0].forEach((point, joint) => {
        const source = mirrored ? mirror[joint] : joint
        expect(point[0] - both[1][joint][0]).toBeCloseTo(
          (mirrored ? -1 : 1) * scale * (first[source][0] - second[source][0]),
          10,
        )
        expect(point[1] - both[1][joint][1]).toBeCloseTo(scale * (first[source][1] - second[source][1]), 10)
      })
    }
  })

  it('is bright at its right limbs, dimmer at its left ones and dark away from them', () => {
    const [pose] = placed([anyPose(3)], { by: 0, at: [8, 8], size: 10, mirrored: false })
    const seen = drawn(pose, { side, noise: 0, rng: random(1) })
    const wrists = [11, 12].map(joint => siteOf(pose[joint], side))
    expect(seen[wrists[0]]).toBeGreaterThan(0.4)
    expect(seen[wrists[1]]).toBeGreaterThan(0.2)
    expect(Math.max(...seen)).toBeGreaterThan(0.9)
    const [mirrored] = placed([pose], { by: 0, at: [8, 8], size: 10, mirrored: true })
    const other = drawn(mirrored, { side, noise: 0, rng: random(1) })
    // The mirrored figure has its bright limbs where the dim ones were: no mirrored picture of the same.
    const turned = seen.map((_, site) => seen[site - (site % side) + side - 1 - (site % side)])
    expect(Math.max(...turned.map((value, site) => Math.abs(value - other[site])))).toBeGreaterThan(0.3)
    const far = seen.filter((_, site) => {
      const at: Point = [(site % side) + 0.5, Math.floor(site / side) + 0.5]
      const { middle, size } = boxAround(pose)
      return [0, 1].some(a => Math.abs(at[a] - middle[a]) > size / 2 + 2)
    })
    expect(far.length).toBeGreaterThan(0)
    expect(Math.max(...far)).toBe(0)
  })

  it('tells nothing of what a box hides', () => {
    const box: Box = { corner: [0, 0], sides: [side, side] }
    const of = (seed: number) => {
      const [pose] = placed([anyPose(seed)], { by: 0, at: [8, 8], size: 12, mirrored: false })
      expect(pose.every(point => hides(box, point))).toBe(true)
      return drawn(pose, { side, noise: 0.1, box, rng: random(1) })
    }
    expect(of(4)).toEqual(of(5))
    expect(hides({ corner: [3, 4], sides: [2, 1] }, [4.9, 4.5])).toBe(true)
    expect(hides({ corner: [3, 4], sides: [2, 1] }, [4.9, 5])).toBe(false)
  })
})

describe('units beside a joint', () => {
  it('have their mean place at sites’ middles, and a joint its site', () => {
    const counts = new Uint8Array(side * side)
    counts[siteOf([3.2, 5.9], side)] = 3
    counts[siteOf([7.1, 5], side)] = 1
    expect(meanPlace(counts, side)).toEqual([4.5, 5.5])
    expect(siteOf([-1, 99], side)).toBe((side - 1) * side)
    expect(meanPlace(new Uint8Array(side * side), side)).toEqual([8, 8])
  })

  it('hold the joint in their 68 % region with 68 % where they have its law, seldom where they are too sure', () => {
    const rng = random(6)
    /** A place of a law that is wide along the rows and narrow across them. */
    const draw = () => siteOf([4 + below(rng, 4) + below(rng, 4), 6 + below(rng, 3)], side)
    const counts = new Float64Array(side * side)
    for (let a = 0; a < 4; a++)
      for (let b = 0; b < 4; b++) for (let c = 0; c < 3; c++) counts[siteOf([4 + a + b, 6 + c], side)]++
    const count = 4000
    let [calibrated, sure] = [0, 0]
    const narrow = new Float64Array(side * side)
    narrow[siteOf([7, 7], side)] = 1
    for (let k = 0; k < count; k++) {
      const joint = draw()
      calibrated += inRegion(counts, { side, joint, share: 0.68 })
      sure += inRegion(narrow, { side, joint, share: 0.68 })
    }
    // Five deviations of a share of 4,000: 0.037.
    expect(Math.abs(calibrated / count - 0.68)).toBeLessThan(0.037)
    expect(sure / count).toBeLessThan(0.12)
  })

  it('are correct up to a tenth of the larger side of the box', () => {
    const pose = anyPose(7)
    const { size } = boxAround(pose)
    expect(correct([pose[3][0] + 0.099 * size, pose[3][1]], pose, 3, 0.1)).toBe(true)
    expect(correct([pose[3][0], pose[3][1] - 0.101 * size], pose, 3, 0.1)).toBe(false)
  })
})
