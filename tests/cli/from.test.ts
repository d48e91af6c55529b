import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeNpz } from '../../src/formats/npz.ts'
import { decodeModelFile } from '../../src/model/file.ts'
import { good, saltus, temporary, write } from './saltus.ts'

const folder = temporary()
const network = '--base 4 --multipliers 1 --blocks 1 --attention none --embedding 8 --batch 2'.split(' ')
const counts = Uint8Array.from({ length: 12 * 36 }, (_, i) => (i * 5) % 17)
const labels = Uint8Array.from({ length: 12 }, (_, i) => i % 3)
write(
  folder,
  'data.npz',
  writeNpz({ images: { data: counts, shape: [12, 6, 6] }, labels: { data: labels, shape: [12] } }),
)
const model = (run: string) => decodeModelFile(new Uint8Array(readFileSync(join(folder, run, 'model.onnx'))))

describe('`saltus train --from`', () => {
  it('begins with the weights of another model, on a schedule given as a table', async () => {
    await good(
      [
        'train',
        '--data',
        'data.npz',
        '--out',
        'one',
        '--steps',
        '6',
        '--schedule',
        'exponential',
        ...network,
      ],
      folder,
    )
    const table = '0:2e-5,0.3:0.01,1:1'
    const still = ['--steps', '1', '--learning-rate', '1e-30', '--schedule', table]
    await good(
      ['train', '--data', 'data.npz', '--out', 'two', '--from', 'one/model.onnx', ...still, ...network],
      folder,
    )
    const [one, two] = [model('one'), model('two')]
    expect(two.parameters).toEqual(one.parameters)
    expect(two.description.schedule).toEqual({ kind: 'designed', u: [0, 0.3, 1], t: [2e-5, 0.01, 1] })
    expect(two.description.training.from).toBe('model.onnx')
  })

  it('keeps a class with every mass that it remembers of the data', () => {
    const { data } = model('one').description
    const known = new Set(
      Array.from(
        { length: 12 },
        (_, i) => `${counts.slice(i * 36, (i + 1) * 36).reduce((a, b) => a + b, 0)}:${labels[i]}`,
      ),
    )
    data.masses.forEach(([mass], k) => {
      expect(known).toContain(`${mass}:${data.labels?.[k]}`)
    })
  })

  it('refuses a model of another network, and a table that does not rise', async () => {
    const other = await saltus(
      [
        'train',
        '--data',
        'data.npz',
        '--out',
        'three',
        '--from',
        'one/model.onnx',
        ...network,
        '--embedding',
        '16',
      ],
      folder,
    )
    expect(other.status).toBe(1)
    expect(other.stderr).toContain('must be of the same task and network')
    const table = await saltus(
      ['train', '--data', 'data.npz', '--out', 'three', '--schedule', '0:0.1,0.5:0.01,1:1', ...network],
      folder,
    )
    expect(table.status).toBe(2)
    expect(table.stderr.trim().split('\n')).toHaveLength(1)
  })
})
