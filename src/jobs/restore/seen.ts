/** What was measured, out of a file: numbers, and what the file says of how they came about. */
import { cannot } from '../../base/errors.ts'
import type { NdArray } from '../../formats/array.ts'
import { readNpy } from '../../formats/npy.ts'
import { openNpz } from '../../formats/npz.ts'
import { endingOf, nameOf } from '../files.ts'
import { loadImages, type Reading } from '../input/images.ts'

export interface Seen {
  /** [N, C, h, w] */
  readonly data: Float64Array
  readonly shape: readonly [number, number, number, number]
  /** [N], or one for all. */
  readonly gain?: readonly number[]
  readonly operator?: string
  readonly scatter?: string
  readonly boundary?: string
}

/** @throws SyntaxError or RangeError for a file that holds none */
export function loadSeen(path: string, reading: Reading): Seen {
  const ending = endingOf(path)
  const name = nameOf(path)
  if (ending === '.npz') {
    const arrays = openNpz(reading.files.read(path), name)
    const key =
      ['samples', 'images', 'counts', 'arr_0'].find(known => arrays.has(known)) ?? [...arrays.keys()][0]
    const array = arrays.get(key)?.()
    if (array === undefined || typeof array === 'string')
      throw new RangeError(cannot(`read ${name}`, 'it', 'an array of what was measured', 'none'))
    const word = (of: string) => {
      const value = arrays.get(of)?.()
      return typeof value === 'string' ? value : undefined
    }
    const gain = arrays.get('gain')?.()
    const gains = gain === undefined || typeof gain === 'string' ? undefined : Array.from(gain.data, Number)
    return {
      ...planesOf(array, name),
      gain: gains,
      operator: word('operator'),
      scatter: word('scatter'),
      boundary: word('boundary'),
    }
  }
  if (ending === '.npy') return planesOf(numbersOf(readNpy(reading.files.read(path), name), name), name)
  const { counts, shape, count } = loadImages(path, reading)
  return { data: Float64Array.from(counts), shape: [count, ...shape] }
}

/** What was seen as units of the image, [N, C, h, w]: over what each gives; where nobody says that, 1. */
export function inUnits({ data, shape, gain = [1] }: Seen): Float64Array {
  const size = data.length / shape[0]
  return data.map((value, i) => value / gain[Math.floor(i / size) % gain.length])
}

/** An array of numbers. @throws RangeError for text */
export function numbersOf(array: NdArray | string, name: string): NdArray {
  if (typeof array !== 'string') return array
  throw new RangeError(cannot(`read ${name}`, 'it', 'an array of numbers', 'text'))
}

function planesOf({ data, shape }: NdArray, name: string): Pick<Seen, 'data' | 'shape'> {
  const numbers = Float64Array.from(data as ArrayLike<number>, Number)
  if (!numbers.every(Number.isFinite))
    throw new RangeError(cannot(`read ${name}`, 'every number', 'finite', 'another'))
  if (shape.length === 2) return { data: numbers, shape: [1, 1, shape[0], shape[1]] }
  if (shape.length === 3) return { data: numbers, shape: [shape[0], 1, shape[1], shape[2]] }
  if (shape.length === 4) return { data: numbers, shape: [shape[0], shape[1], shape[2], shape[3]] }
  throw new RangeError(cannot(`read ${name}`, 'its shape', '[h, w], [N, h, w] or [N, C, h, w]', shape))
}

/** @throws RangeError for what no photons can have been: negative or broken numbers */
export function demandCounts({ data }: Seen, name: string): void {
  const odd = data.find(value => value < 0 || !Number.isInteger(value))
  if (odd !== undefined)
    throw new RangeError(
      cannot(
        `restore ${name}`,
        'every count',
        'a whole number >= 0 (with --scatter gaussian:SIGMA any)',
        odd,
      ),
    )
}
