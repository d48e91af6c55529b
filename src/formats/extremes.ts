/** The least and the largest of many values, without a call for each. */
export function extremes(values: ArrayLike<number>): { least: number; largest: number } {
  let [least, largest] = [Infinity, -Infinity]
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value < least) least = value
    if (value > largest) largest = value
  }
  return { least, largest }
}
