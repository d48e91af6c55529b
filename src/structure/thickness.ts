/**
 * Local thickness: at every place of a phase the diameter of the largest ball that lies in the phase and
 * holds the place (Hildebrand & Rüegsegger 1997, J. Microsc. 185, 67–75). Its distribution over the phase is
 * the pore-size distribution.
 *
 * Sites are cubes of unit side. The centres of the balls are tried on a lattice twice as fine, the centres,
 * faces, edges and corners of the sites, on which the distance to the nearest wall is exact; so a slab of w
 * sites has thickness w, be w even or odd. A place belongs to a ball where the centre of its site does.
 * The sides of the grid are no walls.
 */
import { nowhere, squaredDistances } from './distance.ts'
import { demandGrid, type Mask } from './labels.ts'
import type { Work } from './work.ts'

/** The squared local thickness of every site in squared sites, 0 outside the phase; `nowhere` without any wall. */
export function* localThickness(mask: Mask): Work<Int32Array> {
  demandGrid(mask, 'measure the local thickness')
  const [depth, height, width] = [...Array(3 - mask.shape.length).fill(1), ...mask.shape]
  const planes = { depth, height, width }
  const fine = walls(mask, planes)
  yield 0.05
  // In half sites: the radius in half sites is the diameter in sites.
  const radii = squaredDistances(fine)
  yield 0.3
  const thickness = new Int32Array(mask.data.length)
  if (radii[0] === nowhere) return thickness.fill(nowhere)
  const centres = sorted(radii, fine.shape)
  yield 0.5
  const next = unpainted(planes)
  const painter: Painter = { ...planes, thickness, next }
  const [, fineHeight, fineWidth] = fine.shape
  for (let i = centres.length - 1; i >= 0; i--) {
    const centre = centres[i]
    const x = centre % fineWidth
    const row = Math.floor(centre / fineWidth)
    paint(painter, radii[centre], [Math.floor(row / fineHeight), row % fineHeight, x])
    if (i % 65536 === 0) yield 1 - (0.5 * i) / centres.length
  }
  for (let i = 0; i < thickness.length; i++) if (!mask.data[i]) thickness[i] = 0
  return thickness
}

interface Planes {
  readonly depth: number
  readonly height: number
  readonly width: number
}

/** 1 at the places 2i, 2i + 1, 2i + 2 along every axis of each site i outside the phase; axes of one site stay. */
function walls({ data }: Mask, { depth, height, width }: Planes): Mask {
  const shape = [depth, height, width].map(length => (length === 1 ? 1 : 2 * length + 1))
  const fine = new Uint8Array(shape[0] * shape[1] * shape[2])
  const reach = (length: number, at: number) => (length === 1 ? [0, 0] : [2 * at, 2 * at + 2])
  for (let z = 0; z < depth; z++)
    for (let y = 0; y < height; y++) {
      const [z0, z1] = reach(depth, z)
      const [y0, y1] = reach(height, y)
      const row = (z * height + y) * width
      for (let x = 0; x < width; x++) {
        if (data[row + x]) continue
        // A run of them at once.
        const [x0] = reach(width, x)
        while (x + 1 < width && !data[row + x + 1]) x++
        const [, x1] = reach(width, x)
        for (let c = z0; c <= z1; c++)
          for (let b = y0; b <= y1; b++) {
            const at = (c * shape[1] + b) * shape[2]
            fine.fill(1, at + x0, at + x1 + 1)
          }
      }
    }
  return { data: fine, shape }
}

/** The centres of balls that lie in no ball of a neighbouring centre, by rising radius. */
function sorted(radii: Int32Array, shape: readonly number[]): Int32Array {
  const offsets = neighbourhood(shape)
  const keep = new Uint8Array(radii.length)
  let largest = 0
  for (let i = 0; i < radii.length; i++) {
    if (radii[i] === 0 || inside(radii, i, shape, offsets)) continue
    keep[i] = 1
    if (radii[i] > largest) largest = radii[i]
  }
  const start = new Int32Array(largest + 2)
  for (let i = 0; i < radii.length; i++) if (keep[i]) start[radii[i] + 1]++
  for (let r = 0; r <= largest; r++) start[r + 1] += start[r]
  const order = new Int32Array(start[largest + 1])
  for (let i = 0; i < radii.length; i++) if (keep[i]) order[start[radii[i]]++] = i
  return order
}

interface Offset {
  readonly z: number
  readonly y: number
  readonly x: number
  readonly step: number
  readonly square: number
}

function neighbourhood([depth, height, width]: readonly number[]): Offset[] {
  const reach = (length: number) => (length === 1 ? [0] : [-1, 0, 1])
  return reach(depth).flatMap(z =>
    reach(height).flatMap(y =>
      reach(width)
        .filter(x => z !== 0 || y !== 0 || x !== 0)
        .map(x => ({ z, y, x, step: (z * height + y) * width + x, square: z * z + y * y + x * x })),
    ),
  )
}

/** Whether R_q ≥ R_p + |q − p| for some neighbour q of p: the ball around p lies in the one around q. */
function inside(radii: Int32Array, p: number, shape: readonly number[], offsets: readonly Offset[]): boolean {
  const [depth, height, width] = shape
  const x = p % width
  const y = Math.floor(p / width) % height
  const z = Math.floor(p / (width * height))
  for (const { z: dz, y: dy, x: dx, step, square } of offsets) {
    if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height || z + dz < 0 || z + dz >= depth)
      continue
    // R_q² ≥ R_p² + |q − p|² + 2 R_p |q − p|, squared once more: all are whole numbers.
    const more = radii[p + step] - radii[p] - square
    if (more >= 0 && more * more >= 4 * radii[p] * square) return true
  }
  return false
}

interface Painter extends Planes {
  readonly thickness: Int32Array
  /** For every site, and one beyond the end of each row, a site at or after it that may be unpainted. */
  readonly next: Int32Array
}

function unpainted({ depth, height, width }: Planes): Int32Array {
  return Int32Array.from({ length: depth * height * (width + 1) }, (_, i) => i)
}

/** Gives every unpainted site whose centre lies in the ball its squared diameter. */
function paint(painter: Painter, square: number, [cz, cy, cx]: readonly number[]): void {
  const { depth, height, width } = painter
  const radius = Math.floor(Math.sqrt(square))
  const [z0, z1] = sites(cz, radius, depth)
  for (let z = z0; z <= z1; z++) {
    const dz = depth === 1 ? 0 : 2 * z + 1 - cz
    const [y0, y1] = sites(cy, Math.floor(Math.sqrt(square - dz * dz)), height)
    for (let y = y0; y <= y1; y++) {
      const dy = height === 1 ? 0 : 2 * y + 1 - cy
      const [x0, x1] = sites(cx, Math.floor(Math.sqrt(square - dz * dz - dy * dy)), width)
      paintRow(painter, z * height + y, { x0, x1, square })
    }
  }
}

/** The first and the last site whose centre 2i + 1 is at most `radius` from `centre`. */
function sites(centre: number, radius: number, length: number): [number, number] {
  if (length === 1) return [0, 0]
  return [Math.max(0, Math.ceil((centre - radius - 1) / 2)), Math.min(length - 1, (centre + radius - 1) >> 1)]
}

function paintRow(painter: Painter, row: number, span: { x0: number; x1: number; square: number }): void {
  const { thickness, next, width } = painter
  const base = row * (width + 1)
  const last = base + span.x1
  for (let at = free(next, base + span.x0); at <= last; at = free(next, at)) {
    thickness[at - row] = span.square
    next[at] = at + 1
  }
}

/** The first unpainted place from `at` on; the way there is halved for the next time. */
function free(next: Int32Array, at: number): number {
  while (next[at] !== at) {
    next[at] = next[next[at]]
    at = next[at]
  }
  return at
}
