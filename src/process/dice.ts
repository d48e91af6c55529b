// A loaded die that is thrown millions of times: an alias table read with one 32-bit word per throw, and exact.
import type { Random } from '../base/random.ts'

/**
 * Alias table (Walker 1977, built as Vose 1991) over faces 0 … faces-1, padded to a power of two: the high bits of a
 * word choose a column, the low bits are held against the column's threshold. Where they equal its integer part, and
 * only there, a further draw settles the remainder, so that a face of probability 1e-12 is as right as one of 0.5.
 */
export interface Die {
  /** 32 - log2(columns). */
  readonly shift: number
  /** Of the low bits of a word. */
  readonly mask: number
  /** [columns]: below, the column's own face; above, its alias. */
  readonly threshold: Int32Array
  /** [columns]: what the threshold is in excess of its integer part. */
  readonly remainder: Float64Array
  /** [columns] */
  readonly alias: Int32Array
  /** Loads the die with new probabilities (>= 0, of any positive sum). */
  load(probabilities: Float64Array): void
}

/** One throw. */
export function roll(die: Die, rng: Random): number {
  const word = rng.u32()
  const column = word >>> die.shift
  const low = word & die.mask
  const bar = die.threshold[column]
  if (low < bar) return column
  if (low > bar) return die.alias[column]
  return rng.uniform() < die.remainder[column] ? column : die.alias[column]
}

/** A die of that many faces, not loaded yet. */
export function dieOf(faces: number): Die {
  let bits = 1
  while (1 << bits < faces) bits++
  const columns = 1 << bits
  const weight = new Float64Array(columns)
  const queue = new Int32Array(columns)
  const die = {
    shift: 32 - bits,
    mask: 0xffffffff >>> bits,
    threshold: new Int32Array(columns),
    remainder: new Float64Array(columns),
    alias: new Int32Array(columns),
    load(probabilities: Float64Array) {
      let sum = 0
      for (let i = 0; i < faces; i++) sum += probabilities[i]
      for (let i = 0; i < faces; i++) weight[i] = (probabilities[i] * columns) / sum
      weight.fill(0, faces)
      settle(weight, queue, die)
    },
  }
  return die
}

/** Pairs every column short of 1 with one that has more, until all are level. */
function settle(weight: Float64Array, queue: Int32Array, die: Die): void {
  const columns = weight.length
  const unit = die.mask + 1
  // Columns short of 1 from the front of the queue, the others from the back.
  let short = 0
  let long = columns
  for (let i = 0; i < columns; i++) {
    if (weight[i] < 1) queue[short++] = i
    else queue[--long] = i
  }
  while (short > 0 && long < columns) {
    const i = queue[--short]
    const j = queue[long]
    cut(die, i, weight[i] * unit, j)
    weight[j] -= 1 - weight[i]
    if (weight[j] < 1) {
      long++
      queue[short++] = j
    }
  }
  // What is left differs from 1 by rounding alone.
  while (short > 0) {
    const i = queue[--short]
    cut(die, i, unit, i)
  }
  for (; long < columns; long++) cut(die, queue[long], unit, queue[long])
}

function cut(die: Die, column: number, height: number, alias: number): void {
  const whole = Math.floor(height)
  // A full column of 2^31 would not fit: its alias is itself, so that any threshold will do.
  die.threshold[column] = Math.min(whole, 0x7fffffff)
  die.remainder[column] = height - whole
  die.alias[column] = alias
}
