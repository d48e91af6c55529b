/** Balls of falling size painted onto the sites whose centres they hold: every site keeps the first that reaches it. */
import type { Fine } from './fine.ts'
import type { Work } from './work.ts'

/** The squared size of the largest ball that holds each site's centre, 0 where none does; `order` rises by size. */
export function* painted(fine: Fine, sizes: Float32Array, order: Int32Array): Work<Float32Array> {
  const [depth, height, width] = fine.sites
  const result = new Float32Array(depth * height * width)
  const painter: Painter = { fine, result, next: unpainted(depth * height * (width + 1)) }
  const [, fineHeight, fineWidth] = fine.shape
  let since = 0
  for (let i = order.length - 1; i >= 0; i--) {
    const place = order[i]
    const x = place % fineWidth
    const row = Math.floor(place / fineWidth)
    since += paint(painter, sizes[place], [Math.floor(row / fineHeight), row % fineHeight, x])
    if (since > 1_000_000) {
      since = 0
      yield 1 - i / order.length
    }
  }
  return result
}

interface Painter {
  readonly fine: Fine
  readonly result: Float32Array
  /** For every site, and one beyond the end of each row, a site at or after it that may be unpainted. */
  readonly next: Int32Array
}

function unpainted(length: number): Int32Array {
  const next = new Int32Array(length)
  for (let i = 0; i < length; i++) next[i] = i
  return next
}

/** Gives every unpainted site whose centre lies in the ball its squared size; returns the rows gone through. */
function paint({ fine, result, next }: Painter, square: number, [cz, cy, cx]: readonly number[]): number {
  const { sites, squares } = fine
  const [depth, height, width] = sites
  const reach = square * fine.reach
  const [z0, z1] = span(cz, Math.sqrt(reach / squares[0]), depth)
  let rows = 1
  for (let z = z0; z <= z1; z++) {
    const dz = depth === 1 ? 0 : 2 * z + 1 - cz
    const inPlane = reach - squares[0] * dz * dz
    const [y0, y1] = span(cy, Math.sqrt(inPlane / squares[1]), height)
    for (let y = y0; y <= y1; y++) {
      const dy = height === 1 ? 0 : 2 * y + 1 - cy
      const [x0, x1] = span(cx, Math.sqrt(Math.max(0, (inPlane - squares[1] * dy * dy) / squares[2])), width)
      const row = z * height + y
      const base = row * (width + 1)
      const last = base + x1
      for (let at = free(next, base + x0); at <= last; at = free(next, at)) {
        result[at - row] = square
        next[at] = at + 1
      }
    }
    rows += y1 - y0 + 1
  }
  return rows
}

/** The first and the last site whose centre 2i + 1 is at most `radius` from `centre`. */
function span(centre: number, radius: number, length: number): [number, number] {
  if (length === 1) return [0, 0]
  const first = Math.ceil((centre - radius - 1) / 2)
  const last = Math.floor((centre + radius - 1) / 2)
  return [first < 0 ? 0 : first, last >= length ? length - 1 : last]
}

/** The first unpainted place from `at` on; the way there is halved for the next time. */
function free(next: Int32Array, at: number): number {
  while (next[at] !== at) {
    next[at] = next[next[at]]
    at = next[at]
  }
  return at
}
