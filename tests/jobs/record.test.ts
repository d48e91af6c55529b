import { describe, expect, it } from 'vitest'
import { loadImages } from '../../src/jobs/input/images.ts'
import { writtenImages } from '../../src/jobs/output/image-writers.ts'
import { writtenLabels } from '../../src/jobs/output/label-writers.ts'
import { jobRecord, recordText, sha256 } from '../../src/jobs/record.ts'
import { recordIn } from '../../src/jobs/recorded.ts'

const record = jobRecord({
  job: { kind: 'generate', model: 'größe "{}\\" 岩.onnx', seed: 3, mass: [[1, 2]] },
  sha256: { mnist: 'ab' },
  fingerprint: 'somewhere 1',
})

describe('the record of a job', () => {
  it('is one line of ASCII', () => {
    expect(recordText(record)).toMatch(/^[ -~]+$/)
    expect(JSON.parse(recordText(record))).toEqual(record)
  })

  it('is read again out of every file that can hold it', () => {
    const images = { counts: Int32Array.from({ length: 32 }, (_, i) => i), shape: [2, 1, 4, 4] as const }
    const set = { labels: Uint8Array.from({ length: 32 }, (_, i) => i % 2), shape: [2, 4, 4] }
    const about = { model: 'm', seed: 1, record }
    const written = [
      ...['a.png', 'a.npz'].flatMap(name => writtenImages(name, images, { record })),
      ...['b.tif', 'b.png', 'b.npz', 'b.vti', 'b.nrrd', 'b.mhd'].flatMap(name =>
        writtenLabels(name, set, { about }),
      ),
      ...writtenLabels('one.png', { labels: set.labels.subarray(16), shape: [1, 4, 4] }, { about }),
    ].filter(({ name }) => !name.endsWith('.raw'))
    expect(written.length).toBe(12)
    for (const { name, bytes } of written) expect(recordIn(bytes, name), name).toEqual(record)
  })

  it('tells pictures that were drawn to be looked at from images, by one sentence', () => {
    const images = { counts: Int32Array.from({ length: 32 }, (_, i) => i), shape: [2, 1, 4, 4] as const }
    const read = (bytes: Uint8Array) =>
      loadImages('in/x.png', {
        files: { below: () => undefined, read: () => bytes, model: () => expect.unreachable() },
      })
    const [drawn] = writtenImages('x.png', images, { captions: ['6', '22'], record })
    expect(() => read(drawn.bytes)).toThrow(
      'Cannot read x.png: it must be the samples themselves (saltus run x.png --out samples.npz writes them), got',
    )
    // Anybody else's picture, and the labels of one sample, are images.
    const [other] = writtenImages('x.png', images)
    expect(read(other.bytes).count).toBe(1)
    const labels = { labels: Uint8Array.from({ length: 16 }, (_, i) => i % 2), shape: [1, 4, 4] }
    const [single] = writtenLabels('one.png', labels, { about: { model: 'm', seed: 1, record } })
    expect(read(single.bytes).shape).toEqual([3, 4, 4])
  })

  it('is missed with one line where a file has none, whatever it holds', () => {
    const text = (words: string) => new TextEncoder().encode(words)
    for (const bytes of [
      text(''),
      text('PNG'),
      text('{"saltus":"'),
      text('{"saltus":"1"}'),
      text('{"saltus":"1","job":7}'),
    ])
      expect(() => recordIn(bytes, 'x.bin')).toThrow(
        'Cannot repeat x.bin: the file must be one that a job of saltus wrote',
      )
  })

  it('holds SHA-256 (FIPS 180-4, the vector of "abc")', async () => {
    expect(await sha256(new TextEncoder().encode('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
  })
})
