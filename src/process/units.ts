// The forward walk unit by unit: one throw of a die per unit and axis. Best where sites hold few units each.
import type { Random } from '../base/random.ts'
import type { WalkAxis } from './axes.ts'

/**
 * Draws one channel of n_t [sites] given n_0 = `clean` [sites], and R / r [2d, sites] with
 *
 *     R(x→y) / r = Σ_units at x  p_t(y|x0_u) / p_t(x|x0_u),
 *
 * of which all factors but that of the axis of the hop cancel (DSD, reverse process).
 */
export type WalkUnits = (
  clean: Int32Array,
  draw: { random: Random; noisy: Int32Array; target: Float32Array },
) => void

/** The walk unit by unit of one channel of `size` sites; the axes hold the tables of the present tau. */
export function walkUnits(axes: readonly WalkAxis[], size: number): WalkUnits {
  const d = axes.length
  const sums = new Float64Array(2 * d * size)
  const origin = new Int32Array(d)
  const entry = new Int32Array(d)
  return (clean, { random, noisy, target }) => {
    noisy.fill(0)
    sums.fill(0)
    for (let from = 0; from < size; from++) {
      const n = clean[from]
      if (n === 0) continue
      for (let a = 0; a < d; a++) origin[a] = Math.floor(from / axes[a].stride) % axes[a].length
      for (let unit = 0; unit < n; unit++) {
        let site = 0
        for (let a = 0; a < d; a++) {
          const { stride, length, tables } = axes[a]
          const x = tables.throw(origin[a], random)
          site += x * stride
          entry[a] = 2 * (origin[a] * length + x)
        }
        noisy[site]++
        for (let a = 0, at = site; a < d; a++, at += 2 * size) {
          const { ratios } = axes[a].tables
          sums[at] += ratios[entry[a]]
          sums[at + size] += ratios[entry[a] + 1]
        }
      }
    }
    target.set(sums)
  }
}
