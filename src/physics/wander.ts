/**
 * Independent units that wander on a network: every event at its exact time, no time step.
 *
 * A unit waits an exponential time of the total rate of its node, then makes one of its jumps in proportion to their
 * rates (Gillespie 1976, direct method; for one unit the choice is an alias table). Unit i draws from the stream
 * (seed, i) alone, so shards of the units may run anywhere in any order, and their sums have equal bytes.
 */
import { type AliasTable, aliasTable, drawAlias, fillAlias } from '../base/alias.ts'
import { cannot, demand, InvariantError } from '../base/errors.ts'
import { type Random, random } from '../base/random.ts'
import type { Work } from '../base/work.ts'
import type { Network } from './network.ts'
import { Walker } from './walker.ts'

/** Plain data: all that a run is. */
export interface Wandering {
  readonly network: Network
  readonly units: number
  readonly seed: number
  /** The end of the run, > 0; Infinity waits until every unit has left. */
  readonly until: number
  /** Where units begin: a node, or weights of all nodes [nodes]. */
  readonly start: number | ArrayLike<number>
  /** Units come into being evenly over [0, births), one by one; default 0: all at the beginning. */
  readonly births?: number
  /** When they are counted, rising, from 0 up to `until`; default none. */
  readonly times?: readonly number[]
  /** Which units: from … to − 1, default all. */
  readonly shard?: readonly [number, number]
}

export interface Wandered {
  /** Units of the shard at every node, at every time, [times, nodes]. */
  readonly counts: Int32Array
  /** Units that have left by each exit, [times, exits]. */
  readonly gone: Int32Array
  /** Units that are not born yet, [times]. */
  readonly unborn: Int32Array
  /** When a unit left, Infinity if it is there at the end, [units of the shard]. */
  readonly left: Float64Array
  /** By which exit, −1 if it is there at the end, [units of the shard]. */
  readonly exit: Int8Array
  /** Jumps made. */
  readonly events: number
}

/** Units moved between two pauses make about so many events at most, unless one of them alone makes more. */
const PIECE = 200_000

/** Moves the units of a shard one after the other. Throws RangeError for a start or times that are not there. */
export function* wander(options: Wandering): Work<Wandered> {
  const { from, to, walker, records } = prepared(options)
  const seeds = random(options.seed)
  for (let unit = from, paused = 0; unit < to; unit++) {
    walker.begin(unit - from, seeds.fork(unit))
    while (!walker.advance(PIECE)) yield (unit - from) / (to - from)
    if (walker.events - paused < PIECE) continue
    paused = walker.events
    yield (unit + 1 - from) / (to - from)
  }
  const result: Wandered = { ...records, events: walker.events }
  demandKept(result, to - from)
  return result
}

/** Every unit is somewhere, or has left, or is not born yet: at every time. Throws InvariantError otherwise. */
export function demandKept({ counts, gone, unborn }: Wandered, units: number): void {
  const nodes = counts.length / unborn.length
  const exits = gone.length / unborn.length
  for (let k = 0; k < unborn.length; k++) {
    let sum = unborn[k]
    for (let i = k * nodes; i < (k + 1) * nodes; i++) sum += counts[i]
    for (let i = k * exits; i < (k + 1) * exits; i++) sum += gone[i]
    if (sum !== units)
      throw new InvariantError(cannot('let units wander', `their number at time ${k}`, `${units}`, sum))
  }
}

function prepared(options: Wandering) {
  const { network, units, until, times = [], births = 0, shard = [0, units] } = options
  const what = 'let units wander'
  demand(Number.isSafeInteger(units) && units >= 0, what, 'the units', 'a whole number from 0', units)
  demand(until > 0, what, 'the end', 'a time above 0', until)
  demand(births >= 0 && births < Infinity, what, 'the time of births', 'finite and ≥ 0', births)
  const rising = times.every((t, k) => t >= (k ? times[k - 1] : 0) && t <= until)
  demand(rising, what, 'the times', `rising from 0 to ${until}`, [...times])
  const [from, to] = shard
  demand(from >= 0 && from <= to && to <= units, what, 'the shard', `within 0 … ${units}`, [...shard])
  const { nodes, exits } = network
  const records = {
    counts: new Int32Array(times.length * nodes),
    gone: new Int32Array(times.length * exits.length),
    unborn: new Int32Array(times.length),
    left: new Float64Array(to - from).fill(Infinity),
    exit: new Int8Array(to - from).fill(-1),
  }
  const place = starts(options.start, nodes)
  return { from, to, records, walker: new Walker({ network, until, births, times, place, records }) }
}

/** Where a unit begins. */
function starts(
  start: number | ArrayLike<number>,
  nodes: number,
): (rng: Pick<Random, 'u32' | 'uniform'>) => number {
  const what = 'let units wander'
  if (typeof start === 'number') {
    const known = Number.isInteger(start) && start >= 0 && start < nodes
    demand(known, what, 'the start', `a node below ${nodes}`, start)
    return () => start
  }
  demand(start.length === nodes, what, 'the weights of the start', `${nodes}`, start.length)
  const table: AliasTable = aliasTable(nodes)
  fillAlias(table, 0, start)
  return rng => drawAlias(rng, table, 0, nodes)
}
