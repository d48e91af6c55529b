import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import type { NdArray } from '../../src/formats/array.ts'
import { readNpz, writeNpz } from '../../src/formats/npz.ts'
import { isPng } from '../../src/formats/png.ts'
import { writePng } from '../../src/formats/png-writer.ts'
import type { LossLine as LogLine } from '../../src/jobs/train/charts.ts'
import {
  complaint,
  corners,
  good,
  listing,
  pythonWith,
  type Running,
  saltus,
  start,
  temporary,
  write,
} from './saltus.ts'

const folder = temporary()
const network = '--base 8 --multipliers 1,2 --blocks 1,1 --attention none --embedding 16'.split(' ')
const tiny = [...network, '--steps', '30', '--batch', '4']
const often = ['--every', '0.0000001']
const quick =
  '--base 4 --multipliers 1 --blocks 1 --attention none --embedding 8 --batch 2 --steps 410'.split(' ')

const bytes = (name: string) => readFileSync(join(folder, name))

/** The last line may be half-written while the run is under way. */
const log = (run: string): LogLine[] =>
  existsSync(join(folder, run, 'log.ndjson'))
    ? bytes(`${run}/log.ndjson`)
        .toString()
        .split('\n')
        .slice(0, -1)
        .map(line => JSON.parse(line) as LogLine)
    : []

const learned = (run: string) =>
  log(run).map(({ step, images, loss, norm, rate }) => ({ step, images, loss, norm, rate }))

/** Waits until a run has logged so many steps; fails where it ends before. */
async function logged(running: Running, run: string, steps: number): Promise<void> {
  let over = false
  running.ended.then(() => {
    over = true
  })
  while ((log(run).at(-1)?.step ?? 0) < steps) {
    if (over) throw new Error(`The run ended after ${log(run).length} lines: ${(await running.ended).stderr}`)
    await wait(2)
  }
}

beforeAll(async () => {
  const { images, labels } = corners(12)
  write(folder, 'corners.npz', writeNpz({ images, labels }))
  await good(['train', '--data', 'corners.npz', '--out', 'whole', ...tiny], folder)
  await good(['train', '--data', 'corners.npz', '--out', 'quick', ...quick, '--quiet'], folder)
}, 180_000)

describe('saltus train', { timeout: 180_000 }, () => {
  it('`train` leaves options, state, log, pictures and model, and nothing else', () => {
    const names = ['checkpoint.npz', 'log.ndjson', 'loss.svg', 'model.onnx', 'run.json', 'samples.png']
    expect(listing(join(folder, 'whole'))).toEqual(names)
    expect(log('whole').map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, k) => k + 1))
    expect(log('whole').at(-1)?.images).toBe(120)
    expect(log('whole').every(({ loss, norm }) => Number.isFinite(loss) && norm > 0)).toBe(true)
    expect(bytes('whole/loss.svg').toString()).toMatch(/^<svg [\s\S]*<\/svg>\s*$/)
    expect(isPng(bytes('whole/samples.png'))).toBe(true)
    const { step, parameters, average } = readNpz(bytes('whole/checkpoint.npz'), 'checkpoint')
    expect(step).toMatchObject({ shape: [] })
    expect(parameters).toMatchObject({ shape: (average as { shape: number[] }).shape })
    expect(JSON.parse(bytes('whole/run.json').toString())).toMatchObject({
      steps: 30,
      base: 8,
      attention: [],
      labels: true,
    })
  })

  it('`train --steps 410` brings the loss of a small network down', () => {
    const losses = log('quick').map(({ loss }) => loss)
    const mean = (some: number[]) => some.reduce((sum, loss) => sum + loss, 0) / some.length
    expect(losses).toHaveLength(205)
    expect(mean(losses.slice(-50))).toBeLessThan(0.9 * mean(losses.slice(0, 20)))
  })

  it('`train --resume` after two kills continues bit for bit', async () => {
    const first = start(['train', '--data', 'corners.npz', '--out', 'killed', ...tiny, ...often], folder)
    await logged(first, 'killed', 4)
    first.child.kill('SIGKILL')
    expect((await first.ended).signal).toBe('SIGKILL')
    const second = start(['train', '--out', 'killed', '--resume', ...often], folder)
    await logged(second, 'killed', log('killed').length + 5)
    second.child.kill('SIGKILL')
    expect((await second.ended).signal).toBe('SIGKILL')
    expect(log('killed').length).toBeLessThan(30)
    await good(['train', '--out', 'killed', '--resume'], folder)
    expect(learned('killed')).toEqual(learned('whole'))
    // The model as well: how long it took to make stands elsewhere.
    for (const name of ['checkpoint.npz', 'model.onnx'])
      expect(bytes(`killed/${name}`).equals(bytes(`whole/${name}`))).toBe(true)
    expect(listing(join(folder, 'killed'))).toEqual(listing(join(folder, 'whole')))
  })

  it('`train` saves on Ctrl-C, says how to go on, and goes on bit for bit', async () => {
    // The log has a line every other step: what counts is a stop between two lines.
    const go = ['train', '--out', 'stopped', '--resume']
    for (let step = 0, stops = 0; step % 2 === 0 && stops < 8; stops++) {
      const first = ['train', '--data', 'corners.npz', '--out', 'stopped', ...quick]
      const running = start(stops === 0 ? first : go, folder)
      await logged(running, 'stopped', step + 10)
      running.child.kill('SIGINT')
      const { status, stderr } = await running.ended
      expect(status).toBe(130)
      const words = /Stopped after step (\d+); go on with: saltus train --out stopped --resume\n/
      expect(stderr).toMatch(words)
      step = Number(words.exec(stderr)?.[1])
    }
    expect(log('stopped').length).toBeLessThan(205)
    await good([...go, '--quiet'], folder)
    expect(learned('stopped')).toEqual(learned('quick'))
    expect(bytes('stopped/checkpoint.npz').equals(bytes('quick/checkpoint.npz'))).toBe(true)
  })

  it('`train` saves when its terminal is closed, and goes on as long as that takes', async () => {
    const running = start(['train', '--data', 'corners.npz', '--out', 'closed', ...quick], folder)
    await logged(running, 'closed', 10)
    running.child.kill('SIGHUP')
    running.child.kill('SIGHUP')
    const { status, stderr } = await running.ended
    expect(status).toBe(130)
    const step = Number(/Stopped after step (\d+); go on with/.exec(stderr)?.[1])
    const { step: saved } = readNpz(bytes('closed/checkpoint.npz'), 'checkpoint') as Record<string, NdArray>
    expect([...saved.data]).toEqual([step])
  })

  it('`train --resume` refuses a folder in which another process trains, but not a lock that one left', async () => {
    const first = start(['train', '--data', 'corners.npz', '--out', 'locked', ...quick, ...often], folder)
    await logged(first, 'locked', 4)
    const resume = ['train', '--out', 'locked', '--resume']
    const { status, stderr } = await saltus(resume, folder)
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(complaint) })
    expect(stderr).toContain(`locked, where process ${first.child.pid} is at work (or delete locked`)
    first.child.kill('SIGKILL')
    await first.ended
    expect(listing(join(folder, 'locked'))).toContain('lock')
    await good([...resume, '--quiet'], folder)
    expect(learned('locked')).toEqual(learned('quick'))
    expect(listing(join(folder, 'locked'))).toEqual(listing(join(folder, 'quick')))
  })

  it('`train --resume` starts again where the run was killed before its first checkpoint', async () => {
    const options = { ...JSON.parse(bytes('whole/run.json').toString()), steps: 2 }
    mkdirSync(join(folder, 'early'))
    write(folder, 'early/run.json', Buffer.from(JSON.stringify(options)))
    await good(['train', '--out', 'early', '--resume', '--process', 'spatial'], folder)
    expect(learned('early')[0].loss).toBe(learned('whole')[0].loss)
  })

  it('`train --resume` refuses options that differ and accepts those that do not', async () => {
    const before = bytes('whole/run.json')
    for (const option of [['--base', '16'], ['--learning-rate', '0.1'], ['--no-labels'], ['--rate', '3']]) {
      const { status, stderr } = await saltus(['train', '--out', 'whole', '--resume', ...option], folder)
      expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(complaint) })
      expect(stderr).toContain(`${option[0]} must be as it was`)
    }
    const same = ['train', '--data', 'corners.npz', '--out', 'whole', '--resume', ...tiny]
    expect((await saltus(same, folder)).status).toBe(0)
    expect(bytes('whole/run.json').equals(before)).toBe(true)
  })

  it('`train` refuses a folder with a run, and `--resume` one without or with other images', async () => {
    const { images, labels } = corners(13)
    write(folder, 'others.npz', writeNpz({ images, labels }))
    write(
      folder,
      'relabelled.npz',
      writeNpz({ images: corners(12).images, labels: { data: new Uint8Array(12), shape: [12] } }),
    )
    const before = listing(folder)
    const calls: [args: string[], status: number][] = [
      [['--data', 'corners.npz', '--out', 'whole'], 2],
      [['--out', 'nowhere', '--resume'], 2],
      [['--data', 'others.npz', '--out', 'whole', '--resume'], 1],
      [['--data', 'relabelled.npz', '--out', 'whole', '--resume'], 1],
    ]
    for (const [args, status] of calls) {
      const ended = await saltus(['train', ...args], folder)
      expect(ended).toMatchObject({ status, stderr: expect.stringMatching(complaint) })
    }
    expect(listing(folder)).toEqual(before)
  })

  it('`train` stops at NaN with status 1 and keeps the last good state', async () => {
    const wild = ['--learning-rate', '1e38', '--warmup', '0', ...often]
    const run = ['train', '--data', 'corners.npz', '--out', 'wild', ...tiny, ...wild]
    const { status, stderr } = await saltus(run, folder)
    expect(status).toBe(1)
    const last = stderr.trimEnd().split('\n').at(-1) ?? ''
    const where =
      /^Cannot go on training: .* at step (\d+) must be finite, got .*wild\/checkpoint\.npz holds .* step (\d+)$/
    expect(last).toMatch(where)
    const [, failed, kept] = (where.exec(last) ?? []).map(Number)
    expect(kept).toBe(Math.max(0, failed - 1))
    const state = readNpz(bytes('wild/checkpoint.npz'), 'checkpoint') as Record<
      string,
      { data: Float32Array }
    >
    expect(state.step.data[0]).toBe(kept)
    expect(state.parameters.data.every(value => Math.abs(value) < 10)).toBe(true)
  })

  it('`train --accumulate` sums micro-batches', async () => {
    const run = [...network, '--steps', '3', '--batch', '2', '--accumulate', '3']
    await good(['train', '--data', 'corners.npz', '--out', 'summed', ...run], folder)
    expect(log('summed').map(({ images }) => images)).toEqual([6, 12, 18])
    expect(log('summed').every(({ loss, norm }) => Number.isFinite(loss) && norm > 0)).toBe(true)
  })

  it('`train` reads a folder of PNGs whose sub-folders are the classes', async () => {
    const { images, labels } = corners(6)
    for (let i = 0; i < 6; i++) {
      mkdirSync(join(folder, 'pngs', `corner ${labels.data[i]}`), { recursive: true })
      const picture = { data: images.data.subarray(64 * i, 64 * (i + 1)) as Uint8Array, shape: [1, 8, 8] }
      write(folder, `pngs/corner ${labels.data[i]}/${i}.png`, writePng(picture))
    }
    const run = [
      ...network,
      '--steps',
      '1',
      '--batch',
      '2',
      '--schedule',
      'designed',
      '--boundary',
      'periodic',
    ]
    await good(['train', '--data', 'pngs', '--out', 'from-pngs', ...run], folder)
    const { stdout } = await good(['info', 'from-pngs/model.onnx', '--json'], folder)
    const { data, schedule, process } = JSON.parse(stdout)
    expect(data).toMatchObject({ name: 'pngs', count: 6, classes: ['corner 0', 'corner 1', 'corner 2'] })
    expect(schedule.kind).toBe('designed')
    expect(process.boundaries).toEqual(['periodic', 'periodic'])
  })

  const python = pythonWith('onnx')
  it.skipIf(python === undefined)(
    'its model passes the checker of ONNX (skipped where Python has no onnx)',
    () => {
      const script = `
import json, onnx, sys
model = onnx.load(sys.argv[1])
# An older onnx checks by the newest operators that it knows.
model.ir_version = min(model.ir_version, onnx.IR_VERSION)
model.opset_import[0].version = min(model.opset_import[0].version, onnx.defs.onnx_opset_version())
onnx.checker.check_model(model, full_check=True)
shape = lambda value: [d.dim_value for d in value.type.tensor_type.shape.dim]
print(json.dumps([{v.name: shape(v) for v in values} for values in (model.graph.input, model.graph.output)]))`
      const ended = spawnSync(python as string, ['-c', script, join(folder, 'whole/model.onnx')], {
        encoding: 'utf8',
      })
      expect(ended.stderr).toBe('')
      expect(JSON.parse(ended.stdout)).toEqual([
        { counts: [16, 1, 8, 8], time: [16], label: [16] },
        { origin: [16, 1, 8, 8] },
      ])
    },
  )
})
