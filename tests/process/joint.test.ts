// Two processes as one against the suite that every process passes: a walk on a ring and a label, each on ground of its own.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { lattice } from '../../src/lattice/index.ts'
import { absorbingRates, chain, complete, joint, spatial } from '../../src/process/index.ts'
import { grids, type State } from './known-process.ts'
import { processConformance } from './process.conformance.ts'

// One unit on a line of three sites, and one on two sites that it goes between more slowly.
const a = spatial({ lattice: lattice([3], 'no-flux'), rate: 5 })
const b = complete({ nodes: 2, rate: 2.5 })
const both = joint(a, b)
const sum = (state: State) => state.reduce((x, y) => x + y, 0)
const lone = grids(5, 1).filter(state => sum(state.slice(0, 3)) === 1 && sum(state.slice(3)) === 1)

/** Where jump j of site x leads: to the neighbours of the line, or to the other of the two sites. */
function hop(state: State, { j, x }: { j: number; x: number }) {
  if (state[x] === 0) return undefined
  if (x > 2) return j === 0 ? state.with(x, state[x] - 1).with(7 - x, state[7 - x] + 1) : undefined
  const y = a.reached!(0)[j * 3 + x]
  return y < 0 ? undefined : state.with(x, state[x] - 1).with(y, state[y] + 1)
}

processConformance('joint()', {
  process: both,
  states: lone,
  forward: state =>
    [0, 1, 2, 3, 4].flatMap(x =>
      [0, 1].flatMap(j => {
        const to = hop(state, { j, x })
        return to ? [[to, x > 2 ? 0.5 : 1] as const] : []
      }),
    ),
  reverse: hop,
  // Where the one is tells of the other.
  data: state => [6, 1, 0.5, 0.3, 2, 4][lone.indexOf(state)],
  limit: () => 1,
  conserved: state => [sum(state.slice(0, 3)), sum(state.slice(3))],
  undo: 'known n_0',
  times: [0.02, 0.1, 0.5],
})

describe('joint()', () => {
  it('keeps the masses of each part, whatever walks where', () => {
    const counts = Int32Array.of(3, 0, 1, 2, 0)
    const stream = random(1)
    both.undo(counts, [1, 1, 1, 0, 5], { from: 0.5, to: 0.2, random: stream })
    expect(both.invariant(counts)).toEqual([4, 2])
    const out = new Int32Array(5)
    both.limit([7, 3], { random: stream, out })
    expect(both.invariant(out)).toEqual([7, 3])
    both.settle!(out, [0, 1, 0, 1, 0])
    expect([...out]).toEqual([0, 7, 0, 3, 0])
  })

  it('joins parts of other widths and of no mass, and says where each lies', () => {
    const types = chain({ lengths: [2], ...absorbingRates(3) })
    const mixed = joint(b, types)
    expect([mixed.link.width, mixed.conserved, mixed.shape]).toEqual([3, 1, [1, 1, 4]])
    const target = new Float32Array(12)
    mixed.link.target!(Int32Array.of(1, 0, 2, 1), { noisy: new Int32Array(4), time: 0.5 }, target)
    expect([...target]).toEqual([1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0])
    expect(joint(types, types).settle).toBeUndefined()
  })

  it('settles the part that can, and undoes the other to the end', () => {
    const types = chain({ lengths: [2], ...absorbingRates(3) })
    const mixed = joint(b, types)
    const counts = Int32Array.of(0, 1, 2, 2)
    const origin = [1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    const by = { time: 0.1, random: random(2) }
    mixed.settle!(counts, origin, by)
    expect([...counts]).toEqual([1, 0, 1, 0])
    expect(() => mixed.settle!(counts, origin)).toThrow('the time of the counts must be told')
  })

  it('refuses what is no process', () => {
    expect(() => joint(a, {} as never)).toThrow(TypeError)
    expect(() => joint(a, b).undo(new Int32Array(4), [1], { from: 1, to: 0, random: random(1) })).toThrow(
      RangeError,
    )
  })
})
