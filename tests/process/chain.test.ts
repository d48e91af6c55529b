// Chains of few states at every site.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { absorbingRates, chain, process as rebuilt, uniformRates } from '../../src/process/index.ts'
import { grids, type State } from './known-process.ts'
import { processConformance } from './process.conformance.ts'

/** What a matrix says, read by itself. */
const facts = (matrix: readonly number[], states: number) => ({
  states: grids(2, states - 1),
  forward: (state: State) =>
    state.flatMap((a, x) =>
      Array.from(
        { length: states },
        (_, b) => [state.with(x, b), a === b ? 0 : matrix[a * states + b]] as const,
      ),
    ),
  reverse: (state: State, { j, x }: { j: number; x: number }) =>
    j === state[x] ? undefined : state.with(x, j),
  conserved: () => [],
  within: (state: State) => state.every(a => a >= 0 && a < states),
  undo: 'known n_0' as const,
})

processConformance('chain() with the uniform matrix', {
  ...facts(uniformRates(3).matrix, 3),
  process: chain({ lengths: [2], ...uniformRates(3) }),
  data: ([a, b]) => 1 + ((a + 4 * b) % 5) ** 2,
  limit: () => 1,
})

processConformance('chain() with the absorbing matrix', {
  ...facts(absorbingRates(3).matrix, 3),
  process: chain({ lengths: [1, 2], ...absorbingRates(3) }),
  data: ([a, b]) => (a === 2 || b === 2 ? 0 : 1 + 3 * a + 2 * (1 - b) * a),
  limit: state => (state.every(a => a === 2) ? 1 : 0),
})

// Of no detailed balance: the states go round, faster here than there.
const round = [-1, 0.9, 0.1, 0.2, -0.5, 0.3, 1.5, 0.1, -1.6]
const stationary = [0.38, 0.87, 0.187].map((_, a) => {
  // The minors of the matrix are proportional to its stationary law.
  const [i, j] = [0, 1, 2].filter(b => b !== a)
  return round[4 * i] * round[4 * j] - round[3 * i + j] * round[3 * j + i]
})
processConformance('chain() with a matrix of any rates', {
  ...facts(round, 3),
  process: chain({ lengths: [2], matrix: round, rate: 7 }),
  data: ([a, b]) => (a === b ? 0.3 : 1 + ((2 * a + b) % 3)),
  limit: ([a, b]) => stationary[a] * stationary[b],
})

// Up and down by one: from 0 to 2 in two jumps. One site alone, whose law may be any.
const ladder = [-1, 1, 0, 0.5, -1, 0.5, 0, 2, -2]
processConformance('chain() with neighbouring states', {
  ...facts(ladder, 3),
  states: grids(1, 2),
  process: chain({ lengths: [1], matrix: ladder, rate: 12 }),
  data: ([a]) => [5, 1, 2][a],
  limit: ([a]) => [2, 4, 1][a],
  undo: 'any law',
})

describe('absorbingRates()', () => {
  it('leaves no mask in a clean image, though a network hold one for likely', () => {
    const process = chain({ lengths: [1, 40], ...absorbingRates(3) })
    const counts = new Int32Array(40).fill(2)
    const origin = new Float64Array(120).fill(0.05).fill(0.9, 80)
    process.undo(counts, origin, { from: 1, to: 0, random: random(1) })
    expect(counts.filter(state => state === 2)).toHaveLength(0)
    expect(new Set(counts).size).toBe(2)
  })

  it('draws the last step, or takes the most probable state of every site where it is told to, never a mask', () => {
    expect(chain({ lengths: [1, 3], ...absorbingRates(3) }).settle).toBeUndefined()
    const decided = chain({ lengths: [1, 3], ...absorbingRates(3), settles: true })
    const counts = Int32Array.of(2, 2, 0)
    decided.settle!(counts, [0.3, 0, 0.9, 0.2, 0.1, 0, 0.5, 0.9, 0.1])
    expect([...counts]).toEqual([0, 1, 0])
    expect(() => decided.settle!(counts, [1, 2])).toThrow(RangeError)
    expect(rebuilt(decided.description).settle).toBeDefined()
  })
})
