/** Flows by name, and flows of measured vorticities. */
import { extname } from 'node:path'
import { cannot } from '../../base/errors.ts'
import type { NdArray } from '../../formats/array.ts'
import { readNpy } from '../../formats/npy.ts'
import { openNpz } from '../../formats/npz.ts'
import { readBytes } from '../../node/files.ts'
import { doubleGyre, saddle, shear, type Velocity, vorticityField } from '../../physics/index.ts'

export interface NamedFlow {
  readonly name: string
  readonly velocity: Velocity
  readonly x: readonly [number, number]
  readonly y: readonly [number, number]
  /** For how long it is followed, unless it is said. */
  readonly time: number
}

export const presets = {
  saddle: { name: 'saddle', velocity: saddle, x: [-1, 1], y: [-1, 1], time: 2 },
  shear: { name: 'shear', velocity: shear(1), x: [-1, 1], y: [-1, 1], time: 2 },
  gyre: { name: 'double gyre', velocity: doubleGyre(), x: [0, 2], y: [0, 1], time: 15 },
} satisfies Record<string, NamedFlow>

/** One square field of an array [n, n] or [N, n, n] in a file. */
export function squareField(path: string, index: number): { values: Float64Array; n: number } {
  const bytes = readBytes(path)
  const read =
    extname(path) === '.npz' ? [...openNpz(bytes, path).values()].map(of => of()) : [readNpy(bytes, path)]
  const array = read.find((one): one is NdArray => typeof one !== 'string' && one.shape.length >= 2)
  const [n, m] = array?.shape.slice(-2) ?? []
  const count = array?.shape.length === 3 ? array.shape[0] : 1
  if (!array || n !== m || array.shape.length > 3 || index >= count)
    throw new RangeError(
      cannot(
        `read ${path}`,
        'the array',
        `[n, n] or [N, n, n] with more than ${index} fields`,
        array?.shape ?? 'none',
      ),
    )
  return { values: Float64Array.from(array.data.subarray(index * n * n, (index + 1) * n * n)), n }
}

/** The flow of a vorticity, frozen: the field stays as it is while it carries. */
export function vorticityFlow(path: string, index: number): NamedFlow {
  const { values, n } = squareField(path, index)
  const size = 2 * Math.PI
  const velocity = vorticityField(values, n)
  return { name: `vorticity ${index}`, velocity, x: [0, size], y: [0, size], time: 3 }
}
