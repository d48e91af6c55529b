import { describe, expect, it } from 'vitest'
import { writeNpy } from '../../../src/formats/npy.ts'
import { histogramOf, look, lookSchema } from '../../../src/jobs/look/look.ts'
import { checked } from '../../../src/jobs/schema.ts'
import { pageFiles } from '../../../src/web/files.ts'

const shape = [2, 3, 4]
const labels = Uint8Array.from({ length: 24 }, (_, i) => Number(i % 3 === 0))

const seen = (data: Uint8Array | Float32Array, told: object = {}, name = 'a.npy') =>
  look(checked('look', lookSchema, { input: name, ...told }), {
    files: pageFiles({ [name]: name.endsWith('.npy') ? writeNpy({ data, shape }) : (data as Uint8Array) }),
  })

describe('look()', () => {
  it('tells the size and the phases of labels, with their values in the file', async () => {
    const found = await seen(labels.map(label => 255 * label))
    expect(found.shape).toEqual(shape)
    expect(found.phases).toEqual([
      { label: 0, voxels: 16, share: 16 / 24 },
      { label: 1, value: 255, voxels: 8, share: 8 / 24 },
    ])
    expect(found.labels?.data).toEqual(labels)
  })

  it('offers a threshold for greys, and takes it when it is told', async () => {
    const grey = Float32Array.from(labels, (label, i) => (label ? 9 : 2) + 0.1 * (i % 5))
    const found = await seen(grey)
    expect(found.phases).toEqual([])
    expect(found.why).toMatch(/^Cannot read a\.npy: its values must be labels/)
    expect(found.threshold).toBeGreaterThan(2.4)
    expect(found.threshold).toBeLessThan(9)
    const told = await seen(grey, { threshold: String(found.threshold) })
    expect(told.phases.map(({ voxels }) => voxels)).toEqual([16, 8])
  })

  it('leaves what is ignored out of the shares', async () => {
    const found = await seen(
      labels.map((label, i) => (i < 12 ? label : 7)),
      { ignore: 7 },
    )
    expect(found.phases.map(({ share }) => share)).toEqual([8 / 12, 4 / 12])
  })

  it('reads bytes without a header by the shape that is told, and refuses them without', async () => {
    const found = await seen(labels, { shape: '2,3,4' }, 'a.raw')
    expect(found.labels?.data).toEqual(labels)
    await expect(seen(labels, {}, 'a.raw')).rejects.toThrow('--shape must be given')
  })
})

describe('histogramOf()', () => {
  it('counts whole numbers one by one, others in 256 bins, and every finite value once', () => {
    expect(histogramOf(Uint8Array.of(3, 5, 5))).toEqual({ low: 3, width: 1, counts: [1, 0, 2] })
    const spread = Float32Array.from({ length: 1000 }, (_, i) => i / 7)
    const { counts, low, width } = histogramOf(spread.map((value, i) => (i === 5 ? Number.NaN : value)))
    expect(counts.length).toBe(256)
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(999)
    expect(low + 256 * width).toBeCloseTo(999 / 7, 4)
    expect(histogramOf(Float32Array.of(2.5, 2.5)).counts.reduce((sum, n) => sum + n, 0)).toBe(2)
  })
})
