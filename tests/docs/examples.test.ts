// The examples, run as they stand, and the code of the README, which is theirs.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { readTiff } from '../../src/formats/tiff/reader.ts'
import { recordIn } from '../../src/jobs/recorded.ts'
import { temporary } from '../cli/saltus.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const folder = temporary()
const before = process.cwd()
afterAll(() => process.chdir(before))

/** Runs an example in an empty folder; returns what it prints. */
async function run(name: string): Promise<unknown[][]> {
  process.chdir(folder)
  const said = vi.spyOn(console, 'log').mockImplementation(() => {})
  try {
    await import(`../../examples/${name}.ts`)
    return said.mock.calls
  } finally {
    said.mockRestore()
  }
}

describe('examples', { timeout: 180_000 }, () => {
  it('rock.ts writes a stack of exactly the porosity it asks for, with its job in the header', async () => {
    const [[said, , fractions]] = await run('rock')
    expect(said).toMatch(/^porosity 0\.199951, pores 819 of 4096 .*: equal$/)
    expect(fractions).toHaveLength(4)
    const bytes = new Uint8Array(readFileSync(join(folder, 'rock.tif')))
    const { data } = await readTiff(bytes, 'rock.tif')
    // 0.2 of 4,096 voxels is 819.2.
    expect(Array.from(data as ArrayLike<number>).filter(label => label === 0)).toHaveLength(4 * 819)
    expect(recordIn(bytes, 'rock.tif').job).toMatchObject({ kind: 'generate', model: 'berea', seed: 1 })
    expect(existsSync(join(folder, 'rock.png'))).toBe(true)
  })

  it('own.ts trains, tells of every step, and draws what it has learned with the mass asked for', async () => {
    const said = await run('own')
    expect(said).toHaveLength(42)
    expect(said.at(-1)).toEqual([[[180], [180]]])
    const [first, last] = [...String(said[40][0]).matchAll(/[\d.]+/g)].map(([number]) => Number(number))
    expect(last).toBeLessThan(first)
  })

  it('walk.ts ends where the only image of its law is', async () => {
    expect(await run('walk')).toEqual([[26_000]])
  })

  it('the README shows them as they are', () => {
    const shown = [...read('README.md').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code)
    expect(shown.length).toBeGreaterThan(0)
    const examples = readdirSync(join(root, 'examples')).map(name => read(`examples/${name}`))
    for (const code of shown)
      expect(
        examples.some(text => text.includes(code)),
        code,
      ).toBe(true)
  })
})
