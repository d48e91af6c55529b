// What stands in the release beside the code: the public surface, the models, and what it needs.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { indexNow, readIndex } from '../scripts/model-index.ts'
import { sbom } from '../scripts/sbom.ts'
import { surfacePage } from '../scripts/surface.ts'
import { citation } from '../src/model/citation.ts'

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

  it('sbom.json names all that is installed with it, with versions, hashes and licences (npm run sbom)', () => {
    expect(text('sbom.json')).toBe(sbom())
    const { components } = JSON.parse(sbom()) as { components: { name: string; licenses?: unknown }[] }
    const names = components.map(({ name }) => name)
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(text('package.json'))
    const shipped = Object.keys({ ...dependencies, ...optionalDependencies })
    expect(names).toEqual(expect.arrayContaining(shipped))
    expect(names.filter(name => name in devDependencies && !shipped.includes(name))).toEqual(['@types/node'])
    expect(components.filter(({ licenses }) => !licenses)).toEqual([])
  })

  it('CITATION.cff and citation() say the same', () => {
    const cff = text('CITATION.cff')
    const field = (name: string) => new RegExp(`^ *(?:- )?${name}: "?([^"\n]+)"?$`, 'm').exec(cff)?.[1]
    const { version, license } = JSON.parse(text('package.json'))
    const told = citation({ process: { kind: 'spatial' }, sampling: { kind: 'ancestral' } } as Parameters<
      typeof citation
    >[0])
    expect(told).toContain(
      `  title = {${field('title')}},\n  author = {{${field('name')}}},\n  version = {${version}}\n`,
    )
    expect([field('version'), field('license'), field('type')]).toEqual([version, license, 'software'])
  })

  it('needs nothing native of who only wants the core', () => {
    const { dependencies, optionalDependencies, peerDependenciesMeta } = JSON.parse(text('package.json'))
    expect(Object.keys(dependencies)).not.toContain('onnxruntime-node')
    expect(Object.keys(optionalDependencies)).toEqual(['onnxruntime-node'])
    expect(peerDependenciesMeta.koffi.optional).toBe(true)
  })
})
