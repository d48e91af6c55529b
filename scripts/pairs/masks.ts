// Boxes around what is drawn, and how far two masks cover each other.

/** Counts of at least this belong to a stroke: samples have single units beside theirs. */
export const STROKE = 32

/** The box around the strokes of each image [H, W]: 1 within, 0 outside, all 0 where there is none. */
export function boxesOf(counts: ArrayLike<number>, [height, width]: readonly [number, number]): Uint8Array {
  const size = height * width
  const out = new Uint8Array(counts.length)
  for (let first = 0; first < counts.length; first += size) {
    let [top, bottom, left, right] = [height, -1, width, -1]
    for (let x = 0; x < size; x++) {
      if (counts[first + x] < STROKE) continue
      const [row, column] = [Math.floor(x / width), x % width]
      top = Math.min(top, row)
      bottom = Math.max(bottom, row)
      left = Math.min(left, column)
      right = Math.max(right, column)
    }
    for (let row = top; row <= bottom; row++)
      out.fill(1, first + row * width + left, first + row * width + right + 1)
  }
  return out
}

/** Sites in both masks over sites in either, of mask `i` of `a` and mask `j` of `b`; 1 where both are empty. */
export function overlap(
  [a, i]: readonly [ArrayLike<number>, number],
  [b, j]: readonly [ArrayLike<number>, number],
  size: number,
): number {
  let [both, either] = [0, 0]
  for (let x = 0; x < size; x++) {
    const [p, q] = [a[i * size + x] > 0, b[j * size + x] > 0]
    if (p && q) both++
    if (p || q) either++
  }
  return either === 0 ? 1 : both / either
}
