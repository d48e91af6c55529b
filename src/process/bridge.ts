// A walk whose two ends are data: every unit goes from a site of one image to a site of another of the same mass.
import { demand } from '../base/errors.ts'
import { type BoundaryName, hopRate } from '../lattice/index.ts'
import { latticeWalk } from '../walk/lattice-walk.ts'
import { pinnedWalk } from '../walk/pinned.ts'
import { type Coupling, type CouplingName, couplings } from './coupling.ts'
import { demandDraw, demandLength, demandOptions, demandPlace, demandUnits } from './given.ts'
import { endsLink } from './link/ends.ts'
import type { JumpProcess, ProcessDescription } from './process.ts'
import { type SpatialOptions, spatial } from './spatial.ts'

/** Enough to rebuild the bridge. */
export interface BridgeDescription extends ProcessDescription {
  readonly kind: 'bridge'
  readonly lengths: readonly number[]
  readonly boundaries: readonly BoundaryName[]
  readonly channels: number
  readonly rate: number
  readonly coupling: CouplingName
  readonly ceiling?: number
}

export interface BridgeOptions extends SpatialOptions {
  /** Which unit of an image goes to which of its partner, default `matched`; see `CouplingName`. */
  readonly coupling?: CouplingName
}

/**
 * Units on exact bridges of the lattice walk between pairs (n_0, n_1) of equal masses (*Stochastic Interpolants*, arXiv
 * 2303.08797, for continuous laws; pinned walks for the interpolant): at time t a unit from x_0 to x_1 is at z with a
 * probability in proportion to
 *
 *     k_rt(z|x_0) k_r(1-t)(x_1|z).
 *
 * The partner of a clean image is the `end` that `corrupt` is told; without one the unit walks on freely, and the process is
 * that of `spatial`. The origin has two numbers a site: E[n_0 | n_t] and E[n_1 | n_t]. Given the first, the way back is that of
 * every walk, for what a unit has before it does not depend on where it came from: undone from n_1 with the exact origins of
 * one unit the law of n_0 comes out exactly, at any steps and for any law of the pairs. The second serves the way from n_0
 * to n_1 (see `turned`), and the net flow.
 */
export function bridge(options: BridgeOptions): JumpProcess {
  const what = 'build the bridge'
  demandOptions(what, options)
  const { lattice, channels = 1, rate = hopRate(lattice), coupling = 'matched', ceiling } = options
  const walk = spatial({ lattice, channels, rate, ceiling })
  demand(
    Object.hasOwn(couplings, coupling),
    what,
    'the coupling',
    `one of ${Object.keys(couplings).join(', ')}`,
    coupling,
  )
  const { sites } = walk
  const size = channels * sites
  const ground = latticeWalk(lattice)
  const pinned = pinnedWalk(lattice)
  let pairs: Coupling | undefined
  const [origin, destination] = [new Float64Array(size), new Float64Array(size)]
  const [there, field] = [new Float64Array(size * walk.jumps), new Float64Array(sites)]
  const description: BridgeDescription = {
    kind: 'bridge',
    lengths: [...lattice.shape],
    boundaries: lattice.axes.map(axis => axis.boundary.name),
    channels,
    rate,
    coupling,
    ...(ceiling === undefined ? {} : { ceiling }),
  }

  /** The two parts of an origin. */
  function split(told: ArrayLike<number>): void {
    demandLength('read the origin', 'the origin', told, 2 * size)
    for (let x = 0; x < size; x++) {
      const at = 2 * sites * Math.floor(x / sites) + (x % sites)
      origin[x] = told[at]
      destination[x] = told[at + sites]
    }
  }

  function between(
    clean: Int32Array,
    end: Int32Array,
    { time, random, noisy }: Parameters<JumpProcess['corrupt']>[2] & { time: number },
  ): void {
    demandDraw('corrupt', { random })
    demand(time >= 0 && time <= 1, 'corrupt', 'time', 'in [0, 1]', time)
    demandPlace('corrupt', 'noisy', noisy, size)
    demand(noisy !== clean && noisy !== end, 'corrupt', 'noisy', 'another array than the images', 'the same')
    for (const [thing, image] of Object.entries({ clean, 'the end': end })) {
      demandLength('corrupt', thing, image, size)
      demandUnits('corrupt', image, sites)
    }
    const masses = [clean, end].map(image => walk.invariant(image).join())
    demand(
      masses[0] === masses[1],
      'corrupt',
      'the masses of the end',
      `${masses[0]}, those of the clean image`,
      masses[1],
    )
    pairs ??= couplings[coupling](ground)
    noisy.fill(0)
    for (let c = 0; c < channels; c++) {
      const own = (image: Int32Array) => image.subarray(c * sites, (c + 1) * sites)
      const { from, to } = pairs({ clean: own(clean), end: own(end), tau: rate, random })
      pinned.place(from, to, { before: rate * time, after: rate * (1 - time), random, counts: own(noisy) })
    }
  }

  return {
    ...walk,
    description,
    divergence: undefined,
    link: endsLink((noisy, time) => {
      field.set(noisy)
      ground.spread(field, rate * (1 - time), field)
      return field
    }, sites),

    corrupt(clean, time, draw) {
      if (draw?.end) between(clean, draw.end, { ...draw, time })
      else walk.corrupt(clean, time, draw)
    },

    rates(counts, told, { time, out, noise = 1 }) {
      split(told)
      walk.rates(counts, origin, { time, out })
      if (noise === 1) return
      demand(noise >= 0 && noise <= 8, 'tell the rates', 'the noise', 'in [0, 8]', noise)
      if (time === 1) there.fill(0)
      else walk.rates(counts, destination, { time: 1 - time, out: there })
      for (let k = 0; k < out.length; k++)
        out[k] = Math.max(0, out[k] - there[k]) + noise * Math.min(out[k], there[k])
    },

    undo(counts, told, step) {
      const { noise = 1 } = step
      demand(noise === 1, 'undo', 'the noise', '1 on a bridge (cfl takes any)', noise)
      split(told)
      walk.undo(counts, origin, step)
    },

    settle(counts, told) {
      split(told)
      walk.settle?.(counts, origin)
    },
  }
}
