import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ForgetDescription, forget } from '../../examples/forget.ts'
import type { NdArray } from '../../src/formats/array.ts'
import { readNpz } from '../../src/formats/npz.ts'
import { recordIn } from '../../src/jobs/recorded.ts'
import { decodeModelFile, encodeModelFile, layoutFor } from '../../src/model/file.ts'
import { type ProcessDescription, process } from '../../src/process/index.ts'
import { corners, good, saltus, temporary, untrained, write } from '../cli/saltus.ts'

// As it is compiled: worker threads cannot read TypeScript.
const { open, train }: typeof import('../../src/node.ts') = await import(
  fileURLToPath(new URL('../../dist/src/node.js', import.meta.url))
)

const folder = temporary()
const bytes = (name: string) => new Uint8Array(readFileSync(join(folder, name)))

beforeAll(() => {
  write(folder, 'model.onnx', untrained())
  write(folder, 'rock.onnx', untrained({ phases: ['pore', 'solid'] }))
})

describe('open()', { timeout: 180_000 }, () => {
  it('gives the bytes of the command line, images and materials alike', async () => {
    const images = ['sample', '--model', 'model.onnx', '--calls', '5', '--mass', '300', '--count', '3']
    await good([...images, '--seed', '2', '--out', 'a.npz', '--out', 'a.png'], folder)
    const digits = await open(join(folder, 'model.onnx'))
    const drawn = await digits.generate({ calls: 5, mass: 300, count: 3, seed: 2, workers: 1 })
    expect(drawn.masses).toEqual([[300], [300], [300]])
    const { samples } = readNpz(bytes('a.npz'), 'a.npz') as Record<string, NdArray>
    expect([...drawn.counts]).toEqual([...Array.from(samples.data)])

    const rocks = ['sample', '--model', 'rock.onnx', '--calls', '4', '--porosity', '0.25', '--count', '2']
    await good([...rocks, '--out', 'r.tif'], folder)
    const rock = await open(join(folder, 'rock.onnx'))
    const { labels, fractions, files } = await rock.generate({ porosity: 0.25, count: 2, calls: 4 })
    expect(fractions?.map(([pore]) => pore)).toEqual([0.25, 0.25])
    expect(labels?.filter(label => label === 0).length).toBe(0.25 * (labels?.length ?? 0))
    // But for the name that the model was given by.
    const [{ bytes: tif }] = await files('r.tif')
    expect(recordIn(tif, 'r.tif').job).toMatchObject({
      ...recordIn(bytes('r.tif'), 'r.tif').job,
      model: 'rock',
    })
  })

  it('completes images around a hole, and keeps what is known', async () => {
    const digits = await open(join(folder, 'model.onnx'))
    const image = Uint8Array.from({ length: 64 }, (_, x) => x % 5)
    const mask = image.map((_, x) => (x % 8 < 3 ? 1 : 0))
    const shape = [8, 8]
    const done = await digits.complete(
      { data: image, shape },
      { data: mask, shape },
      { mass: 40, count: 2, calls: 3 },
    )
    for (let i = 0; i < 2; i++) {
      const one = done.counts.subarray(64 * i, 64 * (i + 1))
      expect([...one].filter((_, x) => !mask[x])).toEqual([...image].filter((_, x) => !mask[x]))
      expect([...one].reduce((sum, n, x) => sum + (mask[x] ? n : 0), 0)).toBe(40)
    }
  })

  it('refuses what the model cannot be told, by the name of the field, and stops when it is asked to', async () => {
    const rock = await open(join(folder, 'rock.onnx'))
    await expect(rock.generate({ mass: 7 })).rejects.toMatchObject({ name: 'UsageError', field: 'mass' })
    await expect(rock.generate({ mass: 7 })).rejects.toThrow(
      'Cannot sample: mass must be left out with a material',
    )
    await expect(rock.generate({ porosity: 1.5 })).rejects.toThrow(
      'Cannot generate: porosity must be a share',
    )
    await expect(open('no-such-model')).rejects.toThrow('Cannot find the model')
    const stop = AbortSignal.abort('enough')
    await expect(rock.generate({ porosity: 0.5, signal: stop })).rejects.toThrow('Drawing was cancelled')
  })
})

describe('a process of your own', { timeout: 60_000 }, () => {
  it('goes into a model file and comes out of it again, by value', async () => {
    const law = forget({ lengths: [8, 8], states: 4, rate: 9 })
    const rebuild = (description: ProcessDescription) =>
      description.kind === 'forget' ? forget(description as ForgetDescription) : process(description)
    const plain = decodeModelFile(untrained()).description
    const told = {
      ...plain,
      process: law.description,
      task: { ...plain.task, width: law.link.width, scale: 3 },
      data: { ...plain.data, largest: 3 },
    }
    const size = layoutFor(told).size
    const model = encodeModelFile({ ...told, parameters: size }, new Float32Array(size), { rebuild })
    await expect(open(model)).rejects.toThrow('the process of its description must be one that is known')
    const own = await open(model, { rebuild })
    expect(own.description.process).toEqual(law.description)
    const { counts } = await own.generate({ count: 3, calls: 4, seed: 1 })
    expect(counts.length).toBe(3 * 64)
    expect(Math.max(...counts)).toBeLessThan(4)
  })
})

describe('train()', { timeout: 180_000 }, () => {
  it('trains on images in one call, tells of every step, and what comes out is a model that draws', async () => {
    const { images } = corners(24) as unknown as { images: { data: Uint8Array; shape: number[] } }
    const seen: number[] = []
    const small = { base: 4, multipliers: [1, 2], blocks: [1, 1], attention: [], embedding: 8 } as const
    const options = { ...small, steps: 6, batch: 4, warmup: 2, threads: 1 }
    const trained = await train(images, {
      ...options,
      onProgress: ({ done, total }) => seen.push(done, total),
    })
    expect(seen).toEqual([1, 6, 2, 6, 3, 6, 4, 6, 5, 6, 6, 6])
    expect(trained.reports.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6])
    expect(trained.reports.every(({ loss }) => Number.isFinite(loss))).toBe(true)
    const model = await open(trained.model)
    const { masses } = await model.generate({ mass: 77, count: 2, calls: 2 })
    expect(masses).toEqual([[77], [77]])
  })

  it('ends by its signal', async () => {
    const { images } = corners(8) as unknown as { images: { data: Uint8Array; shape: number[] } }
    const stop = new AbortController()
    const job = train(images, {
      ...{ base: 4, multipliers: [1], blocks: [1], attention: [], embedding: 8, steps: 1000, batch: 2 },
      signal: stop.signal,
      onProgress: ({ done }) => done === 3 && stop.abort(),
    })
    await expect(job).rejects.toThrow('Stopped after step 3')
  })
})

describe('saltus run', { timeout: 180_000 }, () => {
  it('repeats a result from its own header, byte for byte', async () => {
    for (const [made, again] of [
      ['a.npz', 'b.npz'],
      ['a.png', 'b.png'],
      ['r.tif', 's.tif'],
    ]) {
      await good(['run', made, '--out', again, '--workers', '1'], folder)
      expect(bytes(again), made).toEqual(bytes(made))
    }
  })

  it('runs a job out of a file, as it was printed', async () => {
    const call = [
      'sample',
      '--model',
      'model.onnx',
      '--calls',
      '5',
      '--mass',
      '300',
      '--count',
      '3',
      '--seed',
      '2',
    ]
    const { stdout } = await good([...call, '--print-job'], folder)
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'generate', mass: [[300, 300]], calls: 5 })
    write(folder, 'job.json', new TextEncoder().encode(stdout))
    await good(['run', 'job.json', '--out', 'c.npz'], folder)
    expect(bytes('c.npz')).toEqual(bytes('a.npz'))
  })

  it('answers what is no job in one line, and warns of another model', async () => {
    const put = (name: string, text: string) => write(folder, name, new TextEncoder().encode(text))
    const cases: [string, string, number][] = [
      [
        put('x.json', '{"kind":"toString"}'),
        'its kind must be one of generate, complete, restore, got "toString"',
        2,
      ],
      [
        put('y.json', '{"kind":"generate","seed":-1}'),
        'seed must be a whole number of at least 0, got -1',
        2,
      ],
      [put('z.json', '{"kind":'), 'the file must be a job in JSON', 2],
      [put('w.bin', 'nothing'), 'the file must be one that a job of saltus wrote', 1],
    ]
    for (const [name, words, status] of cases) {
      const ended = await saltus(['run', name, '--out', 'never.npz'], folder)
      expect([ended.stderr.includes(words), ended.stderr, ended.status]).toEqual([true, ended.stderr, status])
    }
    write(folder, 'model.onnx', untrained({ labels: true }))
    const { stderr } = await good(['run', 'a.npz', '--out', 'd.npz'], folder)
    expect(stderr).toContain('the model model.onnx is another than the one it was made with')
  })
})

describe('saltus sample --json', { timeout: 60_000 }, () => {
  it('tells the job, what was delivered and the files in one object', async () => {
    const { stdout } = await good(
      ['sample', '-m', 'rock.onnx', '-n', '2', '--nfe', '3', '--porosity', '0.5', '-o', 'j.npz', '--json'],
      folder,
    )
    const told = JSON.parse(stdout)
    expect(told).toMatchObject({
      count: 2,
      fractions: [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
      files: ['j.npz'],
    })
    expect(told.job).toMatchObject({ kind: 'generate', calls: 3, solver: 'ancestral' })
    expect(Object.values(told.sha256)[0]).toMatch(/^[0-9a-f]{64}$/)
  })
})
