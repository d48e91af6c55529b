/**
 * Sets of images of one size, out of any of the formats read here: told apart by their bytes, not by
 * their names. A gzip shell around any of them is taken off.
 */
import { cannot, demand } from '../base/errors.ts'
import { type Counts, type NdArray, packImages } from './array.ts'
import { isCifar, readCifar } from './cifar.ts'
import { gunzip } from './gzip.ts'
import { idxLength, isIdx, readIdx } from './idx.ts'
import { malformed } from './malformed.ts'
import { isNpy, readNpy } from './npy.ts'
import { openNpz } from './npz.ts'
import { isPng, readPng } from './png.ts'
import { isZip } from './zip.ts'

export interface ImageSet {
  /** [C, H, W] of every image. */
  shape: [number, number, number]
  count: number
  /** [N, C, H, W], contiguous. */
  counts: Counts
  /** [N] class numbers. */
  labels?: Uint8Array | Int32Array
  /** Names of the classes, where they came from folders. */
  classes?: string[]
}

/** Which part of a set that comes in two parts. */
export type Split = 'train' | 'test'

/**
 * Reads a set of images from one file: idx, npy, npz, PNG or CIFAR-10 binary, packed with gzip or not.
 * Of an npz the array called samples, images, x_train (x_test) or arr_0, or the only one, is taken, and
 * as labels the one called labels, classes or y_train (y_test).
 * @param name what the errors call the file
 * @throws SyntaxError if the bytes are truncated, damaged or foreign; RangeError if they hold no counts
 */
export function readImages(name: string, bytes: Uint8Array, options: { split?: Split } = {}): ImageSet {
  const file = gunzip(bytes, name)
  if (isPng(file)) {
    const { data, shape } = readPng(file, name)
    return imageSet({ data, shape: [1, ...shape] }, undefined, name)
  }
  if (isNpy(file)) return imageSet(numbers(readNpy(file, name), name), undefined, name)
  if (isZip(file)) return imagesOfNpz(name, file, options.split ?? 'train')
  // CIFAR-10 has no magic number, and its first bytes may look like that of idx.
  const cifar = isCifar(file)
  if (isIdx(file) && (!cifar || idxLength(file) === file.length)) {
    return imageSet(readIdx(file, name), undefined, name)
  }
  if (cifar) {
    const { images, labels } = readCifar(file, name)
    return imageSet(images, labels, name)
  }
  throw malformed(name, 'the file', 'idx, npy, npz, PNG or CIFAR-10 binary', [...file.subarray(0, 4)])
}

/** Builds a set from arrays, after the checks that `asImages()` makes. */
export function imageSet(images: NdArray, labels: NdArray | undefined, name: string): ImageSet {
  const { counts, shape } = packImages(images, name)
  const [count, ...image] = shape
  const set: ImageSet = { shape: image, count, counts }
  if (labels) set.labels = labelsOf(labels, count, name)
  return set
}

function imagesOfNpz(name: string, bytes: Uint8Array, split: Split): ImageSet {
  const arrays = openNpz(bytes, name)
  const labelNames = split === 'test' ? ['y_test', 'labels', 'classes'] : ['labels', 'classes', 'y_train']
  const imageNames = ['samples', 'images', 'x_train', 'arr_0']
  if (split === 'test') imageNames.unshift('x_test')
  const labels = labelNames.find(key => arrays.has(key))
  const named = imageNames.find(key => arrays.has(key))
  const others = [...arrays.keys()].filter(key => key !== labels)
  const images = named ?? (others.length === 1 ? others[0] : undefined)
  if (images === undefined) throw malformed(name, 'one array', `called ${imageNames.join(', ')}`, others)
  const read = (key: string) => numbers(arrays.get(key)!(), `${key} of ${name}`)
  return imageSet(read(images), labels === undefined ? undefined : read(labels), name)
}

function numbers(array: NdArray | string, name: string): NdArray {
  if (typeof array !== 'string') return array
  throw malformed(name, 'the array', 'of numbers', array.slice(0, 40))
}

function labelsOf({ data, shape }: NdArray, count: number, name: string): Uint8Array | Int32Array {
  const what = `read ${name}`
  demand(shape[0] === count && data.length === count, what, 'the shape of labels', `[${count}]`, shape)
  let max = 0
  for (let i = 0; i < count; i++) {
    const label = data[i]
    if (!(label >= 0 && label < 2 ** 31 && Math.floor(label) === label)) {
      throw new RangeError(cannot(what, `label ${i}`, 'a whole number from 0 to 2^31 - 1', label))
    }
    if (label > max) max = label
  }
  return max < 256 ? Uint8Array.from(data) : Int32Array.from(data)
}
