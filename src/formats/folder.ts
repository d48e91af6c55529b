/**
 * Sets of images out of the files of a folder. Reading the folder itself is left to the caller.
 */
import { demand } from '../base/errors.ts'
import { smallestUnsigned } from './array.ts'
import { type ImageSet, imageSet, readImages, type Split } from './dataset.ts'
import { readIdx } from './idx.ts'

/** A file; `name` is its path, with `/`, below the folder that was asked for. */
export interface NamedBytes {
  name: string
  bytes: Uint8Array
}

/**
 * Reads a set of images from the files of a folder, in the order of their names (numbers by size).
 *
 * - The MNIST files (train-images-idx3-ubyte, …): images with their labels, of the part `split`.
 * - Else every file is a set or a picture, all of one size, and they are joined. If the name of every file
 *   says `train`, `test` or `t10k`, those of the part `split` are taken. If every file lies in a sub-folder,
 *   the folders (two at least), sorted, are the classes.
 *
 * Files whose name starts with a dot are left out. `split` defaults to train, to test if there is no other.
 */
export function imagesFromFiles(files: readonly NamedBytes[], options: { split?: Split } = {}): ImageSet {
  const visible = files.filter(file => !base(file.name).startsWith('.'))
  demand(visible.length > 0, 'read images', 'the files', 'at least one', visible.length)
  const idx = visible.filter(file => imageFile.test(base(file.name)))
  if (idx.length > 0) return imagesOfMnist(idx, visible, options.split)
  const sorted = choose(visible, options.split).sort((a, b) => byName(a.name, b.name))
  const sets = sorted.map(({ name, bytes }) => readImages(name, bytes, options))
  const joined = join(sets, sorted)
  const folders = sorted.map(({ name }) => folderOf(name))
  const classes = [...new Set(folders)].sort(byName)
  if (joined.labels || classes.includes('') || classes.length < 2) return joined
  const labels = new Int32Array(joined.count)
  let first = 0
  sets.forEach(({ count }, i) => {
    labels.fill(classes.indexOf(folders[i]), first, first + count)
    first += count
  })
  return { ...joined, labels: classes.length <= 256 ? Uint8Array.from(labels) : labels, classes }
}

const imageFile = /^(train|t10k|test)-images[-.]idx3-ubyte(\.gz)?$/

function imagesOfMnist(images: readonly NamedBytes[], files: readonly NamedBytes[], split?: Split): ImageSet {
  const [{ name, bytes }] = choose(images, split)
  const wanted = base(name).replace('-images', '-labels').replace('idx3', 'idx1').replace(/\.gz$/, '')
  const labels = files.find(file => base(file.name).replace(/\.gz$/, '') === wanted)
  return imageSet(readIdx(bytes, name), labels && readIdx(labels.bytes, labels.name), name)
}

const part = /^(train|data_batch|test|t10k)(?![a-z])/

/** The part that a path speaks of in its last name that does: `test/3/17.png`, `data_batch_1.bin`. */
function partOf(name: string): Split | undefined {
  const word = name.split('/').findLast(word => part.test(word))
  if (word === undefined) return undefined
  return word.startsWith('t') && !word.startsWith('train') ? 'test' : 'train'
}

/** The folder of a file, below the one that names the part; '' if there is none. */
function folderOf(name: string): string {
  const folders = name.split('/').slice(0, -1)
  return folders.slice(folders.findLastIndex(word => part.test(word)) + 1).join('/')
}

function choose(files: readonly NamedBytes[], split?: Split): NamedBytes[] {
  const parts = files.map(file => partOf(file.name))
  if (parts.includes(undefined)) return [...files]
  const wanted = split ?? (parts.includes('train') ? 'train' : 'test')
  const chosen = files.filter((_, i) => parts[i] === wanted)
  demand(chosen.length > 0, 'read images', `the part "${wanted}"`, 'among the files', files[0].name)
  return chosen
}

function join(sets: readonly ImageSet[], files: readonly NamedBytes[]): ImageSet {
  if (sets.length === 1) return sets[0]
  const [{ shape }] = sets
  sets.forEach((set, i) => {
    const same = set.shape.every((length, axis) => length === shape[axis])
    demand(
      same,
      `read ${files[i].name}`,
      'the shape',
      `that of ${files[0].name}, ${shape.join(' x ')}`,
      set.shape,
    )
  })
  const largest = sets.reduce((max, { counts }) => Math.max(max, 2 ** (8 * counts.BYTES_PER_ELEMENT) - 1), 0)
  const count = sets.reduce((sum, set) => sum + set.count, 0)
  const size = shape[0] * shape[1] * shape[2]
  const counts = new (smallestUnsigned(largest))(count * size)
  const labels = sets.every(set => set.labels) ? new Int32Array(count) : undefined
  let first = 0
  for (const set of sets) {
    counts.set(set.counts, first * size)
    if (set.labels) labels?.set(set.labels, first)
    first += set.count
  }
  if (!labels) return { shape, count, counts }
  return {
    shape,
    count,
    counts,
    labels: labels.every(label => label < 256) ? Uint8Array.from(labels) : labels,
  }
}

function base(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

/** Orders names letter by letter, runs of digits by their value: 9.png before 10.png. */
function byName(a: string, b: string): number {
  const [left, right] = [a.split(/(\d+)/), b.split(/(\d+)/)]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = i % 2 === 1 ? Number(left[i]) - Number(right[i]) : 0
    if (difference !== 0) return difference
    if (i % 2 === 0 && left[i] !== right[i]) return left[i] < right[i] ? -1 : 1
  }
  return left.length - right.length || (a < b ? -1 : a > b ? 1 : 0)
}
