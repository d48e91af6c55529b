/**
 * The secular equation 1 + ρ Σ z_i² / (d_i − λ) = 0: the eigenvalues of D + ρ z zᵀ (Cuppen 1981).
 *
 * Roots are found by two simple poles through the sums left and right of them (the middle way of R.-C. Li 1993,
 * LAPACK working note 89), kept between bounds that close in. They are held as distances from the pole nearby, so that
 * d_i − λ_j keeps its relative accuracy, and z is made anew from the roots (Gu & Eisenstat 1994, eq. 2.4): with
 * that the vectors are orthogonal to rounding.
 */

export interface Secular {
  /** [k], rising, apart. */
  readonly d: Float64Array
  /** [k], none of them 0. */
  readonly z: Float64Array
  /** Above 0. */
  readonly rho: number
}

/**
 * Writes the roots, [k] and rising, to `roots`, and the vectors to the rows of `vectors` [k, k], each of length 1.
 */
export function solveSecular({ d, z, rho }: Secular, roots: Float64Array, vectors: Float64Array): void {
  const k = d.length
  const squares = z.map(value => value * value)
  const deltas = vectors
  for (let j = 0; j < k; j++) {
    const { origin, eta } = root({ d, squares, rho }, j)
    roots[j] = d[origin] + eta
    for (let i = 0; i < k; i++) deltas[j * k + i] = d[i] - d[origin] - eta
  }
  const renewed = renewedZ(d, z, deltas)
  for (let j = 0; j < k; j++) {
    let length = 0
    for (let i = 0; i < k; i++) {
      const value = renewed[i] / deltas[j * k + i]
      vectors[j * k + i] = value
      length += value * value
    }
    const factor = 1 / Math.sqrt(length)
    for (let i = 0; i < k; i++) vectors[j * k + i] *= factor
  }
}

/** |z_i|² ρ = Π_j (λ_j − d_i) / Π_(j ≠ i) (d_j − d_i); factors are paired so that none runs away. */
function renewedZ(d: Float64Array, z: Float64Array, deltas: Float64Array): Float64Array {
  const k = d.length
  const product = new Float64Array(k).fill(1)
  for (let j = 0; j < k; j++)
    for (let i = 0; i < k; i++) product[i] *= i === j ? -deltas[j * k + i] : deltas[j * k + i] / (d[i] - d[j])
  return product.map((value, i) => Math.sign(z[i]) * Math.sqrt(Math.abs(value)))
}

interface Squares {
  readonly d: Float64Array
  readonly squares: Float64Array
  readonly rho: number
}

interface Root {
  readonly origin: number
  readonly eta: number
}

/** The root between d_j and d_(j + 1), or beyond the last one, as d_origin + eta. */
function root({ d, squares, rho }: Squares, j: number): Root {
  const k = d.length
  const last = j === k - 1
  let sum = 0
  if (last) for (let i = 0; i < k; i++) sum += squares[i]
  const gap = last ? rho * sum : d[j + 1] - d[j]
  const middle = evaluate({ d, squares, rho }, { j, origin: j, eta: gap / 2 })
  const right = !last && middle.value < 0
  const origin = right ? j + 1 : j
  const beyond = last && middle.value < 0
  let low = right ? -gap / 2 : beyond ? gap / 2 : 0
  let high = right ? 0 : beyond ? gap * (1 + 1e-15) : gap / 2
  let eta = (low + high) / 2
  for (let step = 0; step < 200; step++) {
    const found = evaluate({ d, squares, rho }, { j, origin, eta })
    if (Math.abs(found.value) <= found.rounding) break
    if (found.value < 0) low = eta
    else high = eta
    if (high - low <= 4e-16 * Math.max(Math.abs(low), Math.abs(high))) break
    const { left, right } = found
    const change = last ? -found.value / (left + right) : middleWay(found, d, { j, origin, eta })
    const guess = eta + change
    const trusted = guess > low && guess < high && step % 4 !== 3
    eta = trusted ? guess : between(low, high)
  }
  return { origin, eta }
}

interface Found {
  readonly value: number
  /** Derivatives of the sums up to j and beyond. */
  readonly left: number
  readonly right: number
  /** What rounding may make of the value. */
  readonly rounding: number
}

interface Place {
  readonly j: number
  readonly origin: number
  readonly eta: number
}

/** A place between two bounds of one sign, or 0: by powers where they differ much, for a root may lie close to its pole. */
function between(low: number, high: number): number {
  if (low === 0) return high / 16
  if (high === 0) return low / 16
  const ratio = high / low
  return ratio > 16 || ratio < 1 / 16 ? Math.sign(low) * Math.sqrt(low * high) : (low + high) / 2
}

/** 1/ρ + Σ z_i² / (d_i − λ) and its two derivatives at λ = d_origin + eta. */
function evaluate({ d, squares, rho }: Squares, { j, origin, eta }: Place): Found {
  const base = d[origin]
  let [value, size, left, right] = [0, 0, 0, 0]
  for (let i = 0; i <= j; i++) {
    const inverse = 1 / (d[i] - base - eta)
    const term = squares[i] * inverse
    value += term
    left += term * inverse
  }
  size = -value
  let rest = 0
  for (let i = j + 1; i < d.length; i++) {
    const inverse = 1 / (d[i] - base - eta)
    const term = squares[i] * inverse
    rest += term
    right += term * inverse
  }
  size += rest + 1 / rho
  value += rest + 1 / rho
  return { value, left, right, rounding: 2e-16 * (8 * size + Math.abs(eta) * (left + right)) }
}

/** The step to the root of c + s / (d_j − λ) + S / (d_(j + 1) − λ) with the value and the derivatives found. */
function middleWay(found: Found, d: Float64Array, { j, origin, eta }: Place): number {
  const { value, left, right } = found
  const first = d[j] - d[origin] - eta
  const second = d[j + 1] - d[origin] - eta
  const c = value - first * left - second * right
  const a = (first + second) * value - first * second * (left + right)
  const b = first * second * value
  const rooted = Math.sqrt(Math.max(0, a * a - 4 * b * c))
  return a > 0 ? (2 * b) / (a + rooted) : (a - rooted) / (2 * c)
}
