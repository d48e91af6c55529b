import { describe, expect, it } from 'vitest'
import { chords, linealPath, runsAlong } from '../../src/structure/runs.ts'
import { checkerboard, drawn, made, uncorrelated } from './masks.ts'

describe('runs', () => {
  const mask = drawn('##.###.#', '########', '........', '.##.#...')

  it('`runsAlong()` tells whole runs from those that the sides cut', () => {
    const { all, whole, rings } = runsAlong(mask, 1)
    expect(Array.from(all)).toEqual([0, 2, 2, 1, 0, 0, 0, 0, 1])
    expect(Array.from(whole)).toEqual([0, 1, 1, 1, 0, 0, 0, 0, 0])
    expect(rings).toBe(1)
  })

  it('`runsAlong()` joins runs across periodic sides', () => {
    const { all, whole, rings } = runsAlong(mask, 1, { periodic: true })
    // The first line has 3 in a row in the middle, and 1 + 2 around the side.
    expect(Array.from(all)).toEqual([0, 1, 1, 2, 0, 0, 0, 0, 0])
    expect(whole).toEqual(all)
    expect(rings).toBe(1)
  })

  it('`linealPath()` is the share of all segments that lie in the phase, by trying them all', () => {
    for (const shape of [
      [9, 12],
      [5, 7, 6],
    ])
      for (let axis = 0; axis < shape.length; axis++)
        for (const periodic of [false, true]) {
          const some = uncorrelated(shape, 0.8, 5)
          const stride = shape.slice(axis + 1).reduce((a, b) => a * b, 1)
          const length = shape[axis]
          const wanted = Array.from({ length }, (_, r) => {
            let [inside, places] = [0, 0]
            some.data.forEach((_, i) => {
              const at = Math.floor(i / stride) % length
              if (!periodic && at + r >= length) return
              places++
              const from = i - at * stride
              const segment = Array.from(
                { length: r + 1 },
                (_, k) => some.data[from + ((at + k) % length) * stride],
              )
              if (segment.every(site => site === 1)) inside++
            })
            return inside / places
          })
          expect(Array.from(linealPath(some, axis, { periodic, range: length - 1 }))).toEqual(wanted)
        }
  })

  it('`linealPath()` of uncorrelated sites is φ^(r + 1)', () => {
    const some = uncorrelated([512, 512], 0.5)
    const path = linealPath(some, 0, { periodic: true, range: 6 })
    // Neighbouring segments overlap: the variance is at most (2r + 1) p / N.
    path.forEach((value, r) => {
      const p = 0.5 ** (r + 1)
      expect(Math.abs(value - p)).toBeLessThan(5.5 * Math.sqrt(((2 * r + 1) * p) / 512 ** 2))
    })
  })

  it('`linealPath()` has no value where no segment fits', () => {
    expect(Array.from(linealPath(drawn('##', '##'), 0, { range: 3 }))).toEqual([1, 1, NaN, NaN])
  })

  it('`chords()` of layers are their thickness, of a checkerboard 1', () => {
    const layers = made([24, 32], (_, x) => x % 8 < 3)
    expect(chords(layers, 1).mean).toBe(3)
    expect(Array.from(chords(layers, 1).counts)).toEqual([0, 0, 0, 3 * 24])
    expect(Array.from(chords(layers, 1, { periodic: true }).counts)).toEqual([0, 0, 0, 4 * 24])
    // Along the layers no chord has an end.
    expect(chords(layers, 0)).toEqual({ counts: new Float64Array(0), mean: NaN })
    expect(chords(checkerboard([6, 6]), 0, { periodic: true }).mean).toBe(1)
  })

  it('`chords()` of uncorrelated sites have lengths of a geometric law, of mean 1/(1 − φ)', () => {
    const { counts, mean } = chords(uncorrelated([1000, 1000], 0.6), 1, { periodic: true })
    const total = counts.reduce((a, b) => a + b, 0)
    // Variance φ/(1 − φ)² = 3.75 each.
    expect(Math.abs(mean - 2.5)).toBeLessThan(5.5 * Math.sqrt(3.75 / total))
    expect(counts[1] / total).toBeCloseTo(0.4, 2)
  })
})
