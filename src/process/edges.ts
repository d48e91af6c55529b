// The walk of the edges of small graphs: each edge hops from its pair of nodes to any other pair, and none is made or lost.

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { complete } from './complete.ts'
import { drawnExactly, leaned, likeliest } from './exactly.ts'
import { demandDraw, demandLength, demandOptions, demandPlace, demandSpan } from './given.ts'
import { hopsOf } from './hops.ts'
import { edgesLink } from './link/edges.ts'
import type { JumpProcess, ProcessDescription } from './process.ts'

/** Enough to rebuild the walk. */
export interface EdgesDescription extends ProcessDescription {
  readonly kind: 'edges'
  readonly nodes: number
  readonly rate: number
  readonly kinds?: readonly string[]
  readonly ceiling?: number
}

export interface EdgesOptions {
  /** N, the most nodes that a graph has, from 3 to 64. */
  readonly nodes: number
  /** Hops of an edge to each other pair per unit of time, in a graph of N nodes; the default leaves e^-6 at t = 1. */
  readonly rate?: number
  /** What nodes may be (atoms: C, N, O), up to 64 names: (i, i) holds the number of the name, from 1. Left out: all are alike. */
  readonly kinds?: readonly string[]
  /** K, the most edges at a pair of a clean graph (the order of a bond), from 1 to 4; default 1. */
  readonly ceiling?: number
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
  /** Laws of how many edges there are, [K, pairs], and the mean. */
  readonly laws: Float64Array
  readonly expected: Float64Array
}

const MOST = 64

/**
 * Graphs of at most N nodes. A state is [1, N, N]: one unit at (i, i) where node i is there (or the number of its kind), and at (i, j), i < j, the edges
 * between i and j; nothing is below the diagonal. Nodes stay. Edges are units on the pairs of the nodes that are there and hop to any
 * other of these pairs alike (`complete`), in graphs of few nodes the faster, so that in all e^(-P rate t) of the edges have not
 * been redrawn, P = N(N - 1)/2. The limit is a graph of that many edges thrown evenly, the masses are [edges, nodes of each kind].
 *
 * A clean graph has at most K edges at a pair; on the way there may be more. The origin is the probability of 1 … K edges at
 * every pair, leaned until it has the edges of the graph. `settle` draws so many by these laws, or takes the likeliest
 * where it is told no time. No node of a kind differs from another.
 */
export function edges(options: EdgesOptions): JumpProcess {
  const what = 'build the walk of edges'
  demandGiven(
    what,
    { options },
    { options: { nodes: 'number', rate: 'number?', kinds: 'list?', ceiling: 'number?' } },
  )
  const { nodes, kinds, ceiling = 1 } = options
  const able = Number.isSafeInteger(nodes) && nodes >= 3 && nodes <= MOST
  demand(able, what, 'the number of nodes', `a whole number from 3 to ${MOST}`, nodes)
  const sorts = kinds?.length ?? 1
  const unlike = !kinds || (new Set(kinds).size === sorts && kinds.every(kind => typeof kind === 'string'))
  demand(unlike && sorts >= 1 && sorts <= 64, what, 'the kinds', '1 to 64 different names', kinds)
  const few = Number.isSafeInteger(ceiling) && ceiling >= 1 && ceiling <= 4
  demand(few, what, 'the ceiling', 'a whole number from 1 to 4', ceiling)
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
      laws: new Float64Array(ceiling * n),
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
    for (let i = 0; i < nodes; i++) sum += Math.min(sorts, state[i * nodes + i])
    const all = state.reduce((total, n) => total + n, 0)
    demand(sum === all, verb, 'units off the nodes and their pairs', 'none', all - sum)
    return few
  }

  function scattered(state: Int32Array, { sites }: Few, counts: Int32Array): void {
    sites.forEach((at, i) => {
      state[at] = counts[i]
    })
  }

  /** The laws of the edges at each pair, with as many as there are. */
  function lean(
    verb: string,
    state: Int32Array,
    origin: ArrayLike<number>,
  ): Few & { readonly total: number } {
    demandLength(verb, 'the origin', origin, ceiling * size)
    const few = gathered(verb, state)
    const { sites, laws, expected } = few
    const n = sites.length
    const total = few.counts.reduce((sum, units) => sum + units, 0)
    demandRoom(verb, total, ceiling * n)
    for (let k = 0; k < ceiling; k++)
      for (let i = 0; i < n; i++) laws[k * n + i] = origin[k * size + sites[i]]
    leaned({ laws, sites: n, total })
    expected.fill(0)
    for (let i = 0; i < laws.length; i++) expected[i % n] += (1 + Math.floor(i / n)) * laws[i]
    return { ...few, total }
  }

  const description: EdgesDescription = {
    kind: 'edges',
    nodes,
    rate,
    ...(kinds && { kinds: [...kinds] }),
    ...(ceiling > 1 && { ceiling }),
  }
  return {
    description,
    channels: 1,
    sites: size,
    shape: [1, nodes, nodes],
    rate,
    jumps,
    conserved: 1 + sorts,
    // No axis is gone along, and where an edge may hop to depends on the nodes that are there.
    motion: 0,
    link: edgesLink({ nodes, forgetting: rate * pairs, most: ceiling }),

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
      demandLength(verb, 'masses', masses, 1 + sorts)
      demandPlace(verb, 'out', draw.out, size)
      const named = Array.from({ length: sorts }, (_, k) => masses[1 + k])
      const there = named.reduce((sum, n) => sum + n, 0)
      const whole = named.every(n => Number.isSafeInteger(n) && n >= 0)
      demand(
        whole && there >= 3 && there <= nodes,
        verb,
        'the nodes',
        `a whole number from 3 to ${nodes}`,
        there,
      )
      demandRoom(verb, masses[0], (ceiling * there * (there - 1)) / 2)
      draw.out.fill(0)
      named
        .flatMap((n, k) => new Array<number>(n).fill(k + 1))
        .forEach((kind, i) => {
          draw.out[i * nodes + i] = kind
        })
      const few = fewOf(draw.out)
      few.walk.limit([masses[0]], { random: draw.random, out: few.noisy })
      scattered(draw.out, few, few.noisy)
    },

    rates(counts, origin, options) {
      demandOptions('tell the rates', options)
      const few = lean('tell the rates', counts, origin)
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
      const few = lean('undo', counts, origin)
      few.walk.undo(few.counts, few.expected, step)
      scattered(counts, few, few.counts)
    },

    settle(counts, origin, by) {
      const few = lean('settle', counts, origin)
      const of = { laws: few.laws, sites: few.sites.length, total: few.total }
      if (by) drawnExactly({ ...of, random: by.random }, few.counts)
      else likeliest(of, few.counts)
      scattered(counts, few, few.counts)
    },

    invariant(counts) {
      demandLength('tell the masses', 'counts', counts, size)
      const masses = new Array<number>(1 + sorts).fill(0)
      for (let at = 0; at < size; at++) {
        if (at % (nodes + 1) > 0) masses[0] += counts[at]
        else if (counts[at] > 0) masses[Math.min(sorts, counts[at])]++
      }
      return masses
    },
  }
}

function demandRoom(verb: string, total: number, room: number): void {
  const right = Number.isSafeInteger(total) && total >= 0 && total <= room
  demand(right, verb, 'the edges', `a whole number up to ${room}, as many as have room`, total)
}
