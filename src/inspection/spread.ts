// The spread of some numbers.

/** Quantiles, and of how many numbers; NaN of none. */
export interface Spread {
  /** 5, 50 and 95 % of the numbers are below. */
  readonly low: number
  readonly median: number
  readonly high: number
  readonly count: number
}

export function spreadOf(numbers: readonly number[]): Spread {
  const sorted = numbers.filter(Number.isFinite).sort((a, b) => a - b)
  const at = (p: number) => {
    const place = p * (sorted.length - 1)
    const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
    return sorted.length === 0 ? Number.NaN : below + (place % 1) * (above - below)
  }
  return { low: at(0.05), median: at(0.5), high: at(0.95), count: sorted.length }
}
