// The forward walk unit by unit: one throw of a die per unit and axis. Best where sites hold few units each.
import type { Random } from '../base/random.ts'
import type { WalkAxis } from './axes.ts'
import { type Die, roll } from './dice.ts'

/** The tables of one draw, and the arrays of one channel that it adds to. */
export interface Walk {
  readonly axes: readonly WalkAxis[]
  /** One die per axis, loaded with its law of displacement. */
  readonly dice: readonly Die[]
  /** Sites of the lattice. */
  readonly size: number
}

/**
 * Adds a draw of n_t given `clean` [sites] to `noisy` [sites], and R / r to `sums` [2d, sites]:
 * `R(x→y) / r = Σ_units at x  p_t(y|x0_u) / p_t(x|x0_u)` (DSD eq. (5)), where all factors but that of the axis of
 * the hop cancel.
 */
export function walkUnits(
  { axes, dice, size }: Walk,
  clean: Int32Array,
  { random, noisy, sums }: { random: Random; noisy: Int32Array; sums: Float64Array },
): void {
  const d = axes.length
  const origin = new Int32Array(d)
  const entry = new Int32Array(d)
  for (let from = 0; from < size; from++) {
    const n = clean[from]
    if (n === 0) continue
    for (let a = 0; a < d; a++) origin[a] = Math.floor(from / axes[a].stride) % axes[a].length
    for (let unit = 0; unit < n; unit++) {
      let site = 0
      for (let a = 0; a < d; a++) {
        const { fold, stride, length } = axes[a]
        const x = fold[origin[a] + roll(dice[a], random)]
        site += x * stride
        entry[a] = origin[a] * length + x
      }
      noisy[site]++
      for (let a = 0, at = site; a < d; a++, at += 2 * size) {
        sums[at] += axes[a].down[entry[a]]
        sums[at + size] += axes[a].up[entry[a]]
      }
    }
  }
}
