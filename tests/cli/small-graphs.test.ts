// Small graphs by the command line: learned from a list, drawn with the nodes and edges that are asked for, compared.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { readNpz } from '../../src/formats/npz.ts'
import { graph, orbitCounts, type SmallGraph } from '../../src/graph/index.ts'
import { complaint, good, saltus, temporary, write } from './saltus.ts'

const folder = temporary()
const put = (name: string, value: unknown) =>
  write(folder, name, new TextEncoder().encode(JSON.stringify(value)))
const read = (name: string): SmallGraph[] => JSON.parse(readFileSync(join(folder, name), 'utf8'))

// Six nodes and six edges: a ring, or two triangles. Degrees do not tell them apart.
const ring = { n: 6, edges: [0, 1, 2, 3, 4, 5].map(i => [i, (i + 1) % 6]) }
const triangles = {
  n: 6,
  edges: [
    [0, 1],
    [1, 2],
    [2, 0],
    [3, 4],
    [4, 5],
    [5, 3],
  ],
}

beforeAll(() => {
  put('list.json', [ring, triangles])
  put('loop.json', [ring, { n: 3, edges: [[1, 1]] }])
  put('tiny.json', [{ n: 2, edges: [[0, 1]] }])
})

/** Triangles and hexagons of a graph. */
function kindOf({ n, edges }: SmallGraph): 'ring' | 'triangles' | 'neither' {
  const counts = orbitCounts(graph({ nodes: n, edges }))
  const each = (k: number) => Array.from({ length: n }, (_, i) => counts[i * 15 + k])
  if (each(0).some(degree => degree !== 2)) return 'neither'
  return each(3).every(closed => closed === 1)
    ? 'triangles'
    : each(3).some(closed => closed > 0)
      ? 'neither'
      : 'ring'
}

describe('saltus train on a list of graphs', { timeout: 240_000 }, () => {
  it('learns what graphs there are, and samples have the nodes and edges asked for', async () => {
    const network = '--base 8 --multipliers 1 --blocks 2 --embedding 16 --batch 16'.split(' ')
    const steps = '--steps 350 --warmup 20 --average 0.97 --learning-rate 8e-3 --seed 1 --quiet -o run'.split(
      ' ',
    )
    await good(['train', '--data', 'list.json', ...network, ...steps], folder)
    const drawn = ['-n', '100', '-o', 'drawn.json', '-o', 'drawn.npz', '-o', 'drawn.svg', '-o', 'drawn.png']
    const { stdout } = await good(['sample', '-m', 'run/model.onnx', '--calls', '48', ...drawn], folder)
    expect(stdout).toContain('edges 6, nodes 6, as asked for')
    const graphs = read('drawn.json')
    for (const { n, edges } of graphs)
      expect([n, edges.length, new Set(edges.map(String)).size]).toEqual([6, 6, 6])
    const kinds = graphs.map(kindOf)
    const share = (kind: string) => kinds.filter(one => one === kind).length
    // Of all graphs of six nodes and six edges these are 70 in 5005.
    expect(share('neither')).toBeLessThan(40)
    expect(share('ring')).toBeGreaterThan(10)
    expect(share('triangles')).toBeGreaterThan(10)
    const { samples, mass } = readNpz(new Uint8Array(readFileSync(join(folder, 'drawn.npz'))), 'drawn')
    expect((samples as { shape: number[] }).shape).toEqual([100, 1, 6, 6])
    expect(Array.from((mass as { data: ArrayLike<number> }).data).slice(0, 2)).toEqual([6, 6])
    expect(readFileSync(join(folder, 'drawn.svg'), 'utf8').match(/<g transform/g)).toHaveLength(64)

    const compared = await good(
      [
        'graph',
        'compare',
        '--samples',
        'drawn.json',
        '--reference',
        'list.json',
        '--learned',
        'list.json',
        '--json',
      ],
      folder,
    )
    const found = JSON.parse(compared.stdout)
    expect(found.learned.mean).toBe(0)
    expect(found.novel).toBeCloseTo(share('neither') / 100, 9)
    expect(found.mean).toBeLessThan(0.1)

    await good(
      ['sample', '-m', 'run/model.onnx', '-n', '3', '--nodes', '5', '--mass', '4:7', '-o', 'few.json'],
      folder,
    )
    for (const { n, edges } of read('few.json')) {
      expect(n).toBe(5)
      expect(edges.length).toBeGreaterThanOrEqual(4)
      expect(edges.length).toBeLessThanOrEqual(7)
    }
    const few = '--count 4 --around 1 --draws 8 --calls 2 --quiet --json'.split(' ')
    const inside = JSON.parse((await good(['inspect', 'run/model.onnx', ...few], folder)).stdout)
    expect(Object.keys(inside)).toEqual(['model', 'images', 'dimension'])
    put('like.json', [{ n: 4, edges: [[0, 1]] }, ring])
    await good(
      ['sample', '-m', 'run/model.onnx', '-n', '4', '--like', 'like.json', '-o', 'like-drawn.json'],
      folder,
    )
    expect(read('like-drawn.json').map(({ n, edges }) => [n, edges.length])).toEqual([
      [4, 1],
      [6, 6],
      [4, 1],
      [6, 6],
    ])
    // What a file was made with is noted, and missed where it is another.
    const liked = ['sample', '-m', 'run/model.onnx', '-n', '2', '--calls', '2', '--like', 'like.json']
    await good([...liked, '-o', 'liked.npz'], folder)
    expect((await good(['run', 'liked.npz', '-o', 'again.npz'], folder)).stderr).not.toContain('another')
    put('like.json', [ring])
    expect((await good(['run', 'liked.npz', '-o', 'again.npz'], folder)).stderr).toContain(
      'the file like.json is another than the one it was made with',
    )
    for (const [args, words] of [
      [['--nodes', '7'], '--nodes must be from 3 to 6'],
      [['--nodes', '4', '--mass', '7'], 'at most 6 edges between 4 nodes'],
      [['--porosity', '0.3'], 'left out with a model of graphs'],
      [['--like', 'like.json', '--mass', '4'], '--like must be left out'],
      [['--like', 'tiny.json'], '--like must be from 3 to 6 nodes a graph'],
      [['--solver', 'cfl'], '--solver must be another than cfl'],
      [['-o', 'no.txt'], 'a file ending in .png, .npy, .npz, .json, .svg'],
    ] as const) {
      const { stderr, status } = await saltus(
        ['sample', '-m', 'run/model.onnx', '-o', 'no.json', ...args],
        folder,
      )
      expect(stderr).toMatch(complaint)
      expect(stderr).toContain(words)
      expect(status).toBeGreaterThan(0)
    }
  })

  it('keeps how many nodes there are of each kind, and how many edges in all', async () => {
    put('atoms.json', [
      {
        n: 3,
        edges: [
          [0, 1],
          [1, 2],
        ],
        weights: [2, 1],
        label: ['C', 'C', 'O'],
      },
      {
        n: 4,
        edges: [
          [0, 1],
          [1, 2],
          [2, 3],
        ],
        weights: [3, 1, 1],
        label: ['N', 'C', 'C', 'C'],
      },
    ])
    const few = '--base 4 --multipliers 1 --blocks 1 --embedding 8 --steps 3 --quiet -o atoms'.split(' ')
    await good(['train', '--data', 'atoms.json', ...few], folder)
    await good(
      ['sample', '-m', 'atoms/model.onnx', '-n', '24', '-o', 'atoms-drawn.json', '-o', 'atoms.npz'],
      folder,
    )
    const drawn = read('atoms-drawn.json')
    const told = drawn.map(({ label, weights, edges }) => {
      expect(Math.max(...(weights ?? [1]))).toBeLessThanOrEqual(3)
      return `${[...(label ?? [])].sort().join('')} ${(weights ?? edges.map(() => 1)).reduce((a, b) => a + b, 0)}`
    })
    expect(new Set(told)).toEqual(new Set(['CCO 3', 'CCCN 5']))
    const { mass } = readNpz(new Uint8Array(readFileSync(join(folder, 'atoms.npz'))), 'atoms')
    expect((mass as { shape: number[] }).shape).toEqual([24, 4])
    const { stderr } = await saltus(
      ['sample', '-m', 'atoms/model.onnx', '--like', 'list.json', '-o', 'no.json'],
      folder,
    )
    expect(stderr).toContain('of the kinds of the model')
  })

  it.each([
    [['--data', 'loop.json'], 'an edge of graph 1'],
    [['--data', 'tiny.json'], 'must be from 3 to 64, got 2'],
    [['--data', 'list.json', '--binarise', '1'], '--binarise must be left out'],
  ])('refuses %j', async (args, words) => {
    const { stderr, status } = await saltus(['train', '-o', 'none', ...args], folder)
    expect(stderr).toMatch(complaint)
    expect(stderr).toContain(words)
    expect(status).toBeGreaterThan(0)
  })

  it('other models refuse what is asked of graphs', async () => {
    const { stderr } = await saltus(['sample', '--nodes', '5', '-o', 'no.npz'], folder)
    expect(stderr).toContain('it draws no graphs')
  })
})
