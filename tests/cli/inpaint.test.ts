// `saltus inpaint` on a small network: known counts to the bit, and the mass of the hole to the unit.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { below, random } from '../../src/base/random.ts'
import type { NdArray } from '../../src/formats/array.ts'
import { writeNpy } from '../../src/formats/npy.ts'
import { readNpz, writeNpz } from '../../src/formats/npz.ts'
import { good, saltus, temporary, write } from './saltus.ts'

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
  ['train', '--data', 'data.npz', '--out', 'run', '--steps', '3', '--masks', '8', ...network],
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

/** A model that has seen no mask. */
const plain = trained.then(() =>
  good(['train', '--data', 'data.npz', '--out', 'plain', '--steps', '2', ...network], folder),
)

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

describe('`saltus inpaint`', () => {
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

  it('with a model that knows no mask gives the same guarantees, and tells how many units it had to move', async () => {
    await plain
    const shapes: ((y: number, x: number) => boolean)[] = [
      (y, x) => y > 1 && y < 5 && x > 2,
      (y, x) => (y + x) % 3 === 0,
      () => true,
      (y, x) => y === 3 && x === 3,
      () => false,
    ]
    for (const [k, inside] of shapes.entries()) {
      const open = mask('mask.npy', inside)
      const mass = open.includes(1) ? 100 + k : 0
      const run = (count: string) =>
        completed(
          ...['--model', 'plain/model.onnx', '--mask', 'mask.npy', '--mass', String(mass)],
          ...['--count', count, '--seed', String(k), '--class', '2'],
        )
      const { samples, hole, text } = await run('3')
      expect(hole).toEqual(new Array(6).fill(mass))
      for (let i = 0; i < 6; i++) expect(received(samples, i, { open, each: 3 })).toBe(mass)
      expect(text).toContain('Route: known units walk back to their origins')
      const [, moved, units] = /; (\d+) of (\d+) units ended outside/.exec(text) as string[]
      expect(Number(units)).toBe(6 * mass)
      expect(Number(moved)).toBeLessThanOrEqual(Number(units))
      if (k === 2) expect(Number(moved)).toBe(0)
      if (k > 0) continue
      // The first of three of the first image is the first of one.
      const { samples: alone } = await run('1')
      expect(Array.from(alone).slice(0, 42)).toEqual(Array.from(samples).slice(0, 42))
    }
    const { text } = await completed('--mask', 'mask.npy')
    expect(text).toContain('Route: a walk inside the hole, by a network that sees the mask; 0 of 0 units')
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
