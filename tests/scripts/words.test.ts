// Scripts that are called without what they work on: one line that says what it is, no stack.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { demandWords } from '../../scripts/words.ts'

const folder = fileURLToPath(new URL('../../scripts', import.meta.url))

afterEach(() => {
  vi.restoreAllMocks()
})

describe('demandWords()', () => {
  it('gives the words back where they are enough, and ends with one line and status 2 where they are not', () => {
    expect(demandWords('a.js MODEL DATA', ['x', 'y', 'z'])).toEqual(['x', 'y', 'z'])
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never)
    const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    demandWords('a.js MODEL DATA', ['x'])
    expect(exit).toHaveBeenCalledWith(2)
    expect(told.mock.calls).toEqual([['Cannot run: a.js must be told MODEL DATA, got ["x"]\n']])
  })

  it('is asked by every script that takes words, by its own name, unless it has all of them by itself', () => {
    // Those that do something of their own where nothing is said.
    const alone = ['graphs.ts', 'slurm.ts', 'studio-pictures.ts']
    const scripts = readdirSync(folder).filter(name => name.endsWith('.ts') && !alone.includes(name))
    const text = (name: string) => readFileSync(`${folder}/${name}`, 'utf8')
    const taking = scripts.filter(name => /allowPositionals: true|argv(\.slice\(2\)|\[2\])/.test(text(name)))
    expect(taking.length).toBeGreaterThan(15)
    for (const name of taking)
      expect(text(name)).toMatch(new RegExp(`demandWords\\(\\s*'${name.replace('.ts', '.js')} `))
  })
})
