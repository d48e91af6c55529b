// The walk on the complete graph: every unit hops to any other node alike, in closed form.

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { exp, expm1 } from '../base/numeric.ts'
import { choiceOf } from '../walk/choice.ts'
import type { Walk } from '../walk/walk.ts'
import { spreadLink } from './link/spread.ts'
import type { JumpProcess, ProcessDescription } from './process.ts'
import { demandChannels } from './spatial.ts'
import { walking } from './walking.ts'

/** Enough to rebuild the walk. */
export interface CompleteDescription extends ProcessDescription {
  readonly kind: 'complete'
  readonly nodes: number
  readonly channels: number
  readonly rate: number
  readonly ceiling?: number
  readonly lone?: boolean
}

export interface CompleteOptions {
  /** How many nodes there are, from 2 to 3000. */
  readonly nodes: number
  /** C, default 1. */
  readonly channels?: number
  /** Hops to each other node per unit of time; the default leaves e^-6 at t = 1. */
  readonly rate?: number
  /** The largest count of clean states, which `settle` keeps to where the mass allows it; default: none. */
  readonly ceiling?: number
  /**
   * Whether there is always one unit, and the network is not shown where it is, as the label in `joint`: then its loss is told without
   * its state. A network that is shown the state must not be trained with this. Default: false.
   */
  readonly lone?: boolean
}

/** Rates of all hops are a table of nodes². */
const MOST = 3000

/**
 * Units on `nodes` sites without neighbours: a label (one unit), the parts of a mixture, edges on the pairs of nodes. Each
 * hops to each other site at one rate, and its kernel is k_tau(y|x) = (1 - e^(-n tau)) / n, and e^(-n tau) more where y = x. A state is
 * [C, 1, nodes]; jump j of site x leads to the j-th of the other sites. `onGraph` on the complete graph is the same walk.
 */
export function complete(options: CompleteOptions): JumpProcess {
  const what = 'build the walk on a complete graph'
  demandGiven(what, { options }, { options: { nodes: 'number', channels: 'number?', rate: 'number?' } })
  const { nodes, channels = 1, rate = 6 / nodes, ceiling, lone = false } = options
  const able = Number.isSafeInteger(nodes) && nodes >= 2 && nodes <= MOST
  demand(able, what, 'the number of nodes', `a whole number from 2 to ${MOST}`, nodes)
  demandChannels(what, channels)
  const jumps = nodes - 1
  let reached: Int32Array | undefined
  const lead = () =>
    (reached ??= Int32Array.from({ length: jumps * nodes }, (_, i) => {
      const [j, x] = [Math.floor(i / nodes), i % nodes]
      return j < x ? j : j + 1
    }))
  const description: CompleteDescription = {
    kind: 'complete',
    nodes,
    channels,
    rate,
    ...(ceiling !== undefined && { ceiling }),
    ...(lone && { lone }),
  }
  return {
    ...walking({
      what,
      channels,
      sites: nodes,
      shape: [channels, 1, nodes],
      rate,
      jumps,
      reached: lead,
      parts: () => {
        const walk = evenWalk(nodes, lead())
        return Array.from({ length: channels }, (_, channel) => ({ channel, walk }))
      },
      conserved: channels,
      ceiling,
    }),
    description,
    link: spreadLink({ nodes, rate, lone }),
  }
}

/** A unit stays where it is with e^(-n tau), and is anywhere else alike. */
function evenWalk(sites: number, reached: Int32Array): Walk {
  const choice = choiceOf(sites)
  const { weights, arrived } = choice
  choice.places.forEach((_, x, places) => {
    places[x] = x
  })
  return {
    sites,
    reached,
    spread(field, tau, out) {
      let sum = 0
      for (let x = 0; x < sites; x++) sum += field[x]
      const [stayed, even] = [exp(-sites * tau), (-expm1(-sites * tau) * sum) / sites]
      for (let x = 0; x < sites; x++) out[x] = even + stayed * field[x]
    },
    move(counts, tau, { random, weight }) {
      const [stayed, even] = [exp(-sites * tau), -expm1(-sites * tau) / sites]
      arrived.fill(0)
      for (let y = 0; y < sites; y++) {
        if (counts[y] === 0) continue
        for (let z = 0; z < sites; z++)
          weights[z] = (even + (z === y ? stayed : 0)) * (weight ? weight[z] : 1)
        if (!choice.throwUnits(counts[y], sites, random)) arrived[y] += counts[y]
      }
      counts.set(arrived)
    },
  }
}
