/** How many units the parts of a hole receive. */
import { refused } from '../../base/errors.ts'
import { harmonic, type Lattice, portions, region } from '../../lattice/index.ts'
import type { Surroundings } from '../../model/conditions.ts'
import type { ModelDescription } from '../../model/description.ts'
import { expectation } from '../../model/expectation.ts'
import { unpackGaussian } from '../../model/gaussian.ts'

/** Sites of a channel that share their units: a hole, or a part of it that no unit leaves. */
export interface Part {
  readonly channel: number
  /** Sites of the channel. */
  readonly sites: ArrayLike<number>
}

/** What is expected of an image [C, ...sites] given its counts around the hole; below 0 where a normal law says so. */
export type Expected = (image: ArrayLike<number>) => Float64Array

/** The expectation, and what it is from. */
export interface Estimate {
  readonly expected: Expected
  readonly from: 'the training data' | 'the edge of the hole'
}

/**
 * By the normal law of the training images where the model has one: then a class that is told tells of the mass too.
 * Else by the harmonic interpolation of what is around the hole.
 */
export function estimateBy(
  { data, task }: ModelDescription,
  { lattice, open, label }: { lattice: Lattice; open: Uint8Array; label?: number },
): Estimate {
  const { gaussian, largest, masses } = data
  const size = open.length
  if (gaussian) {
    const law = unpackGaussian(gaussian, { size, classes: task.classes, largest })
    return { expected: expectation(law, { open, label }), from: 'the training data' }
  }
  const { size: sites } = lattice
  const channels = Array.from({ length: size / sites }, (_, c) => ({
    region: region(lattice, open.subarray(c * sites, (c + 1) * sites)),
    start: c * sites,
    typical: masses.reduce((sum, mass) => sum + mass[c], 0) / masses.length / sites,
  }))
  return {
    expected(image) {
      const counts = Float64Array.from(image)
      for (const { region: hole, start, typical } of channels)
        counts.set(harmonic(hole, counts.subarray(start, start + sites), typical), start)
      return counts
    },
    from: 'the edge of the hole',
  }
}

export interface HoleOptions {
  readonly parts: readonly Part[]
  /** Known images, [K, C, ...sites]. */
  readonly images: ArrayLike<number>
  /** Numbers of one image, and of one of its channels. */
  readonly size: number
  readonly sites: number
  readonly expected: Expected
  /** Completions of each known image. */
  readonly each: number
  /** Units for the hole of completion number i; left out: as many as are expected. */
  readonly total?: (i: number) => number
}

/**
 * The masses of the parts of the hole, [K each][parts]: the total shared over the parts in proportion to what is
 * expected of them. Throws RangeError for units without a hole to put them in.
 */
export function holeMasses(options: HoleOptions): number[][] {
  const { parts, images, size, sites, expected, each, total } = options
  const estimates = Array.from({ length: images.length / size }, (_, k) => {
    const counts = expected(Array.from({ length: size }, (_, x) => images[k * size + x]))
    return parts.map(({ channel, sites: of }) => {
      let sum = 0
      for (let i = 0; i < of.length; i++) sum += counts[channel * sites + of[i]]
      return sum
    })
  })
  return Array.from({ length: estimates.length * each }, (_, i) => {
    const around = estimates[Math.floor(i / each)]
    // Expected below 0 in one part is taken from the others: many small parts must not add up to more than there is.
    const estimate = Math.max(0, Math.round(around.reduce((sum, mass) => sum + mass, 0)))
    const mass = total?.(i) ?? estimate
    const weights = around.map(part => Math.max(0, part))
    // A hole of which nothing is expected is shared by its sites.
    const shares = parts.map(part => part.sites.length)
    if (shares.some(share => share > 0))
      return portions(mass, weights.some(weight => weight > 0) ? weights : shares)
    if (mass > 0) throw refused('inpaint', 'mass', '0 where the mask has no hole', mass)
    return shares
  })
}

/** The sites of the hole in each channel. */
export function partsOf(open: Uint8Array, sites: number): Part[] {
  return Array.from({ length: open.length / sites }, (_, channel) => ({
    channel,
    sites: Array.from({ length: sites }, (_, x) => x).filter(x => open[channel * sites + x]),
  }))
}

/** Known units of each channel of an image. */
export function knownMasses({ known, open, channels }: Surroundings, image: number): number[] {
  const sites = open.length / channels
  return Array.from({ length: channels }, (_, c) => {
    let sum = 0
    for (let x = c * sites; x < (c + 1) * sites; x++) if (!open[x]) sum += known[image * open.length + x]
    return sum
  })
}
