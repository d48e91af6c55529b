// What stands in the release beside the code: the public surface, the models, and what it needs.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { indexNow, readIndex } from '../scripts/model-index.ts'
import { surfacePage } from '../scripts/surface.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const text = (name: string) => readFileSync(`${root}${name}`, 'utf8')

describe('the release', () => {
  it('docs/surface.md is what a program can import (npm run surface)', () => {
    const page = surfacePage()
    expect(page).toBe(text('docs/surface.md'))
    // What every program needs is there, with its call.
    expect(page).toContain('\nsample: function sample(options: SampleOptions): Promise<Sampled>;\n')
    expect(page).not.toMatch(/: \? /)
  })

  it('models/index.json has the hash of every shipped model as its last version (npm run models)', () => {
    const index = readIndex()
    expect(indexNow(index)).toEqual(index)
    const [name] = Object.keys(index)
    const changed = { ...index, [name]: [{ version: 1, sha256: 'other', bytes: 1 }] }
    expect(indexNow(changed)[name].map(({ version }) => version)).toEqual([1, 2])
  })

  it('needs nothing native of who only wants the core', () => {
    const { dependencies, optionalDependencies, peerDependenciesMeta } = JSON.parse(text('package.json'))
    expect(Object.keys(dependencies)).not.toContain('onnxruntime-node')
    expect(Object.keys(optionalDependencies)).toEqual(['onnxruntime-node'])
    expect(peerDependenciesMeta.koffi.optional).toBe(true)
  })
})
