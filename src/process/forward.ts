// The exact forward draw of the walk: n_t given n_0, and the target of training, by whichever way is cheaper.
import { demand } from '../base/errors.ts'
import type { Lattice } from '../lattice/lattice.ts'
import { walkAxes } from './axes.ts'
import { walkFlows } from './flows.ts'
import type { Corruption } from './process.ts'
import { walkUnits } from './units.ts'

/** Draws n_t [C, sites] and R / r [C, 2d, sites] given n_0 [C, sites], at tau = rate * time. */
export type Forward = (clean: Int32Array, tau: number, draw: Corruption) => void

/** Below this many units per site there is little to average, and a throw per unit is 2 to 3 times cheaper. */
const SPARSE = 1

/** The forward draw on a lattice; owns its tables and scratch. `by` fixes the way, for tests. */
export function forward(lattice: Lattice, by?: 'units' | 'flows'): Forward {
  const { axes, set } = walkAxes(lattice)
  const { size } = lattice
  const jumps = 2 * axes.length
  const units = walkUnits(axes, size)
  const flows = walkFlows(axes, size)

  return (clean, tau, { random, noisy, target }) => {
    set(tau)
    for (let c = 0; c * size < clean.length; c++) {
      const channel = clean.subarray(c * size, (c + 1) * size)
      const mass = countUnits(channel)
      const sparse = by ? by === 'units' : mass < SPARSE * size
      const walk = sparse ? units : flows
      walk(channel, {
        random,
        noisy: noisy.subarray(c * size, (c + 1) * size),
        target: target.subarray(c * jumps * size, (c + 1) * jumps * size),
      })
    }
  }
}

function countUnits(channel: Int32Array): number {
  let sum = 0
  for (let x = 0; x < channel.length; x++) {
    demand(channel[x] >= 0, 'corrupt', 'every count', '>= 0', channel[x])
    sum += channel[x]
  }
  demand(sum < 2 ** 31, 'corrupt', 'the mass of a channel', 'below 2^31', sum)
  return sum
}
