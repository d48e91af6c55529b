/** How many units the parts of a hole receive. */
import { cannot } from '../base/errors.ts'
import type { ImageSet } from '../formats/dataset.ts'
import { harmonicMasses, lattice, portions, region } from '../lattice/index.ts'
import type { DataDescription } from '../model/description.ts'
import type { Confined, SpatialDescription } from '../process/index.ts'

export interface HoleOptions {
  /** Known images, [K, C, ...sites]. */
  readonly images: ImageSet['counts']
  /** [C, ...sites], 1 in the hole. */
  readonly open: Uint8Array
  /** Completions of each known image. */
  readonly each: number
  /** Mean count of a site of each channel, [C]: what is expected where nothing around is known. */
  readonly typical: readonly number[]
  /** Units for the hole of completion number i; left out: an estimate. */
  readonly total?: (i: number) => number
}

/** The mean count of a site of the training images, [C]. */
export function typicalCounts({ masses }: DataDescription, sites: number): number[] {
  return masses[0].map((_, c) => masses.reduce((sum, mass) => sum + mass[c], 0) / masses.length / sites)
}

/**
 * The masses of the parts of the hole, [K each][parts]: the total shared over the parts as the harmonic interpolation
 * of what is around each of them says. Throws RangeError for units without a hole to put them in.
 */
export function holeMasses(walk: Confined, { images, open, each, typical, total }: HoleOptions): number[][] {
  const { channels, sites, parts } = walk
  const { lengths, boundaries } = walk.description as SpatialDescription
  const grid = lattice(lengths, boundaries)
  const regions = Array.from({ length: channels }, (_, c) =>
    region(grid, open.subarray(c * sites, (c + 1) * sites)),
  )
  const size = channels * sites
  const estimates = Array.from({ length: images.length / size }, (_, k) =>
    regions.flatMap((one, c) => {
      const start = k * size + c * sites
      return harmonicMasses(one, images.subarray(start, start + sites)).map(
        (mass, p) => mass ?? typical[c] * one.parts[p].length,
      )
    }),
  )
  return Array.from({ length: estimates.length * each }, (_, i) => {
    const around = estimates[Math.floor(i / each)]
    const estimate = Math.round(around.reduce((sum, mass) => sum + mass, 0))
    const mass = total?.(i) ?? estimate
    // A hole around which all is empty is shared by its sites.
    if (parts.length > 0) return portions(mass, estimate > 0 ? around : parts.map(part => part.sites.length))
    if (mass > 0) throw new RangeError(cannot('inpaint', '--mass', '0 where the mask has no hole', mass))
    return []
  })
}
