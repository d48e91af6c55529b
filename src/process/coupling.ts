// Which unit of one image goes to which of another: pairs of sites, so that both images are met to the unit.
import { below, type Random } from '../base/random.ts'
import { choiceOf } from '../walk/choice.ts'
import { potentialsOf } from '../walk/potentials.ts'
import type { Walk } from '../walk/walk.ts'

/** How the units of two images are matched: any with any, or as the walk itself would carry one image into the other. */
export type CouplingName = 'independent' | 'matched'

/** Where each unit begins, and where it ends: [M] each. */
export interface UnitPairs {
  readonly from: Int32Array
  readonly to: Int32Array
}

/** Pairs the units of two images [sites] of one mass. Holds scratch: one caller at a time. */
export type Coupling = (images: {
  readonly clean: Int32Array
  readonly end: Int32Array
  readonly tau: number
  readonly random: Random
}) => UnitPairs

export const couplings: Readonly<Record<CouplingName, (walk: Walk) => Coupling>> = {
  independent:
    () =>
    ({ clean, end, random }) => {
      const [from, to] = [unitsOf(clean), unitsOf(end)]
      for (let i = to.length - 1; i > 0; i--) {
        const j = below(random, i + 1)
        const kept = to[i]
        to[i] = to[j]
        to[j] = kept
      }
      return { from, to }
    },
  matched,
}

/** Rounds of the potentials of a whole pair of images. */
const ROUNDS = 30

/**
 * The Schrödinger bridge between the two images under the walk over tau (optimal transport with the squared distance in
 * sites as tau → 0): T(x, y) = a(x) k(y|x) b(y) with the sums of both. Drawn site by site of the end, in random order, from
 * what is left of the clean image, so that both are met exactly; the law of the draw is T's in the mean alone.
 */
function matched(walk: Walk): Coupling {
  const { sites } = walk
  const potentials = potentialsOf(walk, ROUNDS)
  const { weights, places, arrived, throwUnits } = choiceOf(sites)
  const [origin, row] = [new Float64Array(sites), new Float64Array(sites)]
  const [left, order] = [new Int32Array(sites), new Int32Array(sites)]

  return ({ clean, end, tau, random }) => {
    origin.set(clean)
    left.set(clean)
    const potential = potentials({ counts: end, origin, tau })
    const from = new Int32Array(clean.reduce((sum, n) => sum + n, 0))
    const to = new Int32Array(from.length)
    shuffle(order, random)
    let at = 0
    for (const y of order) {
      if (end[y] === 0) continue
      row.fill(0)
      row[y] = 1
      walk.spread(row, tau, row)
      for (let units = end[y]; units > 0; ) {
        const n = listed(row, potential)
        arrived.fill(0)
        // What the walk cannot reach any more goes where something is left.
        if (!throwUnits(units, n, random)) throwUnits(units, listed(undefined, potential), random)
        for (let x = 0; x < sites; x++) {
          const taken = Math.min(arrived[x], left[x])
          left[x] -= taken
          units -= taken
          from.fill(x, at, at + taken)
          to.fill(y, at, at + taken)
          at += taken
        }
      }
    }
    return { from, to }

    /** The places that have units left, weighed by the walk and by how many of theirs are. */
    function listed(kernel: Float64Array | undefined, potential: Float64Array): number {
      let n = 0
      for (let x = 0; x < sites; x++) {
        if (left[x] === 0) continue
        places[n] = x
        weights[n++] = kernel ? (kernel[x] * potential[x] * left[x]) / clean[x] : left[x]
      }
      return n
    }
  }
}

/** The site of every unit. */
function unitsOf(image: Int32Array): Int32Array {
  const units = new Int32Array(image.reduce((sum, n) => sum + n, 0))
  for (let x = 0, at = 0; x < image.length; at += image[x++]) units.fill(x, at, at + image[x])
  return units
}

function shuffle(order: Int32Array, random: Random): void {
  for (let i = 0; i < order.length; i++) {
    const j = below(random, i + 1)
    order[i] = order[j]
    order[j] = i
  }
}
