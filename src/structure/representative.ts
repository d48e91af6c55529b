/**
 * How large a sample must be: the variance of the share of a phase between blocks of growing size, and the integral
 * range A that it tells of. Of blocks of volume V much larger than A the variance is φ(1 − φ) A / V: they hold V/A
 * independent pieces (Matheron 1971; Lantuéjoul 1991, J. Microsc. 161, 387–403).
 */
import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { demandGrid, type Labels, outside, spacingOf } from './labels.ts'
import { type Work, within } from './work.ts'

export interface Representative {
  /** Sides of the blocks, as near to cubes as sites allow: the cube root (2-D: square root) of their volume. */
  readonly side: Float64Array
  /** How many blocks there were of each size. */
  readonly blocks: Float64Array
  /** Standard deviation of the share between the blocks of each size. */
  readonly deviation: Float64Array
  /** A, in volumes of the unit of `spacing`; NaN where fewer than 16 blocks fit or the phase has no share. */
  readonly integralRange: number
  /**
   * The side of a cube (square) whose share is off by at most 5 % of itself (or 10 %) in 95 of 100 samples,
   * 1.96 √(φ(1 − φ) A / V) = 0.05 φ; NaN where A is not known.
   */
  readonly sideFor5: number
  readonly sideFor10: number
  /** The relative error that the whole of this sample has by the same measure. */
  readonly error: number
}

/** Fewer blocks tell little of a variance: of 16 it is off by a third. */
const fewest = 16

/** `grids` are images of one medium and of one size; blocks that are not all sample are left out. */
export function* representative(
  grids: readonly Labels[],
  options: { phase?: number; spacing?: readonly number[] } = {},
): Work<Representative> {
  demandGiven(
    'measure how large a sample must be',
    { grids, options },
    { grids: 'objects', options: 'object' },
  )
  const { phase = 0, spacing } = options
  const what = 'measure how large a sample must be'
  demand(grids.length > 0, what, 'the grids', 'at least one', 0)
  for (const grid of grids) demandGrid(grid, what)
  const { shape } = grids[0]
  const sides = spacingOf(shape, spacing, what)
  const axes = shape.filter(length => length > 1).length
  const rows: Row[] = []
  const shapes = blockShapes(shape, sides, grids.length > 1 ? 1 : 2)
  for (const [i, block] of shapes.entries()) {
    const tally = { count: 0, sum: 0, squares: 0 }
    for (const grid of grids) yield* within(addBlocks(grid, { block, phase, tally }), i / shapes.length, 0)
    const volume = block.reduce((product, n, axis) => product * n * (shape[axis] > 1 ? sides[axis] : 1), 1)
    const mean = tally.sum / tally.count
    const variance = (tally.squares - tally.count * mean * mean) / (tally.count - 1)
    rows.push({ volume, mean, variance: Math.max(0, variance), count: tally.count })
  }
  const known = rows.filter(({ count }) => count >= fewest)
  const phi = rows.length > 0 ? rows[0].mean : Number.NaN
  const integralRange = rangeOf(known, phi)
  const whole = grids.length * shape.reduce((product, n, axis) => product * n * (n > 1 ? sides[axis] : 1), 1)
  const error = (volume: number) => 1.96 * Math.sqrt(((1 - phi) * integralRange) / (phi * volume))
  const sideFor = (share: number) => (error(1) / share) ** (2 / Math.max(1, axes))
  return {
    side: Float64Array.from(known, ({ volume }) => volume ** (1 / Math.max(1, axes))),
    blocks: Float64Array.from(known, ({ count }) => count),
    deviation: Float64Array.from(known, ({ variance }) => Math.sqrt(variance)),
    integralRange,
    sideFor5: sideFor(0.05),
    sideFor10: sideFor(0.1),
    error: error(whole),
  }
}

/** Blocks of sides that grow by about √2, as long along every axis as sites allow, `times` of which fit along each. */
function blockShapes(shape: readonly number[], spacing: readonly number[], times: number): number[][] {
  const open = shape.flatMap((length, axis) => (length > 1 ? [axis] : []))
  const largest = Math.max(0, ...spacing.filter((_, axis) => open.includes(axis)))
  const found: number[][] = []
  for (let side = largest; ; side *= Math.SQRT2) {
    const block = shape.map((length, axis) => (length > 1 ? Math.round(side / spacing[axis]) : 1))
    if (open.length === 0 || open.some(axis => times * block[axis] > shape[axis])) return found
    if (block.join() !== found.at(-1)?.join()) found.push(block)
  }
}

interface Row {
  readonly volume: number
  readonly mean: number
  readonly variance: number
  readonly count: number
}

interface Blocks {
  readonly block: readonly number[]
  readonly phase: number
  /** Of the shares of blocks: how many there are, their sum and that of their squares. */
  readonly tally: { count: number; sum: number; squares: number }
}

/** Adds up the share of the phase in every block that lies wholly in the sample; blocks do not overlap. */
function* addBlocks({ data, shape }: Labels, { block, phase, tally }: Blocks): Work<void> {
  const pad = Array(3 - shape.length).fill(1)
  const [depth, height, width] = [...pad, ...shape]
  const [bz, by, bx] = [...pad, ...block]
  const [nz, ny, nx] = [Math.floor(depth / bz), Math.floor(height / by), Math.floor(width / bx)]
  const volume = bz * by * bx
  const counts = new Float64Array(ny * nx)
  for (let layer = 0; layer < nz; layer++) {
    counts.fill(0)
    for (let z = layer * bz; z < (layer + 1) * bz; z++)
      for (let y = 0; y < ny * by; y++) {
        const row = (z * height + y) * width
        const first = Math.floor(y / by) * nx
        for (let b = 0; b < nx; b++) {
          let count = 0
          for (let i = row + b * bx; i < row + (b + 1) * bx; i++) {
            if (data[i] === phase) count++
            else if (data[i] === outside) count = Number.NaN
          }
          counts[first + b] += count
        }
      }
    for (let b = 0; b < counts.length; b++) {
      if (Number.isNaN(counts[b])) continue
      const share = counts[b] / volume
      tally.count++
      tally.sum += share
      tally.squares += share * share
    }
    yield layer / nz
  }
}

/** From the three largest sizes of blocks, by how many there were. */
function rangeOf(rows: readonly Row[], phi: number): number {
  let [sum, weight] = [0, 0]
  for (const { volume, variance, count } of rows.slice(-3)) {
    sum += (count * volume * variance) / (phi * (1 - phi))
    weight += count
  }
  return sum / weight
}
