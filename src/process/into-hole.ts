// The last step into a hole: units that have come to stand beside it.
import { cannot } from '../base/errors.ts'
import { type Lattice, neighbours } from '../lattice/index.ts'

/**
 * Moves units that stand outside the hole to the nearest site of it (by hops over the lattice), in place; [C, ...sites].
 * Returns how many were moved. Throws RangeError for units of a channel without a hole.
 */
export function intoHole(counts: Int32Array, lattice: Lattice, open: ArrayLike<number>): number {
  const { size } = lattice
  const reached = neighbours(lattice)
  let moved = 0
  for (let start = 0; start < counts.length; start += size) {
    const nearest = new Int32Array(size).fill(-1)
    const queue: number[] = []
    const visit = (x: number, to: number) => {
      if (x < 0 || nearest[x] >= 0) return
      nearest[x] = to
      queue.push(x)
    }
    for (let x = 0; x < size; x++) if (open[start + x] !== 0) visit(x, x)
    for (const x of queue) for (let at = x; at < reached.length; at += size) visit(reached[at], nearest[x])
    for (let x = 0; x < size; x++) {
      const n = counts[start + x]
      if (n === 0 || nearest[x] === x) continue
      if (nearest[x] < 0)
        throw new RangeError(cannot('move units into the hole', 'a channel with units', 'one with a hole', n))
      counts[start + nearest[x]] += n
      counts[start + x] = 0
      moved += n
    }
  }
  return moved
}
