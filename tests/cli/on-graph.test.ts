// Units on the nodes of a graph by the command line: trained, sampled and inspected as images are.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import type { NdArray } from '../../src/formats/array.ts'
import { readNpz, writeNpz } from '../../src/formats/npz.ts'
import { complaint, good, saltus, temporary, total, write } from './saltus.ts'

const folder = temporary()
const text = (name: string, lines: string) => write(folder, name, new TextEncoder().encode(lines))
// Two triangles and a bridge between them: all units are in one or in the other.
const edges = '0,1\n1,2\n0,2\n2,3\n3,4\n4,5\n3,5\n'
const nodes = 6

beforeAll(() => {
  const stream = random(1)
  const data = new Uint8Array(80 * nodes)
  for (let i = 0; i < 80; i++)
    for (let u = 0; u < 12; u++) data[i * nodes + 3 * (i % 2) + Math.floor(3 * stream.uniform())]++
  text('edges.csv', `from,to\n${edges}`)
  text('apart.csv', 'from,to\n0,1\n1,2\n3,4\n4,5\n')
  const side = { data: Float32Array.from({ length: 80 }, (_, i) => i % 2), shape: [80] }
  write(folder, 'counts.npz', writeNpz({ images: { data, shape: [80, 1, nodes] }, side }))
})

describe('saltus train --graph', { timeout: 240_000 }, () => {
  it('learns where units are, and samples keep their number', async () => {
    const network = '--base 8 --multipliers 1 --blocks 2 --attention none --embedding 8 --batch 16'.split(' ')
    const steps = '--steps 250 --warmup 10 --average 0.95 --learning-rate 5e-3 --seed 1 --quiet -o run'.split(
      ' ',
    )
    await good(['train', '--graph', 'edges.csv', '--data', 'counts.npz', ...network, ...steps], folder)
    await good(
      [
        'sample',
        '-m',
        'run/model.onnx',
        '-n',
        '60',
        '--mass',
        '12',
        '--calls',
        '12',
        '-o',
        'drawn.npz',
        '--quiet',
      ],
      folder,
    )
    const { data } = readNpz(new Uint8Array(readFileSync(join(folder, 'drawn.npz'))), 'drawn')
      .samples as NdArray
    let [left, clear] = [0, 0]
    for (let i = 0; i < 60; i++) {
      const own = data.slice(i * nodes, (i + 1) * nodes)
      expect(total(own)).toBe(12)
      const share = total(own.slice(0, 3)) / 12
      left += Number(share > 0.5)
      clear += Number(Math.abs(share - 0.5) > 0.3)
    }
    // One unit is as likely in both halves; that all are in one is what had to be learned: by chance it is so for 1 in 27.
    expect(clear).toBeGreaterThan(42)
    expect(left).toBeGreaterThan(8)
    expect(left).toBeLessThan(52)
    const few =
      '--only conservativity,dimension --count 4 --loops 4 --around 1 --draws 8 --calls 2 --quiet --json'.split(
        ' ',
      )
    const found = JSON.parse((await good(['inspect', 'run/model.onnx', ...few], folder)).stdout)
    expect(found.conservativity.length).toBe(6)
  })

  it('learns where they are as it is told, and masses stay', async () => {
    const network = '--base 8 --multipliers 1 --blocks 2 --attention none --embedding 8 --batch 16'.split(' ')
    const steps =
      '--steps 250 --warmup 10 --average 0.95 --learning-rate 5e-3 --seed 1 --quiet -o told'.split(' ')
    const data = ['--graph', 'edges.csv', '--data', 'counts.npz', '--tell', 'side']
    await good(['train', ...data, ...network, ...steps], folder)
    for (const side of [0, 1]) {
      const draw = `--tell side=${side} -n 20 --mass 12 --calls 12 -o side.npz --quiet`.split(' ')
      await good(['sample', '-m', 'told/model.onnx', ...draw], folder)
      const found = readNpz(new Uint8Array(readFileSync(join(folder, 'side.npz'))), 'side').samples as NdArray
      expect(total(found.data)).toBe(20 * 12)
      const there = Array.from({ length: 20 }, (_, i) =>
        total(found.data.slice(i * nodes + 3 * side, i * nodes + 3 * side + 3)),
      )
      // By chance half of them.
      expect(there.reduce((a, b) => a + b, 0)).toBeGreaterThan(0.85 * 20 * 12)
    }
  })

  it.each([
    [['--graph', 'apart.csv'], 'must be connected'],
    [['--graph', 'edges.csv', '--process', 'spatial'], '--graph must be left out'],
    [['--process', 'graph'], '--graph must be given'],
  ])('refuses %j', async (args, words) => {
    const { stderr, status } = await saltus(['train', '--data', 'counts.npz', '-o', 'none', ...args], folder)
    expect(stderr).toMatch(complaint)
    expect(stderr).toContain(words)
    expect(status).toBeGreaterThan(0)
  })
})
