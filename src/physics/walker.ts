/**
 * The event loop of one unit after the other: where it is, when it jumps, what is seen of it.
 *
 * Words of the unit's stream are drawn in blocks; waiting times by the ziggurat of `exponential.ts`, jumps by an alias
 * table in whole numbers of 2^−32: one word decides, and a second one where the first stands on an edge. Nothing is
 * allocated per event.
 */
import { fillWords, type Random } from '../base/random.ts'
import { SCALE, SURE, unsure } from './exponential.ts'
import type { Network } from './network.ts'

const WORD = 2 ** 32
const PER_WORD = 2 ** -32
const HALF = 2 ** 31
/** Words in a block: the rest of a unit's last block is drawn for nothing. */
const BLOCK = 128
/** Words that an event needs, seldom more. */
const PER_EVENT = 3

/** A stream read in blocks. */
class Words implements Pick<Random, 'u32' | 'uniform'> {
  private rng: Random | undefined
  readonly block = new Uint32Array(BLOCK)
  at = 0

  begin(rng: Random): void {
    this.rng = rng
    this.refill()
  }

  /** A new block; what is left of the old one is let go, at the same places however often a unit pauses. */
  refill(): void {
    this.at = 0
    if (this.rng) fillWords(this.rng, this.block)
  }

  u32(): number {
    if (this.at === BLOCK) this.refill()
    return this.block[this.at++]
  }

  uniform(): number {
    const high = this.u32() >>> 5
    return (high * 67108864 + (this.u32() >>> 6)) * 2 ** -53
  }
}

/**
 * A network as the loop reads it: columns of alias tables. A node of one or two jumps has one column, of the number of
 * the node; one with n > 2 jumps has n: its own and extra[node] + 1 … extra[node] + n − 1.
 */
interface Compiled {
  /** Mean waiting time of a node, Infinity where nothing jumps, [nodes]. */
  readonly wait: Float64Array
  readonly extra: Int32Array
  /** Columns of a node, [nodes]. */
  readonly many: Int32Array
  /** Which part of a column leads to pair[2k + 1], the rest to pair[2k]; as a number, and in whole 2^−31, [columns]. */
  readonly share: Float64Array
  readonly edge: Int32Array
  readonly pair: Int32Array
}

function compiled({ nodes, total, first, to, rate, table }: Network): Compiled {
  const share: number[] = Array(nodes).fill(1)
  const pair: number[] = Array(2 * nodes).fill(0)
  const extra = new Int32Array(nodes)
  const many = new Int32Array(nodes).fill(1)
  for (let i = 0; i < nodes; i++) {
    const base = first[i]
    const jumps = first[i + 1] - base
    if (jumps > 2) {
      extra[i] = share.length - 1
      many[i] = jumps
    }
    for (let c = 0; c < (jumps > 2 ? jumps : Math.min(1, jumps)); c++) {
      const k = c === 0 ? i : extra[i] + c
      share[k] = jumps > 2 ? Math.min(1, table.cut[base + c] - c) : rate[base] / total[i]
      pair[2 * k + 1] = to[base + c]
      pair[2 * k] = to[base + (jumps > 2 ? table.other[base + c] : jumps - 1)]
    }
  }
  const edge = Int32Array.from(share, part => Math.min(HALF - 1, Math.floor(part * HALF)))
  return {
    ...{ wait: total.map(sum => 1 / sum), extra, many, edge },
    ...{ share: Float64Array.from(share), pair: Int32Array.from(pair) },
  }
}

/** What is written down of the units, as in `Wandered`. */
export interface Records {
  readonly counts: Int32Array
  readonly gone: Int32Array
  readonly unborn: Int32Array
  readonly left: Float64Array
  readonly exit: Int8Array
}

export interface WalkerOptions {
  readonly network: Network
  readonly until: number
  readonly births: number
  readonly times: readonly number[]
  /** Where a unit begins. */
  readonly place: (rng: Pick<Random, 'u32' | 'uniform'>) => number
  readonly records: Records
}

export class Walker {
  /** Jumps made by all units so far. */
  events = 0
  private readonly words = new Words()
  private readonly options: WalkerOptions
  private readonly compiled: Compiled
  private readonly times: Float64Array
  private t = 0
  private node = 0
  private unit = 0
  /** The next time to be counted at. */
  private k = 0

  constructor(options: WalkerOptions) {
    this.options = options
    this.compiled = compiled(options.network)
    this.times = Float64Array.of(...options.times, Infinity)
  }

  /** Sets a unit where it begins; `unit` is its place in the records. */
  begin(unit: number, rng: Random): void {
    const { births, place, records } = this.options
    this.words.begin(rng)
    this.t = births > 0 ? births * this.words.uniform() : 0
    this.unit = unit
    for (this.k = 0; this.times[this.k] < this.t; ) records.unborn[this.k++]++
    this.node = place(this.words)
  }

  /** Moves it by at most so many events; true once it has come to its end. */
  advance(most: number): boolean {
    const { words, times } = this
    const { until } = this.options
    const { wait, extra, edge, pair } = this.compiled
    let { t, node } = this
    const { block } = words
    let { at } = words
    let next = Math.min(until, times[this.k])
    for (let event = 0; event < most; event++) {
      if (at > BLOCK - PER_EVENT) {
        words.refill()
        at = 0
      }
      const word = block[at]
      const layer = word & 255
      let x = (block[at + 1] + (word >>> 8) * 2 ** -24) * SCALE[layer]
      at += 2
      if (!(x < SURE[layer])) {
        words.at = at
        x = unsure(words, layer, x)
        if (words.at === BLOCK) words.refill()
        at = words.at
      }
      t += x * wait[node]
      if (!(t <= next)) {
        if (this.seen(t, node)) {
          this.events += event
          return true
        }
        next = Math.min(until, times[this.k])
      }
      const pick = block[at++]
      // Below the edge of a column the sign bit of the difference is set: no branch that could be foreseen wrongly.
      const apart = (pick >>> 1) - edge[node]
      if (extra[node] === 0 && apart !== 0) node = pair[2 * node + (apart >>> 31)]
      else {
        words.at = at
        node = this.jump(pick, node)
        at = words.at
      }
      if (node >= 0) continue
      this.leave(t, -1 - node)
      this.events += event + 1
      return true
    }
    this.events += most
    words.at = at
    this.t = t
    this.node = node
    return false
  }

  /** A jump of a node of several columns, or one whose word stands on an edge: it is given 53 more bits then. */
  private jump(word: number, node: number): number {
    const { extra, many, edge, share, pair } = this.compiled
    const columns = many[node]
    const scaled = word * columns
    let column = (scaled * PER_WORD) | 0
    let k = column === 0 ? node : extra[node] + column
    const rest = scaled - column * WORD
    const apart = ((rest * 0.5) | 0) - edge[k]
    if ((apart > columns || apart < -columns) && rest + columns < WORD) return pair[2 * k + (apart >>> 31)]
    const exact = (scaled + this.words.uniform() * columns) * PER_WORD
    column = Math.min(columns - 1, Math.floor(exact))
    k = column === 0 ? node : extra[node] + column
    return exact - column < share[k] ? pair[2 * k + 1] : pair[2 * k]
  }

  /** Counts a unit at its node up to the time of its next jump; true where the run ends before it. */
  private seen(t: number, node: number): boolean {
    const { times } = this
    const { network, records, until } = this.options
    const shown = times.length - 1
    // No waiting time times infinity, where nothing jumps, would be no number.
    const end = t >= 0 ? t : Infinity
    while (times[this.k] < end && this.k < shown) records.counts[this.k++ * network.nodes + node]++
    return !(end <= until)
  }

  private leave(t: number, exit: number): void {
    const { network, records } = this.options
    records.left[this.unit] = t
    records.exit[this.unit] = exit
    for (let k = this.k; k < this.times.length - 1; k++) records.gone[k * network.exits.length + exit]++
  }
}
