// What a program may get wrong is refused in the grammar of errors: no raw TypeError, no silence, no end of time.
import { describe, expect, it } from 'vitest'
import { below, random } from '../../src/base/random.ts'
import { lattice } from '../../src/lattice/index.ts'
import {
  absorbingRates,
  birthDeath,
  chain,
  confined,
  death,
  type JumpProcess,
  labels,
  spatial,
} from '../../src/process/index.ts'

const grid = lattice([2, 2], 'no-flux')
const processes: Record<string, JumpProcess> = {
  spatial: spatial({ lattice: grid }),
  labels: labels({ lattice: grid }),
  confined: confined({ lattice: grid, open: [1, 1, 0, 1] }),
  death: death({ lengths: [2, 2], ceiling: 9 }),
  'birth-death': birthDeath({ lengths: [2, 2], mean: 2 }),
  chain: chain({ lengths: [2, 2], ...absorbingRates(3) }),
}
const grammar = /^Cannot .+: .+ must be .+, got /s

/** What a program may give in place of anything. */
const strangers: unknown[] = [
  undefined,
  null,
  Number.NaN,
  -1,
  'x',
  {},
  [],
  () => 0,
  new DataView(new ArrayBuffer(8)),
]

/** Calls it; an error must be in the grammar. Returns whether there was one. */
function refused(call: () => unknown): boolean {
  try {
    call()
    return false
  } catch (error) {
    expect((error as Error).message).toMatch(grammar)
    return true
  }
}

describe('below()', () => {
  it.each([Number.NaN, Infinity, 2 ** 53, 2 ** 32 + 1, 0, -1, 1.5])('refuses %s, and at once', n => {
    expect(() => below(random(1), n)).toThrow(
      `Cannot draw a number: the bound must be an integer in [1, 2^32], got ${n}`,
    )
  })

  it('takes 1 and 2^32', () => {
    expect(below(random(1), 1)).toBe(0)
    expect(below(random(1), 2 ** 32)).toBe(random(1).u32())
  })
})

describe('lattice()', () => {
  it('refuses boundaries and lengths that are none', () => {
    for (const stranger of strangers) {
      expect(refused(() => lattice([4, 4], stranger as 'periodic'))).toBe(true)
      expect(refused(() => lattice([4, 4], ['periodic', stranger as 'periodic']))).toBe(true)
      expect(refused(() => lattice(stranger as number[], 'periodic'))).toBe(true)
      expect(refused(() => lattice([4, stranger as number], 'periodic'))).toBe(true)
    }
  })
})

describe('the processes', () => {
  it('are not built from what is no description of theirs', () => {
    for (const build of [spatial, labels, confined, death, birthDeath, chain] as ((of: never) => unknown)[])
      for (const stranger of strangers) {
        expect(
          refused(() => build(stranger as never)),
          `${build.name} of ${String(stranger)}`,
        ).toBe(
          // Every option of death is one that may be left out, but the lengths.
          true,
        )
        refused(() => build({ lattice: stranger, lengths: stranger, mean: 1 } as never))
      }
  })

  it.each(Object.keys(processes))('%s answers strangers in any place of any call in the grammar', name => {
    const process = processes[name]
    const { channels, sites, jumps, conserved, link } = process
    const size = channels * sites
    const counts = () => new Int32Array(size)
    const origin = new Float32Array(size * link.width)
    const rates = new Float64Array(size * jumps)
    const stream = random(1)
    const good: Record<string, unknown[]> = {
      corrupt: [counts(), 0.5, { random: stream, noisy: counts() }],
      limit: [new Array(conserved).fill(0), { random: stream, out: counts() }],
      rates: [counts(), origin, { time: 0.5, out: rates }],
      hop: [counts(), rates, { span: 0.1, random: stream }],
      undo: [counts(), origin, { from: 0.5, to: 0.1, random: stream }],
      invariant: [counts()],
    }
    for (const [verb, args] of Object.entries(good)) {
      const call = (given: unknown[]) => (process[verb as 'hop'] as (...of: unknown[]) => unknown)(...given)
      expect(() => call(args)).not.toThrow()
      args.forEach((arg, i) => {
        for (const stranger of strangers) {
          refused(() => call(args.with(i, stranger)))
          if (typeof arg === 'object' && arg !== null && !ArrayBuffer.isView(arg) && !Array.isArray(arg))
            for (const key of Object.keys(arg)) refused(() => call(args.with(i, { ...arg, [key]: stranger })))
        }
      })
      // Narrow arrays lose units, floats hold halves.
      for (const Narrow of [Int8Array, Uint8Array, Float64Array])
        if (verb === 'corrupt')
          expect(refused(() => call([args[0], 0.5, { random: stream, noisy: new Narrow(size) }]))).toBe(true)
        else if (verb === 'hop' || verb === 'undo')
          expect(refused(() => call([new Narrow(size), ...args.slice(1)]))).toBe(true)
    }
  })

  it('refuse counts below 0, in whatever they do', () => {
    for (const process of Object.values(processes)) {
      const { channels, sites, jumps, link } = process
      const size = channels * sites
      const bad = () => Int32Array.from({ length: size }, (_, x) => (x === 1 ? -1 : 1))
      const [origin, rates] = [new Float32Array(size * link.width).fill(1), new Float64Array(size * jumps)]
      const stream = random(1)
      for (const call of [
        () => process.corrupt(bad(), 0.5, { random: stream, noisy: new Int32Array(size) }),
        () => process.rates(bad(), origin, { time: 0.5, out: rates }),
        () => process.hop(bad(), rates, { span: 0.1, random: stream }),
        () => process.undo(bad(), origin, { from: 0.5, to: 0.2, random: stream }),
      ])
        expect(refused(call)).toBe(true)
    }
  })

  it('`hop()` refuses units that would not fit where they may come together', () => {
    const walk = spatial({ lattice: lattice([2], 'periodic') })
    const counts = Int32Array.of(2 ** 31 - 1, 1)
    const rates = new Float64Array(4).fill(1)
    expect(() => walk.hop(counts, rates, { span: 1, random: random(1) })).toThrow(
      'Cannot hop: the mass of a channel must be below 2^31, got 2147483648',
    )
    expect([...counts]).toEqual([2 ** 31 - 1, 1])
  })
})
