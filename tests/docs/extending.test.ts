// The worked example of docs/extending.md: it is the file that it says it is, and that passes what every process passes.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type ForgetDescription, forget } from '../../examples/forget.ts'
import { grids } from '../process/known-process.ts'
import { processConformance } from '../process/process.conformance.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const blocks = [...read('docs/extending.md').matchAll(/```ts\n([\s\S]*?)```/g)].map(match => match[1])
const changes = [0, 1].flatMap(x => [0, 1, 2].map(b => ({ x, b })))

// As in the page:
processConformance('forget()', {
  process: forget({ lengths: [2], states: 3, rate: 9 }),
  rebuild: description => forget(description as ForgetDescription),
  states: grids(2, 2),
  forward: state => changes.map(({ x, b }) => [state.with(x, b), state[x] === b ? 0 : 1 / 3]),
  reverse: (state, { x, j }) => (state[x] === j ? undefined : state.with(x, j)),
  data: ([a, b]) => 1 + ((5 * a + 3 * b) % 4) ** 2,
  limit: () => 1,
  conserved: () => [],
  undo: 'known n_0',
  within: state => state.every(a => a >= 0 && a < 3),
})

describe('docs/extending.md', () => {
  it('shows the example as it is, of what a package has alone', () => {
    expect(blocks[0]).toBe(read('examples/forget.ts'))
    expect([...blocks[0].matchAll(/from '(.*)'/g)].map(([, from]) => from)).toEqual(['saltus'])
  })

  it('shows what is run here', () => {
    expect(read('tests/docs/extending.test.ts')).toContain(blocks[1])
  })

  it('tells every member that a process must have', () => {
    const members = [
      ...read('src/process/process.ts')
        .split('export interface JumpProcess')[1]
        .matchAll(/^ {2}(?:readonly )?(\w+)[?(:]/gm),
    ]
    expect(members.length).toBeGreaterThan(15)
    for (const [, name] of members)
      if (!['description', 'channels', 'sites', 'shape', 'conserved', 'rate'].includes(name))
        expect(read('docs/extending.md'), name).toContain(`\`${name}`)
  })
})
