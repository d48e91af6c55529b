/**
 * The exact Euclidean distance transform in any number of dimensions (Meijster, Roerdink & Hesselink 2000;
 * Felzenszwalb & Huttenlocher 2012, Theory of Computing 8, 415–428): one pass per axis. On cubes squares are whole
 * numbers; single precision holds them exactly up to 2^24.
 */
import { demandGiven } from '../base/given.ts'
import { gridKinds, linesOf, type Mask, spacingOf } from './labels.ts'
import { finish, type Work } from './work.ts'

/** Stands for "there is no site of the phase". */
export const nowhere = 2 ** 30

/** The squared distance of every site to the nearest site of the phase, `nowhere` where there is none. */
export function squaredDistances(mask: Mask, spacing?: readonly number[]): Float32Array {
  demandGiven('measure the distances', { mask, spacing }, { mask: gridKinds, spacing: 'list?' })
  return finish(distances(mask, spacing))
}

/** The same in pieces; distances between neighbours along an axis are `spacing`. */
export function* distances(mask: Mask, spacing?: readonly number[]): Work<Float32Array> {
  const { data, shape } = mask
  const sides = spacingOf(shape, spacing, 'measure distances')
  const field = new Float32Array(data.length)
  for (let i = 0; i < data.length; i++) field[i] = data[i] ? 0 : nowhere
  yield 0
  for (let axis = shape.length - 1, done = 0; axis >= 0; axis--, done++) {
    if (shape[axis] === 1) continue
    for (const share of lowerAlong(field, shape, { axis, square: sides[axis] ** 2 }))
      yield (done + share) / shape.length
  }
  return field
}

/** Replaces the values f of every line by min over j of f(j) + square (i − j)². */
function* lowerAlong(
  field: Float32Array,
  shape: readonly number[],
  { axis, square }: { axis: number; square: number },
): Work<void> {
  const { length, stride, count, start } = linesOf(shape, axis)
  const pause = Math.max(1, Math.floor(1_000_000 / length))
  const f = new Float64Array(length)
  // The parabolas of the lower envelope, and where each begins to be the lowest.
  const at = new Int32Array(length)
  const from = new Int32Array(length)
  for (let line = 0; line < count; line++) {
    if (line % pause === 0) yield line / count
    const first = start(line)
    let top = -1
    for (let j = 0; j < length; j++) {
      f[j] = field[first + j * stride]
      if (f[j] === nowhere) continue
      let begin = 0
      while (top >= 0) {
        // The first whole place where the parabola at j is lower than the one at k: they are equal at
        // (f(j) − f(k) + square (j² − k²)) / 2 square (j − k).
        const k = at[top]
        begin = Math.floor((f[j] - f[k] + square * (j * j - k * k)) / (2 * square * (j - k))) + 1
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
      field[first + i * stride] = f[j] + square * (i - j) * (i - j)
    }
  }
}
