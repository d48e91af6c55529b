/**
 * Doob's h-transform towards a hole: ratios of units of a whole image become those of units that come from the hole,
 *
 *     ratio(x→y) = ρ(x→y) h_t(y) / h_t(x),   h_t(x) = P(a unit at x at time t comes from the hole).
 *
 * With the density g of the units' origins h_t = k_t * (g 1_hole) / k_t * g. Outside the hole g is known; inside it is a
 * guess, and where units of the hole outweigh known ones h is near 1 whatever the guess. What a network takes for
 * possible outside is more than what is there: `doubt` adds that to g.
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
   * What is added to g at every site outside, as a part of the mean of g in the hole; default 0.3. Of the units of holes
   * in digits (boxes, strokes; 32 calls of the shipped network) 6 and 18 % ended outside without, 0.30 and 0.43 % at
   * 0.3, 0.29 and 0.25 % at 1, and the completed digits were read equally well.
   */
  readonly doubt?: number
}

/** Multiplies the ratios [C, J, ...sites] of one image, whose units come from `density` [C, ...sites]. */
export type Steering = (ratios: Float32Array, time: number, density: ArrayLike<number>) => void

/** Factors stay within 1 / MOST and MOST, as ratios of networks do. */
const MOST = 1e5

export function steering({ lattice, rate, open, doubt = 0.3 }: SteeringOptions): Steering {
  const what = 'steer units into the hole'
  const { size: sites } = lattice
  const size = open.length
  const wanted = `of channels of ${sites} sites`
  demand(size > 0 && size % sites === 0, what, 'the mask', wanted, size)
  demand(doubt >= 0 && doubt < Infinity, what, 'the doubt', 'finite and >= 0', doubt)
  const smooth = smoothing(lattice)
  const reached = neighbours(lattice)
  const jumps = reached.length / sites
  const [inside, all] = [new Float64Array(size), new Float64Array(size)]

  return (ratios, time, density) => {
    for (let start = 0; start < size; start += sites) {
      let [mass, holes] = [0, 0]
      for (let x = start; x < start + sites; x++) {
        inside[x] = open[x] === 0 ? 0 : density[x]
        mass += inside[x]
        holes += open[x] === 0 ? 0 : 1
      }
      const more = holes > 0 ? (doubt * mass) / holes : 0
      for (let x = start; x < start + sites; x++) all[x] = open[x] === 0 ? density[x] + more : density[x]
    }
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
