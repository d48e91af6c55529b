// The public surface, given anything in place of anything: what is refused is refused in a sentence.
import { describe, expect, it } from 'vitest'
import { demandGiven } from '../../src/base/given.ts'
import * as surface from '../../src/index.ts'
import * as machine from '../../src/node.ts'

/** What a program may give in place of anything. */
const strangers = [undefined, null, Number.NaN, -1, 3, 'x', {}, [], [[]], () => 0, true, new Uint8Array(3)]

/** Every function of a module, and of the modules in it; classes say by themselves that they want `new`. */
function functionsOf(module: object): [string, (...args: unknown[]) => unknown][] {
  return Object.entries(module).flatMap(([name, value]) => {
    if (typeof value === 'function') return /^class /.test(String(value)) ? [] : [[name, value]]
    // The rules of tensor operations are no calls of anybody's.
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
    return functionsOf(value).map(([inner, f]) => [`${name}.${inner}`, f])
  }) as [string, (...args: unknown[]) => unknown][]
}

const grammar = /^Cannot .+: .+ must .+, got /s

/** What a call threw that is no sentence; work that is begun is gone on with for a while. */
async function raw(
  f: (...args: unknown[]) => unknown,
  args: readonly unknown[],
): Promise<string | undefined> {
  try {
    const begun = (await f(...args)) as { next?: () => { done: boolean } } | undefined
    if (typeof begun?.next === 'function') for (let i = 0; i < 20 && !begun.next().done; i++);
    return undefined
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error)
    return grammar.test(told) ? undefined : `${args.map(arg => typeof arg)}: ${told}`
  }
}

describe.each<[string, object]>([
  ['saltus', surface],
  ['saltus/node', machine],
])('%s', (_, module) => {
  const all = functionsOf(module)

  it.each(all)('%s() answers strangers in the grammar of errors', async (_name, f) => {
    const calls = [
      [],
      ...strangers.flatMap(a => [[a], [a, a], [a, a, a]]),
      ...strangers.flatMap(a => ['x', {}, [], new Uint8Array(3)].map(b => [b, a])),
    ]
    const found = new Set<string | undefined>()
    for (const args of calls) found.add(await raw(f, args))
    found.delete(undefined)
    expect([...found]).toEqual([])
  })
})

describe('demandGiven()', () => {
  it('names the first thing that is of another kind, inside of objects too', () => {
    const kinds = { a: 'list', b: { of: 'number?', random: 'stream' } } as const
    const random = surface.random(1)
    expect(() => demandGiven('try', { a: [], b: { random } }, kinds)).not.toThrow()
    expect(() => demandGiven('try', { a: [], b: { of: 'x', random } }, kinds)).toThrow(
      'Cannot try: b.of must be a number, got "x"',
    )
    expect(() => demandGiven('try', { a: new DataView(new ArrayBuffer(8)), b: { random } }, kinds)).toThrow(
      'Cannot try: a must be an array, got ',
    )
    expect(() => demandGiven('try', { a: [], b: undefined }, kinds)).toThrow(
      'Cannot try: b must be an object, got undefined',
    )
  })
})
