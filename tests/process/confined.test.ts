// The walk in a region: exact kernels on any shape, targets by enumeration, and nothing over the edge.
import { describe, expect, it } from 'vitest'
import { below, random } from '../../src/base/random.ts'
import { type BoundaryName, lattice } from '../../src/lattice/index.ts'
import { confined, process } from '../../src/process/index.ts'
import { chiSquareP } from '../base/chi-square.ts'

const mask = (...rows: string[]) => [...rows.join('')].map(site => (site === '#' ? 1 : 0))

interface Place {
  readonly name: string
  readonly shape: readonly number[]
  readonly boundary: BoundaryName
  readonly open: number[]
}

const places: Place[] = [
  { name: 'a hook', shape: [4, 5], boundary: 'no-flux', open: mask('.####', '.#..#', '.#...', '.####') },
  {
    name: 'a box and a site',
    shape: [4, 5],
    boundary: 'no-flux',
    open: mask('###..', '###..', '....#', '.....'),
  },
  {
    name: 'a band around',
    shape: [4, 5],
    boundary: 'periodic',
    open: mask('.....', '#####', '#####', '.....'),
  },
  {
    name: 'over the seam',
    shape: [4, 5],
    boundary: 'periodic',
    open: mask('#...#', '#...#', '.....', '#...#'),
  },
  { name: 'a ring', shape: [4, 5], boundary: 'no-flux', open: mask('####.', '#..#.', '####.', '.....') },
  { name: 'a line', shape: [9], boundary: 'no-flux', open: mask('##.####.#') },
]

/** exp(tau L) of the walk on the open sites by a Taylor series of a fraction of tau, squared up again. */
function matrixExponential({ shape, boundary, open }: Place, tau: number): number[][] {
  const grid = lattice(shape, boundary)
  const n = grid.size
  const generator = Array.from({ length: n }, () => new Array<number>(n).fill(0))
  grid.shape.forEach((length, a) => {
    for (let site = 0; site < n; site++)
      for (const hop of [-1, 1]) {
        const x = Math.floor(site / grid.strides[a]) % length
        const to = boundary === 'periodic' ? (x + hop + length) % length : x + hop
        if (to < 0 || to >= length) continue
        const other = site + (to - x) * grid.strides[a]
        if (!open[site] || !open[other]) continue
        generator[site][other] += 1
        generator[site][site] -= 1
      }
  })
  const times = (a: number[][], b: number[][]) =>
    a.map(row => b[0].map((_, k) => row.reduce((sum, value, j) => sum + value * b[j][k], 0)))
  const identity = generator.map((row, i) => row.map((_, j) => (i === j ? 1 : 0) as number))
  const squarings = Math.max(0, Math.ceil(Math.log2(tau * 8)) + 3)
  const small = generator.map(row => row.map(value => (value * tau) / 2 ** squarings))
  let [term, sum] = [identity, identity]
  for (let k = 1; k < 24; k++) {
    term = times(term, small).map(row => row.map(value => value / k))
    sum = sum.map((row, i) => row.map((value, j) => value + term[i][j]))
  }
  for (let k = 0; k < squarings; k++) sum = times(sum, sum)
  return sum
}

const walkIn = ({ shape, boundary, open }: Place, rate = 1) =>
  confined({ lattice: lattice(shape, boundary), open, rate })

describe.each(places)('confined() in $name', place => {
  const { open } = place
  const size = open.length
  const sites = open.flatMap((inside, x) => (inside ? [x] : []))

  it.each([0.05, 0.7, 4, 60])('draws from the matrix exponential at tau = %f', tau => {
    const walk = walkIn(place, tau)
    const kernel = matrixExponential(place, tau)
    const noisy = new Int32Array(size)
    const units = 40_000
    for (const x0 of [sites[0], sites[sites.length >> 1]]) {
      const clean = new Int32Array(size)
      clean[x0] = units
      walk.corrupt(clean, 1, { random: random(x0 + 1), noisy })
      const reachable = sites.filter(x => kernel[x0][x] > 1e-9)
      const seen = reachable.map(x => noisy[x])
      expect(seen.reduce((sum, n) => sum + n, 0)).toBe(units)
      const weight = reachable.reduce((sum, x) => sum + kernel[x0][x], 0)
      const expected = reachable.map(x => (units * kernel[x0][x]) / weight)
      if (expected.filter(mean => mean >= 5).length > 1)
        expect(chiSquareP(seen, expected)).toBeGreaterThan(1e-8)
    }
  })

  it('tells as rates of one unit of a known origin the ratios of the kernel at both ends of each hop', () => {
    const tau = 0.8
    const walk = walkIn(place, tau)
    const kernel = matrixExponential(place, tau)
    const rates = new Float64Array(walk.jumps * size)
    const rng = random(3)
    for (let trial = 0; trial < 60; trial++) {
      const part = walk.parts[below(rng, walk.parts.length)].sites
      const [x0, x] = [part[below(rng, part.length)], part[below(rng, part.length)]]
      const [counts, origin] = [new Int32Array(size), new Float64Array(size)]
      counts[x] = origin[x0] = 1
      walk.rates(counts, origin, { time: 1, out: rates })
      for (let j = 0; j < walk.jumps; j++)
        for (let y = 0; y < size; y++) {
          const told = rates[j * size + y]
          if (y !== x) expect(told).toBe(0)
          else if (told > 0) {
            const after = counts.slice()
            const only = new Float64Array(walk.jumps * size)
            only[j * size + x] = 1
            walk.hop(after, only, { span: 1, random: rng })
            const to = after.indexOf(1)
            expect(told / (kernel[x0][to] / kernel[x0][x])).toBeCloseTo(1, 6)
          }
        }
      // As many hops as there are open neighbours.
      const around = kernel[x].filter((p, y) => y !== x && p > 0.02).length
      const hops = Array.from({ length: walk.jumps }, (_, j) => rates[j * size + x]).filter(r => r > 0).length
      if (sites.length === size) expect(hops).toBe(around)
    }
  })

  it('keeps the mass of every part and leaves the rest empty, for any rates and steps', () => {
    const rng = random(11)
    for (let trial = 0; trial < 150; trial++) {
      const walk = walkIn(place, 0.1 + 100 * rng.uniform())
      const counts = new Int32Array(size)
      const masses = walk.parts.map(() => below(rng, 200))
      walk.limit(masses, { random: rng, out: counts })
      expect(walk.invariant(counts)).toEqual(masses)
      const rates = Float64Array.from({ length: walk.jumps * size }, () => Math.exp(12 * rng.uniform() - 6))
      const origin = Float64Array.from({ length: size }, () => Math.exp(12 * rng.uniform() - 6))
      const step = { from: 0.2 + 0.8 * rng.uniform(), to: 0.1 * rng.uniform(), random: rng }
      for (const move of [
        () => walk.hop(counts, rates, { span: rng.uniform(), random: rng }),
        () => walk.undo(counts, origin, { ...step, noise: 3 * rng.uniform() }),
        () => walk.settle?.(counts, origin),
      ]) {
        move()
        expect(walk.invariant(counts)).toEqual(masses)
        counts.forEach((n, x) => {
          expect(n).toBeGreaterThanOrEqual(0)
          if (!open[x]) expect(n).toBe(0)
        })
      }
      expect(process(walk.description).invariant(counts)).toEqual(masses)
    }
  })

  it('goes back by exact origins to the law that it came from, at any length of step', () => {
    const walk = walkIn(place, 30)
    const rng = random(5)
    const part = walk.parts.reduce((most, one) => (one.sites.length > most.sites.length ? one : most)).sites
    const law = new Array<number>(size).fill(0)
    for (const x of part) law[x] = 0.1 + rng.uniform() ** 3
    const total = law.reduce((sum, p) => sum + p, 0)
    const units = 3000
    const masses = walk.parts.map(({ sites: of }) => (of[0] === part[0] ? units : 0))
    const counts = new Int32Array(size)
    walk.limit(masses, { random: rng, out: counts })
    const times = [1, 0.2, 0.03, 0.004, 0]
    for (let k = 0; k + 1 < times.length; k++) {
      const kernel = matrixExponential(place, 30 * times[k])
      const now = kernel[0].map((_, x) => law.reduce((sum, p, x0) => sum + p * kernel[x0][x], 0))
      const origin = law.map((p, x0) =>
        counts.reduce((sum, n, x) => sum + (n === 0 ? 0 : (n * p * kernel[x0][x]) / now[x]), 0),
      )
      walk.undo(counts, origin, { from: times[k], to: times[k + 1], random: rng })
    }
    const seen = Array.from(part, x => counts[x])
    const expected = Array.from(part, x => (units * law[x]) / total)
    expect(chiSquareP(seen, expected)).toBeGreaterThan(1e-7)
  })
})

describe('confined()', () => {
  it('holds masks that differ from channel to channel', () => {
    const open = [...mask('##.', '##.', '...'), ...mask('...', '.##', '...')]
    const walk = confined({ lattice: lattice([3, 3], 'no-flux'), channels: 2, open, rate: 5 })
    expect(walk.parts.map(({ channel, sites }) => [channel, ...sites])).toEqual([
      [0, 0, 1, 3, 4],
      [1, 4, 5],
    ])
    const counts = new Int32Array(18)
    walk.limit([40, 7], { random: random(1), out: counts })
    expect(walk.invariant(counts)).toEqual([40, 7])
    expect(counts.slice(9).reduce((sum, n) => sum + n, 0)).toBe(7)
  })

  it('takes what is left of the slowest mode of the region down to e^-6, and does not move single sites', () => {
    const square = confined({ lattice: lattice([28, 28], 'no-flux'), open: new Uint8Array(784).fill(1) })
    expect(square.rate).toBeCloseTo(6 / (4 * Math.sin(Math.PI / 56) ** 2), 0)
    const still = confined({ lattice: lattice([3], 'no-flux'), open: [1, 0, 1] })
    expect(still.rate).toBe(0)
    const counts = Int32Array.of(4, 0, 6)
    still.undo(counts, [1, 0, 2], { from: 1, to: 0, random: random(1) })
    expect([...counts]).toEqual([4, 0, 6])
  })
})
