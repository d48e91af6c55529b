// The walk of the edges of small graphs: each edge hops from its pair of nodes to any other pair, and none is made or lost.

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { assign } from './assign.ts'
import { complete } from './complete.ts'
import { drawnExactly } from './exactly.ts'
import { demandDraw, demandLength, demandOptions, demandPlace, demandSpan } from './given.ts'
import { hopsOf } from './hops.ts'
import { edgesLink } from './link/edges.ts'
import type { JumpProcess, ProcessDescription } from './process.ts'
import { tilted } from './tilt.ts'

/** Enough to rebuild the walk. */
export interface EdgesDescription extends ProcessDescription {
  readonly kind: 'edges'
  readonly nodes: number
  readonly rate: number
}

export interface EdgesOptions {
  /** N, the most nodes that a graph has, from 3 to 64. */
  readonly nodes: number
  /** Hops of an edge to each other pair per unit of time, in a graph of N nodes; the default leaves e^-6 at t = 1. */
  readonly rate?: number
}

/** The pairs of the nodes that are there, and the walk on them. */
interface Few {
  /** Sites of the pairs, rising. */
  readonly sites: Int32Array
  /** The number of each among the pairs of all N nodes. */
  readonly ranks: Int32Array
  readonly walk: JumpProcess
  readonly counts: Int32Array
  readonly noisy: Int32Array
  /** Probabilities of an edge. */
  readonly own: Float64Array
  readonly expected: Float64Array
}

const MOST = 64

/**
 * Graphs of at most N nodes. A state is [1, N, N]: one unit at (i, i) where node i is there, and at (i, j), i < j, the edges
 * between i and j; nothing is below the diagonal. Nodes stay. Edges are units on the pairs of the nodes that are there and hop to any
 * other of these pairs alike (`complete`), in graphs of few nodes the faster, so that in all e^(-P rate t) of the edges have not
 * been redrawn, P = N(N - 1)/2. The limit is a graph of that many edges thrown evenly, the masses are [edges, nodes].
 *
 * A clean graph has at most one edge at a pair; on the way there may be several. The origin is the probability of an edge at
 * every pair, tilted until it has the edges of the graph. `settle` draws so many pairs by these, or takes the most probable
 * ones where it is told no time. No node differs from another, so neither does the process.
 */
export function edges(options: EdgesOptions): JumpProcess {
  const what = 'build the walk of edges'
  demandGiven(what, { options }, { options: { nodes: 'number', rate: 'number?' } })
  const { nodes } = options
  const able = Number.isSafeInteger(nodes) && nodes >= 3 && nodes <= MOST
  demand(able, what, 'the number of nodes', `a whole number from 3 to ${MOST}`, nodes)
  const pairs = (nodes * (nodes - 1)) / 2
  const { rate = 6 / pairs } = options
  demand(rate >= 0 && rate < Infinity, what, 'the rate', 'finite and >= 0', rate)
  const size = nodes * nodes
  const jumps = pairs - 1
  const places = Int32Array.from(
    Array.from({ length: size }, (_, at) => at).filter(at => Math.floor(at / nodes) < at % nodes),
  )
  const rankOf = new Int32Array(size).fill(-1)
  places.forEach((at, rank) => {
    rankOf[at] = rank
  })
  let reached: Int32Array | undefined
  function lead(): Int32Array {
    if (reached) return reached
    reached = new Int32Array(jumps * size).fill(-1)
    for (let rank = 0; rank < pairs; rank++)
      for (let j = 0; j < jumps; j++) reached[j * size + places[rank]] = places[j < rank ? j : j + 1]
    return reached
  }
  const hops = hopsOf(lead, { sites: size, jumps })
  const held = new Float64Array(size * jumps)
  const known = new Map<string, Few>()

  /** The pairs between which the edges of a state walk. */
  function fewOf(counts: ArrayLike<number>): Few {
    const there = Array.from({ length: nodes }, (_, i) => i).filter(i => counts[i * nodes + i] > 0)
    const key = there.join()
    const found = known.get(key)
    if (found) return found
    // As many as there are orders of nodes would be too many to keep.
    if (known.size >= 256) known.clear()
    const sites = Int32Array.from(there.flatMap((i, k) => there.slice(k + 1).map(j => i * nodes + j)))
    const n = sites.length
    demand(n >= 2, 'walk the edges', 'the nodes of a graph', 'at least 3', there.length)
    const few: Few = {
      sites,
      ranks: sites.map(at => rankOf[at]),
      walk: complete({ nodes: n, rate: (rate * pairs) / n }),
      counts: new Int32Array(n),
      noisy: new Int32Array(n),
      own: new Float64Array(n),
      expected: new Float64Array(n),
    }
    known.set(key, few)
    return few
  }

  /** The edges of a state that is one: anything beside nodes and pairs of them is refused. */
  function gathered(verb: string, state: Int32Array): Few {
    demandPlace(verb, 'counts', state, size)
    const few = fewOf(state)
    let sum = 0
    few.sites.forEach((at, i) => {
      few.counts[i] = state[at]
      sum += state[at]
      demand(state[at] >= 0, verb, 'every count', '>= 0', state[at])
    })
    for (let i = 0; i < nodes; i++) sum += Math.min(1, state[i * nodes + i])
    const all = state.reduce((total, n) => total + n, 0)
    demand(sum === all, verb, 'units off the nodes and their pairs', 'none', all - sum)
    return few
  }

  function scattered(state: Int32Array, { sites }: Few, counts: Int32Array): void {
    sites.forEach((at, i) => {
      state[at] = counts[i]
    })
  }

  /** The probabilities of edges, as many as there are. */
  function tilt(verb: string, state: Int32Array, origin: ArrayLike<number>): Few & { readonly mass: number } {
    demandLength(verb, 'the origin', origin, size)
    const few = gathered(verb, state)
    const mass = few.counts.reduce((sum, n) => sum + n, 0)
    demandRoom(verb, mass, few.sites.length)
    few.sites.forEach((at, i) => {
      few.own[i] = origin[at]
    })
    tilted(few.own, { masses: [mass], sites: few.sites.length }, few.expected)
    return { ...few, mass }
  }

  const description: EdgesDescription = { kind: 'edges', nodes, rate }
  return {
    description,
    channels: 1,
    sites: size,
    shape: [1, nodes, nodes],
    rate,
    jumps,
    conserved: 2,
    // No axis is gone along, and where an edge may hop to depends on the nodes that are there.
    motion: 0,
    link: edgesLink({ nodes, forgetting: rate * pairs }),

    corrupt(clean, time, draw) {
      demandDraw('corrupt', draw)
      demandPlace('corrupt', 'noisy', draw.noisy, size)
      demand(clean !== draw.noisy, 'corrupt', 'noisy', 'another array than clean', 'the same')
      const few = gathered('corrupt', clean)
      few.walk.corrupt(few.counts, time, { random: draw.random, noisy: few.noisy })
      draw.noisy.set(clean)
      scattered(draw.noisy, few, few.noisy)
    },

    limit(masses, draw) {
      const verb = 'draw the limit'
      demandDraw(verb, draw)
      demandLength(verb, 'masses', masses, 2)
      demandPlace(verb, 'out', draw.out, size)
      const [mass, there] = [masses[0], masses[1]]
      const right = Number.isSafeInteger(there) && there >= 3 && there <= nodes
      demand(right, verb, 'the nodes', `a whole number from 3 to ${nodes}`, there)
      demandRoom(verb, mass, (there * (there - 1)) / 2)
      draw.out.fill(0)
      for (let i = 0; i < there; i++) draw.out[i * nodes + i] = 1
      const few = fewOf(draw.out)
      few.walk.limit([mass], { random: draw.random, out: few.noisy })
      scattered(draw.out, few, few.noisy)
    },

    rates(counts, origin, options) {
      demandOptions('tell the rates', options)
      const few = tilt('tell the rates', counts, origin)
      const { out } = options
      demandLength('tell the rates', 'out', out, size * jumps)
      const n = few.sites.length
      const own = new Float64Array(n * (n - 1))
      few.walk.rates(few.counts, few.expected, { ...options, out: own })
      out.fill(0)
      for (let j = 0; j < n - 1; j++)
        for (let i = 0; i < n; i++) {
          const to = few.ranks[j < i ? j : j + 1]
          const jump = to < few.ranks[i] ? to : to - 1
          out[jump * size + few.sites[i]] = (pairs / n) * own[j * n + i]
        }
    },

    fastest(counts, rates) {
      demandLength('hop', 'rates', rates, size * jumps)
      gathered('hop', counts)
      return hops.fastest(counts, rates)
    },

    hop(counts, rates, step) {
      demandSpan(step)
      demandLength('hop', 'rates', rates, size * jumps)
      const { ranks, sites } = gathered('hop', counts)
      const odd = rates.findIndex(rate => !(rate >= 0 && rate < Infinity))
      if (odd >= 0) demand(false, 'hop', `rate ${odd}`, 'a finite number >= 0', rates[odd])
      // Hops to pairs of nodes that are not there do not happen.
      held.fill(0)
      sites.forEach((at, i) => {
        ranks.forEach((to, k) => {
          if (k === i) return
          const from = (to < ranks[i] ? to : to - 1) * size + at
          held[from] = rates[from]
        })
      })
      hops.hop(counts, held, step)
    },

    undo(counts, origin, step) {
      const few = tilt('undo', counts, origin)
      few.walk.undo(few.counts, few.expected, step)
      scattered(counts, few, few.counts)
    },

    settle(counts, origin, by) {
      const { sites, expected, mass, counts: own } = tilt('settle', counts, origin)
      if (by) drawnExactly(expected, { total: mass, random: by.random }, own)
      else {
        const labels = new Uint8Array(sites.length)
        assign(expected, { masses: [mass], sites: sites.length }, labels)
        own.set(labels)
      }
      sites.forEach((at, i) => {
        counts[at] = own[i]
      })
    },

    invariant(counts) {
      demandLength('tell the masses', 'counts', counts, size)
      let [mass, there] = [0, 0]
      for (let at = 0; at < size; at++) {
        if (at % (nodes + 1) === 0) there += counts[at]
        else mass += counts[at]
      }
      return [mass, there]
    },
  }
}

function demandRoom(verb: string, mass: number, room: number): void {
  const right = Number.isSafeInteger(mass) && mass >= 0 && mass <= room
  demand(right, verb, 'the edges', `a whole number up to ${room}, one to a pair`, mass)
}
