/** Exact laws by other means than the processes': small generators, exponentiated by their series; and how far samples are off. */

/** exp(Q tau) of a generator [n * n], rows of sum 0, by halving and the Taylor series. */
export function over(generator: ArrayLike<number>, n: number, tau: number): Float64Array {
  let largest = 0
  for (let i = 0; i < n; i++) largest = Math.max(largest, -generator[i * n + i])
  const halvings = Math.max(0, Math.ceil(Math.log2(Math.max(1e-9, largest * tau))) + 3)
  const step = Float64Array.from(generator, rate => (rate * tau) / 2 ** halvings)
  let sum: Float64Array = identity(n)
  let term = sum
  for (let k = 1; k < 24; k++) {
    term = times(term, step, n).map(x => x / k)
    sum = sum.map((x, i) => x + term[i])
  }
  for (let k = 0; k < halvings; k++) sum = times(sum, sum, n)
  return sum
}

const identity = (n: number) => Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0))

function times(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) for (let j = 0; j < n; j++) out[i * n + j] += a[i * n + k] * b[k * n + j]
  return out
}

/** P(k) of Binomial(n, p), and of Poisson(mean), up to `most`. */
export const binomialLaw = (n: number, p: number): Float64Array => {
  let law = Float64Array.of(1)
  for (let i = 0; i < n; i++)
    law = Float64Array.from({ length: i + 2 }, (_, k) => (law[k] ?? 0) * (1 - p) + (law[k - 1] ?? 0) * p)
  return law
}

export function poissonLaw(mean: number, most: number): Float64Array {
  const law = new Float64Array(most + 1)
  law[0] = Math.exp(-mean)
  for (let k = 1; k <= most; k++) law[k] = (law[k - 1] * mean) / k
  return law
}

/** The law of a sum of two. */
export function summed(a: Float64Array, b: Float64Array): Float64Array {
  const law = new Float64Array(a.length + b.length - 1)
  a.forEach((p, i) => {
    b.forEach((q, j) => {
      law[i + j] += p * q
    })
  })
  return law
}

/** Fewer samples than this are expected of no bin: what is rarer is taken together. */
const rare = 25

/** The probability that samples of the law are further from it than these, by Pearson's chi-squared. */
export function significance(counts: ArrayLike<number>, law: ArrayLike<number>, samples: number): number {
  let [statistic, bins, restSeen, restWanted] = [0, 0, 0, 0]
  for (let i = 0; i < law.length; i++) {
    const wanted = samples * law[i]
    if (wanted < rare) {
      restSeen += counts[i]
      restWanted += wanted
      continue
    }
    statistic += (counts[i] - wanted) ** 2 / wanted
    bins++
  }
  if (restWanted >= rare) {
    statistic += (restSeen - restWanted) ** 2 / restWanted
    bins++
  } else if (restSeen > restWanted + 12 * Math.sqrt(restWanted + 1) + 12) return 0
  return bins < 2 ? 1 : upperGamma((bins - 1) / 2, statistic / 2)
}

/** Q(a, x), the upper regularised gamma function (Abramowitz & Stegun 6.5.29 and 6.5.31). */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1
  const front = Math.exp(a * Math.log(x) - x - logGamma(a))
  if (x < a + 1) {
    let term = 1 / a
    let sum = term
    for (let n = 1; n < 1000 && term > sum * 1e-16; n++) {
      term *= x / (a + n)
      sum += term
    }
    return Math.max(0, 1 - front * sum)
  }
  // The continued fraction, from its end.
  let fraction = 0
  for (let n = 400; n >= 1; n--) fraction = (n * (n - a)) / (x + 2 * n + 1 - a - fraction)
  return front / (x + 1 - a - fraction)
}

/** ln Γ(a), by Stirling's series at a + 10 (Abramowitz & Stegun 6.1.41). */
function logGamma(a: number): number {
  let shift = 0
  let z = a
  for (; z < 10; z++) shift += Math.log(z)
  const series = 1 / (12 * z) - 1 / (360 * z ** 3) + 1 / (1260 * z ** 5) - 1 / (1680 * z ** 7)
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift
}

/** Total variation between samples and a law. */
export function variation(counts: ArrayLike<number>, law: ArrayLike<number>, samples: number): number {
  let sum = 0
  for (let i = 0; i < law.length; i++) sum += Math.abs(counts[i] / samples - law[i]) / 2
  return sum
}
