// `saltus inspect` on models that have learned nothing: what is told, written and refused.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { writeNpz } from '../../src/formats/npz.ts'
import type { Inspection } from '../../src/jobs/inspect/inspect.ts'
import { complaint, corners, good, saltus, temporary, untrained, write } from './saltus.ts'

const folder = temporary()
const few = '--count 4 --loops 4 --around 1 --draws 8 --samples 8 --calls 2 --quiet'.split(' ')
const call = async (...args: string[]): Promise<Inspection> =>
  JSON.parse((await good(['inspect', ...args, ...few, '--json'], folder)).stdout)

beforeAll(() => {
  write(folder, 'model.onnx', untrained())
  write(folder, 'rock.onnx', untrained({ phases: ['pore', 'solid'] }))
  const { images, labels } = corners(60)
  write(folder, 'real.npz', writeNpz({ images, labels }))
  const known = Array.from({ length: 60 }, (_, i) => ({
    corner: `c0${i % 3}`,
    place: i,
    ...(i % 2 ? { odd: 'yes' } : {}),
  }))
  write(folder, 'known.json', new TextEncoder().encode(JSON.stringify(known)))
})

describe('saltus inspect', { timeout: 120_000 }, () => {
  it('tells all of a model and its data, and writes a page', async () => {
    const found = await call(
      'model.onnx',
      '--data',
      'real.npz',
      '--attributes',
      'known.json',
      '--report',
      'page.html',
    )
    expect(found.images).toEqual({ from: 'real.npz', count: 60 })
    const times = found.conservativity!.map(({ tau }) => tau)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    for (const { pair, curl } of found.conservativity!) expect(pair.high >= 0 && curl.high >= 0).toBe(true)
    for (const { effective, values } of found.dimension!) {
      expect(effective.median).toBeGreaterThan(0)
      expect(effective.median).toBeLessThan(8)
      expect(values[0]).toBeCloseTo(1, 12)
    }
    expect(found.scales!.bands.map(({ to }) => to)).toEqual([32, 16, 8, 4, 2].filter(to => to <= 32))
    expect(found.gap!.frechet).toBeGreaterThan(0)
    // c00, c01, c02 are told apart by their corners, and odd ones not at all; the places are numbers.
    expect(found.probe!.attributes.map(({ name, classes }) => [name, classes])).toEqual([
      ['class', 3],
      ['odd', 2],
    ])
    expect(found.probe!.attributes[0].best).toBeGreaterThan(0.9)
    const page = readFileSync(join(folder, 'page.html'), 'utf8')
    expect(page).toContain('Inside model')
    expect(page.match(/<svg /g)!.length).toBeGreaterThan(4)
  })

  it('looks at samples of the model itself where no data are given, also of a material', async () => {
    const found = await call('rock.onnx', '--only', 'conservativity,scales')
    expect(Object.keys(found)).toEqual(['model', 'images', 'conservativity', 'scales'])
    expect(found.images).toEqual({ from: 'samples', count: 4 })
  })

  it('leaves out of units on a line of sites without neighbours what only images have', async () => {
    const data = Uint8Array.from({ length: 48 }, (_, i) => i % 5)
    write(folder, 'mixtures.npz', writeNpz({ samples: { data, shape: [8, 1, 1, 6] } }))
    const network = '--base 4 --multipliers 1 --blocks 1 --attention none --embedding 8 --threads 1'
    const train = `train --data mixtures.npz --process complete ${network} --batch 4 --steps 1 --quiet -o line`
    await good(train.split(' '), folder)
    const found = await call('line/model.onnx', '--data', 'mixtures.npz')
    expect(Object.keys(found)).toEqual(['model', 'images', 'conservativity', 'dimension'])
  })

  it.each([
    [['model.onnx', '--attributes', 'known.json'], 2],
    [['model.onnx', '--data', 'real.npz', '--attributes', 'real.npz'], 1],
    [['model.onnx', '--report', 'page.pdf'], 2],
  ])('refuses %j in one line', async (args, status) => {
    const ended = await saltus(['inspect', ...args, ...few], folder)
    expect(ended.stderr).toMatch(complaint)
    expect(ended.status).toBe(status)
  })
})
