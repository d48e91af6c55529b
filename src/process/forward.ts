// The exact forward draw of the walk: n_t given n_0, and the target of training.
import type { Lattice } from '../lattice/lattice.ts'
import { walkAxes } from './axes.ts'
import { dieOf } from './dice.ts'
import type { Corruption } from './process.ts'
import { walkUnits } from './units.ts'

/** Draws n_t [C, sites] and R / r [C, 2d, sites] given n_0 [C, sites], at tau = rate * time. */
export type Forward = (clean: Int32Array, tau: number, draw: Corruption) => void

/** The forward draw on a lattice; owns its tables and scratch. */
export function forward(lattice: Lattice): Forward {
  const { axes, set } = walkAxes(lattice)
  const size = lattice.size
  const dice = axes.map(axis => dieOf(axis.period))
  const walk = { axes, dice, size }
  const sums = new Float64Array(2 * axes.length * size)

  return (clean, tau, { random, noisy, target }) => {
    set(tau)
    axes.forEach((axis, i) => {
      dice[i].load(axis.law)
    })
    noisy.fill(0)
    for (let channel = 0; channel * size < clean.length; channel++) {
      const start = channel * size
      sums.fill(0)
      const to = { random, noisy: noisy.subarray(start, start + size), sums }
      walkUnits(walk, clean.subarray(start, start + size), to)
      target.set(sums, channel * sums.length)
    }
  }
}
