// Images and their labels as one process by the command line: both drawn, or one by the other.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import type { NdArray } from '../../src/formats/array.ts'
import { readNpz, writeNpz } from '../../src/formats/npz.ts'
import { complaint, good, saltus, temporary, total, write } from './saltus.ts'

const folder = temporary()
const [count, sites, units] = [64, 16, 10]
const words = (text: string) => text.split(' ')

beforeAll(async () => {
  // The units of class 0 are in the upper half, those of class 1 in the lower one.
  const stream = random(1)
  const data = new Uint8Array(count * sites)
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 2)
  for (let i = 0; i < count; i++)
    for (let u = 0; u < units; u++) data[i * sites + 8 * (i % 2) + Math.floor(8 * stream.uniform())]++
  const images = { data, shape: [count, 4, 4] }
  const other = { data: Uint8Array.from({ length: count * 3 }, (_, i) => i % 3), shape: [count, 1, 1, 3] }
  write(folder, 'halves.npz', writeNpz({ images, labels: { data: labels, shape: [count] } }))
  write(folder, 'bare.npz', writeNpz({ images }))
  write(folder, 'other.npz', writeNpz({ images: other }))
  const masks = { data: data.map((_, i) => Number(i % 16 < 4 + ((i >> 4) % 8))), shape: [count, 1, 4, 4] }
  write(folder, 'masks.npz', writeNpz({ images: masks }))
  write(folder, 'few.npz', writeNpz({ images: { data: new Uint8Array(6).fill(1), shape: [2, 1, 3] } }))
  const network = '--base 8 --multipliers 1,2 --blocks 1,1 --attention none --embedding 16 --batch 16'
  const steps =
    '--steps 220 --warmup 10 --average 0.95 --learning-rate 5e-3 --seed 1 --threads 1 --quiet -o run'
  await good(words(`train --data halves.npz --with label ${network} ${steps}`), folder)
}, 240_000)

async function drawn(flags: string): Promise<{ samples: NdArray; classes: number[]; words: string }> {
  const { stdout } = await good(words(`sample -m run/model.onnx --calls 8 -o out.npz ${flags}`), folder)
  const arrays = readNpz(new Uint8Array(readFileSync(join(folder, 'out.npz'))), 'out')
  const { samples, classes } = arrays as Record<string, NdArray>
  return { samples, classes: Array.from(classes.data), words: stdout }
}

/** Whether the units of image i are mostly in the lower half. */
const halfOf = ({ data }: NdArray, i: number) =>
  Number(total(data.slice(i * sites + 8, (i + 1) * sites)) > units / 2)

const agreeing = ({ samples, classes }: { samples: NdArray; classes: number[] }) =>
  classes.filter((found, i) => found === halfOf(samples, i)).length

describe('saltus train --with label', { timeout: 120_000 }, () => {
  it('draws pairs that go together, with the masses of the data', async () => {
    const found = await drawn('-n 48')
    for (let i = 0; i < 48; i++)
      expect(total(found.samples.data.slice(i * sites, (i + 1) * sites))).toBe(units)
    // By chance 24 of 48 would agree, and 40 with less than one in a hundred thousand.
    expect(agreeing(found)).toBeGreaterThan(40)
    const ones = found.classes.filter(c => c === 1).length
    expect(ones).toBeGreaterThan(6)
    expect(ones).toBeLessThan(42)
  })

  it('draws images of a class, and tells the class of images', async () => {
    const asked = await drawn('--class 0,1 -n 16 --mass 12')
    expect(asked.classes).toEqual(Array.from({ length: 32 }, (_, i) => Number(i >= 16)))
    expect(total(asked.samples.data)).toBe(32 * 12)
    expect(agreeing(asked)).toBeGreaterThan(27)
    const known = await drawn('--given halves.npz -n 32')
    expect(Number(/(\d+) of 32 with the class/.exec(known.words)?.[1])).toBeGreaterThan(28)
    expect(known.samples.shape).toEqual([32, 1, 4, 4])
    const images = readNpz(new Uint8Array(readFileSync(join(folder, 'halves.npz'))), 'halves').images
    expect(Array.from(known.samples.data)).toEqual(Array.from((images as NdArray).data.slice(0, 32 * sites)))
  })

  it('tells both of its parts', async () => {
    const { stdout } = await good(words('info run/model.onnx'), folder)
    expect(stdout).toContain('1×4×4 and 1×1×2 (C×H×W): 0, 1')
    expect(stdout).toContain('parts [(kind spatial')
    expect(stdout).not.toContain('[object')
  })

  it('is inspected with both of its parts', async () => {
    const few = '--count 8 --loops 12 --around 1 --draws 8 --samples 4 --calls 2 --quiet --json'
    const { stdout } = await good(words(`inspect run/model.onnx ${few}`), folder)
    const found = JSON.parse(stdout)
    expect(found.images).toEqual({ from: 'samples', count: 8 })
    for (const { pair } of found.conservativity) expect(pair.median).toBeLessThan(0.5)
    expect(found.dimension).toHaveLength(6)
    expect(found.gap.frechet).toBeGreaterThan(0)
  })

  it('learns images with other counts, and draws these beside known images', async () => {
    const few = '--base 4 --multipliers 1 --blocks 1 --embedding 8 --steps 2 --quiet -o two'
    await good(words(`train --data bare.npz --with other.npz ${few}`), folder)
    await good(words('sample -m two/model.onnx --given bare.npz -n 4 --calls 2 -o two.npz'), folder)
    const { with: other } = readNpz(new Uint8Array(readFileSync(join(folder, 'two.npz'))), 'two')
    expect((other as NdArray).shape).toEqual([4, 1, 1, 3])
    for (let i = 0; i < 4; i++) expect(total((other as NdArray).data.slice(3 * i, 3 * i + 3))).toBe(3)
  })

  it('learns images with masks, which keep no area: both drawn, or either beside the other', async () => {
    const few = '--base 4 --multipliers 1 --blocks 1 --embedding 8 --steps 2 --quiet -o masks'
    await good(words(`train --data bare.npz --with masks.npz ${few}`), folder)
    const arrays = async (flags: string) => {
      await good(words(`sample -m masks/model.onnx -n 6 --calls 2 ${flags} -o masks.out.npz`), folder)
      return readNpz(new Uint8Array(readFileSync(join(folder, 'masks.out.npz'))), 'out') as Record<
        'samples' | 'with',
        NdArray
      >
    }
    const drawn = await arrays('--seed 3')
    expect(drawn.with.shape).toEqual([6, 1, 4, 4])
    // Masks of one size would be: those of a part whose units walk.
    const areas = Array.from({ length: 6 }, (_, i) =>
      total(drawn.with.data.slice(i * sites, (i + 1) * sites)),
    )
    expect(new Set(areas).size).toBeGreaterThan(1)
    expect(Math.max(...drawn.with.data)).toBe(1)
    for (let i = 0; i < 6; i++)
      expect(total(drawn.samples.data.slice(i * sites, (i + 1) * sites))).toBe(units)
    const read = (name: string) =>
      (readNpz(new Uint8Array(readFileSync(join(folder, name))), name) as { images: NdArray }).images.data
    const seen = await arrays('--given bare.npz')
    expect(Array.from(seen.samples.data)).toEqual(Array.from(read('bare.npz').slice(0, 6 * sites)))
    const masked = await arrays('--given-with masks.npz')
    expect(Array.from(masked.with.data)).toEqual(Array.from(read('masks.npz').slice(0, 6 * sites)))
    expect(total(masked.samples.data)).toBe(6 * units)
  })

  it.each([
    ['train --data bare.npz --with label -o none', 'the data have no labels'],
    ['train --data bare.npz --with few.npz -o none', 'must be 64, one for each image'],
    ['train --data bare.npz --with other.npz --process spatial -o none', '--with must be left out'],
    ['train --data bare.npz --process joint -o none', '--with must be given'],
    ['sample -m run/model.onnx --class 7 -o x.png', 'the model knows (0, 1)'],
    ['sample -m run/model.onnx --given few.npz -o x.png', 'must be of 1×4×4'],
    ['sample -m run/model.onnx --given bare.npz --class 1 -o x.png', '--given must be left out'],
    ['sample -m run/model.onnx --porosity 0.2 -o x.png', '--porosity must be left out'],
    ['inspect run/model.onnx --data halves.npz', '--data must be left out'],
    ['sample -m mnist --given bare.npz -o x.png', '--given must be left out with this model'],
  ])('refuses %s', async (command, said) => {
    const { stderr, status } = await saltus(words(command), folder)
    expect(stderr).toMatch(complaint)
    expect(stderr).toContain(said)
    expect(status).toBeGreaterThan(0)
  })
})
