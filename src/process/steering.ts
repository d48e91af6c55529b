/**
 * Doob's h-transform towards a hole: ratios of units of a whole image become those of units that come from the hole,
 *
 *     ratio(x→y) = ρ(x→y) h_t(y) / h_t(x),   h_t(x) = P(a unit at x at time t comes from the hole).
 *
 * With the density g of the units' origins h_t = k_t * (g 1_hole) / k_t * g. Outside the hole g is known; inside it is a
 * guess, and where units of the hole outweigh known ones h is near 1 whatever the guess. A network that does not know
 * the surroundings takes units on empty ground beside the hole for what is there: so g is blurred a little.
 */
import { demand } from '../base/errors.ts'
import { type Lattice, neighbours } from '../lattice/index.ts'
import { smoothing } from '../lattice/smoothing.ts'

export interface SteeringOptions {
  readonly lattice: Lattice
  /** r of the walk: tau = rate * t. */
  readonly rate: number
  /** [C, ...sites], not 0 in the hole. */
  readonly open: ArrayLike<number>
  /**
   * The tau of the walk that blurs g; default 1, about a site. Less lets units settle outside, more pulls those of the
   * hole to its middle: with the shipped digits and 32 calls 2.5 % of the units of a box ended outside at 0.3, 0.07 % at
   * 1, and at 3 strokes became blots. A blur in proportion to tau, and ground added everywhere, did worse.
   */
  readonly blur?: number
}

/** Multiplies the ratios [C, J, ...sites] of one image, whose units come from `density` [C, ...sites]. */
export type Steering = (ratios: Float32Array, time: number, density: ArrayLike<number>) => void

/** Factors stay within 1 / MOST and MOST, as ratios of networks do. */
const MOST = 1e5

export function steering({ lattice, rate, open, blur = 1 }: SteeringOptions): Steering {
  const what = 'steer units into the hole'
  const { size: sites } = lattice
  const size = open.length
  const wanted = `of channels of ${sites} sites`
  demand(size > 0 && size % sites === 0, what, 'the mask', wanted, size)
  demand(blur >= 0 && blur < Infinity, what, 'the blur', 'finite and >= 0', blur)
  const smooth = smoothing(lattice)
  const reached = neighbours(lattice)
  const jumps = reached.length / sites
  const [inside, all] = [new Float64Array(size), new Float64Array(size)]

  return (ratios, time, density) => {
    for (let x = 0; x < size; x++) all[x] = density[x]
    smooth(all, blur, all)
    for (let x = 0; x < size; x++) inside[x] = open[x] === 0 ? 0 : all[x]
    smooth(inside, rate * time, inside)
    smooth(all, rate * time, all)
    for (let x = 0; x < size; x++) if (all[x] > 0) inside[x] /= all[x]
    for (let at = 0; at < ratios.length; at++) {
      const x = at % sites
      const y = reached[(Math.floor(at / sites) % jumps) * sites + x]
      if (y < 0) continue
      const start = Math.floor(at / (jumps * sites)) * sites
      const [here, there] = [inside[start + x], inside[start + y]]
      // So far away that no unit of the hole can be here: nothing is known of the way.
      if (here === 0) continue
      ratios[at] *= Math.min(MOST, Math.max(1 / MOST, there / here))
    }
  }
}
