// Units of one site thrown over a list of weighted places: exactly, by whichever way is cheaper.
import { binomial } from '../base/draws.ts'
import type { Random } from '../base/random.ts'

/** Where units go: place i of the list is the site `places[from + i]`. */
export interface Places {
  readonly places: Int32Array
  readonly from: number
}

/**
 * Sums the weights [n] up, in place, and returns their total. A sum never falls, so that a place without weight is
 * never chosen by `throwUnits`.
 */
export function accumulate(weights: Float64Array, n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) {
    sum += weights[i]
    weights[i] = sum
  }
  return sum
}

/** Throws so many units over n places whose weights are summed up in `sums`: histogram[place] rises by one for each. */
export function throwUnits(
  units: number,
  { sums, n, total }: { sums: Float64Array; n: number; total: number },
  { places, from }: Places,
  { random, histogram }: { random: Random; histogram: Int32Array },
): void {
  if (units > n) {
    shareOut(units, { sums, n, total }, { places, from }, { random, histogram })
    return
  }
  for (let unit = 0; unit < units; unit++) {
    const u = random.uniform() * total
    // The first place whose sum is above u.
    let low = 0
    let high = n - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle] > u) high = middle
      else low = middle + 1
    }
    histogram[places[from + low]]++
  }
}

/** Many units: one binomial for each place that has any weight. */
function shareOut(
  units: number,
  { sums, n, total }: { sums: Float64Array; n: number; total: number },
  { places, from }: Places,
  { random, histogram }: { random: Random; histogram: Int32Array },
): void {
  let left = units
  let before = 0
  for (let i = 0; left > 0 && i < n; i++) {
    const weight = sums[i] - before
    if (weight <= 0) continue
    const ahead = total - before
    before = sums[i]
    const taken = before >= total ? left : binomial(random, left, Math.min(1, weight / ahead))
    histogram[places[from + i]] += taken
    left -= taken
  }
}
