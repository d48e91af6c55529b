import { gzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { writeIndexedPng } from '../../src/formats/indexed-png.ts'
import { writeNpy } from '../../src/formats/npy.ts'
import { writeNpz } from '../../src/formats/npz.ts'
import { phaseColours } from '../../src/formats/phase-picture.ts'
import { writePng } from '../../src/formats/png-writer.ts'
import { sourceOf } from '../../src/formats/source.ts'
import { writeTiff } from '../../src/formats/tiff/writer.ts'
import { readLabels } from '../../src/structure/read-labels.ts'
import { stacked } from '../../src/structure/read-slices.ts'
import { readVolume } from '../../src/structure/read-volume.ts'

const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)

describe('readVolume', () => {
  it('`readVolume()` reads bytes without a header in the shape, type and order that are told', async () => {
    const raw = { shape: [1, 2, 2], element: 'u2', bigEndian: true } as const
    expect(await readVolume('a.raw', bytes, { raw })).toEqual({
      data: Uint16Array.of(0x102, 0x304, 0x506, 0x708),
      shape: [2, 2],
    })
    expect(
      (await readVolume('a.raw.gz', gzipSync(bytes), { raw: { ...raw, bigEndian: false } })).data,
    ).toEqual(Uint16Array.of(0x201, 0x403, 0x605, 0x807))
    const reals = new Uint8Array(Float32Array.of(-1.5, 2.25).buffer)
    const real = { shape: [1, 2], element: 'f4', bigEndian: false } as const
    expect((await readVolume('a.img', reals, { raw: real })).data).toEqual(Float32Array.of(-1.5, 2.25))
    // A .raw is never taken for another format, whatever it begins with.
    const tiff = Uint8Array.of(0x49, 0x49, 42, 0, 8, 0, 0, 0)
    expect(
      (await readVolume('a.raw', tiff, { raw: { shape: [2, 4], element: 'u1', bigEndian: false } })).data,
    ).toEqual(tiff)
  })

  it('`readVolume()` says how many bytes a shape needs, and that one is needed', async () => {
    const raw = { shape: [3, 3], element: 'u2', bigEndian: false } as const
    await expect(readVolume('a.raw', bytes, { raw })).rejects.toThrow(
      'Cannot read a.raw: the file must be "18 bytes for 3 x 3 of 16 bits", got 8'.replaceAll('"', ''),
    )
    await expect(readVolume('a.raw', bytes)).rejects.toThrow(
      'Cannot read a.raw: --shape must be given (and --dtype)',
    )
    await expect(readVolume('a.txt', bytes)).rejects.toThrow(
      'the file must be TIFF, PNG, npy, npz, .vti, .mhd, .nrrd, .nii or HDF5, or --shape given',
    )
  })

  it('`readVolume()` takes the indices of a coloured palette, and the voxel size of .tif and .npz', async () => {
    const data = Uint8Array.of(0, 1, 2, 2, 1, 0)
    const png = writeIndexedPng({ data, shape: [2, 3] }, { palette: phaseColours(3) })
    expect(await readVolume('a.png', png)).toMatchObject({ data, shape: [2, 3], bits: 8 })
    const scale = { x: 5.7, y: 5.7, unit: 'um' }
    const tiff = writeTiff({ data, shape: [1, 2, 3] }, { scale })
    expect((await readVolume('a.tif', tiff)).scale).toEqual({ ...scale, z: 5.7 })
    const samples = { data, shape: [1, 2, 3] }
    const side = { data: Float64Array.of(0.398), shape: [] }
    expect(await readVolume('a.npz', writeNpz({ samples, voxel_size: side, unit: 'µm' }))).toEqual({
      data,
      shape: [2, 3],
      scale: { x: 0.398, y: 0.398, z: 0.398, unit: 'um' },
    })
    const sides = { data: Float64Array.of(3, 2, 1), shape: [3] }
    expect((await readVolume('a.npz', writeNpz({ samples, voxel_size: sides }))).scale).toEqual({
      x: 1,
      y: 2,
      z: 3,
      unit: '',
    })
  })
})

describe('slices', () => {
  const slice = (name: string, values: number[], width: number) => ({
    name,
    bytes: writePng({ data: Uint8Array.from(values), shape: [1, values.length / width, width] }),
  })

  it('`readLabels()` joins slices in the order given, and sees from all what values mean', async () => {
    const found = await readLabels('slices', [
      slice('1.png', [0, 0], 2),
      slice('2.png', [255, 0], 2),
      { name: '3.tif', bytes: writeTiff({ data: Uint8Array.of(255, 255, 0, 255), shape: [2, 1, 2] }) },
    ])
    expect(found).toEqual({
      data: Uint8Array.of(0, 0, 1, 0, 1, 1, 0, 1),
      shape: [4, 1, 2],
      values: [0, 255],
    })
    // One by one, 1 would have been a label and 255 another.
    await expect(
      readLabels('slices', [slice('1.png', [0, 1], 2), slice('2.png', [255, 0], 2)]),
    ).rejects.toThrow('Cannot read slices: its values must be labels')
  })

  it('`readLabels()` names the slice that differs in size or kind', async () => {
    await expect(
      readLabels('slices', [slice('s9.png', [0, 1], 2), slice('s10.png', [0, 1], 1)]),
    ).rejects.toThrow('Cannot read s10.png: its size must be that of s9.png, 1×2, got "2×1"')
    const deep = { name: 'b.npy', bytes: writeNpy({ data: Uint16Array.of(0, 1), shape: [1, 2] }) }
    await expect(readLabels('slices', [slice('a.png', [0, 1], 2), deep])).rejects.toThrow(
      'Cannot read b.npy: its numbers must be of the kind of a.png, Uint8Array, got "Uint16Array"',
    )
    await expect(readLabels('slices', [])).rejects.toThrow('the files must be at least one')
  })

  it('`stacked()` leaves one volume as it is', () => {
    const volume = { data: bytes, shape: [2, 2, 2], scale: { x: 1, y: 1, unit: 'mm' } }
    expect(stacked([{ name: 'a', volume }], sourceOf('a', bytes))).toEqual(volume)
    expect(
      stacked([{ name: 'a', volume: { data: bytes, shape: [2, 4] } }], sourceOf('a', bytes)).shape,
    ).toEqual([1, 2, 4])
  })
})
