// The rules of the house that a machine can check.
import { describe, expect, it } from 'vitest'
import { codeOf, cycle, importsOf, reachable, sources } from './house.ts'

const src = sources('src')
const all = sources('src', 'bin', 'bench', 'scripts', 'tests')

/** An import only ever goes down. */
const floors: Record<string, number> = {
  base: 0,
  lattice: 1,
  schedule: 1,
  tensor: 1,
  runtime: 1,
  formats: 1,
  // The walk goes on a lattice.
  walk: 2,
  graph: 1,
  process: 3,
  network: 3,
  metrics: 3,
  structure: 3,
  physics: 3,
  clustering: 3,
  embedding: 3,
  sampling: 4,
  model: 5,
  training: 6,
  inspection: 6,
  restoration: 6,
  jobs: 7,
  node: 8,
  web: 8,
  'index.ts': 9,
  'node.ts': 9,
  'web.ts': 9,
  cli: 10,
}

const room = (path: string) => path.split('/')[1]

/** The paths of files of which something is true. */
const those = (files: ReadonlyMap<string, string>, holds: (text: string, path: string) => boolean) =>
  [...files].filter(([path, text]) => holds(text, path)).map(([path]) => path)

describe('the house', () => {
  it('imports only go down, and rooms of one floor know nothing of each other', () => {
    const wrong: string[] = []
    let seen = 0
    for (const [path, text] of src) {
      for (const name of importsOf(path, text)) {
        if (!name.startsWith('src/') || room(name) === room(path)) continue
        seen++
        if (!(floors[room(path)] > floors[room(name)])) wrong.push(`${path} -> ${name}`)
      }
    }
    expect(wrong).toEqual([])
    expect(seen).toBeGreaterThan(100)
  })

  it('no import leads back to where it began', () => {
    expect(cycle(src)).toBeUndefined()
    const round = new Map([
      ['src/a.ts', "import { b } from './b.ts'\nexport const a = b"],
      ['src/b.ts', "export * from './c.ts'"],
      ['src/c.ts', "import type { a } from './a.ts'"],
    ])
    expect(cycle(round)).toEqual(['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/a.ts'])
  })

  it('relative imports name files that are there', () => {
    const wrong: string[] = []
    for (const [path, text] of src)
      for (const name of importsOf(path, text)) {
        // A worker is named as it is compiled.
        const file = name.replace(/worker\.js$/, 'worker.ts')
        if (name.startsWith('src/') && !src.has(file)) wrong.push(`${path} -> ${name}`)
      }
    expect(wrong).toEqual([])
  })

  it('only the command line and the adapter for Node know Node', () => {
    const nodes = those(src, (text, path) => importsOf(path, text).some(name => name.startsWith('node:')))
    const [adapter, portable] = ['src/runtime/onnxruntime-node.ts', 'src/runtime/onnxruntime-web.ts']
    expect(nodes.filter(path => !/^src\/(?:cli|node)\//.test(path) && path !== adapter)).toEqual([])
    const runtimes = those(src, (text, path) =>
      importsOf(path, text).some(name => name.startsWith('onnxruntime')),
    )
    expect(runtimes).toEqual([adapter, portable])
    const globals =
      /\b(?:Buffer|__dirname|__filename|require)\b|\bprocess\.(?:env|argv|cwd|exit|stdout|stderr|platform|hrtime)\b/
    expect(
      those(src, (text, path) => !/^src\/(?:cli|node)\//.test(path) && globals.test(codeOf(text))),
    ).toEqual([])
  })

  it('no file has more than 350 lines', () => {
    expect(those(all, text => text.split('\n').length > 351)).toEqual([])
  })

  it('no type is `any`, no state of a module can change', () => {
    expect(those(src, text => /(?<![.\w])any(?![\w(])/.test(codeOf(text)))).toEqual([])
    expect(those(src, text => /^(?:export )?(?:let|var)\b/m.test(codeOf(text)))).toEqual([])
    // The test itself sees them.
    expect(/(?<![.\w])any(?![\w(])/.test(codeOf('const x: any = 1 // no comment'))).toBe(true)
    expect(/(?<![.\w])any(?![\w(])/.test(codeOf("Promise.any([]) // any\nconst y = 'any'"))).toBe(false)
  })

  it('every source begins with words on what it is, and has a name that says so', () => {
    const code = sources('src', 'bench', 'scripts')
    expect(those(code, text => !/^(?:\/\/ \S|\/\*\*(?: \S|\n \* \S))/.test(text))).toEqual([])
    expect(those(all, (_, path) => /(?:utils?|helpers?|common|manager|misc)\.[tj]s$/.test(path))).toEqual([])
  })
})

describe("src/index.ts, the module 'saltus'", () => {
  it('reaches nothing of Node and of its runtime', () => {
    const { files, modules } = reachable('src/index.ts', src)
    expect(files.size).toBeGreaterThan(60)
    expect([...modules].filter(name => name.startsWith('node:') || name.startsWith('onnxruntime'))).toEqual(
      [],
    )
    expect([...files].filter(path => path.startsWith('src/cli/'))).toEqual([])
    expect([...reachable('src/node.ts', src).modules]).toContain('onnxruntime-node')
    const page = [...reachable('src/web.ts', src).modules]
    expect(page).toContain('onnxruntime-web/wasm')
    expect(page.filter(name => name.startsWith('node:') || name === 'onnxruntime-node')).toEqual([])
  })

  it('fits on one screen', () => {
    expect(src.get('src/index.ts')?.split('\n').length).toBeLessThanOrEqual(60)
  })

  it('hands on what the README uses, and nothing undefined', async () => {
    const surface: Record<string, unknown> = await import('../src/index.ts')
    for (const name of [
      'lattice',
      'spatial',
      'random',
      'sample',
      'ancestral',
      'multistep',
      'cfl',
      'schedule',
      'decodeModelFile',
      'originFunction',
    ])
      expect(surface[name], name).toBeTypeOf('function')
    expect(Object.entries(surface).filter(([, value]) => value === undefined)).toEqual([])
    expect(surface.tensor).toHaveProperty('gradient')
  })
})
