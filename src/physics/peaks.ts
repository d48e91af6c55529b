/** Peaks of a chromatogram: local maxima by their prominence, each with the stretch that is its own. */
import { demand } from '../base/errors.ts'

export interface Peak {
  /** Places in the trace: the first, the highest and the last. */
  readonly from: number
  readonly top: number
  readonly to: number
  /** Height above the higher of the two valleys that part it from higher peaks. */
  readonly prominence: number
}

/** Peaks whose prominence is at least a share of the range of all values; from valley to valley, at most 4 widths away. */
export function findPeaks(values: ArrayLike<number>, { prominence = 0.01 } = {}): Peak[] {
  demand(prominence > 0 && prominence < 1, 'find peaks', 'the prominence', 'between 0 and 1', prominence)
  let [low, high] = [Infinity, -Infinity]
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i])
    high = Math.max(high, values[i])
  }
  const least = prominence * (high - low)
  const tops: { top: number; prominence: number }[] = []
  for (let i = 1; i + 1 < values.length; i++) {
    if (!(values[i] > values[i - 1] && values[i] >= values[i + 1])) continue
    const found = values[i] - Math.max(valley(values, i, -1), valley(values, i, 1))
    if (found >= least) tops.push({ top: i, prominence: found })
  }
  return tops.map(({ top, prominence: found }, k) => {
    const half = values[top] - found / 2
    const wide = (step: number) => {
      let i = top
      while (i + step >= 0 && i + step < values.length && values[i] > half) i += step
      return Math.abs(i - top)
    }
    const reach = 4 * Math.max(2, wide(-1) + wide(1))
    const from = lowest(values, Math.max(k > 0 ? tops[k - 1].top : 0, top - reach), top)
    const last = Math.min(k + 1 < tops.length ? tops[k + 1].top : values.length - 1, top + reach)
    return { from, top, to: lowest(values, top, last), prominence: found }
  })
}

/** The lowest value on the way to a higher one, or to the end. */
function valley(values: ArrayLike<number>, top: number, step: number): number {
  let low = values[top]
  for (let i = top + step; i >= 0 && i < values.length && values[i] <= values[top]; i += step)
    low = Math.min(low, values[i])
  return low
}

function lowest(values: ArrayLike<number>, from: number, to: number): number {
  let best = from
  for (let i = from; i <= to; i++) if (values[i] < values[best]) best = i
  return best
}
