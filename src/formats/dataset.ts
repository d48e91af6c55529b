/**
 * Sets of images of one size, out of any of the formats read here: told apart by their bytes, not by
 * their names. A gzip shell around any of them is taken off.
 */

import { cannot, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { type Counts, type NdArray, packImages } from './array.ts'
import { isCifar, readCifar } from './cifar.ts'
import { unknownFormat } from './foreign.ts'
import { gunzip } from './gzip.ts'
import { idxLength, isIdx, readIdx } from './idx.ts'
import { channelsFirst } from './image-array.ts'
import { malformed } from './malformed.ts'
import { isNpy, readNpy } from './npy.ts'
import { openNpz } from './npz.ts'
import { isPng, readPng } from './png.ts'
import { partOf, type Source, sourceOf } from './source.ts'
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
  /** Bits of a sample, where the images are pictures. */
  bits?: number
}

/** Which part of a set that comes in two parts. */
export type Split = 'train' | 'test'

/** What is read as images, in words. */
export const imageFormats = 'idx, npy, npz, PNG or CIFAR-10 binary'

/**
 * Reads a set of images from one file: idx, npy, npz, PNG or CIFAR-10 binary, packed with gzip or not.
 * Of an npz the array called samples, images, x_train (x_test) or arr_0, or the only one, is taken, and
 * as labels the one called labels, classes or y_train (y_test).
 * @throws SyntaxError if the bytes are truncated, damaged or foreign; RangeError if they hold no counts
 */
export function readImages(
  source: string | Source,
  bytes: Uint8Array,
  options: { split?: Split } = {},
): ImageSet {
  const of = sourceOf(source, bytes)
  const { name } = of
  const file = gunzip(bytes, of)
  if (isPng(file)) {
    const { data, shape } = readPng(file, of)
    const set = imageSet({ data, shape: [1, ...shape] }, undefined, name)
    return { ...set, bits: bitsOf(file) }
  }
  if (isNpy(file)) return imageSet(channelsFirst(numbers(readNpy(file, of), name), of), undefined, name)
  if (isZip(file)) return imagesOfNpz(of, file, options.split ?? 'train')
  // CIFAR-10 has no magic number, and its first bytes may look like that of idx.
  const cifar = isCifar(file)
  if (isIdx(file) && (!cifar || idxLength(file) === file.length)) {
    return imageSet(readIdx(file, of), undefined, name)
  }
  if (cifar) {
    const { images, labels } = readCifar(file, name)
    return imageSet(images, labels, name)
  }
  throw unknownFormat(file, name, imageFormats)
}

/** Bits of a sample of a PNG picture; a palette is of 8, whatever the bits of its indices. */
const bitsOf = (png: Uint8Array) => (png[25] === 3 ? 8 : png[24])

/** Whether a file is one of the formats of images, by its bytes. */
export function holdsImages(bytes: Uint8Array): boolean {
  return isPng(bytes) || isNpy(bytes) || isZip(bytes) || isIdx(bytes) || isCifar(bytes)
}

/** A set whose three channels are equal everywhere as one of a single channel; undefined where they differ. */
export function greyOf(set: ImageSet): ImageSet | undefined {
  const [channels, height, width] = set.shape
  if (channels === 1) return set
  const pixels = height * width
  const counts = new (set.counts.constructor as Uint8ArrayConstructor)(set.count * pixels)
  for (let n = 0; n < set.count; n++) {
    const start = n * channels * pixels
    for (let i = 0; i < pixels; i++) {
      const value = set.counts[start + i]
      for (let c = 1; c < channels; c++) if (set.counts[start + c * pixels + i] !== value) return undefined
      counts[n * pixels + i] = value
    }
  }
  return { ...set, shape: [1, height, width], counts }
}

/** Builds a set from arrays, after the checks that `asImages()` makes. */
export function imageSet(images: NdArray, labels: NdArray | undefined, name: string): ImageSet {
  demandGiven('take the images', { images, name }, { images: { data: 'list', shape: 'list' }, name: 'text' })
  const { counts, shape } = packImages(images, name)
  const [count, ...image] = shape
  const set: ImageSet = { shape: image, count, counts }
  if (labels) set.labels = labelsOf(labels, count, name)
  return set
}

function imagesOfNpz(source: Source, bytes: Uint8Array, split: Split): ImageSet {
  const { name } = source
  const arrays = openNpz(bytes, source)
  const labelNames = split === 'test' ? ['y_test', 'labels', 'classes'] : ['labels', 'classes', 'y_train']
  const imageNames = ['samples', 'images', 'x_train', 'arr_0']
  if (split === 'test') imageNames.unshift('x_test')
  const labels = labelNames.find(key => arrays.has(key))
  const named = imageNames.find(key => arrays.has(key))
  const others = [...arrays.keys()].filter(key => key !== labels)
  const images = named ?? (others.length === 1 ? others[0] : undefined)
  if (images === undefined) throw malformed(name, 'one array', `called ${imageNames.join(', ')}`, others)
  const read = (key: string) => numbers(arrays.get(key)!(), `${key} of ${name}`)
  const first = channelsFirst(read(images), partOf(source, images))
  return imageSet(first, labels === undefined ? undefined : read(labels), name)
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
