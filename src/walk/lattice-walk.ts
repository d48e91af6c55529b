// The walk on a lattice: its kernel is a product over the axes, so laws spread and units move along one after the other.
import { kernels, type Lattice, neighbours } from '../lattice/index.ts'
import { type AxisWalk, axisWalk } from './lattice-axis.ts'
import type { Walk } from './walk.ts'

/** The lines of one axis: where each starts, and the step from site to site. */
interface Lines {
  readonly starts: Int32Array
  readonly stride: number
  readonly walk: AxisWalk
}

/**
 * The walk in which a unit hops at rate 1 along each direction. With a weight h the axes are moved along in order: with
 * W_a = h carried on along the axes after a, a unit at (…, y_a, …) comes to z_a with a probability in proportion to
 * k(y_a|z_a) W_a(…, z_a, …), and its further axes by the same rule from there, which is the product over all axes of the
 * probabilities that `Walk.move` tells.
 */
export function latticeWalk(lattice: Lattice): Walk {
  const { size } = lattice
  const lines = linesOf(lattice)
  const leans = lines.map(() => new Float64Array(size))

  function spreadAlong(field: Float64Array, { starts, stride, walk }: Lines, out: Float64Array): void {
    for (let i = 0; i < starts.length; i++) walk.spread(field, { start: starts[i], stride }, out)
  }

  return {
    sites: size,
    reached: neighbours(lattice),

    spread(field, tau, out) {
      if (out !== field) out.set(field)
      for (const along of lines) {
        along.walk.set(tau)
        spreadAlong(out, along, out)
      }
    },

    move(counts, tau, { random, weight }) {
      for (const { walk } of lines) walk.set(tau)
      if (!weight) {
        for (const { starts, stride, walk } of lines)
          for (let i = 0; i < starts.length; i++) walk.move(counts, { start: starts[i], stride }, random)
        return
      }
      leans[lines.length - 1].set(weight)
      for (let a = lines.length - 1; a > 0; a--) spreadAlong(leans[a], lines[a], leans[a - 1])
      lines.forEach(({ starts, stride, walk }, a) => {
        const by = { random, weight: leans[a] }
        for (let i = 0; i < starts.length; i++) walk.lean(counts, { start: starts[i], stride }, by)
      })
    },
  }
}

/** The lines of every axis; axes that are alike share their tables. */
function linesOf(lattice: Lattice): Lines[] {
  const made = new Map<unknown, AxisWalk>()
  return kernels(lattice).map((source, a) => {
    const { length, boundary } = lattice.axes[a]
    const walk = made.get(source) ?? axisWalk(source, boundary)
    made.set(source, walk)
    const stride = lattice.strides[a]
    const starts = new Int32Array(lattice.size / length)
    for (let site = 0, n = 0; site < lattice.size; site++)
      if (Math.floor(site / stride) % length === 0) starts[n++] = site
    return { starts, stride, walk }
  })
}
