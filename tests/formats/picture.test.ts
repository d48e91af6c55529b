import { describe, expect, it } from 'vitest'
import { eachDot, textWidth } from '../../src/formats/font.ts'
import { picture } from '../../src/formats/picture.ts'
import { readPng } from '../../src/formats/png.ts'

/** Planes of rows of samples. */
function planes(png: Uint8Array): number[][][] {
  const { data, shape } = readPng(png, 'picture')
  const [channels, height, width] = shape
  return Array.from({ length: channels }, (_, c) =>
    Array.from({ length: height }, (_, y) => [
      ...data.subarray((c * height + y) * width, (c * height + y + 1) * width),
    ]),
  )
}

const B = 48

describe('picture', () => {
  it('`picture()` sets grey images into a grid, scaled, with gaps, relative to the largest count of all', () => {
    const counts = [0, 10, 5, 2, 0, 0]
    const image = picture({ counts, shape: [3, 1, 1, 2] }, { columns: 2, gap: 1, scale: 2 })
    expect(image).toMatchObject({ width: 11, height: 7, white: 10, clipped: 0 })
    const gap = Array.from({ length: 11 }, () => B)
    const first = [B, 0, 0, 255, 255, B, 128, 128, 51, 51, B]
    const second = [B, 0, 0, 0, 0, B, B, B, B, B, B]
    expect(planes(image.png)).toEqual([[gap, first, first, gap, second, second, gap]])
  })

  it('`picture()` clips above a fixed white and reports how much', () => {
    const image = picture({ counts: [4, 5, 6, 100], shape: [1, 1, 1, 4] }, { white: 5, gap: 0, scale: 1 })
    expect(planes(image.png)).toEqual([[[204, 255, 255, 255]]])
    expect(image).toMatchObject({ white: 5, clipped: 2 })
  })

  it('`picture()` shows three channels as RGB', () => {
    const image = picture({ counts: [10, 0, 0, 10, 5, 5], shape: [1, 3, 1, 2] }, { gap: 0, scale: 1 })
    expect(planes(image.png)).toEqual([[[255, 0]], [[0, 255]], [[128, 128]]])
  })

  it('`picture()` sets other numbers of channels side by side, one pixel apart', () => {
    const image = picture({ counts: [10, 0, 5, 10], shape: [1, 2, 1, 2] }, { gap: 0, scale: 1 })
    expect(planes(image.png)).toEqual([[[255, 0, B, 128, 255]]])
  })

  it('`picture()` adds up the colours of a palette, no further than white', () => {
    const palette = [
      [200, 100, 0],
      [100, 0, 30],
    ] as const
    const image = picture({ counts: [10, 5, 10, 0], shape: [1, 2, 1, 2] }, { palette, gap: 0, scale: 1 })
    expect(planes(image.png)).toEqual([[[255, 100]], [[100, 50]], [[30, 0]]])
  })

  it('`picture()` makes tiles at least 56 pixels wide unless told otherwise, in about a square', () => {
    const size = (side: number) =>
      picture({ counts: new Uint8Array(5 * side * side), shape: [5, 1, side, side] })
    expect(size(28)).toMatchObject({ width: 4 + 3 * 60, height: 4 + 2 * 60 })
    expect(size(64).width).toBe(4 + 3 * 68)
    expect(size(5).width).toBe(4 + 3 * 64)
  })

  it('`picture()` shows images without any units as black', () => {
    const image = picture({ counts: [0, 0], shape: [1, 1, 1, 2] }, { gap: 0, scale: 1 })
    expect(planes(image.png)).toEqual([[[0, 0]]])
    expect(image.white).toBe(1)
  })

  it('`picture()` writes captions under the tiles, and makes room for long ones', () => {
    const counts = new Uint8Array(4)
    const image = picture({ counts, shape: [1, 1, 2, 2] }, { captions: ['17'], gap: 0, scale: 1 })
    // two letters of 3 pixels and one between, twice as large; 2 rows of tile, 2 * 2 of space, 2 * 5 of text, 2 below
    expect(image).toMatchObject({ width: 14, height: 2 + 4 + 10 + 2 })
    const rows = planes(image.png)[0].slice(6, 16)
    const drawn = rows.filter((_, y) => y % 2 === 0).map(row => row.filter((_, x) => x % 2 === 0))
    const seen = drawn.map(row => row.map(value => (value === B ? '.' : '#')).join(''))
    expect(seen).toEqual(['.#..###', '##....#', '.#....#', '.#...#.', '###..#.'])
    expect(rows[0]).toEqual(rows[1])
  })

  it('`picture()` writes captions of several lines under each other, and makes room for the longest', () => {
    const images = { counts: new Uint8Array(8), shape: [2, 1, 2, 2] }
    const one = picture(images, { captions: ['17', '1'], gap: 0, scale: 1 })
    const two = picture(images, { captions: ['1\n17', '1\nτ'], gap: 0, scale: 1 })
    expect([two.width, two.height]).toEqual([one.width, one.height + 16])
    const [rows, wanted] = [planes(two.png)[0], planes(one.png)[0]]
    // The second line of the left image is the first of the other picture.
    const left = (row: number[]) => row.slice(0, 14)
    expect(rows.slice(22).map(left)).toEqual(wanted.slice(6).map(left))
    const glyph = rows.slice(22, 32).filter((_, y) => y % 2 === 0)
    const seen = glyph.map(row => row.slice(18, 24).filter((_, x) => x % 2 === 0))
    expect(seen.map(row => row.map(value => (value === B ? '.' : '#')).join(''))).toEqual([
      '...',
      '###',
      '.#.',
      '.#.',
      '.##',
    ])
  })

  it('`picture()` refuses wrong shapes, captions and options', () => {
    const images = { counts: [1, 2], shape: [2, 1, 1, 1] }
    expect(() => picture({ counts: [1], shape: [1, 1, 1] })).toThrow(
      'the shape must be [N, C, H, W], none of them 0',
    )
    expect(() => picture({ counts: [1], shape: [2, 1, 1, 1] })).toThrow(
      'the counts must be 2 elements, got 1',
    )
    expect(() => picture(images, { captions: ['1'] })).toThrow('the captions must be 2 texts, got 1')
    expect(() => picture(images, { captions: ['1', 'é'] })).toThrow(
      'Cannot draw a caption: every letter must be one of',
    )
    expect(() => picture(images, { columns: 0 })).toThrow('the columns must be a whole number from 1, got 0')
    expect(() => picture(images, { scale: 1.5 })).toThrow('the scale must be')
    expect(() => picture(images, { gap: -1 })).toThrow('the gap must be')
    expect(() => picture(images, { white: 0 })).toThrow('the count shown as white must be positive, got 0')
    expect(() => picture(images, { palette: [] })).toThrow('the palette must be 1 colours, got 0')
    expect(() => picture(images, { scale: 100000 })).toThrow('the picture must be at most 2^28 pixels')
  })

  it('`eachDot()` draws letters that all differ', () => {
    const letters = [...'0123456789.,x=-+/:%e']
    const drawn = letters.map(letter => {
      const dots: string[] = []
      eachDot(letter, (x, y) => dots.push(`${x},${y}`))
      return dots.join(' ')
    })
    expect(new Set(drawn).size).toBe(letters.length)
    expect([textWidth(''), textWidth('1'), textWidth('12')]).toEqual([0, 3, 7])
  })
})
