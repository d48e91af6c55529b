// From the labels of a material to samples of exactly the fractions asked for, as a user would go about it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { below, random } from '../../src/base/random.ts'
import type { NdArray } from '../../src/formats/array.ts'
import { writeNpy } from '../../src/formats/npy.ts'
import { readNpz } from '../../src/formats/npz.ts'
import { phaseColours } from '../../src/formats/phase-picture.ts'
import { readPng } from '../../src/formats/png.ts'
import { writeTiff } from '../../src/formats/tiff/writer.ts'
import { cropData as crops } from '../../src/jobs/train/data.ts'
import type { CropOptions } from '../../src/jobs/train/options.ts'
import { decodeModelFile } from '../../src/model/file.ts'
import { machineFiles } from '../../src/node/machine.ts'
import type { CropSource, SliceAxis } from '../../src/training/crops.ts'
import { good, saltus, temporary, write } from './saltus.ts'

const cropData = (path: string, options: CropOptions & { seed: number }) =>
  crops(path, options, { files: machineFiles })
const folder = temporary()
const [deep, high, wide] = [20, 18, 22]
const network = '--base 4 --multipliers 1,2 --blocks 1,1 --embedding 8 --batch 2 --steps 3 --quiet'.split(' ')
const bytes = (name: string) => new Uint8Array(readFileSync(join(folder, name)))
const described = (run: string) => decodeModelFile(bytes(`${run}/model.onnx`)).description

/** Slabs: two phases and pores, as values of the file. */
function volume(values: readonly number[]): Uint8Array {
  const rng = random(1)
  return Uint8Array.from({ length: deep * high * wide }, (_, i) => {
    const phase = Math.floor((i % wide) / 5) % values.length
    return values[below(rng, 10) === 0 ? below(rng, values.length) : phase]
  })
}

beforeAll(async () => {
  write(folder, 'two.npy', writeNpy({ data: volume([0, 1]), shape: [deep, high, wide] }))
  write(folder, 'three.raw', volume([7, 90, 200]))
  await good(['train', '--data', 'two.npy', '--crop', '12', '--out', 'two', ...network], folder)
  const raw = ['--shape', `${deep},${high},${wide}`, '--phase', '7=pore,90=active,200=binder']
  const cut = ['--crop', '8x10', '--axes', 'z,y', '--no-turns', '--hold-out', '0', '--voxel-size', '0.4um']
  await good(['train', '--data', 'three.raw', ...raw, ...cut, '--out', 'three', ...network], folder)
}, 240_000)

/** Samples [N, H, W] of a run, and what was said. */
async function sampled(run: string, ...args: string[]) {
  const ended = await good(
    ['sample', '--model', `${run}/model.onnx`, '--calls', '4', '--out', 'out.npz', ...args],
    folder,
  )
  const { samples } = readNpz(bytes('out.npz'), 'out.npz') as Record<string, NdArray>
  const [n, h, w] = samples.shape
  const voxels = Array.from({ length: n }, (_, i) => {
    const found = [0, 0, 0]
    for (let x = i * h * w; x < (i + 1) * h * w; x++) found[Number(samples.data[x])]++
    return found
  })
  return { ...ended, shape: samples.shape, data: samples.data, voxels }
}

describe('cropData()', () => {
  it('takes slices of voxels that are not cubic where the crop does not show it, and the size of a voxel along', async () => {
    const data = volume([0, 1])
    const stack = (z: number) =>
      writeTiff({ data, shape: [1, deep, high, wide] }, { scale: { x: 0.5, y: 0.5, z, unit: 'um' } })
    write(folder, 'flat.tif', stack(2))
    write(folder, 'cubic.tif', stack(0.5))
    const of = (axes: SliceAxis[]) =>
      ({ crop: [6, 6], axes, flips: true, turns: true, holdOut: 0, seed: 1 }) as const
    const flat = join(folder, 'flat.tif')
    expect((await cropData(flat, of(['z']))).material).toMatchObject({ voxelSize: 0.5, unit: 'um' })
    await expect(cropData(flat, of(['z', 'x']))).rejects.toThrow(
      'its voxels must be cubic: cut slices normal to z',
    )
    const { material, source } = await cropData(join(folder, 'cubic.tif'), of(['x', 'y', 'z']))
    expect(material).toMatchObject({ voxelSize: 0.5, unit: 'um' })
    expect(source).toMatchObject({ kind: 'crops', shape: [deep, high, wide], channels: 1 })
  })

  it('counts as units every phase but the most abundant one', async () => {
    write(folder, 'solid.npy', writeNpy({ data: volume([1, 0]), shape: [deep, high, wide] }))
    write(folder, 'middle.npy', writeNpy({ data: volume([2, 0, 1]), shape: [deep, high, wide] }))
    const of = { crop: [12, 12], axes: ['z'], flips: true, turns: true, holdOut: 0, seed: 1 } as const
    const solid = await cropData(join(folder, 'solid.npy'), of)
    expect(solid.material).toEqual({ phases: ['pore', 'solid'], units: [0] })
    const middle = await cropData(join(folder, 'middle.npy'), of)
    expect(middle.material).toEqual({ phases: ['pore', 'phase 1', 'phase 2'], units: [0, 1] })
    const labels = volume([2, 0, 1])
    expect(Array.from((middle.source as CropSource).labels)).toEqual(
      Array.from(labels, label => (label + 1) % 3),
    )
  })
})

describe('`saltus train --crop` and `saltus sample` of its models', { timeout: 240_000 }, () => {
  it('learn periodic crops of one channel per solid phase, and write down what was held out', () => {
    const { task, data, process, sampling } = described('two')
    expect(task.shape).toEqual([1, 12, 12])
    expect([task.homogeneous, task.periodic]).toEqual([true, [true, true]])
    // A fifth of 20 slices, and a gap of half a crop before it.
    expect(data.material).toEqual({ phases: ['pore', 'solid'], units: [1], heldOut: [16, 20] })
    expect(process).toMatchObject({ kind: 'labels', lengths: [12, 12], boundaries: ['periodic', 'periodic'] })
    expect(sampling).toMatchObject({ kind: 'ancestral', smallest: 1.2, settle: true })
    const three = described('three')
    expect(three.task.shape).toEqual([2, 8, 10])
    expect(three.data.material).toEqual({
      phases: ['pore', 'active', 'binder'],
      units: [1, 2],
      voxelSize: 0.4,
      unit: 'um',
    })
    expect(three.data.masses.every(([active, binder]) => active + binder <= 80)).toBe(true)
  })

  it('are described by `info` in words: their phases, what was held out, how they were cut and how they draw', async () => {
    const [two, three] = await Promise.all(
      ['two', 'three'].map(async run => (await good(['info', `${run}/model.onnx`], folder)).stdout),
    )
    expect(two).toContain(
      'phases 0 pore (what is left), 1 solid; voxels of unknown size; slices 16 … 19 held out\n',
    )
    expect(two).toMatch(
      /\nsampling {2}kind ancestral, calls 32, smallest 1.2, bend 1.3, noise 1, settle true, grain [\d.]+\n/,
    )
    expect(three).toContain(
      'phases 0 pore (what is left), 1 active, 2 binder; voxels of 0.4 um; nothing held out\n',
    )
    expect(three).toContain('crops (crop 8×10, axes [z, y], flips true, turns false, holdOut 0,')
    for (const words of [two, three]) expect(words).not.toMatch(/NaN|undefined|object/)
  })

  it('show how training goes by finished labels in the colours of their phases', () => {
    const { data, shape } = readPng(bytes('three/samples.png'), 'samples.png')
    expect(shape[0]).toBe(3)
    const pixels = shape[1] * shape[2]
    const seen = new Set(
      Array.from({ length: pixels }, (_, i) => [0, 1, 2].map(k => data[k * pixels + i]).join()),
    )
    for (const colour of phaseColours(3)) expect(seen).toContain(colour.join())
    // Beside them the frame, and the letters: no mixture of units that share a site.
    expect(seen.size).toBeLessThan(8)
  })

  it('deliver every porosity to the voxel: one, a range, several, and one for each line of a file', async () => {
    const one = await sampled('two', '--porosity', '0.25', '--count', '3')
    expect(one.shape).toEqual([3, 12, 12])
    expect(one.data).toBeInstanceOf(Uint8Array)
    expect(one.voxels).toEqual([36, 36, 36].map(pores => [pores, 144 - pores, 0]))
    expect(one.stdout).toContain('pores 36 of 144 voxels as asked for: equal')
    const rounded = await sampled('two', '--porosity', '0.21', '--count', '1')
    expect(rounded.voxels[0][0]).toBe(30)
    expect(rounded.stderr).toContain('0.21 is 30 of 144 voxels (0.208333)')
    const range = await sampled('two', '--porosity', '0.2:0.4', '--count', '12')
    const pores = range.voxels.map(([pore]) => pore)
    expect(Math.min(...pores)).toBeGreaterThanOrEqual(29)
    expect(Math.max(...pores)).toBeLessThanOrEqual(58)
    expect(new Set(pores).size).toBeGreaterThan(3)
    const rows = await sampled('two', '--porosity', '0,0.5,1', '--count', '2')
    expect(rows.voxels.map(([pore]) => pore)).toEqual([0, 0, 72, 72, 144, 144])
    write(folder, 'wanted.txt', new TextEncoder().encode('# porosity\n0.125\n0.5\n\n0.75\n'))
    const listed = await sampled('two', '--porosity', 'wanted.txt')
    expect(listed.voxels.map(([pore]) => pore)).toEqual([18, 72, 108])
  })

  it('deliver the fraction of every phase, or share a porosity out as the data do', async () => {
    const both = await sampled('three', '--fractions', '0.5,0.1', '--count', '4')
    expect(both.voxels).toEqual([0, 0, 0, 0].map(() => [32, 40, 8]))
    const ranges = await sampled('three', '--fractions', '0.4:0.6,0.05', '--count', '4')
    for (const [, active, binder] of ranges.voxels) {
      expect(binder).toBe(4)
      expect(active).toBeGreaterThanOrEqual(32)
      expect(active).toBeLessThanOrEqual(48)
    }
    const shared = await sampled('three', '--porosity', '0.45', '--count', '4')
    for (const [pore, active, binder] of shared.voxels) {
      expect(pore).toBe(36)
      expect(active).toBeGreaterThan(0)
      expect(binder).toBeGreaterThan(0)
    }
  })

  it('draw any size from the same network, exactly and the same whatever is asked for beside it', async () => {
    const large = await sampled('two', '--porosity', '0.3', '--size', '30,41', '--count', '2', '--seed', '5')
    expect(large.shape).toEqual([2, 30, 41])
    expect(large.voxels.map(([pore]) => pore)).toEqual([369, 369])
    const first = await sampled('two', '--porosity', '0.3', '--size', '30,41', '--count', '1', '--seed', '5')
    expect([...first.data]).toEqual([...large.data.slice(0, 30 * 41)])
    const free = await sampled('two', '--size', '16', '--count', '6')
    expect(new Set(free.voxels.map(([pore]) => pore)).size).toBeGreaterThan(1)
  })

  it('say in one line what is wrong with what is asked for', async () => {
    const complaints: [string[], string][] = [
      [['--fractions', '0.8,0.3'], '--fractions must be shares whose sum is at most 1'],
      [['--fractions', '0.5'], 'one share for each of the solid phases (active, binder)'],
      [['--porosity', '1.2'], '--porosity must be a share from 0 to 1, or MIN:MAX'],
      [['--porosity', '0.3', '--fractions', '0.5,0.1'], '--porosity must be left out with fractions'],
      [['--mass', '81'], '--mass must be left out with a material: ask by porosity or fractions'],
      [['--class', '1'], '--class must be left out with a material'],
    ]
    for (const [args, words] of complaints) {
      const { status, stderr } = await saltus(
        ['sample', '--model', 'three/model.onnx', '--out', 'no.npz', ...args],
        folder,
      )
      expect([status === 0, stderr.includes(words), stderr.trim().split('\n').length, stderr]).toEqual([
        false,
        true,
        1,
        stderr,
      ])
    }
    const bad: [string[], string][] = [
      [['--crop', '19'], 'the crop must be at most as large as the slices'],
      [['--crop', '12', '--process', 'spatial'], '--process must be labels or shift with --crop'],
      [['--crop', '12', '--levels', '0,1', '--phase', '0=a,1=b'], '--phase must be left out with --levels'],
      [['--crop', '12', '--dtype', 'uint8'], '--shape must be given with --dtype'],
      [['--axes', 'z'], '--axes must be left out without --crop'],
      [['--crop', '12', '--hold-out', '0.9', '--axes', 'x'], '--hold-out must be less'],
      [['--crop', '12', '--phase', '0=pore'], 'its values must be among those of --levels (0)'],
    ]
    for (const [args, words] of bad) {
      const { status, stderr } = await saltus(['train', '--data', 'two.npy', '--out', 'no', ...args], folder)
      expect([status === 0, stderr.includes(words), stderr]).toEqual([false, true, stderr])
    }
  })
})
