// Units that are pinned at both ends: where they stand in between, each alone and exactly.
import type { Random } from '../base/random.ts'
import { kernels, type Lattice } from '../lattice/index.ts'

/** Units that walk from a known site to another known one. Holds scratch: one caller at a time. */
export interface PinnedWalk {
  /**
   * Adds to counts [sites] where each unit stands that began at from[u] a tau `before`, and will be at to[u] a tau `after`:
   * at z with a probability in proportion to k_before(z|from) k_after(to|z), a product over the axes.
   */
  place(
    from: Int32Array,
    to: Int32Array,
    by: {
      readonly before: number
      readonly after: number
      readonly random: Random
      readonly counts: Int32Array
    },
  ): void
}

/** Up to this length of an axis the sums of all pairs are kept once they were needed: 7 MB. */
const KEPT = 96

export function pinnedWalk(lattice: Lattice): PinnedWalk {
  const { axes, strides } = lattice
  const sources = kernels(lattice)
  const bridges = axes.map(({ length }, a) => axisBridge(length, sources[a]))
  return {
    place(from, to, { before, after, random, counts }) {
      for (const bridge of bridges) bridge.set(before, after)
      for (let u = 0; u < from.length; u++) {
        let site = 0
        for (let a = 0; a < axes.length; a++) {
          const { length } = axes[a]
          const [x, y] = [Math.floor(from[u] / strides[a]) % length, Math.floor(to[u] / strides[a]) % length]
          site += strides[a] * bridges[a].draw(x, y, random)
        }
        counts[site]++
      }
    },
  }
}

interface AxisBridge {
  set(before: number, after: number): void
  draw(from: number, to: number, random: Random): number
}

function axisBridge(length: number, source: ReturnType<typeof kernels>[number]): AxisBridge {
  const kept = length <= KEPT
  const rows = kept ? length * length : 1
  const sums = new Float64Array(rows * length)
  const known = new Uint8Array(rows)
  const [early, late] = [new Float64Array(length * length), new Float64Array(length * length)]
  let times = [Number.NaN, Number.NaN]

  function fill(row: number, from: number, to: number): void {
    let sum = 0
    for (let z = 0; z < length; z++) {
      sum += early[from * length + z] * late[to * length + z]
      sums[row * length + z] = sum
    }
    known[row] = 1
  }

  return {
    set(before, after) {
      if (before === times[0] && after === times[1]) return
      times = [before, after]
      source.at(before, early)
      source.at(after, late)
      known.fill(0)
    },
    draw(from, to, random) {
      const row = kept ? from * length + to : 0
      if (!kept || known[row] === 0) fill(row, from, to)
      const start = row * length
      const total = sums[start + length - 1]
      // So far apart for so short a time that nothing is left of the chances: between the two, as the time goes.
      if (!(total > 0)) return Math.round(from + ((to - from) * times[0]) / (times[0] + times[1]))
      const wanted = random.uniform() * total
      let [low, high] = [0, length - 1]
      while (low < high) {
        const middle = (low + high) >> 1
        if (sums[start + middle] <= wanted) low = middle + 1
        else high = middle
      }
      return low
    },
  }
}
