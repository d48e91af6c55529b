// Series as areas.
import { describe, expect, it } from 'vitest'
import { readPng } from '../../src/formats/png.ts'
import { seriesPicture } from '../../src/formats/series-picture.ts'

describe('`seriesPicture()`', () => {
  it('lights the area under a series, of each channel by its own largest count', () => {
    const counts = Int32Array.from([0, 1, 2, 4, 0, 50, 100, 100])
    const png = seriesPicture({ counts, shape: [1, 2, 1, 4] }, { gap: 0, scale: 1 })
    const { data, shape } = readPng(png, 'x.png')
    const white = Array.from(data.subarray(0, shape[1] * shape[2])).filter(value => value === 255).length
    // Heights of 40 pixels: 0 + 10 + 20 + 40, and 0 + 20 + 40 + 40.
    expect(white).toBe(170)
  })
})
