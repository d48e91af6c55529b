import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { labelsOf } from '../../src/structure/coding.ts'
import { interfaces, specificSurface, triplePoints } from '../../src/structure/interfaces.ts'
import { type Labels, outside } from '../../src/structure/labels.ts'
import { lone } from '../../src/structure/lone.ts'
import { measure } from '../../src/structure/measure.ts'
import type { MeasureOptions } from '../../src/structure/measured.ts'
import { profiles } from '../../src/structure/profiles.ts'
import { representative as representativeWork } from '../../src/structure/representative.ts'
import { scalars } from '../../src/structure/summary.ts'
import { twoPoint } from '../../src/structure/two-point.ts'
import { finish } from '../../src/structure/work.ts'
import { drawn, made, placeOf, uncorrelated } from './masks.ts'

const measured = (labels: Labels, options?: MeasureOptions) => finish(measure(labels, options))

describe('lone', () => {
  it('`lone()` counts sites without neighbours of their kind, those at the sides left out', () => {
    const labels = drawn('#....#', '..#...', '......', '.##..#', '......')
    // Of 1: the one at (1, 2) and the pair are inside, the others at a side.
    expect(lone(labels, 1)).toMatchObject({ count: 1, share: 1 / 3 })
    expect(lone(labels, 0).count).toBe(0)
    // Beyond periodic sides the two in the first row are neighbours.
    expect(lone(labels, 1, { periodic: true })).toMatchObject({ count: 2, share: 2 / 6 })
    expect(
      lone(
        made([3, 3, 3], (z, y, x) => z === 1 && y === 1 && x === 1),
        1,
      ).count,
    ).toBe(1)
    expect(lone(labels, 2).share).toBeNaN()
  })

  it('`lone()` gives the share of the chords of one site', () => {
    // Along x whole chords of 1: one, two and one site; along y: each of the three columns one.
    expect(lone(drawn('.....', '.#.#.', '.##..', '.....'), 1).oneVoxelChords).toBeCloseTo(4 / 6, 12)
  })

  it('`lone()` of uncorrelated sites is (1 − p)⁴', () => {
    const { share } = lone(uncorrelated([300, 300], 0.4, 2), 1)
    expect(Math.abs(share - 0.6 ** 4)).toBeLessThan(6 * Math.sqrt(0.6 ** 4 / (0.4 * 9e4)))
  })
})

describe('profiles', () => {
  it('`profiles()` are the shares in each plane, of the sample alone', () => {
    const labels = drawn('0012', '0112', '1112')
    expect(profiles(labels, 0, 3).map(list => Array.from(list))).toEqual([
      [0.5, 0.25, 0],
      [0.25, 0.5, 0.75],
      [0.25, 0.25, 0.25],
    ])
    expect(Array.from(profiles(labels, 1, 1)[0])).toEqual([2 / 3, 1 / 3, 0, 0])
    const cut = { data: labels.data.map(own => (own === 2 ? outside : own)), shape: labels.shape }
    expect(Array.from(profiles(cut, 0, 1)[0])).toEqual([2 / 3, 1 / 3, 0])
    expect(Array.from(profiles(cut, 1, 1)[0])).toEqual([2 / 3, 1 / 3, 0, NaN])
  })
})

/** Blocks of `side` sites that are all 1 or all 0: the integral range is their volume. */
function blocks(shape: readonly number[], side: number, seed: number): Labels {
  const rng = random(seed)
  const counts = shape.map(length => Math.ceil(length / side) + 1)
  const values = Array.from({ length: counts.reduce((a, b) => a * b) }, () => (rng.uniform() < 0.3 ? 0 : 1))
  const off = shape.map(() => Math.floor(rng.uniform() * side))
  return made(
    shape,
    (...place) =>
      values[place.reduce((i, at, axis) => i * counts[axis] + Math.floor((at + off[axis]) / side), 0)],
  )
}

const representative = (...of: Parameters<typeof representativeWork>) => finish(representativeWork(...of))

describe('representative', () => {
  it('`representative()` finds the integral range of blocks, in the unit of their sides', () => {
    // A variance from n blocks is off by √(2/n); three sizes from 16 blocks on are taken together.
    const noise = representative([uncorrelated([512, 512], 0.3, 1)])
    expect(noise.integralRange).toBeGreaterThan(0.5)
    expect(noise.integralRange).toBeLessThan(1.8)
    const flat = representative([blocks([768, 768], 8, 2)])
    expect(flat.integralRange / 64).toBeGreaterThan(0.5)
    expect(flat.integralRange / 64).toBeLessThan(1.8)
    const solid = representative([blocks([96, 96, 96], 4, 3)], { spacing: [2, 2, 2] })
    expect(solid.integralRange / 512).toBeGreaterThan(0.4)
    expect(solid.integralRange / 512).toBeLessThan(1.8)
    const many = Array.from({ length: 60 }, (_, i) => blocks([64, 64], 8, 10 + i))
    expect(representative(many).integralRange / 64).toBeGreaterThan(0.5)
    expect(representative(many).integralRange / 64).toBeLessThan(1.6)
  })

  it('`representative()` says how large a sample must be by its law', () => {
    const labels = blocks([600, 600], 6, 5)
    const { integralRange: a, sideFor5, sideFor10, error } = representative([labels])
    const phi = labels.data.filter(own => own === 0).length / labels.data.length
    const law = (side: number) => (1.96 * Math.sqrt((phi * (1 - phi) * a) / side ** 2)) / phi
    expect(law(sideFor5)).toBeCloseTo(0.05, 3)
    expect(law(sideFor10)).toBeCloseTo(0.1, 3)
    expect(error).toBeCloseTo(law(600), 3)
    expect(representative([drawn('01', '10')]).integralRange).toBeNaN()
  })
})

describe('flat voxels', () => {
  it('surfaces, triple lines and lengths are those of the same body in cubes', () => {
    const spacing = [3, 1, 2]
    const coarse = made([5, 9, 7], (...place) => ((place[0] * 7 + place[1] * 5 + place[2] * 3) % 11) % 3)
    const fine = made([15, 9, 14], (z, y, x) => coarse.data[(Math.floor(z / 3) * 9 + y) * 7 + (x >> 1)])
    expect(specificSurface(coarse, { spacing }).faces).toBeCloseTo(specificSurface(fine).faces, 9)
    const [flat, cubes] = [interfaces(coarse, { spacing }), interfaces(fine)]
    for (const pair of Object.keys(cubes)) expect(flat[pair]).toBeCloseTo(cubes[pair], 9)
    expect(triplePoints(coarse, { spacing }).perVolume).toBeCloseTo(triplePoints(fine).perVolume, 9)
    const [a, b] = [
      measured(coarse, { spacing, only: ['chords', 's2', 'euler'] }),
      measured(fine, { only: ['chords', 's2', 'euler'] }),
    ]
    for (const axis of ['x', 'y', 'z'] as const)
      expect(a.chords?.[axis]?.mean).toBeCloseTo(b.chords?.[axis]?.mean ?? 0, 9)
    // Whole sites apart along an axis.
    for (const [axis, side] of [
      ['z', 3],
      ['y', 1],
      ['x', 2],
    ] as const)
      a.s2![axis]!.forEach((value, k) => {
        if (k * side < b.s2![axis]!.length && k > 0)
          expect(Math.abs(value - b.s2![axis]![k * side])).toBeLessThan(0.05)
      })
    expect(a.s2!.y![1]).toBeCloseTo(b.s2!.y![1], 9)
  })

  it('`twoPoint()` puts pairs at their distance', () => {
    const mask = uncorrelated([6, 16], 0.5, 3)
    const spacing = [2.5, 1]
    const { radial, y } = finish(twoPoint(mask, { spacing, range: 5 }))
    const [hit, all] = [new Float64Array(6), new Float64Array(6)]
    for (let i = 0; i < 96; i++)
      for (let j = 0; j < 96; j++) {
        const [a, b] = [placeOf(i, mask.shape), placeOf(j, mask.shape)]
        const bin = Math.round(Math.hypot(2.5 * (a[0] - b[0]), a[1] - b[1]))
        if (bin > 5 || Math.abs(a[0] - b[0]) > 2) continue
        all[bin]++
        hit[bin] += mask.data[i] * mask.data[j]
      }
    radial.forEach((value, r) => {
      expect(value).toBeCloseTo(hit[r] / all[r], 12)
    })
    expect(y?.length).toBe(3)
  })
})

describe('what is outside the sample', () => {
  const core = uncorrelated([24, 20], 0.6, 8)
  const framed = made([24, 31], (y, x) => (x < 20 ? core.data[y * 20 + x] : outside))

  it('changes nothing that is measured inside', () => {
    const only = [
      'linealPath',
      'chords',
      'specificSurface',
      'interfaces',
      'tortuosity',
      'lone',
      'poreSizes',
    ] as const
    const range = 8
    const [a, b] = [measured(framed, { only, range }), measured(core, { only, range })]
    expect(a.sample).toBeCloseTo(20 / 31, 12)
    for (const [key, value] of Object.entries(scalars(b)))
      if (Number.isFinite(value)) expect(scalars(a)[key], key).toBeCloseTo(value, 9)
      else expect(scalars(a)[key], key).toBe(value)
    const s2 = (labels: Labels) => measured(labels, { only: ['s2'], range }).s2!.radial
    s2(core).forEach((value, r) => {
      expect(s2(framed)[r]).toBeCloseTo(value, 9)
    })
    expect(() => measured(framed, { periodic: true })).toThrow('not periodic where not all is sample')
    expect(() => measured(made([3, 3], () => outside))).toThrow('the sample must be at least one site')
  })

  it('`labelsOf()` takes a value or NaN for it', () => {
    expect(Array.from(labelsOf(Uint8Array.of(0, 1, 2, 2), { ignore: 2 }, 'read').data)).toEqual([
      0, 1, 255, 255,
    ])
    expect(Array.from(labelsOf(Uint8Array.of(0, 255, 7), { ignore: 7 }, 'read').data)).toEqual([0, 1, 255])
    const real = Float32Array.of(Number.NaN, 0.2, 1.5)
    expect(Array.from(labelsOf(real, { threshold: 1, ignore: Number.NaN }, 'read').data)).toEqual([255, 0, 1])
    expect(() => labelsOf(Uint8Array.of(3, 3), { ignore: 3 }, 'read')).toThrow('not all ignored')
    expect(() => labelsOf(real, { threshold: 1 }, 'read')).toThrow('must be a number')
  })
})
