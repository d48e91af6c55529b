// What is told of an image as rows of numbers, what is doubtful of it, and what a model file may say of it.
import { describe, expect, it } from 'vitest'
import { demandTaken } from '../../src/model/conditions.ts'
import { farOff, told, toldFeeds, toldRow, unknownWords, wordsOf } from '../../src/model/told.ts'
import type { Told, ToldNumbers } from '../../src/network/told.ts'
import type { Task } from '../../src/network/unet.ts'

const heat: ToldNumbers = {
  ...{ name: 'heat', kind: 'numbers', names: ['heat[0]', 'heat[1]'] },
  ...{
    mean: [10, 1],
    scale: [5, 2],
    range: [
      [0, 20],
      [0, 2],
    ],
  }, // prettier-ignore
}
const map: Told = { name: 'map', kind: 'image', channels: 1, scale: 4 }
const caption: Told = { name: 'caption', kind: 'text', vocabulary: ['two', 'blobs', 'east'] }

describe('toldRow()', () => {
  it('numbers are told in deviations from the mean, images by their greatest value, words by their share', () => {
    expect([...toldRow(heat, [15, 1], [2, 2])]).toEqual([1, 0, 1])
    expect([...toldRow(map, [0, 1, 2, 4], [2, 2])]).toEqual([0, 0.25, 0.5, 1, 1, 1, 1, 1])
    expect([...toldRow(caption, 'Two blobs, two BLOBS drifting', [2, 2])]).toEqual([0.5, 0.5, 0, 1])
    expect([...toldRow(caption, 'nothing known', [2, 2])]).toEqual([0, 0, 0, 1])
  })

  it('refuses what is of another length or kind, and what is no number', () => {
    const two = 'Cannot tell heat: it must be 2 numbers (heat[0], heat[1]), got '
    expect(() => toldRow(heat, [1], [2, 2])).toThrow(new RangeError(`${two}1`))
    expect(() => toldRow(heat, 3, [2, 2])).toThrow(two)
    expect(() => toldRow(heat, [1, Number.NaN], [2, 2])).toThrow('it must be of finite numbers, got NaN')
    expect(() => toldRow(heat, 'warm', [2, 2])).toThrow('it must be numbers, got "warm"')
    expect(() => toldRow(caption, 3, [2, 2])).toThrow('it must be a text, got 3')
    expect(() => toldRow(map, [1], [2, 2])).toThrow('it must be 4 values, got 1')
  })
})

describe('farOff() and unknownWords()', () => {
  it('name what lies further from the data than these are wide, and words that were never read', () => {
    expect(farOff(heat, [39, -1.9])).toEqual([])
    expect(farOff(heat, [41, -3])).toEqual(['heat[0]', 'heat[1]'])
    expect(wordsOf('North-east, 2 blobs')).toEqual(['north', 'east', '2', 'blobs'])
    expect(unknownWords('three blobs, three', ['blobs'])).toEqual(['three'])
  })
})

describe('told()', () => {
  const task = { shape: [1, 2, 2], classes: 0, told: [heat, map] } as unknown as Task

  it('writes the rows of images into their places of a tile, and zeros stay where nothing is told', () => {
    const inputs = toldFeeds(task, 3)
    expect(Object.entries(inputs).map(([name, { shape }]) => [name, shape])).toEqual([
      ['told.heat', [3, 3]],
      ['told.map', [3, 2, 2, 2]],
    ])
    const condition = told(heat, image => (image === 7 ? Float32Array.of(1, 2, 1) : undefined))
    for (const slot of [0, 1, 2])
      condition.tell?.({ label: new Int32Array(3), told: inputs }, { slot, image: 6 + slot })
    expect([...inputs['told.heat'].data]).toEqual([0, 0, 0, 1, 2, 1, 0, 0, 0])
  })

  it('is refused by a model that is not told so', () => {
    expect(() => demandTaken(task, [told(heat, () => undefined)])).not.toThrow()
    expect(() => demandTaken(task, [told(caption, () => undefined)])).toThrow(
      'Cannot tell the network: the condition must be one that the model takes (heat, map), got "caption"',
    )
  })
})
