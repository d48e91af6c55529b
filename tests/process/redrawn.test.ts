// Residual shifting and two clocks against the suite that every process passes, their means, and their ends.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { type BoundaryName, type Lattice, lattice, neighbours } from '../../src/lattice/index.ts'
import { birthDeath, type JumpProcess, labels, shift, spatial, twoClocks } from '../../src/process/index.ts'
import { redrawnSince } from '../../src/process/redrawn-law.ts'
import { latticeWalk } from '../../src/walk/lattice-walk.ts'
import { redrawnWalk } from '../../src/walk/redrawn.ts'
import { grids, type State } from './known-process.ts'
import { type Promised, processConformance } from './process.conformance.ts'

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))
const massOf = (state: State) => state.reduce((a, b) => a + b, 0)

interface Ground {
  readonly process: JumpProcess
  /** Speed of a unit from x to another site y, in units of the rate. */
  readonly speed: (x: number, y: number) => number
  /** Where units are in the limit, up to a factor in every block. */
  readonly rest: (x: number) => number
  readonly blocks: readonly (readonly number[])[]
  readonly data?: (state: State) => number
  readonly keeps?: (state: State) => boolean
}

/** Units alone on sites of blocks; jump j of a site leads to the j-th other site of its block. */
function facts({ process, speed, rest, blocks, data, keeps = () => true }: Ground): Promised {
  const { sites } = process
  const blockOf = (x: number) => blocks.find(block => block.includes(x))!
  const jump = (state: State, j: number, x: number) => {
    const y = blockOf(x).filter(site => site !== x)[j]
    return y === undefined || state[x] === 0
      ? undefined
      : { to: state.with(x, state[x] - 1).with(y, state[y] + 1), speed: state[x] * speed(x, y) }
  }
  const conserved = (state: State) => blocks.map(block => block.reduce((sum, x) => sum + state[x], 0))
  const states = grids(sites, 3).filter(state => massOf(state) > 0 && massOf(state) < 4 && keeps(state))
  return {
    process,
    states,
    starts: [states.find(state => massOf(state) === 2)!, states.findLast(state => massOf(state) === 3)!],
    forward: state =>
      state.flatMap((_, x) =>
        Array.from({ length: process.jumps }, (_, j) => jump(state, j, x)).flatMap(found =>
          found ? [[found.to, found.speed] as const] : [],
        ),
      ),
    reverse: (state, { j, x }) => jump(state, j, x)?.to,
    data: data ?? (state => (massOf(state) === 1 ? [1, 5, 0.4, 2][state.indexOf(1)] : 0)),
    limit: state => state.reduce((p, n, x) => (p * rest(x) ** n) / factorial(n), 1),
    conserved,
    undo: 'any law',
    times: [0.05, 0.3, 0.8],
  }
}

const one = [[0, 1, 2, 3]]
const law = [1, 4, 2, 0.5]
const share = (x: number) => law[x] / 7.5
processConformance(
  'shift() to an image',
  facts({ process: shift({ lengths: [2, 2], law }), speed: (_, y) => share(y), rest: share, blocks: one }),
)
const pairs = [
  [0, 1],
  [2, 3],
]
processConformance(
  'shift() of labels',
  facts({
    process: shift({ lengths: [4], within: 2, labels: true }),
    speed: () => 1 / 2,
    rest: () => 1,
    blocks: pairs,
    keeps: state => state[0] + state[1] <= 2 && state[2] + state[3] <= 2,
    data: state => (massOf(state) === 1 ? [1, 5, 0.4, 2][state.indexOf(1)] : 0),
  }),
)

/** Where units that walk and are redrawn are at last, by doing both in short steps for long. */
function atLast(boundary: BoundaryName, { walks, redraws }: { walks: number; redraws: number }): number[] {
  const reached = neighbours(lattice([4], boundary))
  let p = new Array<number>(4).fill(1 / 4)
  for (let step = 0; step < 20_000; step++)
    p = p.map((own, x) => {
      let more = redraws * (share(x) - own)
      for (const j of [0, 4]) if (reached[j + x] >= 0) more += walks * (p[reached[j + x]] - own)
      return own + 0.01 * more
    })
  return p
}

{
  const boundary = 'no-flux'
  const clocks = { walks: 1.5, redraws: 4.5 }
  const rest = atLast(boundary, clocks)
  const reached = neighbours(lattice([4], boundary))
  processConformance(
    'twoClocks() between walls',
    facts({
      process: twoClocks({ lattice: lattice([4], boundary), law, ...clocks }),
      speed: (x, y) => 0.75 * share(y) + 0.25 * [0, 4].filter(j => reached[j + x] === y).length,
      rest: x => rest[x],
      blocks: one,
    }),
  )
}

/** e^(Q t) of the generator of two clocks, by the scaled Taylor series. */
function exponentialOf(
  boundary: BoundaryName,
  { walks, redraws, side }: { walks: number; redraws: number; side: number },
  weights: readonly number[],
) {
  const grid = lattice([side, side], boundary)
  const n = grid.size
  const sum = weights.reduce((a, b) => a + b)
  const q = Array.from({ length: n }, (_, x) =>
    Array.from({ length: n }, (_, y) => (redraws * weights[y]) / sum - (x === y ? redraws : 0)),
  )
  neighbours(grid).forEach((y, i) => {
    if (y < 0) return
    q[i % n][y] += walks
    q[i % n][i % n] -= walks
  })
  const times = (a: number[][], b: number[][]) =>
    a.map(row => row.map((_, j) => row.reduce((total, value, k) => total + value * b[k][j], 0)))
  const squarings = 14
  const small = q.map(row => row.map(value => value / 2 ** squarings))
  let [result, term] = [0, 1].map(() => q.map((row, x) => row.map((_, y) => Number(x === y))))
  for (let k = 1; k < 12; k++) {
    term = times(term, small).map(row => row.map(value => value / k))
    result = result.map((row, x) => row.map((value, y) => value + term[x][y]))
  }
  for (let k = 0; k < squarings; k++) result = times(result, result)
  return result
}

describe('towards()', () => {
  it('is the process whose limit is the image that is told, but for a hundredth that is even', () => {
    const end = [9, 0, 3, 0]
    const wanted = [9, 0, 3, 0].map(n => (0.99 * n + 0.01 * 3) / 12)
    const walls = lattice([4], 'no-flux')
    const all: JumpProcess[] = [
      shift({ lengths: [4], ceiling: 7 }),
      twoClocks({ lattice: walls, walks: 0, redraws: 6 }),
    ]
    for (const process of all) {
      const own = process.towards!(end)
      expect({ ...own.description, law: undefined }).toEqual({ ...process.description, law: undefined })
      const out = new Int32Array(4)
      own.limit([100_000], { random: random(4), out })
      wanted.forEach((share, x) => {
        expect(Math.abs(out[x] - 100_000 * share)).toBeLessThanOrEqual(6 * Math.sqrt(100_000 * share) + 1)
      })
    }
    // Nothing was seen: units may be anywhere.
    const out = new Int32Array(4)
    all[0].towards!([0, 0, 0, 0]).limit([40_000], { random: random(5), out })
    for (const n of out) expect(Math.abs(n - 10_000)).toBeLessThan(600)
  })

  it('refuses an image of another size, and colours', () => {
    expect(() => shift({ lengths: [4] }).towards!([1, 2])).toThrow('4')
    expect(() => shift({ lengths: [4], channels: 2 }).towards!([1, 2, 3, 4])).toThrow(/channels .* must be 1/)
  })

  it('of birth and death is the one whose counts are in the end about the image', () => {
    const own = birthDeath({ lengths: [3], mean: 2 }).towards!([400, 0, 25])
    const sums = [0, 0, 0]
    const out = new Int32Array(3)
    for (let i = 0; i < 400; i++) {
      own.limit([], { random: random(6).fork(i), out })
      out.forEach((n, x) => {
        sums[x] += n / 400
      })
    }
    ;[400, 0.05, 25].forEach((mean, x) => {
      expect(Math.abs(sums[x] - mean)).toBeLessThan(6 * Math.sqrt(mean / 400))
    })
  })
})

describe('twoClocks()', () => {
  it.each([
    [0.3, 5],
    [2, 2],
    [6, 0.25],
  ])('has the kernel of the matrix exponential to 1e-12: walks %f, redraws %f', (walks, redraws) => {
    for (const boundary of ['periodic', 'no-flux'] as const) {
      const side = 4
      const weights = Array.from({ length: side * side }, (_, x) => 1 + ((7 * x) % 5))
      const exact = exponentialOf(boundary, { walks, redraws, side }, weights)
      const grid = lattice([side, side], boundary)
      const own = kernelOf(grid, { walks, redraws, law: weights })
      own.forEach((row, x) => {
        row.forEach((p, y) => {
          expect(Math.abs(p - exact[x][y])).toBeLessThan(1e-12)
        })
      })
    }
  })

  it('is the walk without redraws, and shifting without a walk', () => {
    const grid = lattice([4, 3], 'no-flux')
    const weights = Array.from({ length: 12 }, (_, x) => 1 + x)
    const counts = Int32Array.from({ length: 12 }, (_, x) => (5 * x) % 7)
    const origin = Array.from({ length: 12 }, (_, x) => 1 + ((3 * x) % 5))
    const all = (process: JumpProcess) => {
      const out = new Float64Array(12 * process.jumps)
      process.rates(counts, origin, { time: 0.4, out })
      const lead = process.reached!(0)
      const table = new Float64Array(144)
      out.forEach((speed, k) => {
        if (lead[k] >= 0) table[(k % 12) * 12 + lead[k]] += process.rate * speed
      })
      return table
    }
    const ends = [
      [twoClocks({ lattice: grid, walks: 2, redraws: 0, law: weights }), spatial({ lattice: grid, rate: 2 })],
      [
        twoClocks({ lattice: grid, walks: 0, redraws: 2, law: weights }),
        shift({ lengths: [4, 3], rate: 2, law: weights }),
      ],
    ]
    for (const [clocks, end] of ends) {
      const [a, b] = [all(clocks), all(end)]
      a.forEach((speed, i) => {
        expect(Math.abs(speed - b[i])).toBeLessThan(1e-9 * (1 + b[i]))
      })
    }
  })
})

/** k_1(y|x), of the walk that `twoClocks` is made of. */
function kernelOf(
  grid: Lattice,
  { walks, redraws, law: weights }: { walks: number; redraws: number; law: readonly number[] },
): number[][] {
  const sum = weights.reduce((a, b) => a + b)
  const own = Float64Array.from(weights, weight => weight / sum)
  const walk = redrawnWalk({
    law: own,
    often: redraws,
    between: { walk: latticeWalk(grid), pace: walks },
    arrived: redrawnSince(grid, { law: own, often: redraws, pace: walks }),
  })
  return Array.from({ length: grid.size }, (_, x) => {
    const field = Float64Array.from({ length: grid.size }, (_, y) => Number(x === y))
    walk.spread(field, 1, field)
    return [...field]
  })
}

describe('shift()', () => {
  it('has the mean of residual shifting, n_0 + η (M π - n_0), and every mass in every draw', () => {
    const [lengths, draws] = [[6, 5], 4000]
    const stream = random(3)
    const clean = Int32Array.from({ length: 30 }, () => Math.floor(40 * stream.uniform()))
    const weights = Float64Array.from({ length: 30 }, () => stream.uniform())
    const process = shift({ lengths, law: weights })
    const mass = clean.reduce((a, b) => a + b)
    const sum = weights.reduce((a, b) => a + b)
    const noisy = new Int32Array(30)
    for (const time of [0.05, 0.2, 1]) {
      const eta = -Math.expm1(-process.rate * time)
      const mean = new Float64Array(30)
      for (let i = 0; i < draws; i++) {
        process.corrupt(clean, time, { random: stream, noisy })
        expect(process.invariant(noisy)).toEqual([mass])
        noisy.forEach((n, x) => {
          mean[x] += n / draws
        })
      }
      mean.forEach((n, x) => {
        const wanted = clean[x] + eta * ((mass * weights[x]) / sum - clean[x])
        // A count spreads by at most the root of what comes and stays: six deviations.
        expect(Math.abs(n - wanted)).toBeLessThan(6 * Math.sqrt((clean[x] + wanted) / draws) + 1e-9)
      })
    }
  })

  it('keeps the sum of every block, forward and back, and draws labels that have them', () => {
    const process = shift({ lengths: [8, 12], within: 4, labels: true })
    const stream = random(7)
    const clean = Int32Array.from({ length: 96 }, () => Number(stream.uniform() < 0.4))
    const sums = process.invariant(clean)
    expect(sums.length).toBe(6)
    const noisy = new Int32Array(96)
    for (let i = 0; i < 200; i++) {
      process.corrupt(clean, stream.uniform(), { random: stream, noisy })
      expect(process.invariant(noisy)).toEqual(sums)
      const origin = Float64Array.from(clean, n =>
        stream.uniform() < 0.2 ? stream.uniform() : 0.9 * n + 0.05,
      )
      process.undo(noisy, origin, { from: 0.7, to: 0.2, random: stream })
      expect(process.invariant(noisy)).toEqual(sums)
      process.settle?.(noisy, origin)
      expect(process.invariant(noisy)).toEqual(sums)
      expect(noisy.every(n => n === 0 || n === 1)).toBe(true)
    }
    process.limit(sums, { random: stream, out: noisy })
    expect(process.invariant(noisy)).toEqual(sums)
    // Where blocks tell nothing else, labels are those of `labels()`: the most probable ones of the mass.
    const whole = shift({ lengths: [8, 12], labels: true })
    const walk = labels({ lattice: lattice([8, 12], 'periodic') })
    const origin = Float64Array.from({ length: 96 }, () => stream.uniform())
    const [a, b] = [clean.slice(), clean.slice()]
    whole.settle?.(a, origin)
    walk.settle?.(b, origin)
    expect(a).toEqual(b)
  })

  it('refuses blocks that do not fit, laws that are none, and more labels than sites', () => {
    expect(() => shift({ lengths: [6, 6], within: 4 })).toThrow(/a divisor of 6 and 6/)
    expect(() => shift({ lengths: [4], within: 2, law: [1, 1, 0, 0] })).toThrow(/in every block/)
    expect(() => shift({ lengths: [4], law: [1, 1] })).toThrow(RangeError)
    const process = shift({ lengths: [4], within: 2, labels: true })
    expect(() => process.limit([3, 0], { random: random(1), out: new Int32Array(4) })).toThrow(/at most 2/)
  })
})
