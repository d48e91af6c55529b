/** The folder of a job in shards: a file for each part, and a note beside it once it is finished. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { cannot, demand } from '../base/errors.ts'
import { type Element, elementBytes, elementOf, type NdArray } from '../formats/array.ts'
import { npyHead, readNpy, writeNpy } from '../formats/npy.ts'
import { type Note, readNote, type Shard, wholeOf } from '../jobs/shard/shard.ts'
import { because, readBytes, writeWhole } from './files.ts'

const nameOf = (index: number, ending: string) => `part-${String(index).padStart(5, '0')}${ending}`

const noteName = /^part-\d{5,}\.json$/

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** The file of a part. */
export const partPath = (folder: string, { shard, array }: Pick<Note, 'shard' | 'array'>): string =>
  join(folder, nameOf(shard[0], array ? '.npy' : '.jsonl'))

/** What is known of a part before it is made. */
export type Planned = Pick<Note, 'total' | 'job' | 'saltus' | 'read'>

/** What a part is: an array, or lines of JSON. */
export interface Made {
  readonly content: NdArray | string
  readonly range: Note['range']
  readonly fingerprint: string
}

/**
 * Makes a part, unless it is there; its note is written last, so that what has a note is whole. Two that make the same
 * part at the same time write the same bytes. @throws RangeError where the folder holds parts of another job
 */
export async function makePart(
  folder: string,
  shard: Shard,
  { planned, make }: { readonly planned: Planned; make(): Promise<Made> },
): Promise<{ readonly note: Note; readonly made: boolean }> {
  const wanted = { ...planned, shard: [shard.index, shard.of] } as const
  const own = nameOf(shard.index, '.json')
  const names = noteNames(folder)
  // Its own, or any: all are of one job.
  const [name] = names.includes(own) ? [own] : names
  if (name !== undefined) {
    const note = noteAt(folder, name)
    const got = `those of another, ${name}`
    demand(wholeOf(note) === wholeOf(wanted as Note), `write to ${folder}`, 'its parts', 'of this job', got)
    if (name === own && partIn(folder, note)) return { note, made: false }
  }
  const began = performance.now()
  const { content, range, fingerprint } = await make()
  const text = typeof content === 'string'
  const bytes = text ? Buffer.from(content) : writeNpy(content)
  const seconds = Number(((performance.now() - began) / 1000).toFixed(3))
  const note: Note = {
    ...{ shard: wanted.shard, range, total: planned.total, sha256: hashOf(bytes), bytes: bytes.length },
    ...(text ? {} : { array: { element: elementOf(content.data), shape: content.shape } }),
    ...{ fingerprint, seconds, saltus: planned.saltus, read: planned.read, job: planned.job },
  }
  writeWhole(partPath(folder, note), bytes)
  writeWhole(join(folder, nameOf(shard.index, '.json')), `${JSON.stringify(note)}\n`)
  return { note, made: true }
}

/** The names of the notes of a folder; none where it is not there. */
function noteNames(folder: string): string[] {
  if (!existsSync(folder)) return []
  try {
    return readdirSync(folder)
      .filter(name => noteName.test(name))
      .sort()
  } catch (error) {
    throw because('read', folder, error)
  }
}

const noteAt = (folder: string, name: string): Note => {
  const path = join(folder, name)
  return readNote(Buffer.from(readBytes(path)).toString(), path)
}

/** Whether the part of a note is there, and is what was noted. */
function partIn(folder: string, note: Note): boolean {
  const path = partPath(folder, note)
  const size = statSync(path, { throwIfNoEntry: false })?.size
  return size === note.bytes && hashOf(readBytes(path)) === note.sha256
}

/** The notes of finished parts: those whose file is not what was noted count as missing. */
export const finished = (folder: string): Note[] =>
  noteNames(folder)
    .map(name => noteAt(folder, name))
    .filter(note => partIn(folder, note))

/** The array of a part. @throws SyntaxError where it is not what was noted */
export function arrayIn(folder: string, note: Note): NdArray {
  const path = partPath(folder, note)
  const bytes = readBytes(path)
  if (hashOf(bytes) !== note.sha256) throw changed(folder, note)
  return readNpy(bytes, path) as NdArray
}

/** The lines of a part. */
export function linesIn(folder: string, note: Note): string {
  const bytes = readBytes(partPath(folder, note))
  if (hashOf(bytes) !== note.sha256) throw changed(folder, note)
  return Buffer.from(bytes).toString()
}

const changed = (folder: string, note: Note) =>
  new SyntaxError(cannot(`merge ${folder}`, `part ${note.shard[0]}`, 'as it was noted', 'other bytes'))

/** Counts as wide as those of the widest part. */
const views = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array } as const

/** The arrays of all parts, in their order, as one .npy file, a part in memory at a time. @throws SyntaxError for a part that is not what was noted */
export function mergeArrays(folder: string, notes: readonly Note[], out: string): void {
  const elements = notes.map(({ array }) => (array?.element ?? '') as Element)
  const widest = elements.reduce((a, b) => (elementBytes[a] >= elementBytes[b] ? a : b))
  const [{ array, total }] = notes
  function* pieces(): Generator<Uint8Array> {
    yield npyHead(widest, [total, ...(array?.shape.slice(1) ?? [])])
    for (const note of notes) {
      const { data } = arrayIn(folder, note)
      const View = views[widest as keyof typeof views]
      const same = View === undefined || data instanceof View
      const { buffer, byteOffset, byteLength } = same ? data : View.from(data)
      yield new Uint8Array(buffer, byteOffset, byteLength)
    }
  }
  writeWhole(out, pieces())
}
