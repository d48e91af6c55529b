// Laws over the sites carried on by the walk: k_tau * p, one axis after the other.
import { kernels, type Lattice } from './lattice.ts'

/** Writes to `out` what becomes of laws over the sites, [..., sites], in a walk of length tau. */
export type Smoothing = (laws: Float64Array, tau: number, out: Float64Array) => void

/** The walk of whole laws; `out` may be `laws`. Holds tables: make one and keep it. */
export function smoothing(lattice: Lattice): Smoothing {
  const sources = kernels(lattice)
  return (laws, tau, out) => {
    out.set(laws)
    lattice.axes.forEach(({ length }, axis) => {
      const stride = lattice.strides[axis]
      const table = sources[axis].at(tau)
      const line = new Float64Array(length)
      for (let start = 0; start < out.length; start++) {
        if (Math.floor(start / stride) % length !== 0) continue
        line.fill(0)
        for (let x0 = 0; x0 < length; x0++) {
          const mass = out[start + x0 * stride]
          if (mass > 0) for (let x = 0; x < length; x++) line[x] += mass * table[x0 * length + x]
        }
        for (let x = 0; x < length; x++) out[start + x * stride] = line[x]
      }
    })
  }
}
