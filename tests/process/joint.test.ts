// Two processes as one against the suite that every process passes: a walk on a ring and a label, each on ground of its own.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { lattice } from '../../src/lattice/index.ts'
import {
  absorbingRates,
  chain,
  complete,
  joint,
  process as rebuilt,
  spatial,
} from '../../src/process/index.ts'
import { input } from '../../src/tensor/index.ts'
import { compute, floats } from '../tensor/compute.ts'
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

  it('with a bend the second part has a time of its own, t^bend, in everything it does', () => {
    const bent = joint(a, b, { bend: 3 })
    expect(rebuilt(bent.description).description).toEqual(bent.description)
    const [t, s] = [0.8, 0.5]
    const own = (list: Int32Array) => [list.subarray(0, 3), list.subarray(3)]
    const [clean, noisy, apart] = [Int32Array.of(5, 0, 2, 4, 1), new Int32Array(5), new Int32Array(5)]
    let [one, other] = [random(3), random(3)]
    bent.corrupt(clean, t, { random: one, noisy })
    const [first, second] = own(apart)
    a.corrupt(own(clean)[0], t, { random: other, noisy: first })
    b.corrupt(own(clean)[1], t ** 3, { random: other, noisy: second })
    expect(noisy).toEqual(apart)
    const origin = [1, 2, 4, 2, 3]
    ;[one, other] = [random(4), random(4)]
    bent.undo(noisy, origin, { from: t, to: s, random: one })
    a.undo(first, origin.slice(0, 3), { from: t, to: s, random: other })
    b.undo(second, origin.slice(3), { from: t ** 3, to: s ** 3, random: other })
    expect(noisy).toEqual(apart)
    const [rates, ofA, ofB] = [10, 6, 2].map(length => new Float64Array(length))
    bent.rates(noisy, origin, { time: s, out: rates })
    a.rates(first, origin.slice(0, 3), { time: s, out: ofA })
    b.rates(second, origin.slice(3), { time: s ** 3, out: ofB })
    expect([...rates.subarray(0, 3), ...rates.subarray(5, 8)]).toEqual([...ofA])
    // The second is half as fast, and its time goes by 3 t² of that of the whole.
    for (const x of [0, 1]) expect(rates[3 + x]).toBeCloseTo(0.5 * 3 * s ** 2 * ofB[x], 10)
    expect(bent.pace!(0, s)[3]).toBeCloseTo(0.5 * 3 * s ** 2, 12)
    expect(bent.pace!(0, s)[0]).toBe(1)
  })

  it('with a bend the link reads the second part at its own time', async () => {
    const [bent, even] = [3, 1].map(bend => joint(b, b, { bend }).link)
    const shape = [1, 1, 1, 4]
    const shown = { counts: input('counts', shape), time: input('time', [1]) }
    const output = input('output', shape)
    const at = (link: typeof bent, time: number) =>
      compute(
        { origin: link.origin(output, shown) },
        {
          output: floats(shape, [0.3, -0.2, 0.5, 0.1]),
          counts: floats(shape, [0, 1, 0, 1]),
          time: floats([1], [time]),
        },
      )
    const [own, first, later] = await Promise.all([at(bent, 0.6), at(even, 0.6), at(even, 0.6 ** 3)])
    const wanted = [...first.origin.data.slice(0, 2), ...later.origin.data.slice(2)]
    wanted.forEach((value, i) => {
      expect(own.origin.data[i]).toBeCloseTo(value, 5)
    })
    expect(Math.abs(first.origin.data[2] - later.origin.data[2])).toBeGreaterThan(0.05)
  })

  it('refuses what is no process, and a bend that is none', () => {
    expect(() => joint(a, b, { bend: 0.5 })).toThrow(RangeError)
    expect(() => joint(a, {} as never)).toThrow(TypeError)
    expect(() => joint(a, b).undo(new Int32Array(4), [1], { from: 1, to: 0, random: random(1) })).toThrow(
      RangeError,
    )
  })
})
