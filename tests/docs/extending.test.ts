// The worked example of docs/extending.md: it is the file that it says it is, and that passes what every process passes.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type TeleportDescription, teleport } from '../../examples/teleport.ts'
import { grids, type State } from '../process/known-process.ts'
import { processConformance } from '../process/process.conformance.ts'

const root = new URL('../../', import.meta.url).pathname
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const blocks = [...read('docs/extending.md').matchAll(/```ts\n([\s\S]*?)```/g)].map(match => match[1])

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))
const massOf = (state: State) => state.reduce((sum, n) => sum + n, 0)
const places = grids(2, 2).map(([x, j]) => ({ x, j }))
const jumped = (state: State, { x, j }: { x: number; j: number }) =>
  x === j || state[x] === 0 ? undefined : state.with(x, state[x] - 1).with(j, state[j] + 1)

// As in the page:
const states = grids(3, 3).filter(state => massOf(state) === 3)
const thrown = (state: State) => 1 / state.reduce((product, n) => product * factorial(n), 1)
processConformance('teleport()', {
  process: teleport({ sites: 3, rate: 2 }),
  rebuild: description => teleport(description as TeleportDescription),
  states,
  forward: state => places.map(({ x, j }) => [jumped(state, { x, j }) ?? state, x === j ? 0 : state[x]]),
  reverse: jumped,
  data: state => 1 + ((5 * state[0] + 3 * state[1]) % 4) ** 2,
  limit: thrown,
  even: thrown,
  conserved: state => [massOf(state)],
  settled: false,
  bridgeIs: 'a hop',
})

describe('docs/extending.md', () => {
  it('shows the example as it is, in src/process', () => {
    const there = (text: string) => text.replaceAll("'../src/process/", "'./").replaceAll("'../src/", "'../")
    expect(blocks[0]).toBe(there(read('examples/teleport.ts')))
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
