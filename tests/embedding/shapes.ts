/** Shapes whose true distances are known. */
import { random } from '../../src/base/random.ts'
import { type Points, points } from '../../src/embedding/index.ts'

/**
 * A Swiss roll (φ cos φ, y, φ sin φ), 1.5π ≤ φ ≤ 4.5π: unrolled it is flat, with the arc length
 * s = ½ (φ √(1 + φ²) + arsinh φ) along it.
 */
export function swissRoll(
  count: number,
  height: number,
  seed: number,
): { points: Points; truth: Float64Array } {
  const rng = random(seed)
  const data = new Float64Array(3 * count)
  const flat: [number, number][] = []
  for (let i = 0; i < count; i++) {
    const angle = 1.5 * Math.PI * (1 + 2 * rng.uniform())
    const y = height * rng.uniform()
    data.set([angle * Math.cos(angle), y, angle * Math.sin(angle)], 3 * i)
    flat.push([(angle * Math.sqrt(1 + angle ** 2) + Math.asinh(angle)) / 2, y])
  }
  const truth = Float64Array.from({ length: count * count }, (_, at) => {
    const [a, b] = [flat[Math.floor(at / count)], flat[at % count]]
    return Math.hypot(a[0] - b[0], a[1] - b[1])
  })
  return { points: points(data, 3), truth }
}

/** Pearson's correlation of what lies below the diagonals of two matrices. */
export function pearson(a: Float64Array, b: Float64Array): number {
  const n = Math.round(Math.sqrt(a.length))
  let [m, sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0, 0]
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const [x, y] = [a[i * n + j], b[i * n + j]]
      m++
      sa += x
      sb += y
      saa += x * x
      sbb += y * y
      sab += x * y
    }
  return (m * sab - sa * sb) / Math.sqrt((m * saa - sa * sa) * (m * sbb - sb * sb))
}

/** Euclidean distances of a map [n, 2]. */
export function mapDistances(map: Float64Array): Float64Array {
  const n = map.length / 2
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    return Math.hypot(map[2 * i] - map[2 * j], map[2 * i + 1] - map[2 * j + 1])
  })
}
