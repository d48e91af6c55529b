import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { writeNpy } from '../../src/formats/npy.ts'
import { writeNpz } from '../../src/formats/npz.ts'
import { decodeModel, encodeModel } from '../../src/formats/onnx.ts'
import { writePng } from '../../src/formats/png-writer.ts'
import {
  complaint,
  corners,
  good,
  listing,
  redescribed,
  saltus,
  temporary,
  untrained,
  write,
} from './saltus.ts'

const folder = temporary()
const text = (words: string) => new TextEncoder().encode(words)
const array = (data: Uint8Array | Int8Array | Uint32Array | Float32Array, shape: number[]) =>
  writeNpy({ data, shape })

/** The first part of a file. */
const cut = (bytes: Uint8Array, share = 0.6) => bytes.subarray(0, Math.floor(share * bytes.length))

/** A file with one byte turned around. */
function bent(bytes: Uint8Array, share: number): Uint8Array {
  const other = bytes.slice()
  other[Math.floor(share * bytes.length)] ^= 0xff
  return other
}

/** A model whose description is changed. */
const described = (change: Parameters<typeof redescribed>[1]) => redescribed(untrained(), change)

const { images, labels } = corners(6)
const noise = Uint8Array.from({ length: 4096 }, (_, i) => (i * 2654435761) >>> 24)
const picture = writePng({ data: images.data.slice(0, 64) as Uint8Array, shape: [1, 8, 8] })
const archive = writeNpz({ images, labels })
const idx = Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 6, 0, 0, 0, 8, 0, 0, 0, 8, ...images.data])

/** Files that hold no images, with words that the complaint must contain. */
const noImages: Record<string, [bytes: Uint8Array, words: string]> = {
  'empty.npy': [new Uint8Array(0), 'empty.npy'],
  'cut.idx': [cut(idx), 'cut.idx'],
  'cut-header.idx': [idx.subarray(0, 9), 'cut-header.idx'],
  'cut.idx.gz': [cut(gzipSync(idx)), 'cut.idx.gz'],
  'cut.npy': [cut(writeNpy(images)), 'cut.npy'],
  'cut.npz': [cut(archive), 'cut.npz'],
  'bent.npz': [bent(archive, 0.3), 'npz'],
  'cut.png': [cut(picture), 'cut.png'],
  'bent.png': [bent(picture, 0.6), 'bent.png'],
  'foreign.npy': [text('a,b,c\n1,2,3\n'), 'foreign.npy'],
  'foreign.png': [noise, 'foreign.png'],
  'model.png': [untrained(), 'model.png'],
  'other-arrays.npz': [writeNpz({ a: images, b: images }), 'samples, images'],
  'text.npz': [writeNpz({ samples: 'no images' }), 'text.npz'],
  'line.npy': [array(new Uint8Array(64), [64]), 'the shape'],
  'five-axes.npy': [array(new Uint8Array(64), [2, 2, 1, 4, 4]), 'the shape'],
  'no-rows.npy': [array(new Uint8Array(0), [3, 0, 8]), 'the shape'],
  'negative.npy': [array(Int8Array.from([0, 1, -2, 3]), [2, 2]), '[1, 0]'],
  'fraction.npy': [array(Float32Array.from([0, 1, 2, 0.5]), [2, 2]), '[1, 1]'],
  'nan.npy': [array(Float32Array.from([0, Number.NaN, 2, 5]), [2, 2]), '[0, 1]'],
  'heavy.npy': [array(Uint32Array.from([2 ** 31 - 1, 1, 0, 0]), [2, 2]), 'mass'],
  'labels.npz': [writeNpz({ images, labels: { data: Uint8Array.of(1, 2), shape: [2] } }), 'labels'],
}

/** Files that hold no model. */
const noModel: Record<string, Uint8Array> = {
  'empty.onnx': new Uint8Array(0),
  'cut.onnx': cut(untrained()),
  'cut-end.onnx': untrained().subarray(0, -1),
  'noise.onnx': noise,
  'text.onnx': text('ir_version: 9\n'),
  'archive.onnx': archive,
  'foreign.onnx': encodeModel({ ...decodeModel(untrained(), 'model'), metadata: {} }),
  'no-json.onnx': encodeModel({ ...decodeModel(untrained(), 'model'), metadata: { saltus: '{' } }),
  'null.onnx': described(() => 'null'),
  'format.onnx': described(description => ({ ...description, format: 99 })),
  'old.onnx': described(description => ({ ...description, format: 1 })),
  'no-task.onnx': described(({ task, ...rest }) => rest),
  'no-network.onnx': described(({ network, ...rest }) => rest),
  'larger.onnx': described(({ network, ...rest }) => ({
    ...rest,
    network: { ...(network as object), base: 16 },
  })),
}

beforeAll(() => {
  write(folder, 'images.npz', archive)
  write(folder, 'model.onnx', untrained())
  mkdirSync(join(folder, 'bad'))
  for (const [name, [bytes]] of Object.entries(noImages)) write(folder, `bad/${name}`, bytes)
  for (const [name, bytes] of Object.entries(noModel)) write(folder, `bad/${name}`, bytes)
  for (const name of ['empty-folder', 'mixed', 'folder.png']) mkdirSync(join(folder, name))
  write(folder, 'mixed/a.png', picture)
  write(folder, 'mixed/b.png', writePng({ data: new Uint8Array(16), shape: [1, 4, 4] }))
})

/** Demands one line in the grammar, the status, and that nothing is left behind. */
async function refused(args: readonly string[], status: 1 | 2): Promise<string> {
  const before = listing(folder)
  const ended = await saltus(args, folder)
  expect(ended).toMatchObject({ status, stdout: '', stderr: expect.stringMatching(complaint) })
  expect(listing(folder)).toEqual(before)
  return ended.stderr
}

const out = ['--out', 'out.npy']

describe('bad input', { timeout: 180_000 }, () => {
  it.for(Object.entries(noImages))('`diffuse` refuses %s', async ([name, [, words]]) => {
    expect(await refused(['diffuse', '--input', `bad/${name}`, '--time', '1', ...out], 1)).toContain(words)
  })

  it.for(Object.keys(noModel))('`info` refuses %s', async name => {
    await refused(['info', `bad/${name}`], 1)
  })

  it('`sample` refuses damaged and foreign models before it makes anything', async () => {
    for (const name of ['cut.onnx', 'foreign.onnx', 'archive.onnx']) {
      await refused(['sample', '--model', `bad/${name}`, '--out', 'new/folder/x.npz'], 1)
    }
  })

  it('`train` refuses bad data before it makes its folder', async () => {
    for (const data of [
      'bad/cut.idx',
      'bad/negative.npy',
      'bad/labels.npz',
      'empty-folder',
      'mixed',
      'none.npz',
    ]) {
      await refused(['train', '--data', data, '--out', 'run'], 1)
    }
  })

  it('files that are missing, folders and files that are taken for each other are refused', async () => {
    await refused(['diffuse', '--input', 'none.npy', '--time', '1', ...out], 1)
    await refused(['evaluate', '--samples', 'none.npz', '--reference', 'images.npz'], 1)
    await refused(['info', 'none.onnx'], 1)
    await refused(['info', 'mixed'], 1)
    await refused(['sample', '--model', 'none', ...out], 1)
    await refused(['diffuse', '--input', 'images.npz/x.npy', '--time', '1', ...out], 1)
  })

  it('outputs that cannot be written are refused before any work is done', async () => {
    const sample = ['sample', '--model', 'model.onnx', '--out']
    expect(await refused([...sample, 'images.npz/x.npy'], 1)).toContain('images.npz/x.npy')
    await refused([...sample, 'images.npz/a/b/x.npy'], 1)
    await refused([...sample, 'folder.png'], 1)
    await refused([...sample, 'fine.npy', '--out', 'images.npz/x.npy'], 1)
    await refused(['diffuse', '--input', 'images.npz', '--time', '1', '--out', 'model.onnx/x.png'], 1)
    await refused(['train', '--data', 'images.npz', '--out', 'model.onnx'], 1)
    await refused(['train', '--data', 'images.npz', '--out', 'model.onnx/run'], 1)
  })

  it.skipIf(process.platform !== 'linux')(
    'a device that the machine lacks fails without leaving a run',
    async () => {
      const run = [
        'train',
        '--data',
        'images.npz',
        '--out',
        'run',
        '--quiet',
        '--steps',
        '1',
        '--device',
        'cuda',
      ]
      const before = listing(folder)
      const ended = await saltus(run, folder)
      if (ended.status === 0) return // There is one.
      expect(ended).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(complaint) })
      expect(ended.stderr).toMatch(/^Cannot start the network on cuda: /)
      expect(listing(folder)).toEqual(before)
    },
  )

  it('`sample` refuses flags outside their range', async () => {
    const model = ['sample', '--model', 'model.onnx', ...out]
    const flags = [
      ['--count', '0'],
      ['--count', '1.5'],
      ['--count', 'many'],
      ['--mass', '-1'],
      ['--mass', '2147483648'],
      ['--mass', '1.5'],
      ['--mass', '9:3'],
      ['--mass', '1:2:3'],
      ['--mass', ''],
      ['--mass', '1,'],
      ['--class', '3'],
      ['--class', 'seven'],
      ['--class', '2:0'],
      ['--no-classes', '--class', '1'],
      ['--guidance', '-1'],
      ['--guidance', 'much'],
      ['--workers', '0'],
      ['--calls', '0'],
      ['--solver', 'euler'],
      ['--solver', 'leap'],
      ['--solver', 'cfl', '--cfl', '0'],
      ['--cfl', '0.5'],
      ['--damping', '0'],
      ['--damping', '0.5'],
      ['--noise', '9'],
      ['--solver', 'cfl', '--calls', '4'],
      ['--cfl', '1.1'],
      ['--seed', '-1'],
      ['--seed', '9007199254740992'],
      ['--device', 'abacus'],
      ['--out', 'x.jpg'],
      ['--out', 'npy'],
    ]
    for (const flag of flags) expect(await refused([...model, ...flag], 2)).toContain(flag.at(-2))
  })

  it('`train` refuses flags outside their range', async () => {
    const data = ['train', '--data', 'images.npz', '--out', 'run']
    const flags = [
      ['--steps', '0'],
      ['--batch', '-4'],
      ['--learning-rate', '0'],
      ['--learning-rate', 'Infinity'],
      ['--average', '1.01'],
      ['--label-dropout', '-0.1'],
      ['--schedule', 'linear'],
      ['--schedule', 'logit:3'],
      ['--multipliers', 'none'],
      ['--multipliers', '1,2'],
      ['--multipliers', '1,,2'],
      ['--blocks', '1,0,1'],
      ['--attention', '3'],
      ['--every', '0'],
    ]
    for (const flag of flags) expect(await refused([...data, ...flag], 2)).toContain(flag[0])
    expect(await refused([...data, '--schedule', 'power:0'], 2)).toContain('the exponent')
    expect(await refused([...data, '--schedule', 'exponential:2'], 2)).toContain('the start')
    expect(await refused([...data, '--base', '5', '--multipliers', '1,1,3'], 1)).toContain('2 heads, got 15')
  })

  it('unknown commands and options, missing and superfluous words have status 2', async () => {
    expect(await refused(['tran'], 2)).toContain('"tran" (did you mean train?)')
    expect(await refused(['sample', '--cuont', '3'], 2)).toContain('"--cuont" (did you mean --count?)')
    expect(await refused(['--nonsense'], 2)).toContain('"--nonsense"')
    expect(await refused(['train', '--data', 'images.npz'], 2)).toContain('--out must be given')
    expect(await refused(['train', '--out', 'run'], 2)).toContain('--data must be given')
    expect(await refused(['sample', '--out'], 2)).toContain('--out')
    await refused(['sample'], 2)
    await refused(['evaluate', '--samples', 'images.npz'], 2)
    await refused(['info'], 2)
    await refused(['info', 'model.onnx', 'images.npz'], 2)
  })
})

describe('saltus', { timeout: 180_000 }, () => {
  it('`saltus` alone prints help, as do --help and help', async () => {
    const [alone, flag, word] = await Promise.all([
      saltus([], folder),
      saltus(['--help'], folder),
      saltus(['help'], folder),
    ])
    expect(alone).toMatchObject({ status: 0, stderr: '' })
    expect(alone.stdout).toMatch(
      /^Usage: saltus \[options\] \[command\]\n[\s\S]* sample [\s\S]* train [\s\S]* diffuse [\s\S]* evaluate [\s\S]* info /,
    )
    expect([flag.stdout, word.stdout]).toEqual([alone.stdout, alone.stdout])
  })

  it('every command prints help of at most 80 columns', async () => {
    for (const command of ['sample', 'train', 'diffuse', 'evaluate', 'info']) {
      const { stdout } = await good([command, '--help'], folder)
      expect(stdout).toMatch(new RegExp(`^Usage: saltus ${command} `))
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    }
  })

  it('`--version` prints the version of the package', async () => {
    expect((await good(['--version'], folder)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
