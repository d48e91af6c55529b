/** Windows laid on a torus: where their sides meet is a seam that the material does not have, and none is learned. */
import type { JumpProcess } from '../process/process.ts'

/**
 * Takes the weights of the sites of one image from a band along its sides, in place, and gives them to the sites inside.
 *
 * A crop of a material is not periodic. The walk on the torus needs it to be, and a network that knows no positions
 * would learn to draw the jump from side to side somewhere in every sample. But within √(2τ) hops of the seam the
 * image is what the seam has made of it, and only there: so nothing is learned there, and what the network has
 * learned of the inside holds everywhere. (Ours. The band is 1 + √(motion·t) wide, at most a quarter of the side.)
 */
export function closeSeam(weights: Float32Array, process: JumpProcess, time: number): void {
  const [width, height = 1, deep = 1] = process.shape.slice(1).reverse()
  const wide = 1 + Math.ceil(Math.sqrt(process.motion * time))
  const bands = [deep, height, width].map(length => Math.min(wide, Math.floor(length / 4)))
  const [layers, rows, columns] = bands
  const lengths = [deep, height, width]
  const share = lengths.reduce((product, length, i) => (product * (length - 2 * bands[i])) / length, 1)
  for (let z = 0, x = 0; z < deep; z++)
    for (let y = 0; y < height; y++) {
      const row = z >= layers && z < deep - layers && y >= rows && y < height - rows
      for (let i = 0; i < width; i++, x++) {
        const inside = row && i >= columns && i < width - columns
        weights[x] = inside ? weights[x] / share : 0
      }
    }
}
