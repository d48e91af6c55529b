/**
 * Where units may be and how they jump: a Markov jump process of one unit, compiled for the event loop.
 *
 * A node is a place together with an internal state. From node i a unit jumps to j at `rate(i → j)`, or leaves for good
 * through an exit (an absorbing end, a decay); from node to node the waiting times are exponential.
 */
import { type AliasTable, aliasTable, fillAlias } from '../base/alias.ts'
import { demand } from '../base/errors.ts'

/** One kind of jump, or leaving by the exit of that number: `to` = leave(exit). */
export interface Jump {
  readonly from: number
  readonly to: number
  /** Jumps per unit of time, ≥ 0. */
  readonly rate: number
}

/** The target of a jump out of the network through exit 0, 1, … */
export const leave = (exit: number): number => -1 - exit

export interface Network {
  readonly nodes: number
  /** Names of the ways out. */
  readonly exits: readonly string[]
  /** Jumps per unit of time away from a node, [nodes]. */
  readonly total: Float64Array
  /** The jumps of node i are first[i] … first[i + 1] − 1, [nodes + 1]. */
  readonly first: Int32Array
  /** Where a jump leads: a node, or leave(exit). */
  readonly to: Int32Array
  readonly rate: Float64Array
  /** Which jump it is, by node. */
  readonly table: AliasTable
}

/** Compiles jumps; those of rate 0 are left out. Throws RangeError for nodes and exits that are not there. */
export function network(options: {
  readonly nodes: number
  readonly exits?: readonly string[]
  readonly jumps: readonly Jump[]
}): Network {
  const { nodes, exits = [] } = options
  const what = 'build a network'
  demand(
    Number.isSafeInteger(nodes) && nodes >= 1 && nodes < 2 ** 30,
    what,
    'the nodes',
    'a whole number from 1',
    nodes,
  )
  const jumps = options.jumps.filter(({ rate }) => rate !== 0)
  const first = new Int32Array(nodes + 1)
  for (const { from, to, rate } of jumps) {
    demand(rate > 0 && rate < Infinity, what, 'every rate', 'finite and ≥ 0', rate)
    demand(
      Number.isInteger(from) && from >= 0 && from < nodes,
      what,
      'every origin',
      `a node below ${nodes}`,
      from,
    )
    const known = Number.isInteger(to) && to < nodes && to >= leave(exits.length - 1) && to !== from
    demand(known, what, `every target from node ${from}`, 'another node or an exit', to)
    first[from + 1]++
  }
  for (let i = 0; i < nodes; i++) first[i + 1] += first[i]
  const at = first.slice(0, nodes)
  const to = new Int32Array(jumps.length)
  const rate = new Float64Array(jumps.length)
  const total = new Float64Array(nodes)
  for (const jump of jumps) {
    const k = at[jump.from]++
    to[k] = jump.to
    rate[k] = jump.rate
    total[jump.from] += jump.rate
  }
  const table = aliasTable(jumps.length)
  for (let i = 0; i < nodes; i++)
    if (first[i + 1] > first[i]) fillAlias(table, first[i], rate, first[i], first[i + 1] - first[i])
  return { nodes, exits, total, first, to, rate, table }
}
