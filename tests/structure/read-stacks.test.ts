import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { budgetFor } from '../../src/formats/budget.ts'
import type { Source } from '../../src/formats/source.ts'
import { gridsOf, readLabels } from '../../src/structure/read-labels.ts'
import { readVolume } from '../../src/structure/read-volume.ts'
import { bytesOf } from '../formats/arrays.ts'

interface Entry {
  readonly file: string
  readonly shape: number[]
  readonly values: number[]
  readonly channel?: number
  readonly frame?: number
  readonly array?: string
  readonly scale?: object
}

/** Made by vectors/stacks.py. */
const vectors = JSON.parse(
  readFileSync(new URL('../formats/vectors/stacks.json', import.meta.url), 'utf8'),
) as Record<string, Entry>

const bytesNamed = (name: string) => bytesOf(vectors[name].file)

function listening(name: string): { source: Source; said: string[] } {
  const said: string[] = []
  return { source: { name, budget: budgetFor(1), say: words => said.push(words) }, said }
}

describe('stacks of other programs', () => {
  it.for(Object.entries(vectors))('`readVolume()` reads %s to the last voxel', async ([name, entry]) => {
    const { channel, frame, array } = entry
    const found = await readVolume(name, bytesOf(entry.file), { channel, frame, array })
    expect(found.shape).toEqual(entry.shape)
    expect([...found.data]).toEqual(entry.values)
    if (entry.scale) expect(found.scale).toEqual(entry.scale)
  })

  it.for(Object.entries(vectors))('`readVolume()` refuses %s where it is cut off', async ([name, entry]) => {
    const whole = bytesOf(entry.file)
    const { channel, frame, array } = entry
    for (const share of [0.05, 0.3, 0.6, 0.9]) {
      const cut = whole.subarray(0, Math.floor(share * whole.length))
      const found = await readVolume(name, cut, { channel, frame, array }).catch(error => error)
      // Of what lies behind the numbers nothing is missed.
      if (!(found instanceof Error)) expect([...found.data]).toEqual(entry.values)
      else expect(found.message).toMatch(/^Cannot read .+: [^\n]+ must be [^\n]+, got [^\n]*$/)
    }
  })

  it('`readVolume()` never takes channels for slices: one must be chosen', async () => {
    for (const name of ['ImageJ ZCYX.tif', 'ImageJ CYX.tif', 'OME ZCYX.tif', 'axes in JSON.tif'])
      await expect(readVolume(name, bytesNamed(name)), name).rejects.toThrow(
        '--channel must be one of 0 to 1, as it has 2 channels, got',
      )
    await expect(readVolume('a.tif', bytesNamed('ImageJ ZCYX.tif'), { channel: 2 })).rejects.toThrow('got 2')
    await expect(readVolume('a.tif', bytesNamed('volumetric.tif'), { channel: 1 })).rejects.toThrow(
      '--channel must be 0, of the only channel, got 1',
    )
    const all = await readVolume('a.tif', bytesNamed('ImageJ CYX.tif'), { channel: 'all' })
    expect(all).toMatchObject({ shape: [2, 9, 11], pages: 'slices' })
  })

  it('`readVolume()` reads all slices of a page that lie in one strip', async () => {
    const six = bytesNamed('volumetric.tif')
    const one = six.slice()
    const view = new DataView(one.buffer)
    const entries = Array.from({ length: view.getUint16(8, true) }, (_, i) => 10 + 12 * i)
    const entry = (tag: number) => entries.find(at => view.getUint16(at, true) === tag) as number
    // Six strips that lie behind each other become one: StripOffsets (LONG), StripByteCounts (SHORT).
    const first = view.getUint32(view.getUint32(entry(273) + 8, true), true)
    for (const [tag, value] of [
      [273, first],
      [279, 6 * 9 * 11],
    ]) {
      view.setUint32(entry(tag) + 4, 1, true)
      view.setUint32(entry(tag) + 8, value, true)
    }
    const [wanted, got] = [await readVolume('a.tif', six), await readVolume('a.tif', one)]
    expect(got.shape).toEqual(wanted.shape)
    expect([...got.data]).toEqual([...wanted.data])
  })

  it('`gridsOf()` takes slices for a volume where the file says so, and times for images of their own', async () => {
    const volumes = await readLabels('a.tif', bytesNamed('truncated.tif'))
    expect(gridsOf(volumes, 'a.tif')).toHaveLength(6)
    const slices = await readLabels('a.tif', bytesNamed('OME ZCYX.tif'), { channel: 0 })
    expect(gridsOf(slices, 'a.tif').map(({ shape }) => shape)).toEqual([[6, 9, 11]])
    expect(gridsOf(slices, 'a.tif', { volume: false })).toHaveLength(6)
    const times = await readLabels('a.tif', bytesNamed('ImageJ TYX.tif'))
    expect(gridsOf(times, 'a.tif').map(({ shape }) => shape)).toEqual(Array(6).fill([9, 11]))
    expect(() => gridsOf(times, 'a.tif', { volume: true })).toThrow('as its pages are times, got 6')
    const both = await readLabels('a.tif', bytesNamed('times.nii'))
    expect(gridsOf(both, 'a.nii').map(({ shape }) => shape)).toEqual([
      [6, 9, 11],
      [6, 9, 11],
    ])
  })

  it('`readVolume()` says what it understood otherwise than it stands there', async () => {
    const words = async (name: string) => {
      const { source, said } = listening(name)
      await readVolume(source, bytesNamed(name))
      return said.join()
    }
    expect(await words('ImageJ slices called channels.tif')).toContain(
      'its header calls its 6 pages channels',
    )
    expect(await words('three planes.tif')).toContain('3 planes of colours are taken for slices')
    expect(await words('scaled.nii')).toContain('scaled as its header says: 0.5 × value + 1')
    expect(await words('truncated.tif')).toBe('')
  })

  it('`readLabels()` gives two pictures whose palettes have other orders the labels of the same colours', async () => {
    const { source, said } = listening('slices')
    const { data } = await readLabels(
      'slices',
      ['palette.png', 'palette in another order.png'].map(name => ({ name, bytes: bytesNamed(name) })),
      { source },
    )
    const { values } = vectors['palette.png']
    expect([...data]).toEqual([...values, ...values])
    expect(said.join()).toContain('colours mean what they do in palette.png')
    const grey = { name: 'grey.png', bytes: bytesNamed('greys of a coloured palette.png') }
    const other = { name: 'x.png', bytes: bytesNamed('palette.png') }
    await expect(readLabels('slices', [grey, other])).resolves.toMatchObject({ shape: [2, 7, 8] })
  })

  it('`readVolume()` names the arrays of a file of several, and refuses one that is not there', async () => {
    const bytes = bytesNamed('two.dream3d')
    await expect(readVolume('a.dream3d', bytes)).rejects.toThrow(/--array given, got .*CellData\/Phases/)
    await expect(readVolume('a.dream3d', bytes, { array: 'Grains' })).rejects.toThrow(
      '--array must be one of',
    )
  })
})
