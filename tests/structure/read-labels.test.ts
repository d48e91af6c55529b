import { gzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { NdArray } from '../../src/formats/array.ts'
import { writeNpy } from '../../src/formats/npy.ts'
import { writeNpz } from '../../src/formats/npz.ts'
import { writePng } from '../../src/formats/png-writer.ts'
import { gridsOf, readLabels } from '../../src/structure/read-labels.ts'

const png = (values: number[], width: number, channels = 1) =>
  writePng({
    data: Uint8Array.from({ length: channels * values.length }, (_, i) => values[i % values.length]),
    shape: [channels, values.length / width, width],
  })

const npy = (data: NdArray['data'], ...shape: number[]) => writeNpy({ data, shape })

describe('readLabels', () => {
  it('`readLabels()` takes small whole numbers for labels, and 0 and 255 for 0 and 1', async () => {
    const plain = await readLabels('a.png', png([0, 1, 2, 15, 0, 1], 3))
    expect(plain).toEqual({ data: Uint8Array.of(0, 1, 2, 15, 0, 1), shape: [1, 2, 3] })
    expect((await readLabels('a.png', png([0, 255, 255, 0], 2))).data).toEqual(Uint8Array.of(0, 1, 1, 0))
    expect((await readLabels('a.png', png([255, 255], 2))).data).toEqual(Uint8Array.of(1, 1))
    expect((await readLabels('a.png', png([0, 0], 2))).data).toEqual(Uint8Array.of(0, 0))
    const deep = writePng({ data: Uint16Array.of(0, 65535), shape: [1, 1, 2] })
    expect((await readLabels('a.png', deep)).data).toEqual(Uint8Array.of(0, 1))
    // Grey in three equal channels.
    expect(await readLabels('a.png', png([0, 255], 2, 3))).toEqual({
      data: Uint8Array.of(0, 1),
      shape: [1, 1, 2],
      values: [0, 255],
    })
  })

  it('`readLabels()` reads arrays of all kinds of shapes and numbers, packed or not', async () => {
    const two = await readLabels('a.npy', npy(Float64Array.of(0, 1, 2, 0), 2, 2))
    expect(two).toEqual({ data: Uint8Array.of(0, 1, 2, 0), shape: [1, 2, 2] })
    expect(await readLabels('a.npy', gzipSync(npy(Int32Array.of(0, 255, 0, 0, 0, 0), 3, 1, 2)))).toEqual({
      data: Uint8Array.of(0, 1, 0, 0, 0, 0),
      shape: [3, 1, 2],
      values: [0, 255],
    })
    // One channel is none; volumes are kept.
    expect((await readLabels('a.npy', npy(new Uint8Array(12), 2, 1, 3, 2))).shape).toEqual([2, 3, 2])
    expect((await readLabels('a.npy', npy(new Uint8Array(24), 2, 2, 3, 2))).shape).toEqual([2, 2, 3, 2])
    const samples = { data: Uint8Array.of(1, 0), shape: [1, 1, 2] }
    const mass = { data: Uint32Array.of(1), shape: [1] }
    expect((await readLabels('a.npz', writeNpz({ mass, samples }))).data).toEqual(Uint8Array.of(1, 0))
    expect((await readLabels('a.npz', writeNpz({ anything: samples }))).shape).toEqual([1, 1, 2])
  })

  it('`readLabels()` never guesses what grey values mean, and does as it is told', async () => {
    const grey = png([3, 90, 128, 200, 251, 7], 3)
    await expect(readLabels('slice.png', grey)).rejects.toThrow(
      'Cannot read slice.png: its values must be labels (0 to 15, or 0 and 255; for others --threshold T, ' +
        "Otsu's would be 110, or " +
        '--levels A,B,… says what they mean), got "6 different values from 3 to 251"',
    )
    expect((await readLabels('a.png', grey, { threshold: 128 })).data).toEqual(
      Uint8Array.of(0, 0, 1, 1, 1, 0),
    )
    const three = png([0, 128, 255, 128], 2)
    await expect(readLabels('a.png', three)).rejects.toThrow('got "0, 128, 255"')
    expect((await readLabels('a.png', three, { levels: [0, 128, 255] })).data).toEqual(
      Uint8Array.of(0, 1, 2, 1),
    )
    expect((await readLabels('a.png', three, { levels: [255, 0, 128] })).data).toEqual(
      Uint8Array.of(1, 2, 0, 2),
    )
    await expect(readLabels('a.png', three, { levels: [0, 255] })).rejects.toThrow(
      'must be among those of --levels (0, 255)',
    )
    const float = npy(Float32Array.of(0.1, 0.9), 1, 2)
    await expect(readLabels('a.npy', float)).rejects.toThrow('its values must be labels')
    expect((await readLabels('a.npy', float, { threshold: 0.5 })).data).toEqual(Uint8Array.of(0, 1))
    for (const wrong of [-1, 1.5, 16, Number.NaN])
      await expect(readLabels('a.npy', npy(Float64Array.of(0, wrong), 1, 2))).rejects.toThrow(
        'its values must be labels',
      )
    await expect(
      readLabels('a.npy', npy(Float64Array.of(0, Number.NaN), 1, 2), { threshold: 1 }),
    ).rejects.toThrow('value 1 must be a number, got NaN')
  })

  it('`readLabels()` refuses what holds no labels', async () => {
    const colour = writePng({ data: Uint8Array.of(1, 2, 3), shape: [3, 1, 1] })
    await expect(readLabels('a.png', colour)).rejects.toThrow(
      'the picture must be of labels or grey, or --channel (0 to 2) given, got "a coloured one"',
    )
    await expect(readLabels('a.npy', npy(new Uint8Array(4), 4))).rejects.toThrow(
      'the shape of the array must be [H, W]',
    )
    await expect(readLabels('a.npy', npy(new Uint8Array(0), 0, 4))).rejects.toThrow('none of them 0')
    await expect(readLabels('a.npy', writeNpy('words'))).rejects.toThrow('the array must be of numbers')
    const one = { data: new Uint8Array(1), shape: [1, 1] }
    await expect(readLabels('a.npz', writeNpz({ a: one, b: one }))).rejects.toThrow(
      'the file must be one array called samples, images, labels, arr_0, or --array given, got ["a", "b"]',
    )
    await expect(readLabels('a.txt', Uint8Array.of(1, 2, 3, 4, 5))).rejects.toThrow(
      'the file must be TIFF, PNG, npy, npz, .vti',
    )
  })
})

describe('gridsOf', () => {
  const data = Uint8Array.from({ length: 24 }, (_, i) => i % 2)

  it('`gridsOf()` takes slices one by one or as one volume', () => {
    const stack = { data, shape: [2, 3, 4] }
    const slices = gridsOf(stack, 'a.npy')
    expect(slices).toEqual([
      { data: data.subarray(0, 12), shape: [3, 4] },
      { data: data.subarray(12), shape: [3, 4] },
    ])
    expect(gridsOf(stack, 'a.npy', { volume: true })).toEqual([stack])
  })

  it('`gridsOf()` takes volumes only for volumes', () => {
    const stack = { data, shape: [2, 3, 2, 2] }
    expect(gridsOf(stack, 'a.npy', { volume: true }).map(({ shape }) => shape)).toEqual([
      [3, 2, 2],
      [3, 2, 2],
    ])
    expect(() => gridsOf(stack, 'a.npy')).toThrow(
      'Cannot read a.npy: the shape of the array must be [N, H, W], or',
    )
  })
})
