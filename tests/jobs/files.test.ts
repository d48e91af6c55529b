// Names and paths as Windows and everything else have them: jobs take them apart by themselves, in browsers too.
import { readFileSync } from 'node:fs'
import { posix, win32 } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endingOf, folderOf, joined, nameOf, stemOf } from '../../src/jobs/files.ts'
import { quoted } from '../../src/jobs/words.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const part = fc.stringMatching(/^[a-z0-9 _-]{1,6}(\.[A-Za-z0-9]{1,4})?$/)
const parts = fc.array(part, { minLength: 1, maxLength: 4 })

describe('paths of jobs', () => {
  it.each([
    ['Windows', win32, 'C:\\data\\'],
    ['Windows, in a share', win32, '\\\\host\\share\\'],
    ['Windows with forward slashes', win32, 'C:/data/'],
    ['POSIX', posix, '/data/'],
    ['POSIX, relative', posix, ''],
  ] as const)('are taken apart as %s does', (_, system, beginning) => {
    fc.assert(
      fc.property(parts, names => {
        const path = beginning + names.join(beginning.includes('/') ? '/' : system.sep)
        expect(nameOf(path)).toBe(system.basename(path))
        expect(endingOf(path)).toBe(system.extname(path).toLowerCase())
        expect(folderOf(path) + nameOf(path)).toBe(path)
        expect(stemOf(path) + path.slice(path.length - endingOf(path).length)).toBe(path)
        const beside = joined(folderOf(path), 'a.npy')
        expect(system.normalize(beside)).toBe(system.join(system.dirname(path), 'a.npy'))
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  it('are quoted for a shell where they hold what it would read', () => {
    expect(quoted('C:\\data\\digits.npy')).toBe("'C:\\data\\digits.npy'")
    expect(quoted('my data/digits.npy')).toBe("'my data/digits.npy'")
    expect(quoted('data/digits.npy')).toBe('data/digits.npy')
  })
})

describe('the package on other systems', () => {
  const text = (name: string) => readFileSync(`${root}${name}`, 'utf8')

  it('has forward slashes in its manifest and a first line that a shell can read', () => {
    const { bin, exports, files } = JSON.parse(text('package.json'))
    expect(JSON.stringify([bin, exports, files])).not.toContain('\\')
    expect(text('bin/saltus.js')).toMatch(/^#!\/usr\/bin\/env node\n/)
  })

  it('is checked out with the line ends that its tests compare, and damaged files as they are', () => {
    expect(text('.gitattributes')).toMatch(/^\* text=auto eol=lf$/m)
    expect(text('.gitattributes')).toMatch(/^tests\/fuzz\/corpus\/\*\* -text$/m)
    for (const name of ['docs/commands.md', 'docs/surface.md', 'package.json', 'src/index.ts'])
      expect(text(name), name).not.toContain('\r')
  })
})
