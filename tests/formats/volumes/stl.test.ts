import { describe, expect, it } from 'vitest'
import { random } from '../../../src/base/random.ts'
import { writeStl } from '../../../src/formats/volumes/stl.ts'

/** Triangles [corner][x, y, z] of a binary STL. */
function triangles(bytes: Uint8Array): { normal: number[]; corners: number[][] }[] {
  const view = new DataView(bytes.buffer)
  const count = view.getUint32(80, true)
  expect(bytes.length).toBe(84 + 50 * count)
  const three = (at: number) => [0, 4, 8].map(step => view.getFloat32(at + step, true))
  return Array.from({ length: count }, (_, i) => ({
    normal: three(84 + 50 * i),
    corners: [12, 24, 36].map(step => three(84 + 50 * i + step)),
  }))
}

const cross = ([a, b, c]: number[], [d, e, f]: number[]) => [b * f - c * e, c * d - a * f, a * e - b * d]
const minus = (a: number[], b: number[]) => a.map((value, i) => value - b[i])
const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0)

describe('writeStl()', () => {
  const rng = random(3)
  const shape = [5, 6, 7]
  const data = Uint8Array.from({ length: 210 }, () => Number(rng.uniform() < 0.4))
  const all = triangles(writeStl({ data, shape }, { side: 0.5 }))

  it('encloses exactly the volume of the voxels, by the theorem of Gauss', () => {
    const volume = all.reduce((sum, { corners: [a, b, c] }) => sum + dot(a, cross(b, c)) / 6, 0)
    expect(volume).toBeCloseTo(data.reduce((sum, n) => sum + n, 0) * 0.5 ** 3, 9)
  })

  it('has normals that look the way its corners run round, and no open edge', () => {
    const edges = new Map<string, number>()
    for (const { normal, corners } of all) {
      const [a, b, c] = corners
      const across = cross(minus(b, a), minus(c, a))
      expect(dot(normal, across)).toBeCloseTo(Math.hypot(...across), 9)
      for (const [p, q] of [
        [a, b],
        [b, c],
        [c, a],
      ]) {
        edges.set(`${p} ${q}`, (edges.get(`${p} ${q}`) ?? 0) + 1)
        edges.set(`${q} ${p}`, (edges.get(`${q} ${p}`) ?? 0) - 1)
      }
    }
    expect([...edges.values()].every(count => count === 0)).toBe(true)
  })

  it('refuses images, and writes nothing of an empty part', () => {
    expect(() => writeStl({ data: new Uint8Array(4), shape: [2, 2] })).toThrow('must be [D, H, W]')
    expect(triangles(writeStl({ data: new Uint8Array(8), shape: [2, 2, 2] }))).toEqual([])
  })
})
