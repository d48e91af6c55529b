/** Networks to walk on: lattices of any dimension with drift, ends and internal states, and graphs. */
import { demand } from '../base/errors.ts'
import { type Jump, leave, type Network, network } from './network.ts'

/** What the end of an axis does to a unit that hops against it: turns it back, or takes it away. */
export type End = 'reflecting' | 'absorbing'

export interface WalkAxis {
  readonly length: number
  /** Hops per unit of time towards larger and towards smaller sites; their difference is the drift. */
  readonly forward: number
  readonly backward: number
  /** Both ends, or an axis that closes on itself. Default reflecting. */
  readonly ends?: 'periodic' | readonly [End, End]
}

export interface LatticeWalk {
  readonly axes: readonly WalkAxis[]
  /** How fast units hop in each internal state, times the rates of the axes; default one state that hops: [1]. */
  readonly mobility?: readonly number[]
  /** Changes of state anywhere: adsorption 0 → 1, desorption 1 → 0. */
  readonly switches?: readonly Jump[]
  /** Deaths per unit of time in each state, by the exit `decay`. */
  readonly decay?: readonly number[]
}

/**
 * The walk on a lattice: node = state · sites + site, sites row-major. Exits are `decay`, then for each absorbing end
 * `low 0`, `high 0`, `low 1`, … by its axis.
 */
export function latticeWalk({
  axes,
  mobility = [1],
  switches = [],
  decay = mobility.map(() => 0),
}: LatticeWalk): Network {
  const what = 'build a lattice walk'
  demand(axes.length > 0, what, 'the axes', 'one at least', axes.length)
  demand(decay.length === mobility.length, what, 'the decay rates', `${mobility.length}`, decay.length)
  for (const { length } of axes)
    demand(Number.isInteger(length) && length >= 1, what, 'every length', 'a whole number from 1', length)
  const sites = axes.reduce((product, { length }) => product * length, 1)
  const exits = ['decay']
  const ways = axes.map((axis, a) => wayOf(axis, a, exits))
  const jumps: Jump[] = []
  mobility.forEach((mobile, state) => {
    const base = state * sites
    for (let site = 0; site < sites; site++) {
      const from = base + site
      jumps.push({ from, to: leave(0), rate: decay[state] })
      for (const { from: before, to, rate } of switches)
        if (before === state) jumps.push({ from, to: to * sites + site, rate })
      if (mobile === 0) continue
      for (let a = axes.length - 1, stride = 1; a >= 0; stride *= axes[a--].length)
        for (const { by, exit, rate } of ways[a](Math.floor(site / stride) % axes[a].length))
          jumps.push({ from, to: exit === undefined ? from + by * stride : leave(exit), rate: rate * mobile })
    }
  })
  return network({ nodes: mobility.length * sites, exits, jumps })
}

/** A hop by so many sites, or out of an exit. */
interface Hop {
  readonly by: number
  readonly exit?: number
  readonly rate: number
}

/** The hops of an axis from position x; absorbing ends add their exits. */
function wayOf(axis: WalkAxis, a: number, exits: string[]): (x: number) => Hop[] {
  const { length, forward, backward, ends = ['reflecting', 'reflecting'] } = axis
  const round = ends === 'periodic'
  const out = (end: End, name: string) => (end === 'absorbing' ? exits.push(`${name} ${a}`) - 1 : undefined)
  const low = round ? undefined : out(ends[0], 'low')
  const high = round ? undefined : out(ends[1], 'high')
  return x => {
    const hops: Hop[] = []
    if (x + 1 < length) hops.push({ by: 1, rate: forward })
    else if (round && length > 1) hops.push({ by: 1 - length, rate: forward })
    else if (high !== undefined) hops.push({ by: 0, exit: high, rate: forward })
    if (x > 0) hops.push({ by: -1, rate: backward })
    else if (round && length > 1) hops.push({ by: length - 1, rate: backward })
    else if (low !== undefined) hops.push({ by: 0, exit: low, rate: backward })
    return hops
  }
}

/** A walk along edges in both directions, at `rate` per edge (default 1), or at a rate of its own [a, b, rate]. */
export function graphWalk({
  nodes,
  edges,
  rate = 1,
}: {
  readonly nodes: number
  readonly edges: readonly (readonly number[])[]
  readonly rate?: number
}): Network {
  const jumps = edges.flatMap(([a, b, own = rate]): Jump[] => [
    { from: a, to: b, rate: own },
    { from: b, to: a, rate: own },
  ])
  return network({ nodes, jumps })
}
