/** What samples are told beside their class: from the words of a job to rows for the network. */
import { demand, refused } from '../../base/errors.ts'
import { readImages } from '../../formats/dataset.ts'
import type { ModelDescription } from '../../model/description.ts'
import { farOff, type ToldValue, toldRow, unknownWords } from '../../model/told.ts'
import type { Told } from '../../network/told.ts'
import { sizeOf } from '../../tensor/index.ts'
import type { Drawing } from '../draw/drawing.ts'
import type { Files } from '../files.ts'
import { endingOf, nameOf } from '../files.ts'
import { lengthOf, ofImage, toldArrays } from '../input/told.ts'

/** What is told of the samples, and what the user should know of it. */
export interface Telling {
  readonly told: NonNullable<Drawing['told']>
  readonly warnings: readonly string[]
}

export interface Asked {
  /** `name=value,name=value,FILE.npz`. */
  readonly tell?: string
  /** A picture. */
  readonly sketch?: string
}

/** The files that a job names in what it tells. */
export const filesTold = ({ tell, sketch }: Asked): string[] => [
  ...parts(tell ?? '')
    .filter(part => endingOf(part) === '.npz' || /^[^=]+=.*\.(?:png|npy)$/i.test(part))
    .map(part => part.replace(/^[^=]+=(?=.*\.(?:png|npy)$)/i, '')),
  ...(sketch === undefined ? [] : [sketch]),
]

/** Told things apart: a comma is one of a list or of a text, but before the next `name=` or file. */
const parts = (tell: string): string[] =>
  tell.split(/,\s*(?=[^\s,=]+=|[^,=]+\.npz(?:,|$))/).filter(part => part.trim() !== '')

/** @throws UsageError for what the model cannot be told, RangeError for values that do not fit */
export function telling(asked: Asked, { task }: ModelDescription, files: Files): Telling {
  const { tell, sketch } = asked
  const known = task.told ?? []
  const lengths = task.shape.slice(1)
  const names = known.map(({ name }) => name).join(', ')
  const find = (name: string): Told => {
    const one = known.find(told => told.name === name)
    const wanted =
      known.length === 0 ? 'left out: the model is told nothing' : `of what the model is told (${names})`
    if (!one) throw refused('sample', 'tell', wanted, name)
    return one
  }
  const values = new Map<Told, readonly ToldValue[]>()
  for (const part of parts(tell ?? '')) {
    const at = part.indexOf('=')
    if (at < 0) for (const [one, list] of inFile(part, { find, files })) values.set(one, list)
    else {
      const one = find(part.slice(0, at).trim())
      if (values.has(one)) throw refused('sample', 'tell', `${one.name}= once`, tell)
      values.set(one, [parsed(one, part.slice(at + 1).trim(), { files, lengths })])
    }
  }
  if (sketch !== undefined) {
    const one = known.find(told => told.name === 'sketch' && told.kind === 'image')
    if (!one)
      throw refused('sample', 'sketch', 'left out but with a model that was trained with --sketch', sketch)
    values.set(one, [silhouetteIn(sketch, { files, shape: planeOf(one, lengths) })])
  }
  return {
    told: [...values].map(([{ name }, list]) => ({
      name,
      rows: list.map(value => toldRow(find(name), value, lengths)),
    })),
    warnings: [...values].flatMap(([one, list]) => list.flatMap(value => doubts(one, value))).slice(0, 4),
  }
}

/** All that a file tells. */
function inFile(
  path: string,
  { find, files }: { find(name: string): Told; readonly files: Files },
): [Told, ToldValue[]][] {
  if (endingOf(path) !== '.npz')
    throw refused('sample', 'tell', 'name=value, several with commas, or a file .npz of such arrays', path)
  return [...toldArrays(path, { files })].map(([name, read]) => {
    const list = read()
    return [find(name), Array.from({ length: lengthOf(list) }, (_, i) => ofImage(list, i))]
  })
}

/** A value as it is typed: numbers, a text, or the name of a picture. */
function parsed(
  one: Told,
  text: string,
  { files, lengths }: { readonly files: Files; readonly lengths: readonly number[] },
): ToldValue {
  if (one.kind === 'text') return text
  if (one.kind === 'numbers') {
    const numbers = text.split(/[\s,]+/).map(word => (word === '' ? Number.NaN : Number(word)))
    if (numbers.length !== one.names.length || numbers.some(value => !Number.isFinite(value)))
      throw refused(
        'sample',
        'tell',
        `${one.name}= and ${one.names.length} numbers (${one.names.join(', ')})`,
        text,
      )
    return numbers
  }
  const shape = planeOf(one, lengths)
  const { counts, shape: own } = readImages(nameOf(text), files.read(text))
  demand(
    counts.length === one.channels * sizeOf(shape),
    'sample',
    `the image ${nameOf(text)}`,
    `of ${one.channels}×${shape.join('×')}`,
    own,
  )
  return counts
}

/** The sides of what is seen along an axis, or of the lattice. */
const planeOf = (one: Told, lengths: readonly number[]): number[] =>
  lengths.filter((_, axis) => one.kind !== 'image' || axis !== one.axis)

/**
 * The silhouette [H, W] in a picture of any size with those proportions: what differs from the border's prevailing value by more than half the
 * range, over half of the pixels of a site.
 */
function silhouetteIn(
  path: string,
  { files, shape: [height, width] }: { readonly files: Files; readonly shape: readonly number[] },
): Float32Array {
  const { counts, shape } = readImages(nameOf(path), files.read(path))
  const [channels, rows, columns] = shape
  const fits = rows >= height && columns >= width && rows * width === columns * height
  demand(
    fits,
    'sample',
    `the sketch ${nameOf(path)}`,
    `of ${height}×${width} pixels or more, in that proportion`,
    [rows, columns],
  )
  const grey = Float32Array.from({ length: rows * columns }, (_, x) => {
    let sum = 0
    for (let c = 0; c < Math.min(3, channels); c++) sum += counts[c * rows * columns + x]
    return sum
  })
  const [dark, bright] = grey.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, 0],
  )
  demand(bright > dark, 'sample', `the sketch ${nameOf(path)}`, 'of two shades', 'one')
  const middle = (dark + bright) / 2
  const border = grey.filter((_, x) => {
    const [y, column] = [Math.floor(x / columns), x % columns]
    return y === 0 || y === rows - 1 || column === 0 || column === columns - 1
  })
  const paper = border.filter(value => value > middle).length > border.length / 2
  const [share, out] = [rows / height, new Float32Array(height * width)]
  const hits = new Float32Array(height * width)
  grey.forEach((value, x) => {
    const site = Math.floor(Math.floor(x / columns) / share) * width + Math.floor((x % columns) / share)
    hits[site]++
    if (value > middle !== paper) out[site]++
  })
  return out.map((inked, site) => (inked > hits[site] / 2 ? 1 : 0))
}

/** Volumes that no silhouette can have with their voxels: they have the voxels. */
export function tight({ told = [], masses, description: { task } }: Drawing): string[] {
  const [, ...lengths] = task.shape
  return told.flatMap(({ name, rows }) => {
    const one = task.told?.find(known => known.name === name)
    if (one?.kind !== 'image' || one.axis === undefined) return []
    const depth = lengths[one.axis]
    const area = rows.map(row => row.subarray(0, row.length / 2).filter(value => value > 0).length)
    const i = masses.findIndex((of, k) => {
      const voxels = task.shape[0] === 1 ? of[0] : Number.NaN
      return voxels < area[k % area.length] || voxels > depth * area[k % area.length]
    })
    const [least, most] = [area[i % area.length], depth * area[i % area.length]]
    const words = `Warning: no volume of ${masses[i]} voxels has the silhouette of ${name}, which needs ${least} to ${most}: sample ${i} has the voxels`
    return i < 0 ? [] : [words]
  })
}

/** What is told and was never seen: samples are drawn all the same, and exactly. */
function doubts(one: Told, value: ToldValue): string[] {
  if (one.kind === 'text') {
    const unknown = unknownWords(String(value), one.vocabulary)
    return unknown.length === 0
      ? []
      : [
          `Warning: the model does not know the words ${unknown.join(', ')} of ${one.name}: they are passed over`,
        ]
  }
  if (one.kind === 'image') return []
  const values = typeof value === 'number' ? [value] : (value as ArrayLike<number>)
  return farOff(one, values).map(name => {
    const i = one.names.indexOf(name)
    const range = one.range[i].map(value => Number(value.toPrecision(6))).join(' … ')
    return `Warning: ${name} = ${values[i]} is far outside the data, ${range}: what is exact stays so, the looks are a guess`
  })
}
