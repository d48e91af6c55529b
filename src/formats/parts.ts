/**
 * The parts of a set of images (training, validation, test) by the names of folders and files.
 */
import { cannot } from '../base/errors.ts'
import type { Split } from './dataset.ts'

type Part = Split | 'val'

const names: readonly (readonly [Part, RegExp])[] = [
  ['train', /^(?:train|training|data_batch)(?![a-z])/],
  ['val', /^(?:val|valid|validation|dev|eval|holdout|hold-out|hold_out|heldout)(?![a-z])/],
  ['test', /^(?:test|testing|t10k)(?![a-z])/],
]

/** The part that one word names: `train`, `Test`, `VALIDATION`, `val2017`, `data_batch_1.bin`. */
function partNamed(word: string): Part | undefined {
  const plain = word === word.toUpperCase() ? word.toLowerCase() : word[0].toLowerCase() + word.slice(1)
  return names.find(([, pattern]) => pattern.test(plain))?.[0]
}

/** Where in a path its part is named: the last word that names one. */
const placeOf = (words: readonly string[]) => words.findLastIndex(word => word !== '' && partNamed(word))

/** The part that a path speaks of in its last name that does: `test/3/17.png`, `data_batch_1.bin`. */
function partOf(path: string): Part | undefined {
  const words = path.split('/')
  const place = placeOf(words)
  return place < 0 ? undefined : partNamed(words[place])
}

/** The folder of a file, below the one that names the part where the set has parts; '' if there is none. */
export function folderOf(path: string, { parts }: { readonly parts: boolean }): string {
  const folders = path.split('/').slice(0, -1)
  return folders.slice(parts ? placeOf(folders) + 1 : 0).join('/')
}

export interface Chosen<T> {
  readonly files: readonly T[]
  /** Whether the set has parts. */
  readonly parts: boolean
  /** What was left alone, in words; empty where nothing was. */
  readonly words: string
}

/**
 * The files of one part. A set has parts where every path names one, or where folders name at least two different
 * ones; then files of other folders belong to none of them and are left alone. The default part is train, or test
 * where there is no other; val stands in for a test that is not there.
 * @throws RangeError where one part alone is named beside other folders, so that nobody knows whether these are parts
 * too, or where the part that is asked for is not there
 */
export function chosenPart<T extends { readonly name: string }>(
  files: readonly T[],
  split?: Split,
): Chosen<T> {
  const parts = files.map(({ name }) => partOf(name))
  const inFolders = files.map(({ name }) => {
    const folder = name.slice(0, Math.max(0, name.lastIndexOf('/')))
    return folder === '' ? undefined : partOf(`${folder}/`)
  })
  const found = new Set(inFolders.filter(part => part !== undefined))
  const all = !parts.includes(undefined)
  if (!all && found.size < 2) {
    const stray = files.findIndex((_, i) => inFolders[i] === undefined && files[i].name.includes('/'))
    if (found.size === 0 || stray < 0) return { files, parts: false, words: '' }
    const wanted = `one of train, val and test as "${[...found][0]}" is (or give the folder of one part alone)`
    throw new RangeError(cannot('read images', 'the folders', wanted, files[stray].name))
  }
  const of = all ? parts : inFolders
  const there = new Set(of)
  const usual: Part = there.has('train') ? 'train' : there.has('test') ? 'test' : 'val'
  const wanted = split === 'test' && !there.has('test') && there.has('val') ? 'val' : (split ?? usual)
  const chosen = files.filter((_, i) => of[i] === wanted)
  if (chosen.length === 0)
    throw new RangeError(cannot('read images', `the part "${wanted}"`, 'among the files', files[0].name))
  return { files: chosen, parts: true, words: wordsOn(of, wanted) }
}

function wordsOn(parts: readonly (Part | undefined)[], wanted: Part): string {
  const counts = new Map<string, number>()
  for (const part of parts)
    counts.set(part ?? 'other folders', (counts.get(part ?? 'other folders') ?? 0) + 1)
  if (counts.size < 2) return ''
  const others = [...counts].filter(([part]) => part !== wanted).map(([part, count]) => `${part} (${count})`)
  return `of its parts ${wanted} is read (${counts.get(wanted)} files); left alone: ${others.join(', ')}`
}
