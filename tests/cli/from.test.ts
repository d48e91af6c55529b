import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeNpz } from '../../src/formats/npz.ts'
import { decodeModelFile, layoutFor } from '../../src/model/file.ts'
import { good, saltus, temporary, write } from './saltus.ts'

const folder = temporary()
const words = (text: string) => text.split(' ')
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

  it('takes of a model of another network what fits by name and shape, and says how much', async () => {
    const still = words('--steps 1 --learning-rate 1e-30 --warmup 0 --average 1 --embedding 16')
    const { stderr } = await good(
      [...words('train --data data.npz --out part --from one/model.onnx'), ...network, ...still],
      folder,
    )
    const [one, part] = [model('one'), model('part')]
    const [theirs, own] = [one, part].map(({ description }) => layoutFor(description).entries)
    const shared = own.filter(({ name, shape }) =>
      theirs.some(other => other.name === name && String(other.shape) === String(shape)),
    )
    expect(shared.length).toBeGreaterThan(10)
    expect(shared.length).toBeLessThan(own.length)
    const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1)
    const taken = shared.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
    const anew = part.parameters.length - taken
    expect(stderr).toContain(`Begins with ${taken} numbers of model.onnx; ${anew} begin anew\n`)
    for (const { name, shape, offset } of shared) {
      const at = theirs.find(other => other.name === name)!.offset
      const numbers = one.parameters.slice(at, at + sizeOf(shape))
      expect(part.parameters.slice(offset, offset + sizeOf(shape)), name).toEqual(numbers)
    }
  })

  it('refuses a model of which hardly anything fits, and a table that does not rise', async () => {
    const wide = '--base 64 --multipliers 1 --blocks 1 --attention none --embedding 64'
    const other = await saltus(
      words(`train --data data.npz --out three --from one/model.onnx ${wide}`),
      folder,
    )
    expect(other.status).toBe(1)
    expect(other.stderr).toMatch(
      /the model .* must be one of which a tenth of the \d+ numbers can be taken, got \d+\n/,
    )
    const table = await saltus(
      ['train', '--data', 'data.npz', '--out', 'three', '--schedule', '0:0.1,0.5:0.01,1:1', ...network],
      folder,
    )
    expect(table.status).toBe(2)
    expect(table.stderr.trim().split('\n')).toHaveLength(1)
  })
})
