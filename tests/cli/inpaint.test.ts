// `saltus inpaint` on a small network: known counts to the bit, and the mass of the hole to the unit.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { below, random } from '../../src/base/random.ts'
import type { NdArray } from '../../src/formats/array.ts'
import { writeNpy } from '../../src/formats/npy.ts'
import { readNpz, writeNpz } from '../../src/formats/npz.ts'
import { good, saltus, temporary, untrained, write } from './saltus.ts'

const folder = temporary()
const counts = Uint8Array.from({ length: 12 * 42 }, (_, i) => (i * 5) % 17)
const labels = Uint8Array.from({ length: 12 }, (_, i) => i % 3)
write(
  folder,
  'data.npz',
  writeNpz({ images: { data: counts, shape: [12, 6, 7] }, labels: { data: labels, shape: [12] } }),
)
write(folder, 'two.npy', writeNpy({ data: counts.slice(0, 84), shape: [2, 6, 7] }))
const mask = (name: string, inside: (y: number, x: number) => boolean) => {
  const data = Uint8Array.from({ length: 42 }, (_, i) => (inside(Math.floor(i / 7), i % 7) ? 1 : 0))
  write(folder, name, writeNpy({ data, shape: [6, 7] }))
  return data
}
const network = '--base 4 --multipliers 1 --blocks 1 --attention none --embedding 8 --batch 2'.split(' ')
const trained = good(
  ['train', '--data', 'data.npz', '--out', 'run', '--steps', '3', '--quiet', ...network],
  folder,
)
const inpaint = (...args: string[]) => [
  'inpaint',
  '--model',
  'run/model.onnx',
  '--input',
  'two.npy',
  '--calls',
  '5',
  ...args,
]

async function completed(...args: string[]) {
  await trained
  const { stdout: text } = await good(inpaint(...args, '--out', 'out.npz'), folder)
  const bytes = new Uint8Array(readFileSync(join(folder, 'out.npz')))
  const { samples, hole } = (await readNpz(bytes, 'out.npz')) as Record<'samples' | 'hole', NdArray>
  return { samples: samples.data, shape: samples.shape, hole: [...hole.data].map(Number), text }
}

/** The hole's units of image i, and a check that all around it is as it was. */
function received(samples: ArrayLike<number>, i: number, { open, each }: { open: Uint8Array; each: number }) {
  let mass = 0
  for (let x = 0; x < 42; x++) {
    const value = Number(samples[i * 42 + x])
    if (open[x]) mass += value
    else expect(value).toBe(counts[Math.floor(i / each) * 42 + x])
  }
  return mass
}

describe('`saltus inpaint`', { timeout: 240_000 }, () => {
  it('gives the hole the mass asked for, whatever its shape, and touches nothing else', async () => {
    const rng = random(4)
    const shapes: ((y: number, x: number) => boolean)[] = [
      (y, x) => y > 1 && y < 5 && x > 2,
      (y, x) => (y + x) % 3 === 0,
      (y, x) => (y < 2 && x < 2) || (y > 3 && x > 3),
      () => true,
      (y, x) => y === 3 && x === 3,
      () => rng.uniform() < 0.5,
    ]
    for (const [k, inside] of shapes.entries()) {
      const open = mask('mask.npy', inside)
      const mass = 50 + below(rng, 900)
      const { samples, shape, hole } = await completed(
        '--mask',
        'mask.npy',
        '--mass',
        String(mass),
        '--count',
        '2',
        '--seed',
        String(k),
      )
      expect(shape).toEqual([4, 1, 6, 7])
      for (let i = 0; i < 4; i++) expect(received(samples, i, { open, each: 2 })).toBe(mass)
      expect(hole).toEqual([mass, mass, mass, mass])
    }
  })

  it('returns the input for an empty mask, and estimates a mass where none is asked for', async () => {
    mask('none.npy', () => false)
    const { samples } = await completed('--mask', 'none.npy', '--count', '1')
    expect(Array.from(samples, Number)).toEqual([...counts.slice(0, 84)])
    const open = mask('box.npy', (y, x) => y > 1 && y < 4 && x > 1 && x < 5)
    const { samples: filled, hole } = await completed('--mask', 'box.npy', '--count', '3')
    for (let i = 0; i < 6; i++) expect(received(filled, i, { open, each: 3 })).toBe(hole[i])
    expect(hole[0]).toBeGreaterThan(0)
  })

  it('draws the first of many as it draws it alone, and a mass from a range for each', async () => {
    mask('box.npy', (y, x) => y > 1 && y < 4 && x > 1 && x < 5)
    const many = await completed('--mask', 'box.npy', '--mass', '100:200', '--count', '20', '--class', '1')
    const few = await completed(
      '--mask',
      'box.npy',
      '--mass',
      '100:200',
      '--count',
      '20',
      '--class',
      '1',
      '--workers',
      '1',
    )
    expect({ ...many, text: '' }).toEqual({ ...few, text: '' })
    expect(new Set(many.hole).size).toBeGreaterThan(10)
    expect(Math.min(...many.hole)).toBeGreaterThanOrEqual(100)
    expect(Math.max(...many.hole)).toBeLessThanOrEqual(200)
  })

  it('draws a row for each of several masses', async () => {
    mask('box.npy', (y, x) => y > 1 && y < 4 && x > 1 && x < 5)
    const { hole, samples } = await completed('--mask', 'box.npy', '--mass', '100,115,132', '--count', '2')
    expect(hole).toEqual([100, 100, 115, 115, 132, 132, 100, 100, 115, 115, 132, 132])
    const open = mask('box.npy', (y, x) => y > 1 && y < 4 && x > 1 && x < 5)
    hole.forEach((mass, i) => {
      expect(received(samples, i, { open, each: 6 })).toBe(mass)
    })
  })

  it('gives each channel of the hole its share, and none to a channel without one', async () => {
    write(folder, 'colours.onnx', untrained({ channels: 3, classes: 0 }))
    const images = Uint8Array.from({ length: 192 }, (_, i) => (i * 11) % 13)
    write(folder, 'colours.npy', writeNpy({ data: images, shape: [1, 3, 8, 8] }))
    const open = Uint8Array.from({ length: 192 }, (_, i) => (i < 128 && i % 8 > 3 ? 1 : 0))
    write(folder, 'colours-mask.npy', writeNpy({ data: open, shape: [3, 8, 8] }))
    const call = [
      'inpaint',
      '--model',
      'colours.onnx',
      '--input',
      'colours.npy',
      '--mask',
      'colours-mask.npy',
    ]
    const drawn = ['--mass', '0,7,3001', '--count', '1', '--calls', '4', '--noise', '0.5', '--out', 'rgb.npz']
    await good([...call, ...drawn], folder)
    const { samples } = readNpz(new Uint8Array(readFileSync(join(folder, 'rgb.npz'))), 'rgb.npz')
    const { data, shape } = samples as NdArray
    expect(shape).toEqual([3, 3, 8, 8])
    for (const [i, mass] of [0, 7, 3001].entries()) {
      let inside = 0
      for (let x = 0; x < 192; x++) {
        if (open[x]) inside += data[i * 192 + x]
        else expect(data[i * 192 + x]).toBe(images[x])
      }
      expect(inside).toBe(mass)
    }
  })

  it('refuses more units than can be counted before anything is drawn', async () => {
    await trained
    const bright = new Uint32Array(42)
    bright[0] = 2 ** 31 - 2
    write(folder, 'bright.npy', writeNpy({ data: bright, shape: [1, 6, 7] }))
    mask('corner.npy', (y, x) => y === 5 && x === 6)
    const call = ['inpaint', '--model', 'run/model.onnx', '--input', 'bright.npy', '--mask', 'corner.npy']
    const { status, stderr } = await saltus([...call, '--mass', '2', '--out', 'none.npz'], folder)
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `Cannot inpaint: the mass of completion 0, known and in the hole together, must be at most ${2 ** 31 - 1}, got ${2 ** 31}\n`,
    })
  })

  it('answers what it cannot do in one line', async () => {
    mask('box.npy', (y, x) => y > 1 && y < 4 && x > 1 && x < 5)
    mask('none.npy', () => false)
    write(folder, 'small.npy', writeNpy({ data: new Uint8Array(4).fill(1), shape: [2, 2] }))
    await trained
    const cases: [string[], string][] = [
      [['--mask', 'small.npy'], 'the mask small.npy must be one image of 1×6×7'],
      [['--mask', 'box.npy', '--mass', '9:4'], '--mass must be M or MIN:MAX'],
      [['--mask', 'none.npy', '--mass', '9'], '--mass must be 0 where the mask has no hole, got 9'],
      [['--mask', 'box.npy', '--class', 'nine'], 'of those that the model knows (0, 1, 2)'],
    ]
    for (const [args, text] of cases) {
      const { status, stderr } = await saltus([...inpaint(...args), '--out', 'x.npz', '--quiet'], folder)
      expect(stderr).toContain(text)
      expect(stderr.trim().split('\n')).toHaveLength(1)
      expect(status).toBeGreaterThan(0)
    }
  })
})

describe('`saltus inpaint` of a material', { timeout: 240_000 }, () => {
  const labels = Uint8Array.from({ length: 64 }, (_, x) => (x % 8 < 3 ? 0 : x % 8 < 6 ? 1 : 2))
  const box = Uint8Array.from({ length: 64 }, (_, x) => (x % 8 > 1 && x % 8 < 7 && x > 7 && x < 56 ? 1 : 0))
  const call = ['inpaint', '--model', 'rock.onnx', '--input', 'rock.npy', '--mask', 'box.npy', '--calls', '4']

  async function filled(...args: string[]) {
    write(folder, 'rock.onnx', untrained({ phases: ['pore', 'grain', 'binder'] }))
    write(folder, 'rock.npy', writeNpy({ data: labels, shape: [8, 8] }))
    write(folder, 'box.npy', writeNpy({ data: box, shape: [8, 8] }))
    await good([...call, ...args, '--out', 'rock.npz'], folder)
    const { samples } = readNpz(new Uint8Array(readFileSync(join(folder, 'rock.npz'))), 'rock.npz')
    const { data, shape } = samples as NdArray
    const voxels = Array.from({ length: shape[0] }, (_, i) => {
      const found = [0, 0, 0]
      for (let x = 0; x < 64; x++) {
        found[data[i * 64 + x]]++
        if (!box[x]) expect(data[i * 64 + x]).toBe(labels[x])
      }
      return found
    })
    return { data, voxels }
  }

  it('keeps every known label, and gives the whole the fractions asked for', async () => {
    const { voxels } = await filled('--fractions', '0.375,0.1875', '--count', '3')
    expect(voxels).toEqual([0, 1, 2].map(() => [28, 24, 12]))
    const { voxels: pores } = await filled('--porosity', '0.3,0.5', '--count', '2', '--solver', 'multistep')
    expect(pores.map(([pore]) => pore)).toEqual([19, 19, 32, 32])
  })

  it('fills the hole as what is around it where nothing is asked for, the same for any number of workers', async () => {
    const { voxels, data } = await filled('--count', '6', '--workers', '1')
    // Around the hole of 30 voxels: 18 of 34 are pores, 6 grain, 10 binder: 15.9, 5.3 and 8.8 of 30.
    expect(voxels[0]).toEqual([18 + 16, 6 + 5, 10 + 9])
    expect((await filled('--count', '6', '--workers', '3')).data).toEqual(data)
  })

  it('answers what cannot be in one line', async () => {
    await filled('--count', '1')
    const cases: [string[], string][] = [
      [['--porosity', '0.1'], '--porosity must be such that pore is between 0.281250 and 0.750000'],
      [['--fractions', '0.9,0.05'], '--fractions must be such that'],
      [['--mass', '9'], '--mass must be left out with a material: ask by porosity or fractions'],
      [['--class', '1'], '--class must be left out with a material'],
    ]
    for (const [args, text] of cases) {
      const { status, stderr } = await saltus([...call, ...args, '--out', 'no.npz', '--quiet'], folder)
      expect(stderr).toContain(text)
      expect(stderr.trim().split('\n')).toHaveLength(1)
      expect(status).toBeGreaterThan(0)
    }
    const other = await saltus(
      [...inpaint('--mask', 'box.npy'), '--porosity', '0.3', '--out', 'no.npz'],
      folder,
    )
    expect(other.stderr).toContain('--porosity must be left out with a model of images')
  })
})
