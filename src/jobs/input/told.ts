/** What is told of images, out of the arrays of an .npz: numbers, images and texts, one row for each image. */
import { cannot, demand } from '../../base/errors.ts'
import { type NdArray, sizeOf } from '../../formats/array.ts'
import { budgetFor } from '../../formats/budget.ts'
import { readNpy, readTexts } from '../../formats/npy.ts'
import { isZip, readZip } from '../../formats/zip.ts'
import { type ToldValue, toldRow, wordsOf } from '../../model/told.ts'
import type { Told } from '../../network/told.ts'
import { nameOf } from '../files.ts'
import type { Reading } from './images.ts'

/** Most words of a vocabulary, the frequent ones. */
const mostWords = 512

/** What is told of a list of images: a value of each. */
export type ToldList = { readonly texts: readonly string[] } | NdArray

/** The arrays of those names in an .npz. @throws RangeError for a file or a name that is not there */
export function toldArrays(path: string, { files, memory }: Reading): Map<string, () => ToldList> {
  const name = nameOf(path)
  const bytes = files.read(path)
  if (!isZip(bytes))
    throw new RangeError(cannot('read what is told', `the file ${name}`, 'an .npz of arrays', 'another'))
  const source = { name, budget: budgetFor(bytes.length, memory), say() {} }
  const lists = new Map<string, () => ToldList>()
  for (const [member, unpack] of readZip(bytes, source)) {
    if (!member.endsWith('.npy')) continue
    lists.set(member.slice(0, -4), () => {
      const own = unpack()
      const texts = readTexts(own, `${member} of ${name}`)
      if (texts) return { texts }
      const read = readNpy(own, { ...source, name: `${member} of ${name}` })
      return typeof read === 'string' ? { texts: [read] } : read
    })
  }
  return lists
}

/** The value of image number i. */
export function ofImage(list: ToldList, i: number): ToldValue {
  if ('texts' in list) return list.texts[i]
  const size = sizeOf(list.shape.slice(1))
  return list.data.subarray(i * size, (i + 1) * size)
}

export const lengthOf = (list: ToldList): number => ('texts' in list ? list.texts.length : list.shape[0])

/** What a run tells its network, and the rows of all images [N, …]: see `toldRow`. @throws RangeError for what does not fit */
export function loadTold(
  path: string,
  names: readonly string[],
  { shape, count, ...reading }: Reading & { readonly shape: readonly number[]; readonly count: number },
): { readonly told: readonly Told[]; readonly rows: Float32Array } {
  const arrays = toldArrays(path, reading)
  const lists = names.map(name => {
    const list = arrays.get(name)
    const wanted = `one of ${[...arrays.keys()].join(', ')}, arrays of ${nameOf(path)}`
    if (!list) throw new RangeError(cannot('train', '--tell', wanted, name))
    return [name, list()] as const
  })
  return toldOf(lists, { shape, count })
}

/** What is told of images by these lists, and the rows of all [N, …]: see `toldRow`. @throws RangeError for what does not fit */
export function toldOf(
  named: readonly (readonly [name: string, list: ToldList])[],
  { shape, count }: { readonly shape: readonly number[]; readonly count: number },
): { readonly told: readonly Told[]; readonly rows: Float32Array } {
  const lengths = shape.slice(1)
  const names = named.map(([name]) => name)
  const lists = named.map(([name, list]) => {
    demand(/^[^\s=,]{1,64}$/.test(name), 'train', '--tell', 'names without blanks, commas and =', name)
    return list
  })
  demand(new Set(names).size === names.length, 'train', '--tell', 'different names', names.join(','))
  lists.forEach((list, i) => {
    demand(
      lengthOf(list) === count,
      'train',
      `${names[i]}`,
      `told of each of ${count} images`,
      lengthOf(list),
    )
  })
  const told = lists.map((list, i) => declared(names[i], list, lengths))
  const rows = told.map((one, k) =>
    Array.from({ length: count }, (_, i) => toldRow(one, ofImage(lists[k], i), lengths)),
  )
  const width = rows.reduce((sum, [row]) => sum + row.length, 0)
  const all = new Float32Array(count * width)
  for (let i = 0, at = 0; i < count; i++)
    for (const of of rows) {
      all.set(of[i], at)
      at += of[i].length
    }
  return { told, rows: all }
}

/** What a list is, from its shape. */
function declared(name: string, list: ToldList, lengths: readonly number[]): Told {
  if ('texts' in list) return { name, kind: 'text', vocabulary: vocabularyOf(list.texts, name) }
  const { data, shape } = list
  const own = shape.slice(1)
  const odd = data.findIndex(value => !Number.isFinite(value))
  demand(odd < 0, `train on what is told`, `${name}[${odd}]`, 'a finite number', data[odd])
  if (own.length >= lengths.length) {
    const channels = own.length > lengths.length ? own[0] : 1
    const fits = own.length <= lengths.length + 1 && String(own.slice(-lengths.length)) === String(lengths)
    const wanted = `[N, k], or images on the sites, [N, c, ${lengths.join(', ')}]`
    demand(fits, 'train on what is told', `the shape of ${name}`, wanted, shape)
    return { name, kind: 'image', channels, scale: greatest(data) }
  }
  demand(own.length < 2, 'train on what is told', `the shape of ${name}`, '[N] or [N, k]', shape)
  const width = own[0] ?? 1
  const columns = Array.from({ length: width }, (_, k) =>
    Float64Array.from(data).filter((_, i) => i % width === k),
  )
  const mean = columns.map(column => column.reduce((sum, value) => sum + value, 0) / column.length)
  return {
    ...{ name, kind: 'numbers', mean },
    names: width === 1 ? [name] : columns.map((_, k) => `${name}[${k}]`),
    scale: columns.map((column, k) => spread(column, mean[k])),
    range: columns.map(column => [least(column), -least(column.map(value => -value))] as const),
  } as Told
}

const least = (of: ArrayLike<number>): number => {
  let found = Infinity
  for (let i = 0; i < of.length; i++) found = Math.min(found, of[i])
  return found
}

/** Greatest absolute value; 1 where all are 0. */
const greatest = (of: NdArray['data']): number => {
  let found = 0
  for (const value of of) found = Math.max(found, Math.abs(value))
  return found || 1
}

/** Standard deviation; 1 where all are the same. */
const spread = (of: Float64Array, mean: number): number =>
  Math.sqrt(of.reduce((sum, value) => sum + (value - mean) ** 2, 0) / of.length) || 1

/** The words that stand in the texts, the most frequent ones first. @throws RangeError where there is none */
function vocabularyOf(texts: readonly string[], name: string): string[] {
  const often = new Map<string, number>()
  for (const text of texts) for (const word of wordsOf(text)) often.set(word, (often.get(word) ?? 0) + 1)
  demand(often.size > 0, 'train on what is told', name, 'texts with words', 'none')
  return [...often]
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, mostWords)
    .map(([word]) => word)
}
