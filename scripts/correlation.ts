/** The correlation of two images, of Pearson. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const mean = (of: ArrayLike<number>) => Array.from(of).reduce((sum, v) => sum + v, 0) / of.length
  const [left, right] = [mean(a), mean(b)]
  let [both, first, second] = [0, 0, 0]
  for (let x = 0; x < a.length; x++) {
    both += (a[x] - left) * (b[x] - right)
    first += (a[x] - left) ** 2
    second += (b[x] - right) ** 2
  }
  return both / Math.sqrt(first * second)
}
