import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { writeIndexedPng } from '../../src/formats/indexed-png.ts'
import { phaseColours, phasePicture } from '../../src/formats/phase-picture.ts'
import { readPng } from '../../src/formats/png.ts'

describe('labels as pictures', () => {
  it('`writeIndexedPng()` keeps the labels as indices, and texts', () => {
    const data = Uint8Array.of(0, 1, 2, 2, 1, 0)
    const palette = phaseColours(3)
    const file = writeIndexedPng({ data, shape: [2, 3] }, { palette, text: { model: 'Rock ☃', seed: '7' } })
    const found = decode(file, { checkCrc: true })
    expect([found.width, found.height, found.channels]).toEqual([3, 2, 1])
    expect(Uint8Array.from(found.data)).toEqual(data)
    expect(found.palette).toEqual(palette)
    expect(found.text).toEqual({ model: 'Rock ?', seed: '7' })
    const seen = readPng(file, 'a.png')
    expect([0, 6, 12].map(plane => seen.data[plane + 2])).toEqual([...palette[2]])
  })

  it('`writeIndexedPng()` refuses labels without a colour', () => {
    const options = { palette: phaseColours(2) }
    expect(() => writeIndexedPng({ data: Uint8Array.of(0, 2), shape: [1, 2] }, options)).toThrow(
      'every label must be below 2, the colours, got 2',
    )
    expect(() => writeIndexedPng({ data: Uint8Array.of(0), shape: [1, 2] }, options)).toThrow(
      'must be 2 elements',
    )
  })

  it('`phaseColours()` are all different, and differ in lightness among the first three', () => {
    const colours = phaseColours(256)
    expect(new Set(colours.map(String)).size).toBe(256)
    for (const colour of colours) for (const part of colour) expect(part >= 0 && part < 256).toBe(true)
    const light = phaseColours(3).map(([r, g, b]) => 0.3 * r + 0.59 * g + 0.11 * b)
    expect(Math.min(light[1] - light[0], light[1] - light[2], light[2] - light[0])).toBeGreaterThan(50)
  })

  it('`phasePicture()` shows every sample in the colours of its labels, with captions', () => {
    const data = Uint8Array.of(0, 1, 2, 0, 1, 1, 1, 1, 0, 0, 0, 2)
    const { data: pixels, shape } = readPng(
      phasePicture({ data, shape: [3, 2, 2] }, { scale: 8, columns: 3, captions: ['1', '2', '3'] }),
      'a.png',
    )
    const [, height, width] = shape
    const at = (x: number, y: number) => [0, 1, 2].map(plane => pixels[(plane * height + y) * width + x])
    // Tiles of 16 pixels, 4 between them.
    for (let i = 0; i < 12; i++) {
      const [image, y, x] = [Math.floor(i / 4), (i >> 1) & 1, i & 1]
      expect(at(4 + 20 * image + 8 * x + 3, 4 + 8 * y + 3)).toEqual([...phaseColours(3)[data[i]]])
    }
    expect(height).toBeGreaterThan(4 + 16 + 4)
    expect(() => phasePicture({ data, shape: [12] })).toThrow('the shape must be [N, H, W]')
  })
})
