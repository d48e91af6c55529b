/** A diffusion couple of units that feel each other: many lines of a zero-range process, their mean profile. */
import { random } from '../base/random.ts'
import type { Work } from '../base/work.ts'
import { equilibriumCount, zeroRange } from './zero-range.ts'

export interface ZeroRangeCouple {
  /** Sites of a line; the left half begins in equilibrium at the first density, the right one at the second. */
  readonly sites: number
  readonly densities: readonly [number, number]
  readonly time: number
  readonly lines: number
  readonly seed: number
}

/** Mean units per site at the end, [sites], and how many units and events there were. */
export function* zeroRangeCouple(
  options: ZeroRangeCouple,
): Work<{ mean: Float64Array; units: number; events: number }> {
  const { sites, densities, time, lines, seed } = options
  const sum = new Float64Array(sites)
  let events = 0
  for (let line = 0; line < lines; line++) {
    const rng = random(seed).fork(line)
    const counts = Int32Array.from({ length: sites }, (_, x) =>
      equilibriumCount(rng, densities[x < sites / 2 ? 0 : 1]),
    )
    events += zeroRange({ counts, rate: 1, time, random: rng })
    for (let x = 0; x < sites; x++) sum[x] += counts[x]
    yield (line + 1) / lines
  }
  const units = sum.reduce((all, n) => all + n, 0)
  return { mean: sum.map(n => n / lines), units, events }
}
