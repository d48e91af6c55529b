/**
 * Sets of images out of the files of a folder. Reading the folder itself is left to the caller.
 */

import { cannot, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { smallestUnsigned } from './array.ts'
import { budgetFor } from './budget.ts'
import { greyOf, holdsImages, type ImageSet, imageSet, readImages, type Split } from './dataset.ts'
import { foreignFormat, unknownFormat } from './foreign.ts'
import { isGzip } from './gzip.ts'
import { readIdx } from './idx.ts'
import { baseOf, byName, hidden, twins } from './names.ts'
import { chosenPart, folderOf } from './parts.ts'
import type { Source } from './source.ts'

/** A file; `name` is its path, with `/`, below the folder that was asked for. */
export interface NamedBytes {
  name: string
  bytes: Uint8Array
}

export interface FolderOptions {
  readonly split?: Split
  /** What the errors call the folder; its budget is that of all files together. */
  readonly source?: Source
}

/**
 * Reads a set of images from the files of a folder, in the order of their names (numbers by size).
 *
 * - The MNIST files (train-images-idx3-ubyte, …): images with their labels, of the part `split`.
 * - Else every file is a set or a picture, all of one size, and they are joined. Of sets in parts (`chosenPart()`) one
 *   is taken. If every file lies in a sub-folder, the folders (two at least), sorted, are the classes.
 *
 * Hidden files and those of hidden folders are left out, and, with a sentence, files that hold no images; pictures of
 * formats that are not read are refused.
 */
export function imagesFromFiles(files: readonly NamedBytes[], options: FolderOptions = {}): ImageSet {
  demandGiven('read the files', { files, options }, { files: 'objects', options: 'object' })
  for (const file of files)
    demandGiven('read the files', { file }, { file: { name: 'text', bytes: 'bytes' } })
  const length = files.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const source = options.source ?? { name: 'images', budget: budgetFor(length), say() {} }
  const visible = files.filter(file => !hidden(file.name))
  demand(visible.length > 0, 'read images', 'the files', 'at least one', visible.length)
  const idx = visible.filter(file => imageFile.test(baseOf(file.name)))
  if (idx.length > 0) return imagesOfMnist(idx, visible, { ...options, source })
  const images = imagesAmong(visible, source)
  const { files: chosen, parts, words } = chosenPart(images, options.split)
  if (words) source.say(words)
  const sorted = [...chosen].sort((a, b) => byName(a.name, b.name))
  const [twin, other] = twins(sorted.map(({ name }) => name)) ?? []
  if (twin !== undefined)
    throw new RangeError(cannot('read images', 'every picture', `there once, as ${twin}`, `${other} as well`))
  const sets = sorted.map(({ name, bytes }) => readImages({ ...source, name }, bytes, options))
  const joined = join(sets, sorted, source)
  const folders = sorted.map(({ name }) => folderOf(name, { parts }))
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

function imagesOfMnist(
  images: readonly NamedBytes[],
  files: readonly NamedBytes[],
  { split, source }: FolderOptions & { readonly source: Source },
): ImageSet {
  const [{ name, bytes }] = chosenPart(images, split).files
  const wanted = baseOf(name).replace('-images', '-labels').replace('idx3', 'idx1').replace(/\.gz$/, '')
  const labels = files.find(file => baseOf(file.name).replace(/\.gz$/, '') === wanted)
  const read = (file: NamedBytes) => readIdx(file.bytes, { ...source, name: file.name })
  return imageSet(read({ name, bytes }), labels && read(labels), name)
}

/** Endings of the formats that are read, and of pictures and arrays that are not. */
const readable = /\.(?:png|np[yz]|idx\d?|ubyte|bin)(?:\.gz)?$/i
const pictures =
  /\.(?:jpe?g|bmp|gif|webp|tiff?|jp2|heic|avif|p[bgpn]m|dcm|mat|h5|hdf5|nii|nrrd|mhd|mha|vti|raw)(?:\.gz)?$/i

/**
 * The files that hold images, or say by their ending that they do. Others are left alone with a sentence, but for
 * pictures of other formats, which somebody would miss.
 */
function imagesAmong(files: readonly NamedBytes[], source: Source): NamedBytes[] {
  const [images, others]: NamedBytes[][] = [[], []]
  for (const file of files) {
    const { name, bytes } = file
    const damaged = readable.test(name) && !foreignFormat(bytes)
    if (damaged || holdsImages(bytes) || (isGzip(bytes) && !pictures.test(name))) images.push(file)
    else if (pictures.test(name) || readable.test(name)) throw unknownFormat(bytes, name, 'one of images')
    else others.push(file)
  }
  const [first] = others
  if (images.length === 0)
    throw unknownFormat(first.bytes, first.name, 'idx, npy, npz, PNG or CIFAR-10 binary')
  const shown = others
    .slice(0, 3)
    .map(({ name }) => name)
    .join(', ')
  if (others.length > 0)
    source.say(
      `${others.length === 1 ? '1 file holds' : `${others.length} files hold`} no images and ` +
        `${others.length === 1 ? 'is' : 'are'} left alone (${shown}${others.length > 3 ? ', …' : ''})`,
    )
  return images
}

/** Sets of one shape and one depth; a coloured one whose colours are all equal is grey among grey ones. */
function alike(all: readonly ImageSet[], files: readonly NamedBytes[], source: Source): readonly ImageSet[] {
  const mixed = all.some(set => set.shape[0] !== all[0].shape[0])
  const grey = mixed ? all.map(set => greyOf(set) ?? set) : all
  if (mixed && grey.every(set => set.shape[0] === 1))
    source.say('some of its pictures are in colours that are all equal: they are read as grey')
  const sets = grey.every(set => set.shape[0] === 1) ? grey : all
  const [{ shape, bits }] = sets
  sets.forEach((set, i) => {
    const what = `read ${files[i].name}`
    const same = set.shape.every((length, axis) => length === shape[axis])
    demand(same, what, 'the shape', `that of ${files[0].name}, ${shape.join(' x ')}`, set.shape)
    demand(set.bits === bits, what, 'the bits of a sample', `those of ${files[0].name}, ${bits}`, set.bits)
  })
  return sets
}

function join(all: readonly ImageSet[], files: readonly NamedBytes[], source: Source): ImageSet {
  if (all.length === 1) return withoutBits(all[0])
  const sets = alike(all, files, source)
  const [{ shape }] = sets
  const largest = sets.reduce((max, { counts }) => Math.max(max, 2 ** (8 * counts.BYTES_PER_ELEMENT) - 1), 0)
  const count = sets.reduce((sum, set) => sum + set.count, 0)
  const size = shape[0] * shape[1] * shape[2]
  const Type = smallestUnsigned(largest)
  source.budget.spend(count * size * Type.BYTES_PER_ELEMENT, source.name)
  const counts = new Type(count * size)
  const labels = sets.every(set => set.labels) ? new Int32Array(count) : undefined
  let first = 0
  for (const set of sets) {
    counts.set(set.counts, first * size)
    if (set.labels) labels?.set(set.labels, first)
    first += set.count
  }
  if (!labels) return { shape, count, counts }
  const small = labels.every(label => label < 256)
  return { shape, count, counts, labels: small ? Uint8Array.from(labels) : labels }
}

function withoutBits({ bits: _, ...set }: ImageSet): ImageSet {
  return set
}
