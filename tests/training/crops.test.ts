// Random crops: places, turns and mirrorings are uniform, and a crop holds what the volume holds there.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { type CropSource, randomCrops } from '../../src/training/crops.ts'

/** A volume whose voxels (z, y, x) all differ, drawn one bit at a time. */
const numbered = (shape: readonly [number, number, number], bit: number) =>
  Uint8Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => (i >> bit) & 1)

const options = (more: Partial<CropSource> = {}): Omit<CropSource, 'kind'> => ({
  labels: new Uint8Array(60),
  shape: [3, 4, 5],
  size: [2, 3],
  channels: 1,
  axes: ['z'],
  flips: false,
  turns: false,
  ...more,
})

/** Which voxels lie under the crop, [H, W] or [D, H, W]: crops of six volumes at the same place, one for each bit of the number. */
function voxels(of: Omit<CropSource, 'kind'>, seed: number): number[] {
  const found = new Array<number>(of.size.reduce((a, b) => a * b, 1)).fill(0)
  for (let bit = 0; bit < 6; bit++) {
    const out = new Int32Array(found.length)
    randomCrops({ ...of, labels: numbered(of.shape, bit) }).draw(0, { random: random(seed), out })
    out.forEach((n, x) => {
      found[x] += n << bit
    })
  }
  return found
}

describe('randomCrops()', () => {
  it('cuts [row][column] out of slices, all places equally often', () => {
    const counts = new Map<string, number>()
    const n = 5400
    for (let seed = 0; seed < n; seed++) {
      const key = voxels(options(), seed).join()
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    // 3 slices, 3 rows and 3 columns to begin with.
    const expected = new Set<string>()
    for (let z = 0; z < 3; z++)
      for (let y = 0; y < 3; y++)
        for (let x = 0; x < 3; x++) {
          const at = z * 20 + y * 5 + x
          expected.add([at, at + 1, at + 2, at + 5, at + 6, at + 7].join())
        }
    expect(new Set(counts.keys())).toEqual(expected)
    // χ² of 26 degrees of freedom: 77 is exceeded with a probability of 6e-7.
    let chi2 = 0
    for (const count of counts.values()) chi2 += (count - n / 27) ** 2 / (n / 27)
    expect(chi2).toBeLessThan(77)
  })

  it('mirrors and turns into all eight positions where it may, and lays rows along the right axes', () => {
    const square = options({ size: [2, 2], shape: [1, 2, 2], flips: true, turns: true })
    const seen = new Set<string>()
    for (let seed = 0; seed < 400; seed++) seen.add(voxels(square, seed).join())
    expect([...seen].sort()).toEqual(
      ['0,1,2,3', '0,2,1,3', '1,0,3,2', '1,3,0,2', '2,0,3,1', '2,3,0,1', '3,1,2,0', '3,2,1,0'].sort(),
    )
    // Normal to y: rows run along z, columns along x; normal to x: rows along z, columns along y.
    const [whole] = [options({ axes: ['y'], shape: [2, 1, 3], size: [2, 3] })]
    expect(voxels(whole, 1)).toEqual([0, 1, 2, 3, 4, 5])
    expect(voxels(options({ axes: ['x'], shape: [2, 3, 1], size: [2, 3] }), 1)).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('cuts volumes [slice][row][column], mirrored and turned into all 48 positions where it may', () => {
    const plain = options({ size: [2, 3, 5] })
    const block = (z: number, y: number) =>
      [0, 1].flatMap(k => [0, 1, 2].flatMap(j => [0, 1, 2, 3, 4].map(i => (z + k) * 20 + (y + j) * 5 + i)))
    const corners = [0, 1].flatMap(z => [0, 1].map(y => block(z, y).join()))
    const found = new Set<string>()
    for (let seed = 0; seed < 200; seed++) found.add(voxels(plain, seed).join())
    expect([...found].sort()).toEqual(corners.sort())

    const cube = options({ shape: [2, 2, 2], size: [2, 2, 2], flips: true, turns: true })
    const seen = new Set<string>()
    // Each of 48 is missed by 1,500 draws with a probability below 1e-13.
    for (let seed = 0; seed < 1500; seed++) seen.add(voxels(cube, seed).join())
    expect(seen.size).toBe(48)
    // Neighbours stay neighbours: their numbers differ in one bit.
    const near = (a: number, b: number) => [1, 2, 4].includes(a ^ b)
    for (const key of seen) {
      const of = key.split(',').map(Number)
      for (let i = 0; i < 8; i++) for (const bit of [1, 2, 4]) expect(near(of[i], of[i ^ bit])).toBe(true)
    }
    expect(() => randomCrops(options({ size: [4, 4, 4] }))).toThrow(
      'Cannot cut crops: the crop must be at most as large as the volume of 3×4×5 (Z×Y×X), got "4×4×4"',
    )
  })

  it('makes each label but 0 a channel, and refuses crops that fit nowhere', () => {
    const labels = Uint8Array.of(0, 1, 2, 2, 0, 1)
    const out = new Int32Array(12)
    const source = options({ labels, shape: [1, 2, 3], size: [2, 3], channels: 2 })
    expect(randomCrops(source).draw(0, { random: random(1), out })).toBeUndefined()
    expect([...out]).toEqual([0, 1, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0])
    expect(() => randomCrops(options({ size: [9, 9] }))).toThrow(
      'Cannot cut crops: the crop must be at most as large as the slices of 3×4×5 (Z×Y×X) normal to z, got "9×9"',
    )
  })
})
