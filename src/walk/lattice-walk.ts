// The walk on a lattice: its kernel is a product over the axes, so laws spread and units move along one after the other.
import { kernels, type Lattice, neighbours } from '../lattice/index.ts'
import { type AxisWalk, axisWalk, type Lines } from './lattice-axis.ts'
import type { Walk } from './walk.ts'

/**
 * The walk in which a unit hops at rate 1 along each direction. With a weight h the axes are moved along in order: with
 * W_a = h carried on along the axes after a, a unit at (…, y_a, …) comes to z_a with a probability in proportion to
 * k(y_a|z_a) W_a(…, z_a, …), and its further axes by the same rule from there, which is the product over all axes of the
 * probabilities that `Walk.move` tells.
 */
export function latticeWalk(lattice: Lattice): Walk {
  const { size } = lattice
  const axes = axesOf(lattice)
  const leans = axes.map(() => new Float64Array(size))

  return {
    sites: size,
    reached: neighbours(lattice),

    spread(field, tau, out) {
      if (out !== field) out.set(field)
      for (const { walk, lines } of axes) {
        walk.set(tau)
        walk.spread(out, lines)
      }
    },

    move(counts, tau, { random, weight }) {
      for (const { walk } of axes) walk.set(tau)
      if (!weight) {
        for (const { walk, lines } of axes) walk.move(counts, lines, random)
        return
      }
      leans[axes.length - 1].set(weight)
      for (let a = axes.length - 1; a > 0; a--) {
        leans[a - 1].set(leans[a])
        axes[a].walk.spread(leans[a - 1], axes[a].lines)
      }
      axes.forEach(({ walk, lines }, a) => {
        walk.lean(counts, lines, { random, weight: leans[a] })
      })
    },
  }
}

/** The walk along every axis, and its lines; axes that are alike share their tables. */
function axesOf(lattice: Lattice): { walk: AxisWalk; lines: Lines }[] {
  const made = new Map<unknown, AxisWalk>()
  return kernels(lattice).map((source, a) => {
    const { length, boundary } = lattice.axes[a]
    const walk = made.get(source) ?? axisWalk(source, boundary)
    made.set(source, walk)
    const stride = lattice.strides[a]
    const starts = new Int32Array(lattice.size / length)
    for (let site = 0, n = 0; site < lattice.size; site++)
      if (Math.floor(site / stride) % length === 0) starts[n++] = site
    return { walk, lines: { starts, stride } }
  })
}
