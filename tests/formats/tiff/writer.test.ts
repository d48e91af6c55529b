import { describe, expect, it } from 'vitest'
import { readTiff } from '../../../src/formats/tiff/reader.ts'
import { ratio, writeTiff } from '../../../src/formats/tiff/writer.ts'

const stack = (...shape: number[]) => ({
  data: Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i * i + (i >> 3)) % 3),
  shape,
})

describe('writeTiff', () => {
  it('`writeTiff()` writes what `readTiff()`, by another author, reads', async () => {
    for (const shape of [
      [5, 7, 9],
      [1, 1, 1],
      [1, 6, 4],
      [2, 3, 5, 4],
    ]) {
      const { data } = stack(...shape)
      const found = await readTiff(writeTiff({ data, shape }), 'a.tif')
      expect(found.data).toEqual(data)
      expect(found.shape).toEqual(shape.length === 4 ? shape : [shape[0], ...shape.slice(-2)])
      expect(found.axes).toBe(shape.length === 4 ? 'TZYX' : shape[0] > 1 ? 'TYX' : 'NYX')
      expect(found.scale).toBeUndefined()
    }
  })

  it('`writeTiff()` keeps the size of voxels as ImageJ does, and further lines', async () => {
    const scale = { x: 5.7, y: 5.7, z: 5.7, unit: 'um' }
    const more = { model: 'möbius\nrock', seed: '7' }
    const found = await readTiff(writeTiff(stack(4, 3, 5), { scale, more }), 'a.tif')
    expect(found.scale).toEqual(scale)
    expect(found.description?.split('\n')).toEqual([
      'ImageJ=1.53t',
      'images=4',
      'slices=4',
      'hyperstack=true',
      'mode=grayscale',
      'unit=um',
      'spacing=5.7',
      'loop=false',
      'min=0.0',
      'max=2.0',
      'model=m\\u00F6bius rock',
      'seed=7',
      '',
    ])
    const frames = await readTiff(
      writeTiff(stack(4, 3, 5), { scale: { x: 0.398, y: 0.398, unit: 'um' } }),
      'a.tif',
    )
    expect(frames.description).toContain('images=4\nframes=4\nhyperstack')
    const both = await readTiff(writeTiff(stack(2, 4, 3, 5), { scale }), 'a.tif')
    expect(both.description).toContain('images=8\nslices=4\nframes=2\n')
  })

  it('`writeTiff()` lays pages behind each other, each in its own directory', () => {
    const { data, shape } = stack(3, 5, 7)
    const bytes = writeTiff({ data, shape })
    expect(writeTiff({ data, shape })).toEqual(bytes)
    const view = new DataView(bytes.buffer)
    const starts: number[] = []
    for (let at = view.getUint32(4, true); at !== 0; ) {
      const count = view.getUint16(at, true)
      const tags = Array.from({ length: count }, (_, i) => view.getUint16(at + 2 + 12 * i, true))
      expect(tags).toEqual([...tags].sort((a, b) => a - b))
      starts.push(view.getUint32(at + 2 + 12 * tags.indexOf(273) + 8, true))
      // Directories begin at even places.
      expect(at % 2).toBe(0)
      at = view.getUint32(at + 2 + 12 * count, true)
    }
    expect(starts).toEqual([starts[0], starts[0] + 35, starts[0] + 70])
    expect(bytes.subarray(starts[0], starts[0] + 105)).toEqual(data)
  })

  it('`writeTiff()` refuses what is no stack', () => {
    expect(() => writeTiff({ data: new Uint8Array(4), shape: [2, 2] })).toThrow('the shape must be [N, H, W]')
    expect(() => writeTiff({ data: new Uint8Array(5), shape: [1, 2, 2] })).toThrow(
      'must be 4 elements, got 5',
    )
    expect(() => writeTiff(stack(1, 2, 2), { scale: { x: 1e-12, y: 1, unit: 'm' } })).toThrow(
      'pixels per unit',
    )
  })

  it('`ratio()` finds short fractions, and near ones where there is none', () => {
    expect(ratio(1 / 5.7)).toEqual([10, 57])
    expect(ratio(1 / 0.398)).toEqual([500, 199])
    expect(ratio(3)).toEqual([3, 1])
    for (const value of [Math.PI, 1e-9, 12345678.9, 1 / 3e-7]) {
      const [numerator, denominator] = ratio(value)
      expect(Math.abs(numerator / denominator / value - 1)).toBeLessThan(1e-9)
      expect(Math.max(numerator, denominator)).toBeLessThan(2 ** 32)
    }
  })
})
