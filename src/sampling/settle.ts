// The final assignment: counts become labels, one unit to a site at most, with every phase's number of units kept.
import { demand } from '../base/errors.ts'
import { log } from '../base/numeric.ts'
import type { Lattice } from '../lattice/index.ts'
import { Flow, HOP, NEVER } from './settle-flow.ts'

export interface SettleOptions {
  readonly lattice: Lattice
  /** C, default 1: one per solid phase. */
  readonly channels?: number
  /** [C, ...sites], in [0, 1]: how likely the phase is at each site (`occupancyOf`). Without it only hops count. */
  readonly occupancy?: Float32Array
  /** Hops that a unit goes farther for one unit of log odds, in [0, 1000], default 1. */
  readonly weight?: number
  /** Log odds are kept within [-bound, bound], default 6, at most 100. */
  readonly bound?: number
  /**
   * Hops that leaving one's site costs besides those of the way, > 0. Default Infinity: as few units as possible move, one
   * for each that is too many at a site. Finite: units that stand alone where their phase is unlikely go, too, where
   * likely sites are free nearby. With an occupancy, 1 is good: crops of a sandstone walked to tau = 0.02 or 0.05 came back
   * with 3 or 12 % too much surface instead of 5 or 17 %, and instead of 11 or 31 % without an occupancy, for 2 % more
   * units that moved.
   */
  readonly inertia?: number
}

export interface Settled {
  /** [sites]: 0 for none (a pore), c + 1 for channel c. */
  readonly labels: Uint8Array
  /** How many units changed their site. */
  readonly moved: number
  /** Hops of all units that moved, by the shortest ways of the lattice. */
  readonly distance: number
  /** The most hops of one unit. */
  readonly farthest: number
}

/**
 * Gives every unit of counts [C, ...sites] a site of its own, so that exactly as many sites carry the label c + 1 as there
 * are units of channel c. Ours: of all such assignments one of least
 *
 *     Σ over the units that move of (inertia + hops) - weight Σ_x log(occupancy(label x) / (1 - Σ_c occupancy(c, x)))
 *
 * (in 64ths of a hop), for all channels at once: which phase keeps a site that two have come to, who goes where, and who
 * makes room for whom is all decided by that one sum. Of several best ones it takes the first by the numbers of the sites;
 * there is no chance in it. With `inertia` Infinity, the number of units that move comes before all else.
 *
 * @throws RangeError where there are more units than sites, a count is negative or an occupancy is not in [0, 1].
 */
export function settle(counts: Int32Array, options: SettleOptions): Settled {
  const { lattice, channels = 1, occupancy, weight = 1, bound = 6, inertia = Infinity } = options
  const what = 'settle'
  const { size } = lattice
  const right = Number.isInteger(channels) && channels >= 1 && channels <= 255
  demand(right, what, 'the number of channels', 'an integer in [1, 255]', channels)
  demand(
    counts.length === channels * size,
    what,
    'the length of counts',
    String(channels * size),
    counts.length,
  )
  demand(weight >= 0 && weight <= 1000, what, 'the weight', 'in [0, 1000]', weight)
  demand(bound >= 0 && bound <= 100, what, 'the bound', 'in [0, 100]', bound)
  demand(inertia > 0, what, 'the inertia', '> 0', inertia)
  let mass = 0
  for (let i = 0; i < counts.length; i++) {
    demand(counts[i] >= 0, what, 'a count', '>= 0', counts[i])
    mass += counts[i]
  }
  demand(mass <= size, what, 'the number of units', `at most ${size}, the number of sites`, mass)

  const places = occupancy
    ? placesOf(occupancy, { size, channels, weight, bound })
    : new Int32Array(counts.length)
  const leaving = Math.min(NEVER, Math.max(1, Math.round(inertia * HOP)))
  const flow = new Flow({ lattice, channels, places, leaving })
  flow.assign(counts)
  const labels = new Uint8Array(size)
  for (let x = 0; x < size; x++) labels[x] = flow.label(x)
  return { labels, ...flow.tally() }
}

/** What a unit of each channel pays at each site, [C, sites], integers >= 0: 0 where the log odds are at the bound. */
function placesOf(
  occupancy: Float32Array,
  { size, channels, weight, bound }: { size: number; channels: number; weight: number; bound: number },
): Int32Array {
  const what = 'settle'
  const length = size * channels
  demand(occupancy.length === length, what, 'the length of occupancy', String(length), occupancy.length)
  const places = new Int32Array(length)
  for (let x = 0; x < size; x++) {
    let empty = 1
    for (let i = x; i < length; i += size) {
      demand(occupancy[i] >= 0 && occupancy[i] <= 1, what, 'an occupancy', 'in [0, 1]', occupancy[i])
      empty -= occupancy[i]
    }
    // log 0 is out of bounds on either side; where both are 0 no phase is likely, and 0 / 0 is not asked for.
    const none = log(Math.max(empty, 1e-60))
    for (let i = x; i < length; i += size) {
      const odds = log(Math.max(occupancy[i], 1e-60)) - none
      places[i] = Math.round(HOP * weight * (bound - Math.max(-bound, Math.min(bound, odds))))
    }
  }
  return places
}
