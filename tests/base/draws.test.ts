// Counts drawn against their exact laws (vectors/draws.py), at fixed seeds.
import { describe, expect, it } from 'vitest'
import { binomial, multinomial, poisson, scatter } from '../../src/base/draws.ts'
import { type Random, random } from '../../src/base/random.ts'
import { chiSquareP } from './chi-square.ts'
import vectors from './vectors/draws.json' with { type: 'json' }

const DRAWS = 300_000

/** The p-value of many draws against a law given as chances of bins with inclusive upper edges. */
function fit(draw: (rng: Random) => number, edges: number[], chances: number[], seed: number): number {
  const rng = random(seed)
  const seen = new Float64Array(chances.length)
  for (let i = 0; i < DRAWS; i++) {
    const k = draw(rng)
    let low = 0
    for (let high = edges.length; low < high; ) {
      const middle = (low + high) >>> 1
      if (edges[middle] < k) low = middle + 1
      else high = middle
    }
    seen[low]++
  }
  return chiSquareP(
    seen,
    chances.map(c => c * DRAWS),
  )
}

describe('binomial', () => {
  for (const { n, p, edges, chances } of vectors.binomial)
    it(`\`binomial()\` follows its law at n = ${n}, p = ${p}`, () => {
      expect(fit(rng => binomial(rng, n, p), edges, chances, n)).toBeGreaterThan(1e-7)
    })

  it('`binomial()` is even-handed unit by unit where its law is smooth', () => {
    const rng = random(5)
    const seen = new Float64Array(16)
    for (let i = 0; i < DRAWS; i++) seen[binomial(rng, 1e9, 0.3) & 15]++
    expect(
      chiSquareP(
        seen,
        seen.map(() => DRAWS / 16),
      ),
    ).toBeGreaterThan(1e-7)
  })

  it('`binomial()` compares few units with p to its last digit', () => {
    // p = 0.010…01 with 40 binary digits: a unit that ties 39 times is taken if its next digit is 0; if that is 1,
    // the tie goes on, and the 1 after it decides that the unit stays.
    const p = 0.25 + 2 ** -40
    for (const last of [0, 1]) {
      let step = 0
      const rng: Random = {
        u32: () => {
          step++
          return step === 2 ? 1 : step < 40 ? 0 : last
        },
        uniform: () => 0.999,
        fork: () => rng,
      }
      // Unit 1 gives digits 0, 0 and is decided, below p; unit 0 follows p to the end.
      expect(binomial(rng, 2, p)).toBe(last === 0 ? 2 : 1)
      expect(step).toBe(last === 0 ? 40 : 41)
    }
  })

  it('`binomial()` draws nothing where nothing is left to chance', () => {
    const rng = random(1)
    const untouched = random(1).u32()
    const sure = [
      binomial(rng, 0, 0.3),
      binomial(rng, 9, 0),
      binomial(rng, 9, 1),
      binomial(rng, 2 ** 31 - 1, 1),
    ]
    expect(sure).toEqual([0, 0, 9, 2 ** 31 - 1])
    expect(binomial(rng, 1000, 1e-300)).toBe(0)
    expect(binomial(random(1), 1000, 1 - 2 ** -53)).toBe(1000)
    expect(random(1).u32()).toBe(untouched)
  })

  it('`binomial()` refuses what is not a count or a chance', () => {
    const rng = random(1)
    for (const n of [-1, 0.5, Number.NaN, 2 ** 31])
      expect(() => binomial(rng, n, 0.5)).toThrow('n must be an integer')
    for (const p of [-1e-9, 1.0000001, Number.NaN])
      expect(() => binomial(rng, 5, p)).toThrow('p must be in [0, 1]')
  })
})

describe('poisson', () => {
  for (const { mean, edges, chances } of vectors.poisson)
    it(`\`poisson()\` follows its law at mean ${mean}`, () => {
      expect(fit(rng => poisson(rng, mean), edges, chances, 3)).toBeGreaterThan(1e-7)
    })

  it('`poisson()` is 0 at mean 0 and refuses what is not a mean', () => {
    expect(poisson(random(1), 0)).toBe(0)
    for (const mean of [-1, Number.NaN, Infinity])
      expect(() => poisson(random(1), mean)).toThrow('mean must be in [0, 1e15]')
  })
})

/** A stream whose only uniform numbers are v and then u; asking for more means that they were rejected. */
function attempt(draw: (rng: Random) => number, v: number, u: number): number {
  let step = 0
  const rng: Random = {
    u32: () => 0,
    fork: () => rng,
    uniform: () => {
      if (step === 2) throw rng
      return step++ === 0 ? v : u
    },
  }
  try {
    return draw(rng)
  } catch (thrown) {
    if (thrown === rng) return -1
    throw thrown
  }
}

/** The least x in [0, 1] for which a monotone condition holds. */
function least(condition: (x: number) => boolean): number {
  let low = 0
  let high = 1
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2
    if (condition(middle)) high = middle
    else low = middle
  }
  return high
}

/** The area of the unit square of (u, v) that gives k, by Simpson's rule over u of the highest v that is accepted. */
function area(draw: (rng: Random) => number, k: number, pieces = 32): number {
  const from = least(u => attempt(draw, 0, u) >= k)
  const width = least(u => attempt(draw, 0, u) > k) - from
  let sum = 0
  for (let i = 0; i <= pieces; i++) {
    const u = from + width * Math.min(Math.max(i / pieces, 1e-9), 1 - 1e-9)
    const highest = least(v => attempt(draw, v, u) !== k)
    sum += highest * (i === 0 || i === pieces ? 1 : i % 2 === 1 ? 4 : 2)
  }
  return (sum * width) / (3 * pieces)
}

describe('rejection', () => {
  /** The area of every k must be proportional to its probability, the mode's standing for all. */
  function compare(
    draw: (rng: Random) => number,
    mode: number,
    steps: number[],
    logRatio: (i: number) => number,
  ): void {
    const whole = area(draw, mode)
    for (const step of steps) {
      let log = 0
      for (let i = mode + 1; i <= mode + step; i++) log += logRatio(i)
      for (let i = mode; i > mode + step; i--) log -= logRatio(i)
      expect(area(draw, mode + step) / whole / Math.exp(log), `mode + ${step}`).toBeCloseTo(1, 5)
    }
  }
  const near = [...Array(13).keys()].map(i => i - 6)

  it('`binomial()` accepts areas in proportion to its law', () => {
    const cases: [number, number, number[]][] = [
      [67, 0.15, [-9, ...near, 8, 12, 16, 17, 18, 25]],
      [68, 0.5, [-20, -17, -16, ...near, 16, 17, 22]],
      [1000, 0.0104, [-10, ...near, 12, 16, 17, 20, 23]],
      [10_000, 0.3, [-250, -150, -80, -40, -17, -16, ...near, 15, 17, 39, 79, 149, 249]],
      [1_000_000_000, 0.3, [-60_000, -17, 0, 1, 20, 1000, 15_000, 30_000, 60_000]],
    ]
    for (const [n, p, steps] of cases)
      compare(
        rng => binomial(rng, n, p),
        Math.floor((n + 1) * p),
        steps,
        i => Math.log(((n + 1 - i) * p) / (i * (1 - p))),
      )
  })

  it('`poisson()` accepts areas in proportion to its law', () => {
    const cases: [number, number[]][] = [
      [10, [-10, ...near, 12, 16, 17, 18, 25]],
      [300.7, [-80, -40, -17, -16, ...near, 17, 39, 79]],
      [1e8, [-40_000, -17, 0, 1, 20, 1000, 10_000, 40_000]],
    ]
    for (const [mean, steps] of cases)
      compare(
        rng => poisson(rng, mean),
        Math.floor(mean),
        steps,
        i => Math.log(mean / i),
      )
  })
})

/** Observed and expected numbers of every outcome of n units over three categories. */
function outcomes(
  n: number,
  chances: number[],
  draws: number,
  draw: (rng: Random, out: Int32Array) => void,
): number {
  const seen = new Float64Array((n + 1) ** 2)
  const expected = new Float64Array((n + 1) ** 2)
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1))
  for (let a = 0; a <= n; a++)
    for (let b = 0; a + b <= n; b++) {
      const ways = factorial(n) / (factorial(a) * factorial(b) * factorial(n - a - b))
      expected[a * (n + 1) + b] = draws * ways * chances[0] ** a * chances[1] ** b * chances[2] ** (n - a - b)
    }
  const rng = random(8)
  const out = new Int32Array(3)
  for (let i = 0; i < draws; i++) {
    draw(rng, out)
    if (out[0] + out[1] + out[2] !== n) throw new Error(`${out} is not ${n} units`)
    seen[out[0] * (n + 1) + out[1]]++
  }
  return chiSquareP(seen, expected)
}

describe('multinomial', () => {
  it('`multinomial()` follows the joint law, whatever the scale of the weights', () => {
    const weights = [20, 0.5, 30]
    const chances = weights.map(w => w / 50.5)
    expect(outcomes(6, chances, 50_000, (rng, out) => multinomial(rng, 6, weights, out))).toBeGreaterThan(
      1e-7,
    )
  })

  it('`multinomial()` keeps the proportions of categories a billion times rarer than the first', () => {
    const weights = [1, 1e-9, 0, 3e-9, 6e-9]
    const rng = random(2)
    const out = new Int32Array(5)
    const sum = new Float64Array(3)
    for (let i = 0; i < 3000; i++) {
      multinomial(rng, 1e9, weights, out)
      sum[0] += out[1]
      sum[1] += out[3]
      sum[2] += out[4]
    }
    const total = sum[0] + sum[1] + sum[2]
    expect(Math.abs(total - 30_000)).toBeLessThan(5 * Math.sqrt(30_000))
    expect(chiSquareP(sum, [0.1 * total, 0.3 * total, 0.6 * total])).toBeGreaterThan(1e-7)
  })

  it('`multinomial()` conserves the units and leaves weightless categories empty', () => {
    const rng = random(4)
    const out = new Int32Array(40)
    for (let i = 0; i < 3000; i++) {
      const scale = 10 ** (600 * rng.uniform() - 300)
      const weights = Float64Array.from({ length: 40 }, () =>
        rng.uniform() < 0.3 ? 0 : scale * rng.uniform() ** 20,
      )
      weights[i % 40] = scale
      const n = Math.floor(2147483648 * rng.uniform() ** 8)
      multinomial(rng, n, weights, out)
      expect(out.reduce((a, b) => a + b)).toBe(n)
      expect(out.filter((units, j) => weights[j] === 0 && units !== 0)).toHaveLength(0)
    }
  })

  it('`multinomial()` reads from `at` and writes at `outAt` in steps of `outStride`, nowhere else', () => {
    const out = new Int32Array(9).fill(-1)
    multinomial(random(1), 1000, [7, 1, 0, 2, 7], out, 3, 1, 1, 3)
    expect([out[0], out[2], out[3], out[5], out[6], out[8]]).toEqual([-1, -1, -1, -1, -1, -1])
    expect(out[4]).toBe(0)
    expect(out[1] + out[7]).toBe(1000)
    expect(out[1]).toBeGreaterThan(200)
    expect(out[7]).toBeGreaterThan(500)
  })

  it('`multinomial()` refuses weights that are no law', () => {
    const out = new Int32Array(2)
    expect(() => multinomial(random(1), 1, [0, 0], out)).toThrow('the sum of weights must be above 0')
    expect(() => multinomial(random(1), 1, [1, -1], out)).toThrow('every weight must be')
    expect(() => multinomial(random(1), 1, [1, Number.NaN], out)).toThrow('every weight must be')
    multinomial(random(1), 0, [0, 0], out)
    expect([...out]).toEqual([0, 0])
  })
})

describe('scatter', () => {
  it('`scatter()` follows the joint uniform law, unit by unit and by halves', () => {
    const thirds = [1 / 3, 1 / 3, 1 / 3]
    for (const n of [5, 40])
      expect(outcomes(n, thirds, 100_000, (rng, out) => scatter(rng, n, out))).toBeGreaterThan(1e-7)
  })

  it('`scatter()` conserves the units, is even over the sites, and writes nowhere else', () => {
    for (const [n, sites] of [
      [3_000_000, 10_000],
      [50_000, 10_000],
      [0, 7],
      [9, 1],
    ]) {
      const out = new Int32Array(sites + 2).fill(-1)
      scatter(random(6), n, out, sites, 1)
      expect([out[0], out[sites + 1]]).toEqual([-1, -1])
      const seen = out.subarray(1, sites + 1)
      expect(seen.reduce((a, b) => a + b)).toBe(n)
      if (n > 10) expect(chiSquareP(seen, Array(sites).fill(n / sites))).toBeGreaterThan(1e-7)
    }
    expect(() => scatter(random(1), 1, new Int32Array(0))).toThrow('sites must be at least 1')
  })
})

it('the draws of a seed stay what they were', () => {
  const rng = random(2024)
  const six = (draw: () => number) => Array.from({ length: 6 }, draw)
  expect(six(() => binomial(rng, 5, 0.01))).toEqual([0, 0, 0, 0, 0, 0])
  expect(six(() => binomial(rng, 1, 0.4))).toEqual([1, 1, 1, 0, 0, 1])
  expect(six(() => binomial(rng, 7, 0.4))).toEqual([2, 2, 1, 3, 4, 2])
  expect(six(() => binomial(rng, 50, 0.9))).toEqual([46, 46, 45, 44, 47, 46])
  expect(six(() => binomial(rng, 400, 0.004))).toEqual([2, 2, 3, 2, 3, 1])
  expect(six(() => binomial(rng, 900, 0.3))).toEqual([284, 272, 268, 248, 269, 248])
  expect(six(() => binomial(rng, 10000, 0.02))).toEqual([189, 190, 189, 215, 204, 177])
  expect(six(() => binomial(rng, 1e9, 0.6))).toEqual([
    599995305, 600003415, 599987682, 599994881, 600005109, 600004567,
  ])
  expect(six(() => poisson(rng, 3))).toEqual([3, 0, 2, 4, 5, 1])
  expect(six(() => poisson(rng, 2e4))).toEqual([20056, 19894, 20129, 19904, 20209, 20108])
  const out = new Int32Array(8)
  multinomial(rng, 1000, [1, 2, 3, 0, 4, 1e-3, 5, 6], out)
  expect([...out]).toEqual([48, 91, 135, 0, 203, 0, 217, 306])
  scatter(rng, 200, out)
  expect([...out]).toEqual([28, 25, 18, 20, 34, 23, 31, 21])
})
