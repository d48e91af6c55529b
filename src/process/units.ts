// The forward walk unit by unit: one throw of a die per unit and axis. Best where sites hold few units each.
import type { Random } from '../base/random.ts'
import type { WalkAxis } from './axes.ts'

/**
 * Draws one channel of n_t [sites] given n_0 = `clean` [sites], and R / r [2d, sites] with
 *
 *     R(x→y) / r = Σ_units at x  p_t(y|x0_u) / p_t(x|x0_u),
 *
 * the reverse process of DSD, of which all factors but that of the axis of the hop cancel.
 */
export type WalkUnits = (
  clean: Int32Array,
  draw: { random: Random; noisy: Int32Array; target: Float32Array },
) => void

/** Units that are moved at a time. */
const BATCH = 1024

/** The walk unit by unit of one channel of `size` sites; the axes hold the tables of the present tau. */
export function walkUnits(axes: readonly WalkAxis[], size: number): WalkUnits {
  const sums = new Float64Array(2 * axes.length * size)
  /** Per axis: the coordinate of every site. */
  const coordinate = axes.map(({ length, stride }) =>
    Int32Array.from({ length: size }, (_, x) => Math.floor(x / stride) % length),
  )
  /** The site that each unit of the batch comes from, and the one that it goes to. */
  const origin = new Int32Array(BATCH)
  const site = new Int32Array(BATCH)
  /** Per axis: the coordinate that each unit comes from, then the one that it goes to. */
  const from = axes.map(() => new Int32Array(BATCH))
  const to = axes.map(() => new Int32Array(BATCH))

  function move(n: number, random: Random, noisy: Int32Array): void {
    site.fill(0, 0, n)
    axes.forEach(({ stride, tables }, a) => {
      const [x0, x, along] = [from[a], to[a], coordinate[a]]
      for (let u = 0; u < n; u++) x0[u] = along[origin[u]]
      tables.throw(n, x0, x, random)
      for (let u = 0; u < n; u++) site[u] += x[u] * stride
    })
    for (let u = 0; u < n; u++) noisy[site[u]]++
    axes.forEach(({ length, tables }, a) => {
      const { ratios } = tables
      const [x0, x] = [from[a], to[a]]
      const down = 2 * a * size
      for (let u = 0; u < n; u++) {
        const entry = 2 * (x0[u] * length + x[u])
        sums[down + site[u]] += ratios[entry]
        sums[down + size + site[u]] += ratios[entry + 1]
      }
    })
  }

  return (clean, { random, noisy, target }) => {
    noisy.fill(0)
    sums.fill(0)
    let waiting = 0
    for (let x0 = 0; x0 < size; x0++)
      for (let unit = clean[x0]; unit > 0; unit--) {
        origin[waiting++] = x0
        if (waiting < BATCH) continue
        move(waiting, random, noisy)
        waiting = 0
      }
    move(waiting, random, noisy)
    target.set(sums)
  }
}
