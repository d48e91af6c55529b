/**
 * The surface of a part of a volume as binary STL: the sides of its voxels that look out, two triangles each. It is
 * closed wherever the part does not touch itself along an edge alone.
 */
import { demand } from '../../base/errors.ts'
import { sizeOf } from '../array.ts'

/** Bytes of a triangle: its normal and three corners, each of three 32-bit reals, and two that are not used. */
const triangle = 50

/** The corners of the six sides of a voxel, [side][corner][x, y, z], anticlockwise seen from outside. */
const sides = [
  {
    out: [1, 0, 0],
    corners: [
      [1, 0, 0],
      [1, 1, 0],
      [1, 1, 1],
      [1, 0, 1],
    ],
  },
  {
    out: [-1, 0, 0],
    corners: [
      [0, 0, 0],
      [0, 0, 1],
      [0, 1, 1],
      [0, 1, 0],
    ],
  },
  {
    out: [0, 1, 0],
    corners: [
      [0, 1, 0],
      [0, 1, 1],
      [1, 1, 1],
      [1, 1, 0],
    ],
  },
  {
    out: [0, -1, 0],
    corners: [
      [0, 0, 0],
      [1, 0, 0],
      [1, 0, 1],
      [0, 0, 1],
    ],
  },
  {
    out: [0, 0, 1],
    corners: [
      [0, 0, 1],
      [1, 0, 1],
      [1, 1, 1],
      [0, 1, 1],
    ],
  },
  {
    out: [0, 0, -1],
    corners: [
      [0, 0, 0],
      [0, 1, 0],
      [1, 1, 0],
      [1, 0, 0],
    ],
  },
] as const

export interface StlOptions {
  /** Side of a voxel, default 1. */
  readonly side?: number
  /** Which labels the part is; default: all but 0, the pore. */
  readonly inside?: (label: number) => boolean
}

/**
 * Writes the surface of labels [D, H, W]: x runs along the last axis, y from row to row, z from slice to slice. What lies on
 * the faces of the volume is closed there. The same labels give the same bytes.
 */
export function writeStl(
  { data, shape }: { readonly data: Uint8Array; readonly shape: readonly number[] },
  { side = 1, inside = label => label !== 0 }: StlOptions = {},
): Uint8Array {
  const what = 'write STL'
  demand(shape.length === 3 && sizeOf(shape) > 0, what, 'the shape', '[D, H, W], none of them 0', shape)
  const part = data.map(label => Number(inside(label)))
  const faces = facesOf(part, shape)
  const count = 2 * faces.length
  demand(count < 2 ** 32, what, 'the triangles', `fewer than ${2 ** 32}`, count)
  const bytes = new Uint8Array(84 + triangle * count)
  bytes.set(new TextEncoder().encode('binary STL of labels'))
  const view = new DataView(bytes.buffer)
  view.setUint32(80, count, true)
  const [, height, width] = shape
  faces.forEach(({ voxel, face }, i) => {
    const at = [voxel % width, Math.floor(voxel / width) % height, Math.floor(voxel / width / height)]
    const { out, corners } = sides[face]
    for (const [k, three] of [
      [0, 1, 2],
      [0, 2, 3],
    ].entries()) {
      const from = 84 + triangle * (2 * i + k)
      for (let axis = 0; axis < 3; axis++) view.setFloat32(from + 4 * axis, out[axis], true)
      three.forEach((corner, c) => {
        for (let axis = 0; axis < 3; axis++)
          view.setFloat32(from + 12 + 12 * c + 4 * axis, side * (at[axis] + corners[corner][axis]), true)
      })
    }
  })
  return bytes
}

/** The sides that look out of the part, in the order of the voxels. */
function facesOf(
  part: Uint8Array,
  [depth, height, width]: readonly number[],
): { voxel: number; face: number }[] {
  const faces: { voxel: number; face: number }[] = []
  let voxel = 0
  for (let z = 0; z < depth; z++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++, voxel++) {
        if (!part[voxel]) continue
        for (const [face, { out }] of sides.entries()) {
          const [a, b, c] = [x + out[0], y + out[1], z + out[2]]
          const within = a >= 0 && a < width && b >= 0 && b < height && c >= 0 && c < depth
          if (!within || !part[a + width * (b + height * c)]) faces.push({ voxel, face })
        }
      }
  return faces
}
