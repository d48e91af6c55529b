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
import { exponential } from './exponential.ts'
import type { Network } from './network.ts'

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
  const run = prepared(options)
  const { from, to, walker } = run
  for (let unit = from, paused = 0; unit < to; unit++) {
    walker.begin(unit)
    while (!walker.advance(PIECE)) yield (unit - from) / (to - from)
    if (walker.events() - paused < PIECE) continue
    paused = walker.events()
    yield (unit + 1 - from) / (to - from)
  }
  const result: Wandered = { ...run.result, events: walker.events() }
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
  const result = {
    counts: new Int32Array(times.length * nodes),
    gone: new Int32Array(times.length * exits.length),
    unborn: new Int32Array(times.length),
    left: new Float64Array(to - from).fill(Infinity),
    exit: new Int8Array(to - from).fill(-1),
  }
  return { from, to, result, walker: walkerOf({ ...options, times, births, shard }, result) }
}

interface Walker {
  /** Sets a unit where it begins. */
  begin(unit: number): void
  /** Moves it by at most so many events; true once it has come to its end. */
  advance(most: number): boolean
  events(): number
}

function walkerOf(
  options: Wandering & { readonly times: readonly number[]; readonly births: number },
  result: Omit<Wandered, 'events'>,
): Walker {
  const { network, seed, until, births, shard } = options
  const { nodes, exits, total, first, to, table } = network
  const { counts, gone, unborn, left, exit } = result
  const times = Float64Array.of(...options.times, Infinity)
  const shown = times.length - 1
  const place = starts(options.start, nodes)
  const seeds = random(seed)
  const base = shard?.[0] ?? 0
  // What lasts from call to call; the loop has its own copies, since captured numbers are slow.
  const now = { events: 0, t: 0, node: 0, unit: 0, k: 0, rng: seeds }
  return {
    events: () => now.events,
    begin(index) {
      const rng = seeds.fork(index)
      const t = births > 0 ? births * rng.uniform() : 0
      let k = 0
      while (times[k] < t) unborn[k++]++
      Object.assign(now, { t, node: place(rng), unit: index - base, k, rng })
    },
    advance(most) {
      const { rng, unit } = now
      let { t, node, k } = now
      for (let event = 0; event < most; event++) {
        t += total[node] > 0 ? exponential(rng) / total[node] : Infinity
        while (times[k] < t && k < shown) counts[k++ * nodes + node]++
        if (!(t <= until)) {
          now.events += event
          return true
        }
        const at = first[node]
        const ways = first[node + 1] - at
        node = to[ways === 1 ? at : at + drawAlias(rng, table, at, ways)]
        if (node >= 0) continue
        left[unit] = t
        exit[unit] = -1 - node
        for (; k < shown; k++) gone[k * exits.length - 1 - node]++
        now.events += event + 1
        return true
      }
      Object.assign(now, { t, node, k, events: now.events + most })
      return false
    },
  }
}

/** Where a unit begins. */
function starts(start: number | ArrayLike<number>, nodes: number): (rng: Random) => number {
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
