// Boxes around digits, and how far masks cover each other: what docs/joint.md measures masks by.
import { describe, expect, it } from 'vitest'
import { boxesOf, overlap, STROKE } from '../../scripts/pairs/masks.ts'

describe('boxesOf()', () => {
  it('is 1 from the first to the last row and column with a stroke, of each image by itself', () => {
    const counts = new Uint8Array(3 * 12)
    // Strokes at (0, 1) and (2, 2) of the first image of 3 × 4; single units do not count; none in the last.
    counts[1] = STROKE
    counts[10] = 255
    counts[3] = STROKE - 1
    counts[12 + 11] = 200
    expect(Array.from(boxesOf(counts, [3, 4]))).toEqual([
      ...[0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0],
      ...[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
      ...new Array(12).fill(0),
    ])
  })
})

describe('overlap()', () => {
  it('is what both cover over what either covers, and 1 of two that are empty', () => {
    const a = [1, 1, 0, 0, 0, 0, 0, 0]
    const b = [0, 1, 1, 1, 0, 0, 0, 0]
    expect(overlap([a, 0], [b, 0], 4)).toBe(0.25)
    expect(overlap([a, 0], [a, 0], 4)).toBe(1)
    expect(overlap([a, 0], [b, 1], 4)).toBe(0)
    expect(overlap([a, 1], [b, 1], 4)).toBe(1)
  })
})
