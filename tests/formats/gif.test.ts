// Animated GIFs, read back by a reader of our own.
import { describe, expect, it } from 'vitest'
import { below, random } from '../../src/base/random.ts'
import type { NdArray } from '../../src/formats/array.ts'
import { writeGif } from '../../src/formats/gif.ts'
import { readGif } from './gif-reader.ts'

const rng = random(5)
const drawn = (shape: number[], value: () => number): NdArray => ({
  data: Uint8Array.from({ length: shape.reduce((a, b) => a * b) }, value),
  shape,
})

/** [C, H, W] as [R, G, B] of every pixel. */
function triples({ data, shape: [planes, height, width] }: NdArray): Uint8Array {
  const pixels = height * width
  const plane = (k: number) => (planes === 1 ? 0 : k)
  return Uint8Array.from({ length: 3 * pixels }, (_, i) => data[plane(i % 3) * pixels + Math.floor(i / 3)])
}

describe('writeGif()', () => {
  it('`writeGif()` keeps every grey of every frame, their order and their delays', () => {
    // Noise fills the table of codes, so that it is begun anew; a flat picture makes the longest words.
    const pictures = [
      drawn([1, 70, 90], () => below(rng, 256)),
      drawn([1, 70, 90], () => 7),
      drawn([1, 70, 90], () => 255 * below(rng, 2)),
    ]
    const delays = [80, 1500, 40]
    const gif = readGif(writeGif(pictures.map((picture, k) => ({ picture, delay: delays[k] }))))
    expect([gif.width, gif.height, gif.repeat]).toEqual([90, 70, 0])
    expect(gif.frames.map(frame => frame.delay)).toEqual([8, 150, 4])
    gif.frames.forEach((frame, k) => {
      expect(frame.pixels).toEqual(triples(pictures[k]))
    })
  })

  it('`writeGif()` keeps the colours themselves up to 256 of all frames together', () => {
    const shades = (from: number) =>
      drawn(
        [3, 16, 8],
        (() => {
          let i = 0
          return () => {
            const [plane, pixel] = [Math.floor(i / 128), i++ % 128]
            return plane === 0 ? 10 : plane === 1 ? from + pixel : 3 * (pixel % 80)
          }
        })(),
      )
    const pictures = [shades(0), shades(128)]
    const gif = readGif(writeGif(pictures.map(picture => ({ picture, delay: 100 }))))
    expect(gif.frames.map(frame => frame.pixels)).toEqual(pictures.map(triples))
    const one = readGif(writeGif([{ picture: drawn([3, 1, 1], () => 9), delay: 0 }]))
    expect([...one.frames[0].pixels]).toEqual([9, 9, 9])
  })

  it('`writeGif()` chooses 256 near ones where there are more', () => {
    const picture = drawn([3, 64, 64], () => below(rng, 256))
    const [frame] = readGif(writeGif([{ picture, delay: 100 }])).frames
    const wanted = triples(picture)
    let squares = 0
    const seen = new Set<string>()
    for (let i = 0; i < wanted.length; i += 3) seen.add(String(frame.pixels.slice(i, i + 3)))
    for (let i = 0; i < wanted.length; i++) squares += (frame.pixels[i] - wanted[i]) ** 2
    expect(seen.size).toBeGreaterThan(128)
    // Evenly spread, 6 levels of each plane are within 256 / 6 / sqrt(12) = 12 of them on average; grey alone within 74.
    expect(Math.sqrt(squares / wanted.length)).toBeLessThan(25)
  })

  it('`writeGif()` refuses what is no picture, and pictures that are not alike', () => {
    const picture = drawn([1, 2, 3], () => 0)
    expect(() => writeGif([])).toThrow('the frames must be one at least, got 0')
    const other = drawn([1, 3, 2], () => 0)
    const both = [picture, other].map(one => ({ picture: one, delay: 0 }))
    expect(() => writeGif(both)).toThrow('every frame must be 8 bits of 1×2×3')
    expect(() => writeGif([{ picture: drawn([2, 2, 2], () => 0), delay: 0 }])).toThrow('the shape must be')
    expect(() => writeGif([{ picture, delay: -1 }])).toThrow('the delay must be')
  })
})
