// The cheapest way to give every unit a site of its own: a flow of least cost over the lattice, one channel above the other.
import { type Lattice, neighbours } from '../lattice/index.ts'
import { Heap } from './settle-heap.ts'

/** One hop in the units in which costs are whole numbers. */
export const HOP = 64

/** What it costs to leave one's site where as few as possible shall: more than all hops and places of an image. */
export const NEVER = 2 ** 40

/** No cheapest way is longer: arcs beyond lead through the homes of units that never leave. */
const TOO_FAR = 2 ** 39

export interface FlowOptions {
  readonly lattice: Lattice
  readonly channels: number
  /** [C, sites], integers >= 0: the cost of a unit of channel c at site x. */
  readonly places: Int32Array
  /** The cost of leaving one's site, an integer > 0, on top of HOP for every hop. */
  readonly leaving: number
}

/**
 * The network has a node `home` for the units of a channel at their site, a node `way` for those that pass there, and a
 * node for the site itself, which takes one unit of any channel and is the end:
 *
 *     home(c, x) -> site(x): places[c, x]      home(c, x) -> way(c, x): leaving
 *     way(c, x) -> site(x): places[c, x]       way(c, x) -> way(c, y): HOP, y a neighbour of x
 *
 * Since the channels meet at the ends alone, a flow of least cost is an assignment of least cost of all units of all
 * channels: exact, and whole. Found by successive shortest paths (Ahuja, Magnanti & Orlin 1993, §9.7): `price` is a
 * potential, cost + price[to] - price[from] >= 0 for every arc that is free, and 0 for one that carries units.
 */
export class Flow {
  /** [sites]: the node whose unit stands there, or -1. */
  readonly held: Int32Array
  /** [C, sites]: units that leave their site. */
  readonly left: Int32Array
  /** [2d, C, sites]: units that go from here in direction j. */
  readonly carried: Int32Array
  private readonly price: Float64Array
  private readonly reached: Int32Array
  private readonly options: FlowOptions
  /** Nodes of one kind. */
  private readonly layer: number
  private readonly heap = new Heap()
  private readonly far: Float64Array
  private readonly parent: Int32Array
  private readonly via: Int8Array
  private readonly touched: Int32Array
  private count = 0

  constructor(options: FlowOptions) {
    const { lattice, channels } = options
    this.options = options
    this.reached = neighbours(lattice)
    this.layer = channels * lattice.size
    const nodes = 2 * this.layer + lattice.size
    this.held = new Int32Array(lattice.size).fill(-1)
    this.left = new Int32Array(this.layer)
    this.carried = new Int32Array(channels * this.reached.length)
    this.price = new Float64Array(nodes)
    this.far = new Float64Array(nodes).fill(Infinity)
    this.parent = new Int32Array(nodes)
    this.via = new Int8Array(nodes)
    this.touched = new Int32Array(nodes)
  }

  /** Gives every unit of counts [C, sites] a site; there must be as many sites as units. */
  assign(counts: Int32Array): void {
    this.stay(counts)
    const stayed = this.held.slice()
    for (let home = 0; home < this.layer; home++)
      for (let unit = stayed[home % stayed.length] === home ? 1 : 0; unit < counts[home]; unit++)
        this.send(home)
  }

  /** The channel of the unit at each site + 1, 0 where there is none. */
  label(site: number): number {
    const node = this.held[site]
    return node < 0 ? 0 : Math.floor((node % this.layer) / this.held.length) + 1
  }

  /**
   * The first units, with prices under which they stand right: all who would not gain from the cheapest place elsewhere, if
   * no other unit were there, stay at home, and their sites cost as much as makes them indifferent.
   */
  private stay(counts: Int32Array): void {
    const { channels, leaving, places } = this.options
    const { layer, price, held } = this
    const size = held.length
    const open = Float64Array.from(places)
    this.spread(open)
    for (let x = 0; x < size; x++) {
      let most = -1
      for (let home = x, c = 0; c < channels; c++, home += size) {
        const worth = leaving + open[home] - places[home]
        if (counts[home] === 0 || worth <= most) continue
        most = worth
        held[x] = home
        price[2 * layer + x] = worth
      }
    }
    const own = Float64Array.from(places, (cost, i) => cost + price[2 * layer + (i % size)])
    open.set(own)
    this.spread(open)
    for (let i = 0; i < layer; i++) {
      price[layer + i] = open[i]
      price[i] = Math.min(own[i], leaving + open[i])
    }
  }

  /** Lowers costs [C, sites] to the least of cost at y + HOP * distance to y: sweeps along each axis, twice around. */
  private spread(costs: Float64Array): void {
    const { reached } = this
    const size = this.held.length
    for (let start = 0; start < costs.length; start += size)
      for (let j = 0; j < reached.length / size; j++)
        for (let k = 0; k < 2 * size; k++) {
          const x = j % 2 === 1 ? k % size : size - 1 - (k % size)
          const y = reached[j * size + x]
          if (y >= 0 && costs[start + x] + HOP < costs[start + y]) costs[start + y] = costs[start + x] + HOP
        }
  }

  /** Sends one more unit from its home along the shortest way that is left to a free site (Dijkstra's algorithm). */
  private send(home: number): void {
    const { layer, heap, far, touched, held, price } = this
    this.count = 0
    heap.clear()
    far[home] = 0
    touched[this.count++] = home
    heap.push(0, home)
    let end = -1
    while (heap.length > 0) {
      const key = heap.least()
      const node = heap.pop()
      if (key > far[node]) continue
      if (node >= 2 * layer && held[node - 2 * layer] < 0) {
        end = node
        break
      }
      this.scan(node)
    }
    const total = far[end]
    for (let i = 0; i < this.count; i++) {
      const node = touched[i]
      if (far[node] < total) price[node] += total - far[node]
      far[node] = Infinity
    }
    this.augment(home, end)
  }

  /** Offers the nodes behind all arcs of a node that has been reached. */
  private scan(node: number): void {
    const { layer, reached, carried, held } = this
    const { leaving, places } = this.options
    const size = held.length
    if (node >= 2 * layer) {
      const unit = held[node - 2 * layer]
      this.offer(node, unit, -places[unit % layer], 0)
      return
    }
    const i = node % layer
    const x = i % size
    this.offer(node, 2 * layer + x, places[i], 0)
    if (node < layer) {
      this.offer(node, layer + i, leaving, 0)
      return
    }
    if (this.left[i] > 0) this.offer(node, i, -leaving, 0)
    for (let j = 0; j * size < reached.length; j++) {
      const y = reached[j * size + x]
      if (y < 0) continue
      const next = i + y - x
      this.offer(node, layer + next, carried[(j ^ 1) * layer + next] > 0 ? -HOP : HOP, j)
    }
  }

  private offer(from: number, to: number, cost: number, via: number): void {
    const { far, price } = this
    const step = cost + price[to] - price[from]
    if (step >= TOO_FAR) return
    const at = far[from] + step
    if (at >= far[to]) return
    if (far[to] === Infinity) this.touched[this.count++] = to
    far[to] = at
    this.parent[to] = from
    this.via[to] = via
    this.heap.push(at, to)
  }

  /** One more unit along the way that was found, or one less where it goes against units that are carried. */
  private augment(home: number, end: number): void {
    const { layer, parent, held, left, carried, via } = this
    for (let node = end; node !== home; node = parent[node]) {
      const from = parent[node]
      if (node >= 2 * layer) held[node - 2 * layer] = from
      else if (from >= 2 * layer) continue
      else if (node < layer) left[node]--
      else if (from < layer) left[from]++
      else {
        const back = (via[node] ^ 1) * layer + node - layer
        if (carried[back] > 0) carried[back]--
        else carried[via[node] * layer + from - layer]++
      }
    }
  }

  /** How many units leave their sites, their hops in all, and the most hops of one. */
  tally(): { moved: number; distance: number; farthest: number } {
    const { layer, held, reached } = this
    const size = held.length
    const carried = this.carried.slice()
    const taken = new Uint8Array(size)
    const total = { moved: 0, distance: 0, farthest: 0 }
    for (let home = 0; home < layer; home++)
      for (let unit = 0; unit < this.left[home]; unit++) {
        let hops = 0
        let i = home
        for (let x = i % size; held[x] !== layer + i || taken[x] === 1; x = i % size, hops++) {
          let j = 0
          while (carried[j * layer + i] === 0) j++
          carried[j * layer + i]--
          i += reached[j * size + x] - x
        }
        taken[i % size] = 1
        total.moved++
        total.distance += hops
        total.farthest = Math.max(total.farthest, hops)
      }
    return total
  }
}
