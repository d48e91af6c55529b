import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { NdArray } from '../../src/formats/array.ts'
import { readNpy, writeNpy } from '../../src/formats/npy.ts'
import { readNpz } from '../../src/formats/npz.ts'
import { readPng } from '../../src/formats/png.ts'
import { writePng } from '../../src/formats/png-writer.ts'
import { complaint, corners, good, listing, massesOf, saltus, temporary, write } from './saltus.ts'

const folder = temporary()
const { images } = corners(5)
const npy = (name: string) => readNpy(new Uint8Array(readFileSync(join(folder, name))), name) as NdArray
const npz = (name: string) =>
  readNpz(new Uint8Array(readFileSync(join(folder, name))), name) as Record<string, NdArray>

/** An idx file of bytes: the header of the MNIST images. */
function idx({ data, shape }: NdArray): Uint8Array {
  const header = Buffer.alloc(4 + 4 * shape.length)
  header.set([0, 0, 8, shape.length])
  for (const [axis, length] of shape.entries()) header.writeUInt32BE(length, 4 + 4 * axis)
  return Buffer.concat([header, data as Uint8Array])
}

beforeAll(() => {
  const one = { data: images.data.slice(0, 64) as Uint8Array, shape: [8, 8] }
  write(folder, 'one.npy', writeNpy(one))
  write(folder, 'five.npy', writeNpy({ data: images.data, shape: [5, 8, 8] }))
  write(folder, 'four-axes.npy', writeNpy(images))
  write(folder, 'one.png', writePng({ ...one, shape: [1, 8, 8] }))
  write(folder, 'five.idx', idx({ data: images.data, shape: [5, 8, 8] }))
})

describe('saltus diffuse', { timeout: 180_000 }, () => {
  it('`diffuse --time 0` returns the input, whatever its format', async () => {
    const inputs = { 'one.npy': 1, 'one.png': 1, 'five.npy': 5, 'four-axes.npy': 5, 'five.idx': 5 }
    for (const [input, count] of Object.entries(inputs)) {
      await good(['diffuse', '--input', input, '--time', '0', '--out', 'same.npy'], folder)
      expect(npy('same.npy')).toEqual({ data: images.data.slice(0, 64 * count), shape: [count, 1, 8, 8] })
    }
  })

  it('`diffuse` keeps every mass at every time and mixes the image at time 1', async () => {
    const times = ['--time', '0.001,0.01,0.1,1']
    const { stdout } = await good(
      ['diffuse', '--input', 'five.npy', ...times, '--count', '40', '--out', 'walks.npz'],
      folder,
    )
    const { samples, mass, tau } = npz('walks.npz')
    expect(samples.shape).toEqual([800, 1, 8, 8])
    const clean = massesOf(images)
    expect(massesOf(samples)).toEqual(Array.from({ length: 800 }, (_, i) => clean[Math.floor(i / 160)]))
    expect([...mass.data]).toEqual(massesOf(samples))
    expect(tau.data[0] / tau.data[3]).toBeCloseTo(0.001, 9)
    expect(stdout).toMatch(/^200 walks at τ = .*, kept exactly\n$/)
    // The share of units in the lower right quarter, where image 0 is bright: high early, a quarter at the end.
    const share = (k: number) => {
      let [inside, all] = [0, 0]
      for (let walk = 0; walk < 40; walk++) {
        const image = samples.data.subarray((4 * walk + k) * 64, (4 * walk + k + 1) * 64)
        image.forEach((count: number, x: number) => {
          if (x % 8 >= 4 && x >= 32) inside += count
          all += count
        })
      }
      return inside / all
    }
    expect(share(0)).toBeGreaterThan(0.6)
    expect(share(2)).toBeLessThan(share(1))
    // About 10,000 units: five standard deviations, and e^-6 of the slowest mode that is left.
    expect(Math.abs(share(3) - 0.25)).toBeLessThan(5 * Math.sqrt(0.1875 / 8000) + 0.003)
  })

  it('`diffuse --tau` shows one walk at its times, in the order asked for', async () => {
    const run = (list: string, out: string, seed = '3') =>
      good(
        ['diffuse', '--input', 'one.npy', '--tau', list, '--seed', seed, '--out', out, '--out', 'strip.png'],
        folder,
      )
    await run('0.01,0,5', 'a.npy')
    const [early, start, late] = [0, 1, 2].map(k => npy('a.npy').data.slice(64 * k, 64 * (k + 1)))
    expect(start).toEqual(images.data.slice(0, 64))
    const moved = (from: ArrayLike<number>, to: ArrayLike<number>) =>
      Array.from(from).reduce((sum, count, x) => sum + Math.max(0, count - to[x]), 0)
    expect(moved(start, early)).toBeLessThan(0.1 * massesOf({ data: start, shape: [8, 8] })[0])
    expect(moved(start, late)).toBeGreaterThan(moved(start, early))
    // A row per walk, a column per time.
    const [, height, width] = readPng(
      new Uint8Array(readFileSync(join(folder, 'strip.png'))),
      'strip.png',
    ).shape
    expect(width).toBe(3 * 60 + 4)
    expect(height).toBeLessThan(2 * 60)
    // At the same time twice it is the same; walks of their own would differ.
    await run('5,0.3,5', 'twice.npy')
    const twice = npy('twice.npy').data
    expect(twice.slice(0, 64)).toEqual(twice.slice(128))
    await run('0.01,0,5', 'b.npy')
    await run('0.01,0,5', 'c.npy', '4')
    expect(npy('b.npy')).toEqual(npy('a.npy'))
    expect(npy('c.npy')).not.toEqual(npy('a.npy'))
  })

  it('`diffuse --count` adds walks without changing those before', async () => {
    const run = (count: string) =>
      good(
        ['diffuse', '--input', 'five.npy', '--tau', '1', '--count', count, '--out', `${count}.npy`],
        folder,
      )
    await Promise.all([run('1'), run('3')])
    const [one, three] = [npy('1.npy').data, npy('3.npy').data]
    for (let i = 0; i < 5; i++)
      expect(three.slice(3 * 64 * i, 64 * (3 * i + 1))).toEqual(one.slice(64 * i, 64 * (i + 1)))
  })

  it('`diffuse --boundary periodic` lets units leave on one side and come back on the other', async () => {
    const corner = new Uint16Array(64)
    corner[0] = 40_000
    write(folder, 'corner.npy', writeNpy({ data: corner, shape: [8, 8] }))
    for (const boundary of ['periodic', 'no-flux']) {
      const args = ['diffuse', '--input', 'corner.npy', '--tau', '0.1', '--boundary', boundary]
      await good([...args, '--out', `${boundary}.npy`], folder)
    }
    expect(npy('periodic.npy').data[7]).toBeGreaterThan(2000)
    expect(npy('no-flux.npy').data[7]).toBe(0)
  })

  it('`diffuse` refuses flags that contradict each other or lie outside their range', async () => {
    const input = ['diffuse', '--input', 'one.npy']
    const calls = [
      [...input, '--out', 'x.npy'],
      [...input, '--time', '0.5', '--tau', '1', '--out', 'x.npy'],
      [...input, '--tau', '1', '--rate', '2', '--out', 'x.npy'],
      [...input, '--time', '1.5', '--out', 'x.npy'],
      [...input, '--time', '0.5,', '--out', 'x.npy'],
      [...input, '--tau', '-1', '--out', 'x.npy'],
      [...input, '--tau', 'NaN', '--out', 'x.npy'],
      [...input, '--time', '1', '--count', '0', '--out', 'x.npy'],
      [...input, '--time', '1', '--boundary', 'open', '--out', 'x.npy'],
      [...input, '--time', '1'],
      ['diffuse', '--time', '1', '--out', 'x.npy'],
    ]
    const before = listing(folder)
    for (const call of calls) {
      expect(await saltus(call, folder)).toMatchObject({
        status: 2,
        stdout: '',
        stderr: expect.stringMatching(complaint),
      })
    }
    expect(listing(folder)).toEqual(before)
  })
})
