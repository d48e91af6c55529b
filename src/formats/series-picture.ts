/** Series as a picture: the area under each, channel beside channel or colour over colour. */
import { demand } from '../base/errors.ts'
import { extremes } from './extremes.ts'
import { type PictureOptions, picture } from './picture.ts'

/** Pixels, before they are scaled, from nothing to the largest count of a channel. */
const height = 40

/** Draws series [N, C, 1, length] of counts, every channel by its own largest count. */
export function seriesPicture(
  { counts, shape }: { readonly counts: Int32Array; readonly shape: readonly number[] },
  options: Omit<PictureOptions, 'white'> = {},
): Uint8Array {
  const [n, c, line, length] = shape
  demand(line === 1, 'draw series', 'the shape', '[N, C, 1, length]', shape)
  const most = new Float64Array(c)
  for (let row = 0; row < n * c; row++) {
    const { largest } = extremes(counts.subarray(row * length, (row + 1) * length))
    most[row % c] = Math.max(1, most[row % c], largest)
  }
  const lit = new Uint8Array(n * c * height * length)
  for (let row = 0; row < n * c; row++)
    for (let x = 0; x < length; x++) {
      const dark = height - Math.round((height * counts[row * length + x]) / most[row % c])
      for (let y = dark; y < height; y++) lit[(row * height + y) * length + x] = 1
    }
  return picture({ counts: lit, shape: [n, c, height, length] }, { ...options, white: 1 }).png
}
