/**
 * Symmetric matrices made tridiagonal by reflections, T = Qᵀ A Q (Golub & Van Loan, Matrix Computations, alg. 8.3.1),
 * and vectors taken back, Q z. Two passes over the memory are made one: the update by a reflection and the product
 * with the next one touch every entry once, two rows at a time.
 */

export interface Tridiagonal {
  /** [n] */
  readonly diagonal: Float64Array
  /** [n], beside[i] between i − 1 and i; beside[0] = 0. */
  readonly beside: Float64Array
  /** [n, n]: row i holds the i numbers of reflection i, 1 − scale[i] v vᵀ. */
  readonly reflections: Float64Array
  readonly scale: Float64Array
}

/** Yields the share done; destroys `matrix` [n, n], of which only what lies on and below the diagonal is read. */
export function* tridiagonal(matrix: Float64Array, n: number): Generator<number, Tridiagonal, void> {
  const a = matrix
  const diagonal = new Float64Array(n)
  const beside = new Float64Array(n)
  const scale = new Float64Array(n)
  /** Of the reflection before: v and w, of which A − v wᵀ − w vᵀ is due. */
  let v = new Float64Array(n)
  const w = new Float64Array(n)
  let next = new Float64Array(n)
  const p = new Float64Array(n)
  let work = 0
  for (let i = n - 1; i >= 0; i--) {
    const row = i * n
    for (let j = 0; j <= i; j++) a[row + j] -= v[i] * w[j] + w[i] * v[j]
    diagonal[i] = a[row + i]
    if (i === 0) break
    const { beside: b, scale: s } = reflect(a, row, i)
    beside[i] = b
    scale[i] = s
    for (let j = 0; j < i; j++) next[j] = a[row + j]
    p.fill(0, 0, i)
    updateAndMultiply(a, { n, size: i, v, w, next, p })
    let half = 0
    for (let j = 0; j < i; j++) half += next[j] * p[j]
    half *= (s * s) / 2
    for (let j = 0; j < i; j++) w[j] = s * p[j] - half * next[j]
    ;[v, next] = [next, v]
    v[i] = 0
    w[i] = 0
    work += i * i
    if (work > 3e7) {
      work = 0
      yield 1 - (i / n) ** 3
    }
  }
  return { diagonal, beside, reflections: a, scale }
}

/** Makes of the first `size` numbers of a row the v that reflects them onto the last; v ends with 1. */
function reflect(a: Float64Array, row: number, size: number): { beside: number; scale: number } {
  const last = row + size - 1
  let largest = 0
  for (let j = row; j < last; j++) largest = Math.max(largest, Math.abs(a[j]))
  if (largest === 0) {
    const beside = a[last]
    a[last] = 1
    return { beside, scale: 0 }
  }
  largest = Math.max(largest, Math.abs(a[last]))
  let sum = 0
  for (let j = row; j <= last; j++) sum += (a[j] / largest) ** 2
  const alpha = a[last]
  const beta = (alpha >= 0 ? -largest : largest) * Math.sqrt(sum)
  for (let j = row; j < last; j++) a[j] /= alpha - beta
  a[last] = 1
  return { beside: beta, scale: (beta - alpha) / beta }
}

interface Pass {
  readonly n: number
  readonly size: number
  readonly v: Float64Array
  readonly w: Float64Array
  readonly next: Float64Array
  readonly p: Float64Array
}

/** A ← A − v wᵀ − w vᵀ and p = A next, for the first `size` rows, from what lies on and below the diagonal. */
function updateAndMultiply(a: Float64Array, { n, size, v, w, next, p }: Pass): void {
  let r = 0
  for (; r + 1 < size; r += 2) {
    const [r0, r1] = [r * n, r * n + n]
    const [v0, w0, x0] = [v[r], w[r], next[r]]
    const [v1, w1, x1] = [v[r + 1], w[r + 1], next[r + 1]]
    let [s0, s1] = [0, 0]
    for (let c = 0; c < r; c++) {
      const vc = v[c]
      const wc = w[c]
      const xc = next[c]
      const a0 = a[r0 + c] - v0 * wc - w0 * vc
      const a1 = a[r1 + c] - v1 * wc - w1 * vc
      a[r0 + c] = a0
      a[r1 + c] = a1
      s0 += a0 * xc
      s1 += a1 * xc
      p[c] += a0 * x0 + a1 * x1
    }
    const corner = a[r0 + r] - 2 * v0 * w0
    const side = a[r1 + r] - v1 * w0 - w1 * v0
    const end = a[r1 + r + 1] - 2 * v1 * w1
    a[r0 + r] = corner
    a[r1 + r] = side
    a[r1 + r + 1] = end
    p[r] += s0 + corner * x0 + side * x1
    p[r + 1] += s1 + side * x0 + end * x1
  }
  if (r < size) {
    const row = r * n
    let sum = 0
    for (let c = 0; c < r; c++) {
      const value = a[row + c] - v[r] * w[c] - w[r] * v[c]
      a[row + c] = value
      sum += value * next[c]
      p[c] += value * next[r]
    }
    a[row + r] -= 2 * v[r] * w[r]
    p[r] += sum + a[row + r] * next[r]
  }
}

/** Takes vectors of T, the rows of `vectors` [n, n], to vectors of A, in place. Yields the share done. */
export function* takenBack(
  { reflections, scale }: Tridiagonal,
  vectors: Float64Array,
): Generator<number, void, void> {
  const n = scale.length
  /** v_i · v_(i + 1), for reflections taken by twos. */
  const shared = new Float64Array(n)
  for (let i = 1; i + 1 < n; i += 2) {
    let sum = 0
    for (let j = 0; j < i; j++) sum += reflections[i * n + j] * reflections[(i + 1) * n + j]
    shared[i] = sum
  }
  const group = 4
  let done = 0
  for (let first = 0; first < n; first += group) {
    // A last group that is short goes over some rows' neighbours; those rows come once only.
    const rows = Math.min(group, n - first)
    const four = rows === group
    let i = 1
    for (; i + 1 < n; i += 2) {
      if (four) pairOnFour(reflections, vectors, { n, i, first, scale, shared })
      else
        for (let m = first; m < n; m++)
          for (const k of [i, i + 1]) one(reflections, vectors, { n, i: k, first: m, scale })
    }
    if (i < n) for (let m = first; m < first + rows; m++) one(reflections, vectors, { n, i, first: m, scale })
    done += n * n * rows
    if (done > 3e7) {
      done = 0
      yield first / n
    }
  }
}

interface Application {
  readonly n: number
  readonly i: number
  readonly first: number
  readonly scale: Float64Array
}

function one(h: Float64Array, z: Float64Array, { n, i, first, scale }: Application): void {
  const [row, base] = [i * n, first * n]
  let sum = 0
  for (let j = 0; j < i; j++) sum += h[row + j] * z[base + j]
  sum *= scale[i]
  for (let j = 0; j < i; j++) z[base + j] -= sum * h[row + j]
}

/** Reflections i and i + 1 on four vectors. */
function pairOnFour(h: Float64Array, z: Float64Array, options: Application & { shared: Float64Array }): void {
  const { n, i, first, scale, shared } = options
  const [row, above] = [i * n, i * n + n]
  const [b0, b1, b2, b3] = [first * n, first * n + n, first * n + 2 * n, first * n + 3 * n]
  let [s0, s1, s2, s3, t0, t1, t2, t3] = [0, 0, 0, 0, 0, 0, 0, 0]
  for (let j = 0; j < i; j++) {
    const p = h[row + j]
    const q = h[above + j]
    const z0 = z[b0 + j]
    const z1 = z[b1 + j]
    const z2 = z[b2 + j]
    const z3 = z[b3 + j]
    s0 += p * z0
    s1 += p * z1
    s2 += p * z2
    s3 += p * z3
    t0 += q * z0
    t1 += q * z1
    t2 += q * z2
    t3 += q * z3
  }
  const [f, g, c] = [scale[i], scale[i + 1], shared[i]]
  // The last number of v_(i + 1) is 1, at a place that v_i does not reach.
  s0 *= f
  s1 *= f
  s2 *= f
  s3 *= f
  t0 = g * (t0 + z[b0 + i] - c * s0)
  t1 = g * (t1 + z[b1 + i] - c * s1)
  t2 = g * (t2 + z[b2 + i] - c * s2)
  t3 = g * (t3 + z[b3 + i] - c * s3)
  for (let j = 0; j < i; j++) {
    const p = h[row + j]
    const q = h[above + j]
    z[b0 + j] -= s0 * p + t0 * q
    z[b1 + j] -= s1 * p + t1 * q
    z[b2 + j] -= s2 * p + t2 * q
    z[b3 + j] -= s3 * p + t3 * q
  }
  z[b0 + i] -= t0
  z[b1 + i] -= t1
  z[b2 + i] -= t2
  z[b3 + i] -= t3
}
