/** How the shares of the phases change along an axis. */
import { strideOf } from './clusters.ts'
import { demandGrid, type Labels, outside } from './labels.ts'

/** For every label 0, 1, … below `labels` its share in each plane across the axis, [length]; NaN where nothing of the sample is. */
export function profiles(grid: Labels, axis: number, labels: number): Float64Array[] {
  demandGrid(grid, 'measure the profiles')
  const { data, shape } = grid
  const length = shape[axis]
  const stride = strideOf(shape, axis)
  const counts = new Float64Array(256 * length)
  for (let first = 0, line = 0; first < data.length; first += stride, line++) {
    const plane = 256 * (line % length)
    for (let i = first; i < first + stride; i++) counts[plane + data[i]]++
  }
  const sites = data.length / length
  return Array.from({ length: labels }, (_, label) =>
    Float64Array.from({ length }, (_, at) => counts[256 * at + label] / (sites - counts[256 * at + outside])),
  )
}
