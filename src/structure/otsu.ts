/**
 * A threshold between dark and bright, offered where grey values were given for labels; never applied unasked.
 */
import { demandGiven } from '../base/given.ts'
import type { TypedArray } from '../formats/array.ts'

/** Bins for values that are not whole or spread far. */
const bins = 1024

/**
 * The threshold T that parts the values into those below and those of at least T with the largest variance between
 * the two (Otsu 1979, IEEE Trans. Syst. Man Cybern. 9, 62): w₀w₁(μ₁ − μ₀)². Whole numbers of a small range are
 * counted one by one, others in 1,024 bins. Undefined where fewer than two values differ.
 */
export function otsu(values: TypedArray): number | undefined {
  demandGiven('find a threshold', { values }, { values: 'list' })
  const { low, high, whole } = range(values)
  if (!(high > low)) return undefined
  const width = whole && high - low < 65536 ? 1 : (high - low) / bins
  const counts = new Float64Array(width === 1 ? high - low + 1 : bins)
  for (let i = 0; i < values.length; i++) {
    const bin = Math.floor((values[i] - low) / width)
    if (bin >= 0) counts[Math.min(bin, counts.length - 1)]++
  }
  const all = counts.reduce((sum, count) => sum + count, 0)
  const sum = counts.reduce((total, count, bin) => total + count * bin, 0)
  let [first, last, largest, below, sumBelow] = [0, 0, -1, 0, 0]
  for (let bin = 1; bin < counts.length; bin++) {
    below += counts[bin - 1]
    sumBelow += counts[bin - 1] * (bin - 1)
    const between = below * (all - below) * (sumBelow / below - (sum - sumBelow) / (all - below)) ** 2
    // The middle of those that part the values alike.
    if (between > largest) [first, last, largest] = [bin, bin, between]
    else if (between === largest) last = bin
  }
  const threshold = low + Math.ceil((first + last) / 2) * width
  return width === 1 ? threshold : Number(threshold.toPrecision(4))
}

/** Of the finite values: the least, the largest, and whether all are whole. */
function range(values: TypedArray): { low: number; high: number; whole: boolean } {
  let [low, high, whole] = [Infinity, -Infinity, true]
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (!Number.isFinite(value)) continue
    if (value < low) low = value
    if (value > high) high = value
    if (whole && !Number.isInteger(value)) whole = false
  }
  return { low, high, whole }
}
