/**
 * The exact Euclidean distance transform in any number of dimensions (Meijster, Roerdink & Hesselink 2000;
 * Felzenszwalb & Huttenlocher 2012, Theory of Computing 8, 415–428): one pass per axis, in whole numbers.
 */
import { linesOf, type Mask } from './labels.ts'

/** Stands for "there is no site of the phase". */
export const nowhere = 2 ** 30

/** The squared distance of every site to the nearest site of the phase, `nowhere` where there is none. */
export function squaredDistances(mask: Mask): Int32Array {
  const { data, shape } = mask
  const field = new Int32Array(data.length)
  for (let i = 0; i < data.length; i++) field[i] = data[i] ? 0 : nowhere
  for (let axis = shape.length - 1; axis >= 0; axis--) lowerAlong(field, shape, axis)
  return field
}

/** Replaces the values f of every line by min over j of f(j) + (i − j)². */
function lowerAlong(field: Int32Array, shape: readonly number[], axis: number): void {
  const { length, stride, count, start } = linesOf(shape, axis)
  const f = new Float64Array(length)
  // The parabolas of the lower envelope, and where each begins to be the lowest.
  const at = new Int32Array(length)
  const from = new Float64Array(length)
  for (let line = 0; line < count; line++) {
    const first = start(line)
    let top = -1
    for (let j = 0; j < length; j++) {
      f[j] = field[first + j * stride]
      if (f[j] === nowhere) continue
      let begin = 0
      while (top >= 0) {
        // The first whole place where the parabola at j is lower than the one at k: they are equal at
        // (f(j) + j² − f(k) − k²) / 2(j − k).
        const k = at[top]
        begin = Math.floor((f[j] + j * j - f[k] - k * k) / (2 * (j - k))) + 1
        if (begin > from[top]) break
        top--
      }
      if (top < 0) begin = 0
      if (begin >= length) continue
      top++
      at[top] = j
      from[top] = begin
    }
    if (top < 0) continue
    for (let i = length - 1; i >= 0; i--) {
      while (from[top] > i) top--
      const j = at[top]
      field[first + i * stride] = f[j] + (i - j) * (i - j)
    }
  }
}
