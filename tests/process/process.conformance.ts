// What every process owes: its forward law, its target, its limit, its reverse steps and its invariant, all exactly.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { type JumpProcess, process as ours, type ProcessDescription } from '../../src/process/index.ts'
import { bridge, cfl, leap, type Solver, sample } from '../../src/sampling/index.ts'
import { chiSquareP } from '../base/chi-square.ts'
import { type Facts, known, lawOf, type State } from './known-process.ts'

export interface Promised extends Facts {
  /** Times at which the forward draw is looked at; default: early, in the middle, late. */
  readonly times?: readonly number[]
  /** Why the bridge is not the exact reverse step from t to s when n_0 is known; left out: it is. */
  readonly bridgeIs?: string
  /** Whether the target is a function of n_0 and n_t alone. */
  readonly settled: boolean
  /** Solvers with steps so small that they have the law of the rates; default: of the three kinds. */
  readonly solvers?: readonly Solver[]
  /** How it is rebuilt from its description; default: as all processes of ours are. */
  readonly rebuild?: (description: ProcessDescription) => JumpProcess
  /** Whether a state is one that a sample may be in; default: counts >= 0. */
  within?(state: State): boolean
}

const DRAWS = 6000

export function processConformance(name: string, promised: Promised): void {
  const { process, states } = promised
  const { channels, sites, jumps, rate } = process
  const law = known(promised)
  const size = channels * sites
  const times = promised.times ?? [0.02, 0.2, 0.9]
  const origins = states.map((_, i) => i).filter(i => law.data0[i] > 0.01)
  const { within = state => state.every(n => n >= 0), rebuild = ours } = promised

  function corrupted(origin: number, time: number, seed: number) {
    const clean = Int32Array.from(states[origin])
    const noisy = new Int32Array(size)
    const target = new Float32Array(size * jumps)
    const stream = random(seed)
    return () => {
      process.corrupt(clean, time, { random: stream, noisy, target })
      return { state: law.index(noisy), target }
    }
  }

  describe(`${name} as a process`, () => {
    it('says what it is, and is rebuilt from that', () => {
      expect(process.shape[0]).toBe(channels)
      expect(process.shape.slice(1).reduce((a, b) => a * b, 1)).toBe(sites)
      const told = structuredClone(process.description)
      expect(rebuild(told).description).toEqual(process.description)
      expect([rebuild(told).jumps, rebuild(told).rate]).toEqual([jumps, rate])
    })

    it('`corrupt()` has the forward law, and a target whose mean given n_0 and n_t is the reverse rate', () => {
      for (const [k, time] of times.entries())
        for (const origin of [origins[0], origins[Math.floor(origins.length / 2)], origins.at(-1)!]) {
          const forward = law.from(origin, rate * time)
          const seen = new Float64Array(states.length)
          const sums = states.map(() => new Float64Array(size * jumps))
          const draw = corrupted(origin, time, 100 * k + origin)
          for (let i = 0; i < DRAWS; i++) {
            const { state, target } = draw()
            if (state < 0) throw new Error('corrupted to none of the states')
            seen[state]++
            for (let j = 0; j < target.length; j++) {
              sums[state][j] += target[j]
            }
          }
          expect(
            chiSquareP(
              seen,
              forward.map(p => p * DRAWS),
            ),
          ).toBeGreaterThan(1e-7)
          for (let state = 0; state < states.length; state++) {
            const n = seen[state]
            if (n === 0 || forward[state] < 1e-3 || (n < 400 && !promised.settled)) continue
            const exact = law.rates(forward, state)
            for (let j = 0; j < exact.length; j++) {
              const mean = sums[state][j] / n
              const slack =
                1e-4 * (1 + exact[j]) + (promised.settled ? 0 : noise(exact[j], { n, tau: rate * time }))
              if (!(Math.abs(mean - exact[j]) < slack))
                expect.fail(`at ${states[state]}, jump ${j}: ${mean} in place of ${exact[j]}`)
            }
          }
        }
    })

    it('`capacity()` is the reverse rate of data without structure, and a jump that it forbids has rate 0', () => {
      const even = lawOf(states, state => promised.even(state))
      const out = new Float32Array(size * jumps)
      for (const time of times) {
        const [bare, real] = [law.after(even, rate * time), law.after(law.data0, rate * time)]
        for (let state = 0; state < states.length; state++) {
          if (bare[state] < 1e-6 || real[state] < 1e-9) continue
          process.capacity(Int32Array.from(states[state]), out, time)
          const [wanted, exact] = [law.rates(bare, state), law.rates(real, state)]
          out.forEach((capacity, j) => {
            const right = Math.abs(capacity - wanted[j]) < 1e-4 * (wanted[j] + 1e-3)
            if (!right || (capacity === 0 && exact[j] > 0))
              expect.fail(`at ${states[state]}, jump ${j}: ${capacity} in place of ${wanted[j]}`)
          })
        }
      }
    })

    it('`limit()` has the limit law, to which the forward law has come', () => {
      const masses = promised.conserved(states[origins[0]])
      const alike = (state: State) => promised.conserved(state).join() === masses.join()
      const limit = lawOf(states, state => (alike(state) ? promised.limit(state) : 0))
      const out = new Int32Array(size)
      const stream = random(9)
      const seen = new Float64Array(states.length)
      for (let i = 0; i < DRAWS; i++) {
        process.limit(masses, { random: stream, out })
        seen[law.index(out)]++
      }
      expect(
        chiSquareP(
          seen,
          limit.map(p => p * DRAWS),
        ),
      ).toBeGreaterThan(1e-7)
      const end = law.from(origins[0], rate)
      expect(distance(end, limit)).toBeLessThan(0.02)
    })

    const solvers = promised.solvers ?? [
      cfl({ fraction: 0.08 }),
      leap({ calls: 120, smallest: 0.003 }),
      bridge({ calls: 60, smallest: 0.003 }),
    ]
    it.each(solvers.map(solver => [solver.description.kind, solver] as const))(
      'returns the law of the data under exact rates by %s steps',
      async (_, solver) => {
        // Those steps are of every image its own, and so are their rates.
        const n = solver.calls ? 3000 : 800
        // Masses as the data have them, in proportion.
        const masses = Array.from({ length: n }, (_, i) => {
          let left = (i + 0.5) / n
          for (const [state, p] of law.data0.entries()) {
            left -= p
            if (left < 0) return promised.conserved(states[state])
          }
          return promised.conserved(states[origins[0]])
        })
        const { counts } = await sample({ process, solver, rate: law.exact, masses, seed: 3, batch: 500 })
        const seen = new Float64Array(states.length)
        for (let i = 0; i < n; i++) {
          const image = Array.from(counts.subarray(i * size, (i + 1) * size))
          if (!within(image) || promised.conserved(image).join() !== masses[i].join())
            expect.fail(`got ${image}`)
          seen[law.index(image)]++
        }
        expect(
          chiSquareP(
            seen,
            law.data0.map(p => p * n),
          ),
        ).toBeGreaterThan(1e-6)
        // And the test can fail: the law that they begin with is far from it.
        const begun = law.after(law.data0, rate)
        expect(distance(begun, law.data0)).toBeGreaterThan(0.1)
      },
      120_000,
    )

    it.each(['hop', 'leap', 'bridge'] as const)('`%s()` keeps to its states for any ratios', verb => {
      const stream = random(8)
      for (let i = 0; i < 3000; i++) {
        const state = states[origins[i % origins.length]]
        const counts = Int32Array.from(state)
        const wild = i % 3 === 0 ? 30 : 1
        const ratios = Float32Array.from({ length: size * jumps }, () =>
          stream.uniform() < 0.2 ? 0 : 10 ** (wild * (2 * stream.uniform() - 1)),
        )
        const from = i % 7 === 0 ? 1 : 1e-6 + (1 - 1e-6) * stream.uniform()
        process[verb](counts, ratios, {
          from,
          to: i % 5 === 0 ? 0 : from * stream.uniform(),
          random: stream,
        })
        if (!within(Array.from(counts))) expect.fail(`${state} became ${counts}`)
        if (process.invariant(counts).join() !== promised.conserved(state).join())
          expect.fail(`${state} became ${counts}`)
      }
      const ratios = new Float32Array(size * jumps).fill(1)
      ratios[0] = Number.NaN
      expect(() =>
        process[verb](Int32Array.from(states[origins[0]]), ratios, { from: 1, to: 0.5, random: stream }),
      ).toThrow(RangeError)
    })

    const identity =
      'the reverse rates, followed from t to s, and the law of n_s given n_0 and n_t by Bayes are one'
    it(`${identity}${promised.bridgeIs ? '' : ', and `bridge()` draws from it'}`, () => {
      const origin = origins.at(-1)!
      for (const [t, s] of [
        [0.3, 0.1],
        [0.15, 0],
      ]) {
        const forward = law.from(origin, rate * t)
        const likely = [...forward.keys()].sort((a, b) => forward[b] - forward[a]).slice(0, 4)
        for (const start of likely) {
          const discrete = byBayes(law, { origin, start, t: rate * t, s: rate * s })
          const least = s === 0 ? 1e-3 : s
          const continuous = byRates(law, { origin, start, t: rate * t, s: rate * least })
          const near = byBayes(law, { origin, start, t: rate * t, s: rate * least })
          expect(distance(continuous, near)).toBeLessThan(2e-4)
          if (promised.bridgeIs) continue
          expect(chiSquareP(...bridged(start, origin, { t, s, discrete }))).toBeGreaterThan(1e-7)
        }
      }
    })

    function bridged(
      start: number,
      origin: number,
      { t, s, discrete }: { t: number; s: number; discrete: Float64Array },
    ): [Float64Array, Float64Array] {
      const counts = Int32Array.from(states[start])
      const capacity = new Float32Array(size * jumps)
      process.capacity(counts, capacity, t)
      const exact = law.rates(law.from(origin, rate * t), start)
      const ratios = Float32Array.from(exact, (r, j) => (r === 0 ? 0 : r / capacity[j]))
      const stream = random(start)
      const seen = new Float64Array(states.length)
      for (let i = 0; i < DRAWS; i++) {
        counts.set(states[start])
        process.bridge(counts, ratios, { from: t, to: s, random: stream })
        seen[law.index(counts)]++
      }
      return [seen, discrete.map(p => p * DRAWS)]
    }
  })
}

/**
 * Six standard errors of the mean of n targets, and more for events that are too rare to be seen: of a unit that came by a jump
 * the ratio is up to about 1 / tau, and there are at most 3.
 */
function noise(mean: number, { n, tau }: { n: number; tau: number }): number {
  const most = 3 + 3 / tau
  return 6 * Math.sqrt((most * mean) / n) + (20 * most) / n
}

/** Total variation. */
function distance(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, p, i) => sum + Math.abs(p - b[i]) / 2, 0)
}

interface Ends {
  readonly origin: number
  readonly start: number
  /** In units of 1 / rate. */
  readonly t: number
  readonly s: number
}

/** P(n_s | n_0, n_t) = P_s(n_s | n_0) P_(t - s)(n_t | n_s) / P_t(n_t | n_0), the discrete-time reverse mapping. */
function byBayes(law: ReturnType<typeof known>, { origin, start, t, s }: Ends): Float64Array {
  const early = law.from(origin, s)
  const out = early.map((p, i) => (p > 1e-14 ? p * law.from(i, t - s)[start] : 0))
  const sum = out.reduce((a, b) => a + b)
  return out.map(p => p / sum)
}

/** The reverse master equation with the rates of the origin, by Runge and Kutta, even in log tau. */
function byRates(law: ReturnType<typeof known>, { origin, start, t, s }: Ends): Float64Array {
  const { states, process } = law
  const { jumps, sites } = process
  const steps = 60
  const grown = (now: Float64Array, tau: number) => {
    const forward = law.from(origin, tau)
    const change = new Float64Array(states.length)
    for (let state = 0; state < states.length; state++) {
      if (now[state] === 0 || forward[state] < 1e-12) continue
      law.rates(forward, state).forEach((speed, k) => {
        if (speed === 0) return
        const place = { c: Math.floor(k / (jumps * sites)), j: Math.floor(k / sites) % jumps, x: k % sites }
        const to = law.index(law.reverse(states[state], place)!)
        change[to] += now[state] * speed * tau
        change[state] -= now[state] * speed * tau
      })
    }
    return change
  }
  let now = new Float64Array(states.length)
  now[start] = 1
  const width = Math.log(t / s) / steps
  const plus = (a: Float64Array, b: Float64Array, h: number) => a.map((p, i) => p + h * b[i])
  for (let k = 0; k < steps; k++) {
    const tau = t * Math.exp(-k * width)
    const [middle, end] = [tau * Math.exp(-width / 2), tau * Math.exp(-width)]
    const a = grown(now, tau)
    const b = grown(plus(now, a, width / 2), middle)
    const c = grown(plus(now, b, width / 2), middle)
    const d = grown(plus(now, c, width), end)
    now = now.map(
      (p, i) => p + (width / 6) * (a[i] + 2 * b[i] + 2 * c[i] + d[i]),
    ) as Float64Array<ArrayBuffer>
  }
  return now
}
