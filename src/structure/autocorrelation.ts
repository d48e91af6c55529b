/**
 * How many pairs of sites of a phase lie each vector apart, by the theorem of Wiener and Khinchin: the
 * transform of the counts is the squared modulus of the mask's transform.
 *
 * Without periodic sides the axes are padded with empty sites, so that no pair up to the range wraps around.
 * Planes are transformed one by one; along the first axis the transform, its square and the way back are done
 * column by column, so no more than (half) the spectrum of every plane is held: 300 MB for 256³ sites.
 */
import { demand } from '../base/errors.ts'
import { fourier, smoothLength, type Transform } from '../base/fourier.ts'
import type { Mask } from './labels.ts'
import type { Work } from './work.ts'

export interface Vectors {
  readonly periodic: boolean
  /** Vectors of up to so many sites along z, y, x. */
  readonly reach: readonly [number, number, number]
}

/**
 * Tells `each` the number of ordered pairs (s, s + vector) in the phase for vectors [z, y, x] with z from 0,
 * y and x from −reach: those with z > 0 stand for their opposites too.
 */
export function* pairCounts(
  mask: Mask,
  { periodic, reach: [rz, ry, rx] }: Vectors,
  each: (count: number, z: number, y: number, x: number) => void,
): Work<void> {
  const [depth, height, width] = [...Array(3 - mask.shape.length).fill(1), ...mask.shape]
  const span = (length: number, reach: number) =>
    length === 1 || periodic ? length : smoothLength(length + reach)
  const grid = layout(height, width, [span(height, ry), span(width, rx)])
  const planes = allocate(depth, grid.size, mask.shape)
  const reach = depth === 1 ? 0 : rz
  const total = 2 * depth + reach + 1
  for (let z = 0; z < depth; z++) {
    forward(mask.data.subarray(z * height * width, (z + 1) * height * width), planes[z], grid)
    yield (z + 1) / total
  }
  yield* squared(planes, { length: span(depth, rz), reach, before: depth, total })
  const counts = new Float64Array(grid.ny * grid.nx)
  for (let z = 0; z <= reach; z++) {
    backward(planes[z], counts, grid, {
      range: ry,
      scale: 1 / (span(depth, rz) * grid.ny * grid.nx),
    })
    for (let y = -ry; y <= ry; y++) {
      const row = ((y + grid.ny) % grid.ny) * grid.nx
      for (let x = -rx; x <= rx; x++) each(counts[row + ((x + grid.nx) % grid.nx)], z, y, x)
    }
    yield (2 * depth + z + 1) / total
  }
}

interface Plane {
  readonly re: Float64Array
  readonly im: Float64Array
}

interface Grid {
  readonly height: number
  readonly width: number
  /** Padded lengths; the spectrum of a plane is [half, ny], half = 1 + ⌊nx/2⌋. */
  readonly ny: number
  readonly nx: number
  readonly half: number
  readonly size: number
  readonly alongX: Transform
  readonly alongY: Transform
  /** Room for one line of either axis. */
  readonly line: Plane
  readonly column: Plane
}

function layout(height: number, width: number, [ny, nx]: readonly [number, number]): Grid {
  const half = 1 + Math.floor(nx / 2)
  const line = { re: new Float64Array(nx), im: new Float64Array(nx) }
  const column = { re: new Float64Array(ny), im: new Float64Array(ny) }
  const size = half * ny
  return { height, width, ny, nx, half, size, alongX: fourier(nx), alongY: fourier(ny), line, column }
}

function allocate(count: number, size: number, shape: readonly number[]): Plane[] {
  const most = 2 ** 33
  const bytes = 16 * count * size
  const what = 'measure the two-point correlation'
  const wanted = 'small enough for 8 GiB of memory (a shorter range, or a crop)'
  demand(bytes <= most, what, `a grid of ${shape.join('×')}`, wanted, `${(bytes / 2 ** 30).toFixed(1)} GiB`)
  return Array.from({ length: count }, () => ({ re: new Float64Array(size), im: new Float64Array(size) }))
}

/** The spectrum of a plane of sites: two real rows a and b at a time as a + ib, then the columns. */
function forward(sites: Uint8Array, { re, im }: Plane, grid: Grid): void {
  const { height, width, ny, nx, half, line, alongX } = grid
  for (let y = 0; y < height; y += 2) {
    line.re.fill(0)
    line.im.fill(0)
    for (let x = 0; x < width; x++) {
      line.re[x] = sites[y * width + x]
      if (y + 1 < height) line.im[x] = sites[(y + 1) * width + x]
    }
    alongX(line.re, line.im)
    // Z = A + iB with A and B of real rows: A(k) = (Z(k) + Z*(−k))/2, iB(k) = (Z(k) − Z*(−k))/2.
    for (let k = 0; k < half; k++) {
      const minus = (nx - k) % nx
      re[k * ny + y] = (line.re[k] + line.re[minus]) / 2
      im[k * ny + y] = (line.im[k] - line.im[minus]) / 2
      if (y + 1 === ny) continue
      re[k * ny + y + 1] = (line.im[k] + line.im[minus]) / 2
      im[k * ny + y + 1] = (line.re[minus] - line.re[k]) / 2
    }
  }
  for (let k = 0; k < half; k++) transformColumn({ re, im }, k, grid, false)
}

function transformColumn({ re, im }: Plane, k: number, grid: Grid, back: boolean): void {
  const { ny, column, alongY } = grid
  if (ny === 1) return
  column.re.set(re.subarray(k * ny, (k + 1) * ny))
  column.im.set(im.subarray(k * ny, (k + 1) * ny))
  if (back) alongY(column.im, column.re)
  else alongY(column.re, column.im)
  re.set(column.re, k * ny)
  im.set(column.im, k * ny)
}

interface Columns {
  /** Padded length of the first axis. */
  readonly length: number
  /** The last plane that is wanted. */
  readonly reach: number
  /** For the share of the work. */
  readonly before: number
  readonly total: number
}

/** Along the first axis: transform, squared modulus, and back, into planes 0 to `reach`. */
function* squared(planes: readonly Plane[], { length, reach, before, total }: Columns): Work<void> {
  const depth = planes.length
  const size = planes[0].re.length
  const transform = fourier(length)
  // Some columns at a time: the planes lie far apart in memory.
  const block = 16
  const re = new Float64Array(block * length)
  const im = new Float64Array(block * length)
  const lines = Array.from({ length: block }, (_, b) => ({
    re: re.subarray(b * length, (b + 1) * length),
    im: im.subarray(b * length, (b + 1) * length),
  }))
  for (let first = 0; first < size; first += block) {
    const many = Math.min(block, size - first)
    re.fill(0)
    im.fill(0)
    for (let z = 0; z < depth; z++) {
      const plane = planes[z]
      for (let b = 0; b < many; b++) {
        re[b * length + z] = plane.re[first + b]
        im[b * length + z] = plane.im[first + b]
      }
    }
    for (let b = 0; b < many; b++) square(lines[b], transform)
    for (let z = 0; z <= reach; z++) {
      const plane = planes[z]
      for (let b = 0; b < many; b++) {
        plane.re[first + b] = re[b * length + z]
        plane.im[first + b] = im[b * length + z]
      }
    }
    if (first % (block * 64) === 0) yield (before + (depth * first) / size) / total
  }
}

function square({ re, im }: Plane, transform: Transform): void {
  transform(re, im)
  for (let k = 0; k < re.length; k++) re[k] = re[k] * re[k] + im[k] * im[k]
  im.fill(0)
  transform(im, re)
}

/** The counts [ny, nx] of a plane of vectors from its spectrum: the columns, then two rows at a time. */
function backward(
  plane: Plane,
  counts: Float64Array,
  grid: Grid,
  { range, scale }: { range: number; scale: number },
): void {
  const { ny, nx, half, line, alongX } = grid
  const { re, im } = plane
  for (let k = 0; k < half; k++) transformColumn(plane, k, grid, true)
  const rows: number[] = []
  for (let y = 0; y < ny; y++) if (y <= range || y >= ny - range) rows.push(y)
  for (let at = 0; at < rows.length; at += 2) {
    const a = rows[at]
    const b = rows[at + 1] ?? a
    for (let k = 0; k < half; k++) {
      const [ar, ai, br, bi] = [re[k * ny + a], im[k * ny + a], re[k * ny + b], im[k * ny + b]]
      const minus = (nx - k) % nx
      line.re[minus] = ar + bi
      line.im[minus] = br - ai
      line.re[k] = ar - bi
      line.im[k] = ai + br
    }
    alongX(line.im, line.re)
    for (let x = 0; x < nx; x++) {
      counts[b * nx + x] = Math.round(line.im[x] * scale) + 0
      counts[a * nx + x] = Math.round(line.re[x] * scale) + 0
    }
  }
}
