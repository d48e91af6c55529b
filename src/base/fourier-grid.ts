/** Fourier transforms of grids, along one axis after the other. */
import { fourier } from './fourier.ts'

/** Transforms `re` + i `im` on a grid, row-major, in place; backward is the inverse times the number of sites. */
export function fourierGrid(
  lengths: readonly number[],
): (re: Float64Array, im: Float64Array, backward?: boolean) => void {
  const size = lengths.reduce((product, length) => product * length, 1)
  const axes = lengths.map((length, a) => ({
    length,
    stride: lengths.slice(a + 1).reduce((product, other) => product * other, 1),
    transform: fourier(length),
    re: new Float64Array(length),
    im: new Float64Array(length),
  }))
  return (re, im, backward = false) => {
    const [one, other] = backward ? [im, re] : [re, im]
    for (const { length, stride, transform, re: a, im: b } of axes)
      for (let start = 0; start < size; start++) {
        if (Math.floor(start / stride) % length !== 0) continue
        for (let i = 0, at = start; i < length; i++, at += stride) {
          a[i] = one[at]
          b[i] = other[at]
        }
        transform(a, b)
        for (let i = 0, at = start; i < length; i++, at += stride) {
          one[at] = a[i]
          other[at] = b[i]
        }
      }
  }
}
