import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { type BoundaryName, lattice } from '../../src/lattice/index.ts'
import { forward } from '../../src/process/forward.ts'
import { chiSquareP } from '../base/chi-square.ts'
import { imageLaw, reachedBy, reverseRates, siteKernel, targetMoments } from './oracle.ts'

const WAYS = ['units', 'flows'] as const

interface Small {
  readonly lengths: number[]
  readonly boundaries: BoundaryName[]
  readonly clean: number[]
  readonly tau: number
}

const SMALL: Small[] = [
  { lengths: [5], boundaries: ['periodic'], clean: [2, 0, 1, 0, 0], tau: 0.6 },
  { lengths: [4], boundaries: ['no-flux'], clean: [0, 3, 0, 1], tau: 0.9 },
  { lengths: [2], boundaries: ['periodic'], clean: [3, 1], tau: 0.2 },
  { lengths: [3, 2], boundaries: ['periodic', 'no-flux'], clean: [2, 0, 0, 1, 0, 0], tau: 0.5 },
  { lengths: [2, 3], boundaries: ['no-flux', 'no-flux'], clean: [3, 0, 0, 0, 0, 1], tau: 0.4 },
  {
    lengths: [2, 1, 3],
    boundaries: ['no-flux', 'periodic', 'periodic'],
    clean: [2, 0, 1, 0, 0, 0],
    tau: 0.3,
  },
  {
    lengths: [2, 2, 2],
    boundaries: ['no-flux', 'periodic', 'no-flux'],
    clean: [2, 0, 0, 0, 0, 0, 0, 1],
    tau: 0.4,
  },
]

const named = ({ lengths, boundaries, tau }: Small) =>
  `${lengths.join('x')} ${boundaries.join(' ')} at tau ${tau}`

/** How often each image came, and the sums of its targets and of their squared distances from the exact mean. */
function drawMany({ lengths, boundaries, clean, tau }: Small, by: 'units' | 'flows', draws: number) {
  const grid = lattice(lengths, boundaries)
  const exact = targetMoments(grid, clean, tau)
  const corrupt = forward(grid, by)
  const start = Int32Array.from(clean)
  const noisy = new Int32Array(grid.size)
  const target = new Float32Array(2 * lengths.length * grid.size)
  const fresh = () => new Float64Array(target.length)
  const stream = random(11)
  const seen = new Map<string, { times: number; sum: Float64Array; squares: Float64Array }>()
  for (let i = 0; i < draws; i++) {
    corrupt(start, tau, { random: stream, noisy, target })
    const key = noisy.join()
    const entry = seen.get(key) ?? { times: 0, sum: fresh(), squares: fresh() }
    seen.set(key, entry)
    entry.times++
    const mean = exact.get(key)?.mean ?? fresh()
    for (let k = 0; k < target.length; k++) {
      entry.sum[k] += target[k]
      entry.squares[k] += (target[k] - mean[k]) ** 2
    }
  }
  return { grid, seen, exact }
}

describe.each(WAYS)('the forward draw by %s', by => {
  it.each(SMALL.map(small => [named(small), small] as const))(
    '`corrupt()` draws the law of independent units, with the reverse rates as mean targets: %s',
    (_, small) => {
      const draws = 40_000
      const { grid, seen, exact } = drawMany(small, by, draws)
      const law = imageLaw(grid, small.clean, small.tau)
      const keys = [...law.keys()].sort((a, b) => (law.get(b) ?? 0) - (law.get(a) ?? 0))
      for (const key of seen.keys()) expect(law.has(key)).toBe(true)
      const observed = keys.map(key => seen.get(key)?.times ?? 0)
      const expected = keys.map(key => draws * (law.get(key) ?? 0))
      expect(chiSquareP(observed, expected)).toBeGreaterThan(1e-6)
      let compared = 0
      for (const [key, { times, sum }] of seen) {
        if (times < 200) continue
        const rates = reverseRates(grid, law, key)
        const { variance, largest } = exact.get(key) ?? { variance: [], largest: [] }
        for (let k = 0; k < sum.length; k++) {
          // Bernstein's bound at 1e-9; single precision where the target cannot vary.
          const bound = Math.sqrt((43 * variance[k]) / times) + (7.2 * largest[k]) / times + 1e-6 * rates[k]
          expect(Math.abs(sum[k] / times - rates[k])).toBeLessThanOrEqual(bound)
          compared++
        }
      }
      expect(compared).toBeGreaterThan(15)
    },
  )

  it.each([
    [[31], ['periodic'], 17, 0.05],
    [[31], ['periodic'], 4, 30],
    [[24], ['no-flux'], 0, 8],
    [[9, 8], ['no-flux', 'periodic'], 13, 1],
    [[9, 8], ['periodic', 'no-flux'], 71, 12],
    [[4, 3, 5], ['no-flux', 'periodic', 'no-flux'], 22, 0.7],
  ] as [number[], BoundaryName[], number, number][])(
    '`corrupt()` sends a million units of one site by the kernel: %o %o from %i at tau %d',
    (lengths, boundaries, origin, tau) => {
      const grid = lattice(lengths, boundaries)
      const kernel = siteKernel(grid, tau)[origin]
      const corrupt = forward(grid, by)
      const clean = new Int32Array(grid.size)
      const noisy = new Int32Array(grid.size)
      const target = new Float32Array(2 * lengths.length * grid.size)
      clean[origin] = 1_000_000
      corrupt(clean, tau, { random: random(5), noisy, target })
      expect(
        chiSquareP(
          noisy,
          kernel.map(p => p * 1e6),
        ),
      ).toBeGreaterThan(1e-6)
      // All units come from one site, so the target leaves nothing open.
      for (let j = 0; j < 2 * lengths.length; j++)
        for (let x = 0; x < grid.size; x++) {
          const y = reachedBy(grid, x, j)
          const expected = y < 0 ? 0 : (noisy[x] * kernel[y]) / kernel[x]
          expect(Math.abs(target[j * grid.size + x] - expected)).toBeLessThanOrEqual(1e-6 * expected)
        }
    },
  )

  it.each([3, 40, 200, 700])('`corrupt()` scatters %i units of a site as a multinomial, draw by draw', n => {
    const grid = lattice([6, 5], ['no-flux', 'periodic'])
    const origin = 13
    for (const tau of [0.2, 3]) {
      const kernel = siteKernel(grid, tau)[origin]
      const corrupt = forward(grid, by)
      const clean = new Int32Array(grid.size)
      const noisy = new Int32Array(grid.size)
      const target = new Float32Array(4 * grid.size)
      clean[origin] = n
      const draws = 3000
      const sum = new Float64Array(grid.size)
      const squares = new Float64Array(grid.size)
      const stream = random(6)
      for (let i = 0; i < draws; i++) {
        corrupt(clean, tau, { random: stream, noisy, target })
        for (let x = 0; x < grid.size; x++) {
          sum[x] += noisy[x]
          squares[x] += (noisy[x] - n * kernel[x]) ** 2
        }
      }
      expect(
        chiSquareP(
          sum,
          kernel.map(p => p * n * draws),
        ),
      ).toBeGreaterThan(1e-6)
      for (let x = 0; x < grid.size; x++) {
        const variance = n * kernel[x] * (1 - kernel[x])
        // The fourth central moment of a binomial is 3 v² + v (1 - 6 p q).
        const pq = kernel[x] * (1 - kernel[x])
        const error = Math.sqrt((2 * variance * variance + variance * (1 - 6 * pq)) / draws)
        expect(Math.abs(squares[x] / draws - variance)).toBeLessThan(6.5 * error)
      }
    }
  })

  it('`corrupt()` at tau 0 leaves every unit where it was, with nothing to undo', () => {
    const grid = lattice([3, 4], ['no-flux', 'periodic'])
    const clean = Int32Array.from({ length: 12 }, (_, x) => (x * 37) % 11)
    const noisy = new Int32Array(12).fill(-1)
    const target = new Float32Array(48).fill(NaN)
    forward(grid, by)(clean, 0, { random: random(1), noisy, target })
    expect([...noisy]).toEqual([...clean])
    expect([...target]).toEqual(new Array(48).fill(0))
  })

  it('`corrupt()` on an axis of one periodic site hops in place, with ratio 1', () => {
    const grid = lattice([1, 3], 'periodic')
    const noisy = new Int32Array(3)
    const target = new Float32Array(12)
    forward(grid, by)(Int32Array.of(4, 0, 300), 0.7, { random: random(1), noisy, target })
    expect([...target.subarray(0, 6)]).toEqual([...noisy, ...noisy])
  })

  it('`corrupt()` draws each channel on its own, from the channels before it in the stream', () => {
    const grid = lattice([4, 4], 'periodic')
    const clean = new Int32Array(48)
    clean.fill(9, 0, 16)
    clean.fill(2, 32, 48)
    const noisy = new Int32Array(48)
    const target = new Float32Array(3 * 64)
    forward(grid, by)(clean, 0.5, { random: random(2), noisy, target })
    const first = { noisy: new Int32Array(16), target: new Float32Array(64) }
    forward(grid, by)(clean.slice(0, 16), 0.5, { random: random(2), ...first })
    expect([...noisy.subarray(0, 16)]).toEqual([...first.noisy])
    expect([...target.subarray(0, 64)]).toEqual([...first.target])
    expect(noisy.subarray(16, 32).every(n => n === 0)).toBe(true)
    expect(target.subarray(64, 128).every(r => r === 0)).toBe(true)
    expect(noisy.subarray(32).reduce((a, b) => a + b)).toBe(32)
  })

  it('`corrupt()` leaves no trace of an earlier call', () => {
    const grid = lattice([5, 6], 'no-flux')
    const used = forward(grid, by)
    const at = () => ({ noisy: new Int32Array(30), target: new Float32Array(120) })
    const clean = Int32Array.from({ length: 30 }, (_, x) => (x * 53) % 97)
    used(new Int32Array(30).fill(400), 7, { random: random(8), ...at() })
    const [again, fresh] = [at(), at()]
    used(clean, 0.3, { random: random(4), ...again })
    forward(grid, by)(clean, 0.3, { random: random(4), ...fresh })
    expect(again).toEqual(fresh)
  })
})

describe('the targets by flows', () => {
  it('`forward()` leaves less variance given n_t in its targets by flows than by units', () => {
    const small: Small = {
      lengths: [4, 2],
      boundaries: ['periodic', 'no-flux'],
      clean: [2, 0, 0, 1, 1, 0, 0, 1],
      tau: 0.35,
    }
    const draws = 40_000
    const [units, flows] = WAYS.map(by => {
      const { seen, exact } = drawMany(small, by, draws)
      const rest = { first: 0, second: 0, expected: 0 }
      for (const [key, { times, squares }] of seen) {
        const { variance } = exact.get(key) ?? { variance: new Float64Array() }
        for (let k = 0; k < 16; k++) {
          rest.first += squares[k] / draws
          rest.second += squares[k + 16] / draws
          rest.expected += (times * variance[k]) / draws
        }
      }
      return rest
    })
    expect(Math.abs(units.first / units.expected - 1)).toBeLessThan(0.05)
    // Axis 0 is moved first: its ratios are carried as means. Along the last axis the two ways are alike.
    expect(flows.first).toBeLessThan(0.9 * units.first)
    expect(Math.abs(flows.second / units.second - 1)).toBeLessThan(0.05)
  })
})
