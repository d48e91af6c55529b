// The kernel of one axis as its walk uses it: the whole table, and where it has any weight.
import type { AxisKernels } from '../lattice/index.ts'

/** What a displacement has less than this part of the likeliest one's chance counts as 0, so that short walks are narrow. */
const CUT = 1e-17

/** How many kernels are kept: a step needs those of its beginning, its end and its length, for every channel again. */
const KEPT = 4

export interface AxisKernel {
  readonly tau: number
  /** The law of the displacement on the unfolded circle, [period]: see `AxisKernels`. */
  readonly law: Float64Array
  /** k(y|x), [rows, length], symmetric; rows are whole pairs, the last one of zeros if need be. */
  readonly table: Float64Array
  /** Where the rows of each pair have weight, [pairs, 4]: from, to, and again from, to, for a band may go around. */
  readonly runs: Int32Array
}

/** The kernel at any tau >= 0; the last few are kept. */
export function axisKernel(source: AxisKernels): (tau: number) => AxisKernel {
  const { length, period } = source
  const known: AxisKernel[] = []
  const cut = new Float64Array(period)
  return tau => {
    for (const one of known) if (one.tau === tau) return one
    const old = known.length < KEPT ? undefined : known.shift()
    const law = source.displacement(tau, old?.law)
    const least = CUT * law[0]
    for (let d = 0; d < period; d++) cut[d] = law[d] < least ? 0 : law[d]
    const table = old?.table ?? new Float64Array((length + (length % 2)) * length)
    source.table(cut, table)
    const runs = old?.runs ?? new Int32Array(2 * (length + (length % 2)))
    findRuns(table, length, runs)
    const made = { tau, law, table, runs }
    known.push(made)
    return made
  }
}

/** Two runs of both rows of a pair where there is a gap in both, else one from the first weight to the last. */
function findRuns(table: Float64Array, length: number, runs: Int32Array): void {
  for (let at = 0; at < runs.length; at += 4) {
    const upper = (at >> 1) * length
    const weightless = (y: number) => table[upper + y] === 0 && table[upper + length + y] === 0
    let y = 0
    for (let run = at; run < at + 4; run += 2) {
      while (y < length && weightless(y)) y++
      runs[run] = y
      while (y < length && !weightless(y)) y++
      runs[run + 1] = y
    }
  }
}
