// Known counts put back to the unit, whatever a solver has left of them.
import { nearestIntegers } from '../walk/integers.ts'
import { holeOf, type Surroundings } from './conditions.ts'

/**
 * Makes the known counts of images [n, C, ...sites], from number `first` on, what they were, in place. `settle` leaves them so,
 * but a solver that ends by hops does not, and a known count may lie above the largest of the data; then the hole keeps
 * exactly the mass that is left for it, shared as it was.
 */
export function restore(counts: Int32Array, told: Surroundings, first = 0): void {
  const { known, each = Infinity, channels, size = told.open.length } = told
  const sites = size / channels
  for (let i = 0; i * size < counts.length; i++) {
    const from = Math.floor((first + i) / each) * size
    const open = holeOf(told, from)
    for (let c = 0; c < channels; c++) {
      const at = i * size + c * sites
      const own = { counts: counts.subarray(at, at + sites), open: open.subarray(c * sites, (c + 1) * sites) }
      restoreChannel(own, known.subarray(from + c * sites, from + (c + 1) * sites))
    }
  }
}

function restoreChannel({ counts, open }: { counts: Int32Array; open: Uint8Array }, known: Int32Array): void {
  let [left, inside] = [0, 0]
  const hole: number[] = []
  for (let x = 0; x < open.length; x++) {
    left += counts[x] - (open[x] ? 0 : known[x])
    if (!open[x]) counts[x] = known[x]
    else {
      inside += counts[x]
      hole.push(x)
    }
  }
  if (inside === left || hole.length === 0) return
  const field = Float64Array.from(hole, x => (inside > 0 ? (counts[x] * left) / inside : left / hole.length))
  const shared = new Int32Array(hole.length)
  nearestIntegers(field, { total: left }, shared)
  hole.forEach((x, i) => {
    counts[x] = shared[i]
  })
}
