import { describe, expect, it } from 'vitest'
import { clusters } from '../../src/structure/clusters.ts'
import type { Labels } from '../../src/structure/labels.ts'
import { finish } from '../../src/structure/work.ts'
import { checkerboard, drawn, made, placeOf, uncorrelated } from './masks.ts'

/** By walking from site to site. */
function byFlood({ data, shape }: Labels, { corners = false, periodic = [] as boolean[] } = {}): number[] {
  const places = Array.from(data, (_, i) => placeOf(i, shape))
  const near = (a: readonly number[], b: readonly number[]) => {
    const steps = a.map((at, axis) => {
      const step = Math.abs(at - b[axis])
      return periodic[axis] && shape[axis] > 1 && step === shape[axis] - 1 ? 1 : step
    })
    const sum = steps.reduce((x, y) => x + y, 0)
    return corners ? steps.every(step => step <= 1) : sum === 1
  }
  const number = Array<number>(data.length).fill(0)
  let count = 0
  for (let i = 0; i < data.length; i++) {
    if (!data[i] || number[i]) continue
    const queue = [i]
    number[i] = ++count
    for (const site of queue)
      for (let j = 0; j < data.length; j++)
        if (data[j] && !number[j] && near(places[site], places[j])) {
          number[j] = count
          queue.push(j)
        }
  }
  return number
}

describe('clusters', () => {
  it('`clusters()` finds what a walk from site to site finds, by faces and by corners', () => {
    for (const [shape, share] of [
      [[40], 0.6],
      [[17, 19], 0.55],
      [[7, 8, 9], 0.35],
      [[1, 12, 13], 0.5],
    ] as const)
      for (const corners of [false, true]) {
        const mask = uncorrelated(shape, share, 11)
        const found = finish(clusters(mask, { corners }))
        expect(Array.from(found.number)).toEqual(byFlood(mask, { corners }))
        for (let cluster = 1; cluster < found.sizes.length; cluster++)
          expect(found.sizes[cluster]).toBe(found.number.filter(own => own === cluster).length)
      }
  })

  it('`clusters()` goes on beyond periodic sides, along the axes that it is told', () => {
    for (const periodic of [
      [true, false],
      [false, true],
      [true, true],
    ]) {
      const mask = uncorrelated([13, 14], 0.5, 5)
      expect(Array.from(finish(clusters(mask, { periodic })).number)).toEqual(byFlood(mask, { periodic }))
    }
    const mask = uncorrelated([5, 6, 7], 0.3, 6)
    const all = { periodic: [true, true, true] }
    expect(Array.from(finish(clusters(mask, all)).number)).toEqual(byFlood(mask, all))
  })

  it('`clusters()` says which sides each touches', () => {
    const found = finish(clusters(drawn('#..#', '#...', '..#.', '....')))
    expect(Array.from(found.sides)).toEqual([0, 0b0101, 0b1001, 0])
    expect(finish(clusters(checkerboard([4, 4, 4]))).sizes.length - 1).toBe(32)
    expect(finish(clusters(made([4, 4], () => 0))).sizes.length).toBe(1)
  })
})
