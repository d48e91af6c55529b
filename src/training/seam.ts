/** Windows laid on a torus: where their sides meet is a seam that the material does not have, and none is learned. */
import type { JumpProcess } from '../process/process.ts'

/**
 * Empties the arrays [.., H, W] of one image within a band along its sides, in place, and returns the share of the
 * sites that is left.
 *
 * A crop of a material is not periodic. The walk on the torus needs it to be, and a network that knows no positions
 * would learn to draw the jump from side to side somewhere in every sample. But within √(2τ) hops of the seam the
 * rates are what the seam has made of them, and only there: so nothing is learned there, and what the network has
 * learned of the inside holds everywhere. (Ours. The band is 1 + √(motion·t) wide, at most a quarter of the side.)
 */
export function closeSeam(arrays: readonly Float32Array[], process: JumpProcess, time: number): number {
  const [height = 1, width = 1] = process.shape.slice(-2)
  const wide = 1 + Math.ceil(Math.sqrt(process.motion * time))
  const [rows, columns] = [height, width].map(length => Math.min(wide, Math.floor(length / 4)))
  for (const array of arrays)
    for (let at = 0; at < array.length; at += width) {
      const y = (at / width) % height
      if (y < rows || y >= height - rows) array.fill(0, at, at + width)
      else {
        array.fill(0, at, at + columns)
        array.fill(0, at + width - columns, at + width)
      }
    }
  return ((height - 2 * rows) * (width - 2 * columns)) / (height * width)
}
