import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeNpy } from '../../src/formats/npy.ts'
import type { Context } from '../../src/jobs/context.ts'
import { bits, bitsSchema } from '../../src/jobs/evaluate/bits.ts'
import { generateSchema } from '../../src/jobs/generate/asking.ts'
import { generate, generatePlan, recordOf } from '../../src/jobs/generate/generate.ts'
import { measureSchema } from '../../src/jobs/measure/fields.ts'
import { measure } from '../../src/jobs/measure/measure.ts'
import { checked } from '../../src/jobs/schema.ts'
import { bitsOf, bitsShard } from '../../src/jobs/shard/bits.ts'
import { drawShard, joined, shardOf } from '../../src/jobs/shard/draw.ts'
import { measureShard } from '../../src/jobs/shard/measure.ts'
import { whole } from '../../src/jobs/shard/shard.ts'
import { machineFiles } from '../../src/node/machine.ts'
import { arrayIn, finished, linesIn, makePart, mergeArrays } from '../../src/node/shard-folder.ts'
import { onnxruntimeNode } from '../../src/runtime/onnxruntime-node.ts'
import { corners, temporary, untrained, write } from '../cli/saltus.ts'

const folder = temporary()
const at = (name: string) => join(folder, name)
const context: Context = { runtime: onnxruntimeNode(), files: machineFiles, threads: 1 }
const shards = [0, 1, 2].map(index => ({ index, of: 3 }))

const model = at(write(folder, 'model.onnx', untrained()))
const rock = at(write(folder, 'rock.onnx', untrained({ phases: ['pore', 'grain', 'clay'] })))
const images = { model, count: 10, seed: 7, mass: '50:400', calls: 3 }

/** Draws a shard of a job into a folder. */
async function part(told: object, index: number, into: string, of = 3) {
  const job = checked('draw', generateSchema, told)
  const plan = await generatePlan(job, context)
  const record = await recordOf(plan, { kind: 'generate', ...job }, { fingerprint: '', files: machineFiles })
  const drawing = shardOf(plan.drawing, { index, of })
  const { saltus, job: noted, sha256: read } = record
  const planned = { total: drawing.masses.length, saltus, job: noted, read }
  return makePart(
    at(into),
    { index, of },
    {
      planned,
      async make() {
        const { array, range, fingerprint } = await drawShard(drawing, context)
        return { content: array, range, fingerprint }
      },
    },
  )
}

/** All samples of a job, drawn at once and in shards. */
async function both(told: object, into: string) {
  const job = checked('draw', generateSchema, told)
  const all = await generate(job, context)
  for (const { index } of shards) await part(told, index, into)
  const { notes, fingerprint } = whole(finished(at(into)), { name: into })
  const [{ saltus, job: noted, read }] = notes
  const record = { saltus, job: noted, sha256: read, fingerprint }
  const parts = notes.map(note => arrayIn(at(into), note))
  mergeArrays(at(into), notes, at(`${into}.npy`))
  return {
    all,
    union: joined(await generatePlan(job, context), parts, record),
    npy: readFileSync(at(`${into}.npy`)),
  }
}

describe('a folder of parts', { timeout: 120_000 }, () => {
  it('holds the images of a job: merged they are the bytes of all formats that the job writes at once', async () => {
    for (const [told, into, names] of [
      [images, 'images', ['a.npz', 'a.npy', 'a.png']],
      [{ model: rock, count: 9, porosity: '0.2:0.5', calls: 3 }, 'rocks', ['a.tif', 'a.npy', 'a.npz']],
    ] as const) {
      const { all, union, npy } = await both(told, into)
      expect(union.record).toEqual(all.record)
      for (const name of names) expect(await union.files(name), name).toEqual(await all.files(name))
      expect(npy.equals((await all.files('a.npy'))[0].bytes)).toBe(true)
    }
    const widths = finished(at('images')).map(({ array, range }) => [
      array?.element,
      array?.shape[0],
      ...range,
    ])
    expect(widths).toEqual([
      ['u1', 4, 0, 4],
      ['u1', 4, 4, 8],
      ['u1', 2, 8, 10],
    ])
  })

  it('is merged as wide as its widest part', async () => {
    const planned = { total: 3, saltus: '0', read: {}, job: { kind: 'generate' } }
    const contents = [Uint8Array.of(1, 255), Uint16Array.of(1000)]
    for (const [index, data] of contents.entries())
      await makePart(
        at('wide'),
        { index, of: 2 },
        {
          planned,
          make: async () => ({
            content: { data, shape: [data.length, 1] },
            range: [2 * index, 2 + index],
            fingerprint: 'f',
          }),
        },
      )
    mergeArrays(at('wide'), finished(at('wide')), at('wide.npy'))
    const expected = writeNpy({ data: Uint16Array.of(1, 255, 1000), shape: [3, 1] })
    expect(new Uint8Array(readFileSync(at('wide.npy')))).toEqual(expected)
  })

  it('keeps a finished part as it is, and draws one that was changed or lost again, the same', async () => {
    const path = at('images/part-00001.npy')
    const [before, { mtimeMs }] = [readFileSync(path), statSync(path)]
    expect(await part(images, 1, 'images')).toMatchObject({ made: false, note: { range: [4, 8] } })
    expect(statSync(path).mtimeMs).toBe(mtimeMs)
    writeFileSync(path, Buffer.from(before).fill(7, 130))
    expect(finished(at('images')).map(({ shard }) => shard[0])).toEqual([0, 2])
    expect((await part(images, 1, 'images')).made).toBe(true)
    expect(readFileSync(path).equals(before)).toBe(true)
    const notes = finished(at('images'))
    writeFileSync(path, Buffer.from(before).fill(7, 130))
    expect(() => mergeArrays(at('images'), notes, at('no.npy'))).toThrow('part 1 must be as it was noted')
    expect(existsSync(at('no.npy'))).toBe(false)
    rmSync(path)
    expect((await part(images, 1, 'images')).made).toBe(true)
  })

  it('takes no part of another job, nor of as many others', async () => {
    const refused = 'its parts must be of this job, got "those of another'
    await expect(part({ ...images, seed: 8 }, 0, 'images')).rejects.toThrow(refused)
    await expect(part(images, 0, 'images', 2)).rejects.toThrow(refused)
  })

  it('holds bits and measurements: merged they are what the whole gives', async () => {
    write(folder, 'corners.npy', writeNpy(corners(9).images))
    const told = { model, reference: at('corners.npy'), count: 9, draws: 2 }
    const job = checked('evaluate', bitsSchema, told)
    for (const shard of shards) await makePart(at('bits'), shard, await bitsShard(job, shard, context))
    const { notes } = whole(finished(at('bits')), { name: 'bits' })
    const report = bitsOf(
      notes,
      notes.map(note => arrayIn(at('bits'), note)),
    )
    expect(report).toEqual(await bits(job, context))
    const files = shards.map(({ index }) => at(`rocks/part-0000${index}.npy`))
    const measured = checked('measure', measureSchema, { files, only: 'specificSurface' })
    for (const shard of shards) await makePart(at('measured'), shard, measureShard(measured, shard, context))
    const lines = finished(at('measured')).map(note => linesIn(at('measured'), note))
    const { records } = await measure(measured, context)
    expect(lines.join('')).toBe(
      records()
        .map(record => `${JSON.stringify(record)}\n`)
        .join(''),
    )
  })
})
