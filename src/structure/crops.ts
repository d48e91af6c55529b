/**
 * Crops of one size out of larger grids.
 */

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import type { Labels } from './labels.ts'
import { gridKinds } from './labels.ts'

/**
 * Crops of that shape which do not overlap, out of every grid, at most so many: evenly spread over all there are.
 * Grids of that very shape are given back as they are.
 */
export function crops(
  grids: readonly Labels[],
  options: { shape: readonly number[]; most?: number },
): Labels[] {
  demandGiven('cut crops', { grids, options }, { grids: 'objects', options: { shape: 'list' } })
  const { shape, most = Number.POSITIVE_INFINITY } = options
  const places = grids.flatMap((grid, g) => {
    const fits =
      grid.shape.length === shape.length && shape.every((length, axis) => length <= grid.shape[axis])
    demand(fits, 'cut crops', `grid ${g}`, `at least ${shape.join('×')}`, grid.shape)
    const tiles = shape.map((length, axis) => Math.floor(grid.shape[axis] / length))
    return Array.from({ length: tiles.reduce((a, b) => a * b, 1) }, (_, i) => ({
      grid,
      corner: corner(i, tiles, shape),
    }))
  })
  const count = Math.min(places.length, most)
  return Array.from({ length: count }, (_, i) => {
    const { grid, corner } = places[Math.floor((i * places.length) / count)]
    return crop(grid, corner, shape)
  })
}

/** The first site of tile i. */
function corner(i: number, tiles: readonly number[], shape: readonly number[]): number[] {
  const place: number[] = []
  for (let axis = tiles.length - 1; axis >= 0; axis--) {
    place.unshift((i % tiles[axis]) * shape[axis])
    i = Math.floor(i / tiles[axis])
  }
  return place
}

/** The sites from `corner` on. */
export function crop(grid: Labels, corner: readonly number[], shape: readonly number[]): Labels {
  demandGiven('cut a crop', { grid, corner, shape }, { grid: gridKinds, corner: 'list', shape: 'list' })
  const { data, shape: whole } = grid
  if (shape.every((length, axis) => length === whole[axis])) return { data, shape: whole }
  const width = shape[shape.length - 1]
  const rows = shape.slice(0, -1).reduce((a, b) => a * b, 1)
  const cut = new Uint8Array(rows * width)
  for (let row = 0; row < rows; row++) {
    let [rest, from, stride] = [row, corner[shape.length - 1], whole[shape.length - 1]]
    for (let axis = shape.length - 2; axis >= 0; axis--) {
      from += ((rest % shape[axis]) + corner[axis]) * stride
      rest = Math.floor(rest / shape[axis])
      stride *= whole[axis]
    }
    cut.set(data.subarray(from, from + width), row * width)
  }
  return { data: cut, shape }
}
