import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { complaint, good, saltus, temporary, write } from './saltus.ts'

const folder = temporary()
const text = (lines: readonly string[]) => new TextEncoder().encode(`${lines.join('\n')}\n`)

/** Two cliques of six with one edge between. */
const cliques: [number, number][] = [[0, 6]]
for (const first of [0, 6])
  for (let a = first; a < first + 6; a++) for (let b = first; b < a; b++) cliques.push([b, a])

beforeAll(() => {
  const label = Array.from({ length: 12 }, (_, i) => (i < 6 ? 0 : 1))
  write(folder, 'two.json', text([JSON.stringify({ n: 12, edges: cliques, label })]))
  write(folder, 'two.csv', text(['from,to,weight', ...cliques.map(([a, b]) => `n${a},n${b},2`)]))
  write(folder, 'apart.csv', text(['from,to', '0,1', '2,3']))
  write(folder, 'loop.csv', text(['from,to', '0,1', '1,1']))
  write(folder, 'ways.csv', text(['from,to,weight', '0,1,1', '1,0,2']))
  write(folder, 'nan.csv', text(['from,to,weight', '0,1,NaN']))
  write(folder, 'broken.json', text(['{"n": 3']))
  const rng = random(3)
  const rows = Array.from(
    { length: 60 },
    (_, i) => `c${i},${i < 30 ? 'early' : 'late'},${i / 10},${rng.uniform()}`,
  )
  write(folder, 'points.csv', text(['cell;stage;x;y', ...rows.map(row => row.replaceAll(',', ';'))]))
})

describe('saltus graph cluster', () => {
  it('prints clusters, their agreement with the classes, and writes them', async () => {
    const { stdout } = await good(
      ['graph', 'cluster', '--graph', 'two.json', '--out', 'out.csv', '--json', '--quiet'],
      folder,
    )
    expect(JSON.parse(stdout)).toMatchObject({ kernel: 'log-forest', t: 1, rand: 1, information: 1 })
    expect(readFileSync(join(folder, 'out.csv'), 'utf8').split('\n')).toHaveLength(14)
  })

  it('reads weighted edges between names, and writes these', async () => {
    const args = [
      'graph',
      'cluster',
      '--graph',
      'two.csv',
      '--clusters',
      '2',
      '--method',
      'spectral',
      '--out',
      'names.csv',
    ]
    await good(args, folder)
    const [, ...rows] = readFileSync(join(folder, 'names.csv'), 'utf8').trim().split('\n')
    const of = new Map(rows.map(row => row.split(',') as [string, string]))
    expect(of.get('n1')).toBe(of.get('n5'))
    expect(of.get('n1')).not.toBe(of.get('n8'))
  })

  it('compares all kernels as a table and as curves', async () => {
    const { stdout } = await good(
      ['graph', 'cluster', '--graph', 'two.json', '--compare', '--out', 'all.svg', '--starts', '2'],
      folder,
    )
    expect(stdout.split('\n')).toHaveLength(14)
    expect(readFileSync(join(folder, 'all.svg'), 'utf8')).toContain('log-communicability')
  })

  it.each([
    [['--graph', 'apart.csv', '--clusters', '2'], 'the graph must be connected, got 2 parts'],
    [['--graph', 'loop.csv', '--clusters', '2'], 'edge 1 must be between two nodes'],
    [['--graph', 'ways.csv', '--clusters', '2'], 'must be the same in both directions'],
    [['--graph', 'nan.csv', '--clusters', '2'], 'the weight in row 1 must be a finite number, got "NaN"'],
    [['--graph', 'broken.json', '--clusters', '2'], 'the file must be JSON'],
    [['--graph', 'two.csv'], '--clusters must be given (the file names no classes)'],
    [['--graph', 'two.json', '--kernel', 'frost'], '--kernel must be one of walk'],
    [['--graph', 'two.json', '--kernel', 'walk', '--t', '3'], 't must be below 1/ρ'],
  ])('%j ends with one line that says why', async (args, why) => {
    const { status, stderr } = await saltus(['graph', 'cluster', '--quiet', ...args], folder)
    expect(status).toBeGreaterThan(0)
    expect(stderr).toMatch(complaint)
    expect(stderr).toContain(why)
  })
})

describe('saltus graph embed', () => {
  it('draws a map of points by their labels, and writes it as a table', async () => {
    const args = ['graph', 'embed', '--data', 'points.csv', '--label', 'stage', '--without', 'cell']
    const { stdout } = await good(
      [...args, '--neighbours', '8', '--out', 'map.svg', '--out', 'map.csv', '--quiet'],
      folder,
    )
    expect(stdout).toMatch(/^heat: 60 points, t = [\d.]+\n$/)
    const svg = readFileSync(join(folder, 'map.svg'), 'utf8')
    expect(svg.match(/<circle/g)).toHaveLength(62)
    expect(svg).toContain('>late</text>')
    expect(readFileSync(join(folder, 'map.csv'), 'utf8')).toMatch(/^x,y,label\n-?[\d.]+,-?[\d.]+,early\n/)
  })

  it('draws a graph with its classes', async () => {
    const { stdout } = await good(
      ['graph', 'embed', '--graph', 'two.json', '--preset', 'diffusion', '--out', 'g.svg'],
      folder,
    )
    expect(stdout).toContain('diffusion: 12 points')
  })

  it.each([
    [['--data', 'points.csv', '--out', 'm.svg'], 'cell in row 1 must be a finite number, got "c0"'],
    [
      ['--data', 'points.csv', '--label', 'age', '--out', 'm.svg'],
      'a column must be one of cell, stage, x, y, got "age"',
    ],
    [['--graph', 'apart.csv', '--out', 'm.svg'], 'the graph must be connected'],
    [['--data', 'points.csv', '--out', 'm.png'], '--out must be a file ending in .svg, .csv'],
    [['--out', 'm.svg'], 'one of --data and --graph must be given'],
    [['--dta', 'points.csv'], 'saltus graph embed --help lists, got "--dta" (did you mean --data?)'],
  ])('%j ends with one line that says why', async (args, why) => {
    const { status, stderr } = await saltus(['graph', 'embed', ...args], folder)
    expect(status).toBeGreaterThan(0)
    expect(stderr).toMatch(complaint)
    expect(stderr).toContain(why)
  })
})
