// What every process owes: its forward law, its limit, its rates, its way back and its invariant, all exactly.
import { describe, expect, it } from 'vitest'
import { type Random, random } from '../../src/base/random.ts'
import { type JumpProcess, process as ours, type ProcessDescription } from '../../src/process/index.ts'
import { chiSquareP } from '../base/chi-square.ts'
import { distance, type Facts, known, lawOf, type State } from './known-process.ts'

export interface Promised extends Facts {
  /** Times at which it is looked at; default: early, in the middle, late. */
  readonly times?: readonly number[]
  /** States to corrupt beside those of the data; default: none. */
  readonly starts?: readonly State[]
  /** For which laws of n_0 `undo` is exact at any length: any, one known n_0, or why for neither. */
  readonly undo: 'any law' | 'known n_0' | { readonly not: string }
  /** How it is rebuilt from its description; default: as all processes of ours are. */
  readonly rebuild?: (description: ProcessDescription) => JumpProcess
  /** Whether a state is one that a sample may be in; default: counts >= 0. */
  within?(state: State): boolean
}

const DRAWS = 6000

export function processConformance(name: string, promised: Promised): void {
  const { process, states } = promised
  const { channels, sites, jumps, rate, link } = process
  const law = known(promised)
  const size = channels * sites
  const times = promised.times ?? [0.02, 0.2, 0.9]
  const data = [...states.keys()].filter(i => law.data0[i] > 0.01)
  const starts = [data[0], data[data.length >> 1], data.at(-1)!, ...(promised.starts ?? []).map(law.index)]
  const { within = state => state.every(n => n >= 0), rebuild = ours } = promised
  const certain = (state: number) => Float64Array.from(states, (_, i) => Number(i === state))
  const likely = (p: Float64Array, n: number) => [...p.keys()].sort((a, b) => p[b] - p[a]).slice(0, n)

  /** How often each state comes of a draw. */
  function seenOf(
    draw: (out: Int32Array, stream: Random) => void,
    seed: number,
    draws = DRAWS,
  ): Float64Array {
    const [seen, out, stream] = [new Float64Array(states.length), new Int32Array(size), random(seed)]
    for (let i = 0; i < draws; i++) {
      draw(out, stream)
      const state = law.index(out)
      if (state < 0) throw new Error(`came to none of the states: ${out}`)
      seen[state]++
    }
    return seen
  }
  /** χ² against a law, likely states first, so that those hardly ever seen are one. */
  function agrees(seen: Float64Array, exact: Float64Array): number {
    const n = seen.reduce((a, b) => a + b)
    const order = likely(exact, states.length)
    const rest = 1 - exact.reduce((a, b) => a + b)
    return chiSquareP(
      order.map(i => seen[i]),
      order.map((i, k) => n * (exact[i] + (k === order.length - 1 ? Math.max(1e-300, rest) : 0))),
    )
  }

  describe(`${name} as a process`, () => {
    it('says what it is, and is rebuilt from that', () => {
      expect(process.shape[0]).toBe(channels)
      expect(process.shape.slice(1).reduce((a, b) => a * b, 1)).toBe(sites)
      expect(process.conserved).toBe(promised.conserved(states[0]).length)
      const told = structuredClone(process.description)
      expect(rebuild(told).description).toEqual(process.description)
      expect([rebuild(told).jumps, rebuild(told).rate, rebuild(told).link.width]).toEqual([
        jumps,
        rate,
        link.width,
      ])
    })

    it('`corrupt()` has the forward law, at once or in two goes', () => {
      for (const [k, time] of times.entries())
        for (const start of starts) {
          const clean = Int32Array.from(states[start])
          const once = seenOf((noisy, stream) => process.corrupt(clean, time, { random: stream, noisy }), k)
          expect(agrees(once, law.from(start, rate * time))).toBeGreaterThan(1e-8)
          const between = new Int32Array(size)
          const twice = seenOf((noisy, stream) => {
            process.corrupt(clean, 0.3 * time, { random: stream, noisy: between })
            process.corrupt(between, 0.7 * time, { random: stream, noisy })
          }, 9 + k)
          expect(agrees(twice, law.from(start, rate * time))).toBeGreaterThan(1e-8)
          expect([...clean]).toEqual(states[start])
        }
      const [clean, noisy] = [Int32Array.from(states[data[0]]), new Int32Array(size)]
      process.corrupt(clean, 0, { random: random(1), noisy })
      expect(noisy).toEqual(clean)
      for (const time of [-0.1, 1.1, Number.NaN])
        expect(() => process.corrupt(clean, time, { random: random(1), noisy })).toThrow(RangeError)
    })

    it('`limit()` has the limit law, to which the forward law has come', () => {
      const masses = promised.conserved(states[data[0]])
      const alike = (state: State) => promised.conserved(state).join() === masses.join()
      const limit = lawOf(states, state => (alike(state) ? promised.limit(state) : 0))
      const seen = seenOf((out, stream) => process.limit(masses, { random: stream, out }), 9)
      expect(agrees(seen, limit)).toBeGreaterThan(1e-8)
      expect(distance(law.from(data[0], rate), limit)).toBeLessThan(0.02)
    })

    it('`rates()` of the exact origin are those of the reversed process, by the jumps alone', () => {
      for (const time of times) {
        const tau = rate * time
        const now = law.after(law.data0, tau)
        for (const state of likely(now, 12)) {
          if (now[state] < 1e-6) continue
          const out = new Float64Array(size * jumps)
          process.rates(Int32Array.from(states[state]), law.origin(law.data0, tau, state), { time, out })
          law.rates(now, state).forEach((exact, k) => {
            // Targets have 24 bits, and states that matter little are left out.
            if (!(Math.abs(out[k] - exact) < 1e-4 * (exact + 1e-2)))
              expect.fail(`at ${states[state]}, time ${time}, jump ${k}: ${out[k]} in place of ${exact}`)
          })
        }
      }
    })

    it.each(['hop', 'undo'] as const)('a short `%s()` is one jump at most, by the rates', verb => {
      const [time, draws] = [times[1], 20_000]
      const tau = rate * time
      const now = law.after(law.data0, tau)
      for (const state of likely(now, 3)) {
        const origin = law.origin(law.data0, tau, state)
        const exact = law.rates(now, state)
        const span = 0.01 / exact.reduce((a, b) => a + b, 0)
        // A jump of one in a hundred; two are one in ten thousand. The last of the time may not be reached.
        const short = Math.min(span, tau / 50)
        const wanted = new Float64Array(states.length)
        wanted[state] = 1
        exact.forEach((speed, k) => {
          if (speed === 0) return
          const at = { c: Math.floor(k / (jumps * sites)), j: Math.floor(k / sites) % jumps, x: k % sites }
          wanted[law.index(promised.reverse(states[state], at)!)] += speed * short
          wanted[state] -= speed * short
        })
        const rates = new Float64Array(size * jumps)
        process.rates(Int32Array.from(states[state]), origin, { time, out: rates })
        const seen = new Float64Array(states.length)
        const [counts, stream] = [new Int32Array(size), random(5)]
        for (let i = 0; i < draws; i++) {
          counts.set(states[state])
          if (verb === 'hop') process.hop(counts, rates, { span: short, random: stream })
          else process.undo(counts, origin, { from: time, to: time - short / rate, random: stream })
          const to = law.index(counts)
          if (to >= 0) seen[wanted[to] > 0 ? to : state]++
        }
        expect(agrees(seen, wanted), `from ${states[state]}`).toBeGreaterThan(1e-8)
      }
    })

    const spans: readonly (readonly [number, number])[] = [
      [0.3, 0.1],
      [0.15, 0],
      [1, 0.05],
    ]
    const why = typeof promised.undo === 'string' ? promised.undo : promised.undo.not
    it(`\`undo()\` draws from P(n_s | n_t) at any length of step: ${why}`, () => {
      const priors = promised.undo === 'any law' ? [law.data0] : data.slice(-2).map(certain)
      let far = 0
      for (const [t, s] of spans)
        for (const prior of priors) {
          const now = law.after(prior, rate * t)
          for (const state of likely(now, 3)) {
            const exact = law.back(prior, { t: rate * t, s: rate * s, state })
            const origin = law.origin(prior, rate * t, state)
            const seen = seenOf((out, stream) => {
              out.set(states[state])
              process.undo(out, origin, { from: t, to: s, random: stream })
            }, state)
            if (typeof promised.undo === 'string') expect(agrees(seen, exact)).toBeGreaterThan(1e-8)
            else
              far = Math.max(
                far,
                distance(
                  seen.map(n => n / DRAWS),
                  exact,
                ),
              )
          }
        }
      // Where it is not exact, this must be true, and it is not far off.
      if (typeof promised.undo !== 'string') {
        expect(far).toBeGreaterThan(0.02)
        expect(far).toBeLessThan(0.25)
      }
    })

    it('returns the law of the data under exact origins, by short steps where it takes these', () => {
      const steps = promised.undo === 'any law' ? [1, 0.3, 0.04, 0] : evenly(1, 0.002, 70)
      const n = 3000
      const [seen, stream] = [new Float64Array(states.length), random(3)]
      const masses = Array.from({ length: n }, (_, i) => massesOf((i + 0.5) / n))
      const images = masses.map(own => {
        const out = new Int32Array(size)
        process.limit(own, { random: stream, out })
        return out
      })
      for (let k = 0; k + 1 < steps.length; k++) {
        const origins = new Map<number, Float64Array>()
        for (const counts of images) {
          const state = law.index(counts)
          const origin = origins.get(state) ?? law.origin(law.data0, rate * steps[k], state)
          origins.set(state, origin)
          process.undo(counts, origin, { from: steps[k], to: steps[k + 1], random: stream })
        }
      }
      images.forEach((counts, i) => {
        if (!within([...counts]) || promised.conserved([...counts]).join() !== masses[i].join())
          expect.fail(`got ${counts}`)
        seen[law.index(counts)]++
      })
      expect(agrees(seen, law.data0)).toBeGreaterThan(1e-7)
      // And the test can fail: the law that they begin with is far from it.
      expect(distance(law.after(law.data0, rate), law.data0)).toBeGreaterThan(0.1)
    }, 60_000)

    /** Masses as the data have them, in proportion. */
    function massesOf(part: number): readonly number[] {
      let left = part
      for (const [state, p] of law.data0.entries()) {
        left -= p
        if (left < 0) return promised.conserved(states[state])
      }
      return promised.conserved(states[data[0]])
    }

    it('keeps to its states whatever origin and rates it is told', () => {
      const stream = random(8)
      const kept = (counts: Int32Array, was: State) => {
        if (!within([...counts]) || process.invariant(counts).join() !== promised.conserved(was).join())
          expect.fail(`${was} became ${counts}`)
      }
      const out = new Float64Array(size * jumps)
      for (let i = 0; i < 2000; i++) {
        const was = states[starts[i % starts.length]]
        const counts = Int32Array.from(was)
        const wild = [1, 30, 290][i % 3]
        const garbage = (length: number) =>
          Float64Array.from({ length }, () =>
            stream.uniform() < 0.3 ? 0 : 10 ** (wild * (2 * stream.uniform() - 1)),
          )
        const origin = i % 11 === 0 ? new Float64Array(size * link.width) : garbage(size * link.width)
        const from = i % 7 === 0 ? 1 : 1e-6 + (1 - 1e-6) * stream.uniform()
        process.rates(counts, origin, { time: from, out })
        out.forEach((speed, k) => {
          const at = { c: Math.floor(k / (jumps * sites)), j: Math.floor(k / sites) % jumps, x: k % sites }
          const able = promised.reverse([...counts], at) !== undefined
          if (!(speed >= 0 && speed < Infinity) || (speed > 0 && !able))
            expect.fail(`at ${counts}, jump ${k}: ${speed}`)
        })
        const step = { from, to: i % 5 === 0 ? 0 : from * stream.uniform(), random: stream }
        process.undo(counts, origin, step)
        kept(counts, was)
        process.hop(counts, garbage(size * jumps), { span: stream.uniform(), random: stream })
        kept(counts, was)
        process.settle?.(counts, origin)
        kept(counts, was)
      }
    })

    it('refuses or survives what is no number, and refuses what is no step', () => {
      const was = states[data[0]]
      const step = { from: 0.5, to: 0.2, random: random(1) }
      for (const odd of [Number.NaN, -1, Infinity]) {
        const origin = new Float64Array(size * link.width).fill(1)
        origin[0] = odd
        const counts = Int32Array.from(was)
        try {
          process.undo(counts, origin, step)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
          expect([...counts]).toEqual(was)
        }
        expect(process.invariant(counts)).toEqual(promised.conserved(was))
        expect(within([...counts])).toBe(true)
      }
      const origin = new Float64Array(size * link.width).fill(1)
      for (const [from, to] of [
        [0.2, 0.2],
        [0.2, 0.5],
        [1.1, 0.5],
        [0.5, -0.1],
        [Number.NaN, 0],
      ])
        expect(() => process.undo(Int32Array.from(was), origin, { ...step, from, to })).toThrow(RangeError)
      expect(() => process.undo(Int32Array.from(was), origin.subarray(1), step)).toThrow(RangeError)
      const rates = new Float64Array(size * jumps).fill(1)
      for (const bad of [Number.NaN, -1, Infinity]) {
        rates[
          Math.max(
            0,
            was.findIndex(n => n > 0),
          )
        ] = bad
        const counts = Int32Array.from(was)
        expect(() => process.hop(counts, rates, { span: 0.1, random: random(1) })).toThrow(RangeError)
      }
    })

    it('gives the same for the same seed, whatever it did before', () => {
      const used = rebuild(process.description)
      const all = (one: JumpProcess, seed: number) => {
        const [stream, out] = [random(seed), new Int32Array(size)]
        const origin = Float64Array.from({ length: size * link.width }, () => stream.uniform())
        one.corrupt(Int32Array.from(states[starts[seed % starts.length]]), 0.4, {
          random: stream,
          noisy: out,
        })
        const told = new Float64Array(size * jumps)
        one.rates(out, origin, { time: 0.4, out: told })
        const hopped = out.slice()
        one.hop(hopped, told, { span: 0.05, random: stream })
        one.undo(out, origin, { from: 0.4, to: 0.1, random: stream })
        return [...out, ...hopped, ...told]
      }
      for (let seed = 0; seed < 20; seed++) {
        const first = all(used, seed)
        expect(all(rebuild(process.description), seed)).toEqual(first)
      }
    })
  })
}

/** Times from `first` to `last`, even in their logarithms, and 0. */
function evenly(first: number, last: number, steps: number): number[] {
  return [...Array.from({ length: steps }, (_, k) => first * (last / first) ** (k / (steps - 1))), 0]
}
