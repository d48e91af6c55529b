// Animated PNGs, read back by fast-png, whose reader of animations is nothing that the writer uses.
import { decode, decodeApng } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { below, random } from '../../src/base/random.ts'
import { writeApng } from '../../src/formats/apng.ts'
import { writePng } from '../../src/formats/png-writer.ts'

const rng = random(6)
const pixels = (length: number) => Uint8Array.from({ length }, () => below(rng, 256))

describe('writeApng()', () => {
  it('`writeApng()` keeps every pixel of every frame, their order and their delays, for ever', () => {
    for (const planes of [1, 3]) {
      const pictures = [0, 1, 2].map(() => ({ data: pixels(planes * 20 * 30), shape: [planes, 20, 30] }))
      const delays = [83, 1500, 40_000]
      const bytes = writeApng(pictures.map((picture, k) => ({ png: writePng(picture), delay: delays[k] })))
      const read = decodeApng(bytes, { checkCrc: true })
      expect([read.width, read.height, read.numberOfFrames, read.numberOfPlays]).toEqual([30, 20, 3, 0])
      expect(read.frames.map(frame => (1000 * frame.delayNumber) / frame.delayDenominator)).toEqual(delays)
      read.frames.forEach((frame, k) => {
        const { data } = pictures[k]
        const wanted = data.map((_, i) => data[(i % planes) * 600 + Math.floor(i / planes)])
        expect(Uint8Array.from(frame.data)).toEqual(wanted)
      })
      // To others it is a picture of the first frame.
      expect(decode(bytes, { checkCrc: true }).data).toEqual(read.frames[0].data)
    }
  })

  it('`writeApng()` refuses what is no PNG, and pictures that are not alike', () => {
    const png = (shape: number[]) => writePng({ data: pixels(shape.reduce((a, b) => a * b)), shape })
    expect(() => writeApng([])).toThrow('the frames must be one at least, got 0')
    expect(() => writeApng([{ png: new Uint8Array(0), delay: 0 }])).toThrow(
      'every frame must be a PNG picture',
    )
    const sizes = [png([1, 2, 3]), png([1, 3, 2])].map(one => ({ png: one, delay: 0 }))
    expect(() => writeApng(sizes)).toThrow('frame 1 must be like the first')
    const planes = [png([1, 2, 3]), png([3, 2, 3])].map(one => ({ png: one, delay: 0 }))
    expect(() => writeApng(planes)).toThrow('frame 1 must be like the first')
    expect(() => writeApng([{ png: png([1, 1, 1]), delay: 0.5 }])).toThrow('the delay must be')
  })
})
