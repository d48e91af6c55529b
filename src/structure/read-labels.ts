/**
 * Labels of phases out of files: told apart by their bytes, not by their names. Grey values become labels only
 * where the caller says how.
 */
import { cannot, demand } from '../base/errors.ts'
import { type NdArray, sizeOf } from '../formats/array.ts'
import { gunzip } from '../formats/gzip.ts'
import { malformed } from '../formats/malformed.ts'
import { isNpy, readNpy } from '../formats/npy.ts'
import { openNpz } from '../formats/npz.ts'
import { isPng, readPng } from '../formats/png.ts'
import { isZip } from '../formats/zip.ts'

/** What the values of a file mean; at most one of the two. */
export interface Coding {
  /** Values of at least this are label 1, others 0. */
  readonly threshold?: number
  /** The value of label 0, of label 1, …. */
  readonly levels?: readonly number[]
}

/** Labels [N, H, W], or [N, D, H, W] where the file holds volumes. */
export interface LabelStack {
  readonly data: Uint8Array
  readonly shape: readonly number[]
}

/** Labels that are taken for such without being told. */
const mostLabels = 16

/**
 * Reads labels from PNG, .npy or .npz (the array called samples, images or arr_0, or the only one), packed with gzip
 * or not. Values 0 to 15 are labels; 0 and 255 (65,535 in 16 bits) alone are 0 and 1; all others need a coding.
 * @param path what the errors call the file
 * @throws SyntaxError if the bytes are damaged or foreign, RangeError if the values are no labels
 */
export function readLabels(path: string, bytes: Uint8Array, coding: Coding = {}): LabelStack {
  const { data, shape } = values(path, gunzip(bytes, path))
  const what = `read ${path}`
  const right = shape.length >= 2 && shape.length <= 4 && data.length > 0
  demand(right, what, 'the shape of the array', '[H, W], [N, H, W] or [N, D, H, W], none of them 0', shape)
  const labels = coded(data, coding, what)
  if (shape.length === 2) return { data: labels, shape: [1, ...shape] }
  // One channel is none.
  return {
    data: labels,
    shape: shape.length === 4 && shape[1] === 1 ? [shape[0], shape[2], shape[3]] : shape,
  }
}

function values(path: string, bytes: Uint8Array): NdArray {
  if (isPng(bytes)) return grey(readPng(bytes, path), path)
  if (isNpy(bytes)) return numbers(readNpy(bytes, path), path)
  if (!isZip(bytes)) throw malformed(path, 'the file', 'PNG, npy or npz', [...bytes.subarray(0, 4)])
  const arrays = openNpz(bytes, path)
  const names = [...arrays.keys()]
  const name =
    ['samples', 'images', 'arr_0'].find(key => arrays.has(key)) ?? (names.length === 1 ? names[0] : undefined)
  if (name === undefined) throw malformed(path, 'one array', 'called samples, images or arr_0', names)
  return numbers(arrays.get(name)!(), `${name} of ${path}`)
}

/** A picture [H, W] of one channel, or of three that are equal everywhere. */
function grey({ data, shape: [channels, height, width] }: NdArray, path: string): NdArray {
  const size = height * width
  for (let i = size; i < channels * size; i++)
    if (data[i] !== data[i % size])
      throw malformed(path, 'the picture', 'of labels or grey', 'a coloured one')
  return { data: data.subarray(0, size), shape: [height, width] }
}

function numbers(array: NdArray | string, name: string): NdArray {
  if (typeof array !== 'string') return array
  throw malformed(name, 'the array', 'of numbers', array.slice(0, 40))
}

function coded(data: NdArray['data'], { threshold, levels }: Coding, what: string): Uint8Array {
  if (threshold !== undefined) {
    const labels = new Uint8Array(data.length)
    for (let i = 0; i < data.length; i++) {
      if (Number.isNaN(data[i])) throw new RangeError(cannot(what, `value ${i}`, 'a number', data[i]))
      if (data[i] >= threshold) labels[i] = 1
    }
    return labels
  }
  const present = distinct(data)
  const meaning = levels ?? guessed(data, present)
  if (!meaning || (levels && present.some(value => !levels.includes(value)))) {
    const wanted = levels
      ? `among those of --levels (${levels.join(', ')})`
      : `labels (0 to ${mostLabels - 1}, or 0 and 255; for others --threshold T or --levels A,B,… says what they mean)`
    throw new RangeError(cannot(what, 'its values', wanted, described(present)))
  }
  const labels = new Uint8Array(data.length)
  // One value at a time: they are few.
  for (const value of present) {
    const label = meaning.indexOf(value)
    if (label > 0) for (let i = 0; i < data.length; i++) if (data[i] === value) labels[i] = label
  }
  return labels
}

/** The values of labels 0, 1, … where they go without saying. */
function guessed(data: NdArray['data'], present: readonly number[]): number[] | undefined {
  const whole = (value: number) => Number.isInteger(value) && value >= 0 && value < mostLabels
  if (present.every(whole)) return Array.from({ length: mostLabels }, (_, label) => label)
  const white = data instanceof Uint16Array ? 65535 : 255
  return present.every(value => value === 0 || value === white) ? [0, white] : undefined
}

/** The different values in rising order, the first 257 that are met. */
function distinct(data: NdArray['data']): number[] {
  const found = new Set<number>()
  for (let i = 0; i < data.length && found.size <= 256; i++) found.add(data[i])
  return [...found].sort((a, b) => a - b)
}

function described(present: readonly number[]): string {
  if (present.length <= 5) return present.join(', ')
  const many = present.length > 256 ? 'more than 256' : String(present.length)
  return `${many} different values from ${present[0]} to ${present.at(-1)}`
}

/** The images of a stack, or its volumes; of slices [N, H, W] `volume` makes one. */
export function gridsOf({ data, shape }: LabelStack, path: string, { volume = false } = {}): LabelStack[] {
  demand(
    shape.length === 3 || volume,
    `read ${path}`,
    'the shape of the array',
    '[N, H, W], or --volume given for volumes [N, D, H, W]',
    shape,
  )
  if (shape.length === 3 && volume) return [{ data, shape }]
  const size = sizeOf(shape.slice(1))
  return Array.from({ length: shape[0] }, (_, i) => ({
    data: data.subarray(i * size, (i + 1) * size),
    shape: shape.slice(1),
  }))
}
