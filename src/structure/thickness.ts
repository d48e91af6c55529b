/**
 * Local thickness: at every place of a phase the diameter of the largest ball that lies in the phase and
 * holds the place (Hildebrand & Rüegsegger 1997, J. Microsc. 185, 67–75). Its distribution over the phase is
 * the pore-size distribution.
 *
 * Balls are centred on the lattice of `fine.ts`, on which the distance to the nearest wall is exact. A place belongs to a
 * ball where the centre of its site does. The sides of the grid are no walls, nor is what lies outside the sample.
 */
import { nowhere } from './distance.ts'
import { type BallOptions, boxes, byValue, fineOf, squaredRadii } from './fine.ts'
import { demandGrid, type Mask } from './labels.ts'
import { painted } from './painter.ts'
import { type Work, within } from './work.ts'

export interface ThicknessOptions extends BallOptions {
  /** 1 at the sites of the sample; default all. */
  readonly inside?: Mask
}

/**
 * The squared local thickness of every site in the squared unit of `spacing`, 0 outside the phase; Infinity without any
 * wall.
 */
export function* localThickness(mask: Mask, options: ThicknessOptions = {}): Work<Float32Array> {
  demandGrid(mask, 'measure the local thickness')
  const { inside, walls = 'boxes' } = options
  const fine = fineOf(mask.shape, options)
  const open = inside ? opened(mask, inside) : mask
  const radii = yield* within(squaredRadii(open, fine, walls), 0, 0.4)
  const thickness = new Float32Array(mask.data.length)
  if (radii[0] === nowhere) {
    for (let i = 0; i < thickness.length; i++) if (mask.data[i]) thickness[i] = Number.POSITIVE_INFINITY
    return thickness
  }
  if (inside) {
    const beyond = { data: inside.data.map(own => 1 - own), shape: inside.shape }
    leaveOut(radii, yield* within(boxes(beyond, fine), 0.4, 0))
  }
  const keep = yield* within(largest(radii, fine.shape, fine.squares), 0.4, 0.1)
  const order = yield* within(byValue(radii, keep), 0.5, 0.05)
  const squares = yield* within(painted(fine, radii, order), 0.55, 0.45)
  const unit = fine.side ** 2
  for (let i = 0; i < squares.length; i++) if (mask.data[i]) thickness[i] = squares[i] * unit
  return thickness
}

/** No ball is centred where no site of the sample is. */
function leaveOut(radii: Float32Array, sample: Uint8Array): void {
  for (let i = 0; i < radii.length; i++) if (!sample[i]) radii[i] = 0
}

/** The phase and what lies outside the sample. */
function opened({ data, shape }: Mask, inside: Mask): Mask {
  return { data: data.map((own, i) => (own || !inside.data[i] ? 1 : 0)), shape }
}

interface Offset {
  readonly z: number
  readonly y: number
  readonly x: number
  readonly step: number
  readonly square: number
}

function neighbourhood(shape: readonly number[], squares: readonly number[]): Offset[] {
  const [depth, height, width] = shape
  const reach = (length: number) => (length === 1 ? [0] : [-1, 0, 1])
  const square = (z: number, y: number, x: number) =>
    squares[0] * z * z + squares[1] * y * y + squares[2] * x * x
  return reach(depth).flatMap(z =>
    reach(height).flatMap(y =>
      reach(width)
        .filter(x => z !== 0 || y !== 0 || x !== 0)
        .map(x => ({ z, y, x, step: (z * height + y) * width + x, square: square(z, y, x) })),
    ),
  )
}

/** 1 at the centres of balls that lie in no ball of a neighbouring centre. */
function* largest(
  radii: Float32Array,
  shape: readonly number[],
  squares: readonly number[],
): Work<Uint8Array> {
  const offsets = neighbourhood(shape, squares)
  const [depth, height, width] = shape
  const keep = new Uint8Array(radii.length)
  for (let z = 0; z < depth; z++)
    for (let y = 0; y < height; y++) {
      const row = (z * height + y) * width
      const near = offsets.filter(o => z + o.z >= 0 && z + o.z < depth && y + o.y >= 0 && y + o.y < height)
      for (let x = 0; x < width; x++)
        if (radii[row + x] > 0 && !inside(radii, row + x, { x, width, near })) keep[row + x] = 1
      if (row % 500_000 < width) yield row / radii.length
    }
  return keep
}

/** Whether R_q ≥ R_p + |q − p| for some neighbour q of p: the ball around p lies in the one around q. */
function inside(
  radii: Float32Array,
  p: number,
  { x, width, near }: { x: number; width: number; near: readonly Offset[] },
): boolean {
  const own = radii[p]
  for (let k = 0; k < near.length; k++) {
    const { x: dx, step, square } = near[k]
    if (x + dx < 0 || x + dx >= width) continue
    // R_q² ≥ R_p² + |q − p|² + 2 R_p |q − p|, squared once more: on cubes all are whole numbers.
    const more = radii[p + step] - own - square
    if (more >= 0 && more * more >= 4 * own * square) return true
  }
  return false
}
