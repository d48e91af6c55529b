/** Processes and samplers with the exact laws that they must have. */
import { below, type Random } from '../../src/base/random.ts'
import { lattice, neighbours, noFlux, periodic } from '../../src/lattice/index.ts'
import {
  birthDeath,
  chain,
  confined,
  death,
  type JumpProcess,
  labels,
  spatial,
} from '../../src/process/index.ts'
import { absorbingRates, uniformRates } from '../../src/process/rate-matrix.ts'
import { ancestral, cfl, multistep, type Solver, sample } from '../../src/sampling/index.ts'
import { fewUnits } from '../../src/sampling/study/index.ts'
import { binomialLaw, over, poissonLaw, summed } from './exact.ts'

/** Something that draws states, and the law that they have. */
export interface Law {
  readonly name: string
  /** P of the states, numbered from 0. */
  readonly law: Float64Array
  /** How far from it the law may be by construction: 0 where it is exact. */
  readonly bias?: number
  /** Draws so many states: how often each came. */
  draw(samples: number): Promise<Float64Array> | Float64Array
}

/** One call after the other, each a state. */
const one = (states: number, next: () => number) => (samples: number) => {
  const counts = new Float64Array(states)
  for (let i = 0; i < samples; i++) counts[next()]++
  return counts
}

/** The states that a process comes to from a clean one, and that it ends in. */
function forward(
  name: string,
  process: JumpProcess,
  {
    clean,
    law,
    index,
    rng,
    time,
  }: { clean: Int32Array; law: Float64Array; index(counts: Int32Array): number; rng: Random; time: number },
): Law {
  const noisy = new Int32Array(clean.length)
  const next = () => {
    process.corrupt(clean, time, { random: rng, noisy })
    return Math.min(law.length - 1, index(noisy))
  }
  return { name: `${name} corrupts in the time ${time.toFixed(3)}`, law, draw: one(law.length, next) }
}

/** Units that walk on a lattice, or on a part of it: each by the exponential of the generator of one unit. */
function walks(rng: Random): Law[] {
  const grids = [
    ['a ring of 5', lattice([5], periodic)],
    ['2×3 with walls', lattice([2, 3], noFlux)],
  ] as const
  const found: Law[] = []
  for (const [where, grid] of grids) {
    const { size } = grid
    const corner = Uint8Array.from({ length: size }, (_, x) => (x < size - 1 ? 1 : 0))
    const kinds = [
      ['spatial', spatial({ lattice: grid }), undefined],
      ['labels', labels({ lattice: grid, channels: 1 }), undefined],
      ['confined', confined({ lattice: grid, open: corner }), corner],
    ] as const
    for (const [kind, process, open] of kinds) {
      const clean = new Int32Array(size)
      const most = kind === 'labels' ? 1 : 3
      for (let units = 3; units > 0; ) {
        const x = below(rng, size)
        if (clean[x] >= most || open?.[x] === 0) continue
        clean[x]++
        units--
      }
      const few = fewUnits({ lattice: grid, rate: process.rate, units: 3, weight: () => 1 })
      const time = 0.02 + 0.5 * rng.uniform()
      const law = few.moved(clean, over(generatorOf(neighbours(grid), size, open), size, process.rate * time))
      found.push(
        forward(`${kind} on ${where}`, process, {
          clean,
          law,
          index: few.index,
          rng: rng.fork(found.length),
          time,
        }),
      )
      const room = open ? size - 1 : size
      const even = Float64Array.from({ length: size * size }, (_, i) =>
        open?.[i % size] === 0 ? 0 : 1 / room,
      )
      const out = new Int32Array(size)
      const own = rng.fork(100 + found.length)
      found.push({
        name: `${kind} on ${where} ends`,
        law: few.moved(clean, even),
        draw: one(few.states.length, () => {
          process.limit(process.invariant(clean), { random: own, out })
          return few.index(out)
        }),
      })
    }
  }
  return found
}

/** Hops of one unit at the rate 1 in every direction, none out of a region. */
function generatorOf(reached: ArrayLike<number>, size: number, open?: ArrayLike<number>): Float64Array {
  const generator = new Float64Array(size * size)
  for (let k = 0; k < reached.length; k++) {
    const [x, y] = [k % size, reached[k]]
    if (y < 0 || open?.[x] === 0 || open?.[y] === 0) continue
    generator[x * size + y]++
    generator[x * size + x]--
  }
  return generator
}

/** One site whose units die, are born, or whose state changes. */
function sites(rng: Random): Law[] {
  const first = (counts: Int32Array) => counts[0]
  const time = 0.02 + 0.5 * rng.uniform()
  const dying = death({ lengths: [1], ceiling: 9 })
  const born = birthDeath({ lengths: [1], mean: 2.5 })
  const left = (process: JumpProcess) => Math.exp(-process.rate * time)
  const newcomers = poissonLaw(2.5 * (1 - left(born)), 40)
  const given = { index: first, time }
  const chains = (
    [
      ['uniform', uniformRates(4)],
      ['absorbing', absorbingRates(4)],
    ] as const
  ).map(([name, rates], i) => {
    const process = chain({ lengths: [1], ...rates })
    const law = over(rates.matrix, 4, process.rate * time).slice(4, 8)
    return forward(`chain, ${name}`, process, { ...given, clean: Int32Array.of(1), law, rng: rng.fork(i) })
  })
  return [
    forward('death', dying, {
      ...given,
      clean: Int32Array.of(9),
      law: binomialLaw(9, left(dying)),
      rng: rng.fork(8),
    }),
    forward('birth and death', born, {
      ...given,
      clean: Int32Array.of(6),
      law: summed(binomialLaw(6, left(born)), newcomers),
      rng: rng.fork(9),
    }),
    ...chains,
  ]
}

/** Samples of one unit with exact origins: the law of the data, by any number of calls where the step is exact. */
function samplers(seed: number): Law[] {
  const grid = lattice([5], periodic)
  const process = spatial({ lattice: grid })
  const few = fewUnits({
    lattice: grid,
    rate: process.rate,
    units: 1,
    weight: state => 1 + ((seed + 3 * state * state) % 7),
  })
  const solvers: readonly (readonly [string, Solver, number])[] = [
    ['ancestral in 1 call', ancestral({ calls: 1, settle: false }), 0],
    ['ancestral in 7 calls', ancestral({ calls: 7, settle: false }), 0],
    ['multistep in 64 calls', multistep({ calls: 64, settle: false }), 0.02],
    ['cfl of 0.05', cfl({ fraction: 0.05 }), 0.03],
  ]
  return solvers.map(([name, solver, bias]) => ({
    name: `one unit, ${name}`,
    law: few.law,
    bias,
    async draw(samples) {
      const masses = Array.from({ length: samples }, () => [1])
      const { counts } = await sample({ process, solver, origin: few.origin, masses, seed, batch: 256 })
      const seen = new Float64Array(few.law.length)
      for (let i = 0; i < samples; i++) seen[few.index(counts.subarray(5 * i, 5 * i + 5))]++
      return seen
    },
  }))
}

/** All laws, with times and states of this seed. */
export const laws = (seed: number, rng: Random): Law[] => [
  ...walks(rng.fork(1)),
  ...sites(rng.fork(2)),
  ...samplers(seed),
]
