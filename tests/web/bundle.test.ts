// What a page has to fetch before it can draw.
import { beforeAll, describe, expect, it } from 'vitest'
import { type Bundle, bundled, packedSize } from './bundle.ts'

const kilobyte = 1000

describe("the module 'saltus/web'", () => {
  let bundle: Bundle
  beforeAll(async () => {
    bundle = await bundled()
  })

  it('is at most 100 kB packed without the runtime, all that a first drawing needs', () => {
    const size = packedSize(bundle, bundle.first)
    expect(size).toBeGreaterThan(20 * kilobyte)
    expect(size).toBeLessThanOrEqual(100 * kilobyte)
    expect(bundle.sources).toContain('src/jobs/generate/generate.ts')
    expect(bundle.sources).toContain('src/jobs/generate/material.ts')
  })

  it('loads what trains, completes and reads foreign formats when it is asked for, and never what is of a machine', () => {
    const others = [...bundle.files].filter(([name]) => !bundle.first.has(name)).map(([, code]) => code)
    for (const path of [
      'src/formats/tiff/writer.ts',
      'node_modules/fast-png/lib/index.js',
      'src/jobs/train/train.ts',
      'src/jobs/complete/complete.ts',
      'src/formats/tiff/reader.ts',
    ])
      expect(bundle.sources).not.toContain(path)
    expect(others.length).toBeGreaterThan(2)
    const all = [...bundle.files.values()].join('\n')
    for (const module of ['node:', 'linkedom', 'cli-progress', 'commander'])
      expect(all).not.toContain(`"${module}`)
    const runtimes = [...all.matchAll(/(["'`])(onnxruntime-[^"'`]+)\1/g)].map(([, , name]) => name)
    expect(new Set(runtimes)).toEqual(
      new Set(['onnxruntime-web', 'onnxruntime-web/wasm', 'onnxruntime-web/webgpu']),
    )
  })

  it('has no code made of texts', () => {
    for (const [name, code] of bundle.files)
      expect([name, /\beval\(|new Function\(/.test(code)]).toEqual([name, false])
  })
})
