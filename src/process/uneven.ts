// How far a walk of the time 1 still is from the uniform limit.
import { log } from '../base/numeric.ts'
import { kernels, type Lattice } from '../lattice/lattice.ts'

/**
 * KL(p_tau(· | x0) ‖ uniform) of one unit in nats, for each site x0, [sites]: the sum over the axes of theirs. The units
 * of an image are independent, so the sum over its units bounds the divergence of the image, in which they are alike.
 */
export function unevenness(lattice: Lattice, tau: number): Float64Array {
  const sources = kernels(lattice)
  const perAxis = lattice.axes.map(({ length }, axis) => {
    const table = sources[axis].at(tau)
    return Float64Array.from({ length }, (_, x0) => {
      let sum = 0
      for (let x = 0; x < length; x++) {
        const p = table[x0 * length + x]
        if (p > 0) sum += p * log(p * length)
      }
      return Math.max(0, sum)
    })
  })
  return Float64Array.from({ length: lattice.size }, (_, site) =>
    perAxis.reduce(
      (sum, axis, a) => sum + axis[Math.floor(site / lattice.strides[a]) % lattice.axes[a].length],
      0,
    ),
  )
}
