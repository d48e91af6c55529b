// Dark images on white paper: units are of ink, and files show the paper.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { NdArray } from '../../src/formats/array.ts'
import { writeNpy } from '../../src/formats/npy.ts'
import { readNpz } from '../../src/formats/npz.ts'
import { readPng } from '../../src/formats/png.ts'
import { decodeModelFile } from '../../src/model/file.ts'
import { good, saltus, temporary, write } from './saltus.ts'

const folder = temporary()
const [count, sites] = [12, 42]
/** White paper, and a stroke on it. */
const drawings = Uint8Array.from({ length: count * sites }, (_, i) => (i % sites < 5 ? 40 * (i % 5) : 255))
write(folder, 'drawings.npy', writeNpy({ data: drawings, shape: [count, 6, 7] }))
write(folder, 'two.npy', writeNpy({ data: drawings.slice(0, 2 * sites), shape: [2, 6, 7] }))
const hole = Uint8Array.from({ length: sites }, (_, x) => (x % 7 > 3 ? 1 : 0))
write(folder, 'hole.npy', writeNpy({ data: hole, shape: [6, 7] }))
const network = '--base 4 --multipliers 1 --blocks 1 --attention none --embedding 8 --batch 2'.split(' ')
const train = ['train', '--data', 'drawings.npy', '--ink', '--steps', '3', '--quiet', ...network]
const trained = good([...train, '--out', 'run'], folder)
const model = ['--model', 'run/model.onnx', '--calls', '4']
const bytesOf = (name: string) => new Uint8Array(readFileSync(join(folder, name)))
const samplesOf = (name: string) =>
  readNpz(bytesOf(name), name) as unknown as Record<'samples' | 'mass', NdArray>
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, n) => total + n, 0)

describe('`saltus train --ink`', { timeout: 240_000 }, () => {
  it('counts what is missing from white', async () => {
    await trained
    const { data } = decodeModelFile(bytesOf('run/model.onnx')).description
    const ink = sum(drawings.slice(0, sites).map(value => 255 - value))
    expect(data).toMatchObject({ paper: 255, largest: 255, range: [ink, ink] })
    const { stdout } = await good(['info', 'run/model.onnx'], folder)
    expect(stdout).toContain('what is missing from 255')
  })

  it('draws exactly the ink asked for, and files hold the paper that it leaves', async () => {
    await trained
    const files = ['--out', 'out.npz', '--out', 'out.png']
    const { stdout } = await good(['sample', ...model, '--mass', '900', '--count', '2', ...files], folder)
    expect(stdout).toContain('masses asked for 900, delivered 900: equal')
    const { samples, mass } = await samplesOf('out.npz')
    for (const i of [0, 1])
      expect(255 * sites - sum(samples.data.slice(i * sites, (i + 1) * sites))).toBe(900)
    expect([...mass.data]).toEqual([900, 900])
    const { data } = readPng(bytesOf('out.png'), 'out.png')
    expect(data.filter(value => value > 200).length).toBeGreaterThan(data.length / 4)
  })

  it('completes drawings: what is known stays as it is', async () => {
    await trained
    const into = [
      '--input',
      'two.npy',
      '--mask',
      'hole.npy',
      '--mass',
      '300',
      '--count',
      '1',
      '--out',
      'whole.npz',
    ]
    await good(['inpaint', ...model, ...into], folder)
    const { samples } = await samplesOf('whole.npz')
    const open = (i: number) => hole[i % sites] === 1
    expect(Array.from(samples.data).filter((_, i) => !open(i))).toEqual(
      Array.from(drawings.slice(0, 2 * sites)).filter((_, i) => !open(i)),
    )
    const inside = Array.from(samples.data).filter((_, i) => open(i))
    expect(255 * inside.length - sum(inside)).toBe(600)
  })

  it('shows movies of it on paper', async () => {
    await trained
    await good(['movie', ...model, '--mass', '900', '--frames', '3', '--out', 'film.png'], folder)
    const { data } = readPng(bytesOf('film.png'), 'film.png')
    expect(data.filter(value => value > 200).length).toBeGreaterThan(data.length / 4)
  })

  it('encodes drawings and decodes them as they were', async () => {
    await trained
    await good(['encode', ...model, '--input', 'two.npy', '--out', 'code.npz'], folder)
    await good(['decode', '--model', 'run/model.onnx', '--input', 'code.npz', '--out', 'back.npz'], folder)
    const { samples } = await samplesOf('back.npz')
    expect(Array.from(samples.data)).toEqual(Array.from(drawings.slice(0, 2 * sites)))
  })

  it.each([
    ['values above white', ['train', '--data', 'bright.npy', '--ink', '--out', 'x'], 'in 0 … 255, got 300'],
    ['black and white', [...train, '--binarise', '5', '--out', 'x'], '--ink must be left out'],
    ['a process of something else', [...train, '--process', 'chain', '--out', 'x'], '--ink must be left out'],
    [
      'what was measured',
      [
        'restore',
        '--model',
        'run/model.onnx',
        '--input',
        'two.npy',
        '--operator',
        'blur:1',
        '--out',
        'x.npz',
      ],
      'one of ink',
    ],
  ])('refuses %s', async (_, words, wanted) => {
    await trained
    write(folder, 'bright.npy', writeNpy({ data: Uint16Array.of(300, 1, 2, 3), shape: [1, 2, 2] }))
    const { status, stderr } = await saltus(words, folder)
    expect(status).not.toBe(0)
    expect(stderr).toContain(wanted)
  })
})
