// The folder of a run: whose it is, what is in it, and that nothing of another run or of other data is taken for its own.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { bookkeeping } from '../../src/cli/train/bookkeeping.ts'
import { readCheckpoint, writeCheckpoint } from '../../src/cli/train/run-checkpoint.ts'
import { identityOf, readBeginning, writeBeginning } from '../../src/cli/train/run-file.ts'
import { runFolder } from '../../src/cli/train/run-folder.ts'
import { lock } from '../../src/cli/train/run-lock.ts'
import type { NdArray } from '../../src/formats/array.ts'
import { writeNpy } from '../../src/formats/npy.ts'
import { writeNpz } from '../../src/formats/npz.ts'
import { cropData, imageData } from '../../src/jobs/train/data.ts'
import type { RunOptions } from '../../src/jobs/train/options.ts'
import { beginning, prepare } from '../../src/jobs/train/run.ts'
import { imagesAt } from '../../src/node/load.ts'
import { machineFiles } from '../../src/node/machine.ts'
import { onnxruntimeNode } from '../../src/runtime/onnxruntime-node.ts'
import { cosine } from '../../src/schedule/index.ts'
import { newState } from '../../src/training/trainer.ts'
import { corners, temporary, write } from './saltus.ts'

const folder = temporary()
const inside = (name: string) => {
  mkdirSync(join(folder, name), { recursive: true })
  return join(folder, name)
}

const options: RunOptions = {
  data: '/somewhere/images.npz',
  process: 'spatial',
  boundary: 'no-flux',
  schedule: 'walk',
  weight: 'even',
  steps: 10,
  batch: 2,
  accumulate: 1,
  learningRate: 1e-3,
  warmup: 0,
  average: 0.99,
  seed: 0,
  labels: true,
  labelDropout: 0.1,
  base: 4,
  multipliers: [1],
  blocks: [1],
  attention: [],
  embedding: 8,
}
const begun = { options, checksum: '0123' }

describe('lock()', () => {
  it('is refused while its process is there, and is free when that has let go or is gone', () => {
    const path = inside('one')
    const letGo = lock(path)
    expect(() => lock(path)).toThrow(`where process ${process.pid} is at work (or delete ${path}/lock)`)
    letGo()
    const gone = spawnSync(process.execPath, ['-e', 'console.log(process.pid)'], { encoding: 'utf8' })
    writeFileSync(join(path, 'lock'), gone.stdout)
    lock(path)()
    writeFileSync(join(path, 'lock'), 'nobody\n')
    lock(path)()
  })

  it.skipIf(process.platform !== 'linux')(
    'is free where another process has got its number since, or where its own waits to be reaped (Linux tells)',
    async () => {
      const path = inside('two')
      for (const pid of [process.ppid, process.pid]) {
        writeFileSync(join(path, 'lock'), `${pid} 1\n`)
        lock(path)()
      }
      // A shell that becomes another program never asks after its child.
      const shell = spawn('sh', ['-c', 'sleep 1 & echo $!; exec sleep 60'])
      const [pid] = String((await once(shell.stdout, 'data'))[0])
        .trim()
        .split('\n')
      while (!/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))) await new Promise(setImmediate)
      writeFileSync(join(path, 'lock'), `${pid}\n`)
      expect(() => lock(path)()).not.toThrow()
      shell.kill()
    },
  )

  it('goes to one of four processes that come at once upon what a dead one has left', {
    timeout: 120_000,
  }, async () => {
    const rounds = 60
    for (let r = 0; r < rounds; r++) writeFileSync(join(inside(`race/${r}`), 'lock'), '999999999\n')
    const script = `
      const { lock } = await import(process.argv[1])
      const [, , root, rounds, from] = process.argv
      const got = []
      for (let r = 0; r < Number(rounds); r++) {
        while (Date.now() < Number(from) + 30 * r) {}
        try { lock(root + '/' + r); got.push(r) } catch (error) { if (!/at work/.test(error.message)) throw error }
      }
      console.log(JSON.stringify(got))
      await new Promise(resolve => process.stdin.on('end', resolve).resume())`
    const compiled = fileURLToPath(new URL('../../dist/src/cli/train/run-lock.js', import.meta.url))
    const args = ['--input-type=module', '-e', script, compiled, join(folder, 'race'), String(rounds)]
    const from = Date.now() + 4000
    const all = Array.from({ length: 4 }, () => spawn(process.execPath, [...args, String(from)]))
    const won = await Promise.all(
      all.map(async child => {
        const [line] = await once(child.stdout, 'data')
        return JSON.parse(String(line)) as number[]
      }),
    )
    for (const child of all) child.stdin.end()
    const times = new Array<number>(rounds).fill(0)
    for (const r of won.flat()) times[r]++
    expect(times).toEqual(new Array(rounds).fill(1))
  })

  it('says in one line what is wrong with a folder in its place', () => {
    const path = inside('three')
    mkdirSync(join(path, 'lock'))
    expect(() => lock(path)).toThrow(/^Cannot lock .*three: it must be a file, got a folder$/)
  })
})

describe('run.json', () => {
  const path = join(inside('file'), 'run.json')
  const changed = (key: string, value: unknown) => {
    writeBeginning(path, begun)
    const told = JSON.parse(readFileSync(path, 'utf8'))
    writeFileSync(path, JSON.stringify({ ...told, [key]: value }))
  }

  it('gives back what was written', () => {
    const crops = { crop: [8, 8], axes: ['z'], flips: true, turns: true, holdOut: 0.2 } as const
    for (const one of [
      begun,
      { options: { ...options, process: 'labels', crops }, checksum: '1' } as const,
    ]) {
      writeBeginning(path, one)
      expect(readBeginning(path)).toEqual(one)
    }
  })

  it.each([
    ['learningRate', null],
    ['average', 2],
    ['warmup', -5],
    ['batch', 0],
    ['blocks', null],
    ['multipliers', []],
    ['attention', 'none'],
    ['process', 'magic'],
    ['boundary', 'open'],
    ['steps', 1.5],
    ['checksum', undefined],
    ['version', 3],
    ['crops', { crop: [0] }],
    ['format', undefined],
    ['format', 1],
    ['data', undefined],
  ])('is refused in one line with %s = %j', (key, value) => {
    changed(key, value)
    expect(() => readBeginning(path)).toThrow(/^Cannot (read|resume from) [^\n]+ must be [^\n]+, got [^\n]+$/)
  })

  it.each(['', '{', 'null', '[]', '7'])('is refused where it holds %j', words => {
    writeFileSync(path, words)
    expect(() => readBeginning(path)).toThrow(/^Cannot read [^\n]+ must be [^\n]+, got [^\n]+$/)
  })
})

describe('the checkpoint', () => {
  const path = join(inside('state'), 'checkpoint.npz')
  const state = { ...newState(Float32Array.of(1, 2, 3)), step: 4 }
  const checkpoint = { state, pending: { loss: 1, norm: 2, count: 3 } }
  const run = identityOf(begun)

  it('gives back what was written', () => {
    writeCheckpoint(path, checkpoint, run)
    expect(readCheckpoint(path, { parameters: 3, run })).toEqual(checkpoint)
  })

  it('of another run, of another network or without numbers is refused', () => {
    writeCheckpoint(path, checkpoint, run)
    const other = identityOf({ ...begun, checksum: '4567' })
    expect(() => readCheckpoint(path, { parameters: 3, run: other })).toThrow('its run must be')
    expect(() => readCheckpoint(path, { parameters: 4, run })).toThrow('the array parameters must be')
    for (const name of ['parameters', 'first', 'second', 'average'] as const) {
      const poisoned = { ...state, [name]: Float32Array.of(1, Number.NaN, 3) }
      writeCheckpoint(path, { ...checkpoint, state: poisoned }, run)
      expect(() => readCheckpoint(path, { parameters: 3, run })).toThrow(
        `the array ${name} must be of finite numbers`,
      )
    }
  })

  it('is of the run wherever its data lie and however long it goes on, and of no other', () => {
    expect(identityOf({ ...begun, options: { ...options, data: 'elsewhere', steps: 99 } })).toBe(run)
    for (const other of [{ seed: 1 }, { batch: 3 }, { multipliers: [2] }, { rate: 3 }])
      expect(identityOf({ ...begun, options: { ...options, ...other } })).not.toBe(run)
  })
})

describe('the checksum of data', () => {
  const { images, labels } = corners(12)
  const of = (name: string, arrays: Parameters<typeof writeNpz>[0]) =>
    imageData(imagesAt(join(folder, write(folder, name, writeNpz(arrays))))).checksum

  it('is that of counts, shape and labels together', () => {
    const whole = of('a.npz', { images, labels })
    expect(of('b.npz', { images, labels })).toBe(whole)
    const wide = { data: images.data, shape: [12, 1, 4, 16] }
    const turned = { data: labels.data.map(label => 2 - label), shape: [12] }
    const others: Record<string, NdArray>[] = [
      { images: wide, labels },
      { images, labels: turned },
      { images },
    ]
    others.forEach((arrays, k) => {
      expect(of(`${k}.npz`, arrays)).not.toBe(whole)
    })
  })

  it('is that of a volume with its sides', async () => {
    const data = Uint8Array.from({ length: 24 ** 3 }, (_, i) => (i * i) % 2)
    const cut = { crop: [8, 8], axes: ['z'], flips: true, turns: true, holdOut: 0, seed: 1 } as const
    const checksumOf = async (shape: number[]) =>
      (
        await cropData(join(folder, write(folder, 'v.npy', writeNpy({ data, shape }))), cut, {
          files: machineFiles,
        })
      ).checksum
    expect(await checksumOf([24, 24, 24])).not.toBe(await checksumOf([12, 48, 24]))
  })
})

describe('the log', () => {
  it('leaves out what is no line of it, and says in one line where it cannot be written', () => {
    const path = inside('log')
    const line = { step: 1, images: 2, loss: 3, norm: 1, rate: 1, imagesPerSecond: 4, seconds: 5 }
    const lines = [
      line,
      null,
      7,
      [],
      { ...line, step: 2, loss: null },
      { ...line, step: 3 },
      { ...line, step: 9 },
    ]
    writeFileSync(join(path, 'log.ndjson'), `${lines.map(one => JSON.stringify(one)).join('\n')}\n{"step`)
    expect(
      runFolder(path)
        .rewind(5)
        .lines.map(({ step }) => step),
    ).toEqual([1, 3])
    const odd = inside('odd')
    mkdirSync(join(odd, 'log.ndjson'))
    expect(() => runFolder(odd).log(line)).toThrow(
      /^Cannot write .*log\.ndjson: it must be a file, got a folder$/,
    )
    expect(() => runFolder(odd).rewind(0)).toThrow(
      /^Cannot read .*log\.ndjson: it must be a file, got a folder$/,
    )
  })
})

describe('bookkeeping()', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('goes by a clock that nobody sets: an hour back costs no checkpoint and no second', async () => {
    const path = inside('clock')
    const { images, labels } = corners(12)
    const data = imageData(imagesAt(join(folder, write(folder, 'c.npz', writeNpz({ images, labels })))))
    const run = prepare(options, data, { designed: () => cosine(), spectral: () => cosine() })
    const files = runFolder(path)
    files.begin(begun)
    const start = { state: beginning(run), pending: { loss: 0, norm: 0, count: 0 } }
    const keeper = bookkeeping(run, start, {
      folder: files,
      runtime: onnxruntimeNode(),
      every: 1e-9,
      pictures: 1e9,
    })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 })
    const state = { ...start.state, step: 1 }
    await keeper.after(state, { step: 1, loss: 1, norm: 1, rate: 1 })
    expect(keeper.seconds()).toBeGreaterThanOrEqual(0)
    expect(files.read(begun, run.layout.size).state.step).toBe(1)
    const [line] = readFileSync(join(path, 'log.ndjson'), 'utf8').split('\n')
    expect(JSON.parse(line).seconds).toBeGreaterThanOrEqual(0)
    expect(JSON.parse(line).imagesPerSecond).toBeGreaterThan(0)
    files.release()
  })
})
