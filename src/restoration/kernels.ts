// Operators that look at a neighbourhood: point spread functions, and sums over blocks.
import { demand } from '../base/errors.ts'
import type { BoundaryName } from '../lattice/index.ts'
import { type Matrix, sparse } from './matrix.ts'

/** A point spread function [h, w] of odd sides: the units of a site are seen around it, its middle at the site itself. */
export function psf(
  [height, width]: readonly [number, number],
  {
    weights,
    shape,
    boundary,
  }: {
    readonly weights: Float64Array
    readonly shape: readonly [number, number]
    readonly boundary: BoundaryName
  },
): Matrix {
  const [h, w] = shape
  const odd = h % 2 === 1 && w % 2 === 1 && weights.length === h * w
  demand(odd, 'measure', 'the sides of the PSF', 'odd', shape)
  demand(
    weights.every(weight => weight >= 0 && weight < Infinity),
    'measure',
    'every weight of the PSF',
    'finite and >= 0',
    Math.min(...weights),
  )
  return sparse([height, width], height * width, (x, put) => {
    const [row, column] = [Math.floor(x / width), x % width]
    for (let i = 0; i < h; i++)
      for (let j = 0; j < w; j++) {
        const y = folded(row + i - (h >> 1), height, boundary)
        put(y * width + folded(column + j - (w >> 1), width, boundary), weights[i * w + j])
      }
  })
}

/** A place beyond the edge, brought back by it: around, or mirrored at the wall. */
function folded(place: number, length: number, boundary: BoundaryName): number {
  const period = boundary === 'periodic' ? length : 2 * length
  const at = ((place % period) + period) % period
  return at < length ? at : period - 1 - at
}

/** Sums over side × side sites. */
export function blocks([height, width]: readonly [number, number], side: number): Matrix {
  const whole = Number.isInteger(side) && side >= 1 && height % side === 0 && width % side === 0
  demand(whole, 'measure', 'the side of the blocks', `one that divides ${height} and ${width}`, side)
  const columns = width / side
  return sparse([height / side, columns], height * width, (x, put) =>
    put(Math.floor(x / width / side) * columns + Math.floor((x % width) / side), 1),
  )
}
