/** Shards: job i of N does a range of the items of a whole; together they are the whole, byte for byte. */
import { cannot, demand, refused } from '../../base/errors.ts'
import type { Field } from '../schema.ts'

export interface Shard {
  /** From 0. */
  readonly index: number
  readonly of: number
}

/** Most shards of a job. */
const most = 100_000

/** Reads `i/N`: 0/8 is the first of eight. */
export const shardField: Field<Shard, string> = {
  help: 'draw part i of N alone (from 0/N on), into the folder --out; finished parts are left as they are',
  argument: '<i/N>',
  wanted: `i/N, whole numbers with 0 <= i < N <= ${most}`,
  read(value) {
    const { index, of } = typeof value === 'string' ? split(value) : ((value ?? {}) as Shard)
    const whole = Number.isSafeInteger(index) && Number.isSafeInteger(of)
    return whole && index >= 0 && index < of && of <= most ? { index, of } : undefined
  },
}

function split(text: string): Shard {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text.trim()) ?? []
  return { index: Number(index ?? Number.NaN), of: Number(of) }
}

/** The items of a shard, from one on and before another: shards differ by one item at most. @throws UsageError for more shards than items */
export function rangeOf({ index, of }: Shard, items: number): readonly [first: number, past: number] {
  if (of > items) throw refused('draw a shard', 'shard', `one of at most ${items}, for that many tiles`, of)
  return [Math.floor((index * items) / of), Math.floor(((index + 1) * items) / of)]
}

/** What is noted beside a finished part, in one line of JSON. */
export interface Note {
  readonly shard: readonly [index: number, of: number]
  /** The items of the part among all: images, or files. */
  readonly range: readonly [first: number, past: number]
  readonly total: number
  readonly sha256: string
  readonly bytes: number
  /** Of a part that is an array: its type and its shape as .npy has them. */
  readonly array?: { readonly element: string; readonly shape: readonly number[] }
  readonly fingerprint: string
  readonly seconds: number
  /** The job of the whole; equal in all parts. */
  readonly job: { readonly kind: string } & Readonly<Record<string, unknown>>
  /** The version of saltus, and the SHA-256 of what the job read. */
  readonly saltus: string
  readonly read: Readonly<Record<string, string>>
}

/** What the parts of one whole have in common, as a text. */
export const wholeOf = ({ shard: [, of], total, job, saltus, read }: Note): string =>
  JSON.stringify([of, total, saltus, job, read])

/** Reads a note. Throws SyntaxError where it is none. */
export function readNote(text: string, name: string): Note {
  try {
    const note = JSON.parse(text) as Note
    const [index, of] = note.shard
    const [first, past] = note.range
    const numbers = [index, of, first, past, note.total, note.bytes, note.seconds]
    const sound = numbers.every(Number.isFinite) && index < of && first <= past && past <= note.total
    const words = [note.sha256, note.fingerprint, note.saltus, note.job.kind]
    if (sound && words.every(word => typeof word === 'string')) return note
  } catch {}
  throw new SyntaxError(cannot(`read ${name}`, 'the file', 'the note of a part', 'something else'))
}

/** Parts that are not there, of how many. */
export interface Missing {
  readonly indices: readonly number[]
  readonly of: number
}

/** The shards of which there is no note. */
export function missingOf(notes: readonly Note[]): Missing {
  const [{ shard }] = notes
  const there = new Set(notes.map(note => note.shard[0]))
  const indices = Array.from({ length: shard[1] }, (_, i) => i).filter(i => !there.has(i))
  return { indices, of: shard[1] }
}

/** Indices as Slurm takes them: 0-2,5. */
export function ranges(indices: readonly number[]): string {
  const parts: [number, number][] = []
  for (const i of indices) {
    const last = parts.at(-1)
    if (last && last[1] === i - 1) last[1] = i
    else parts.push([i, i])
  }
  return parts.map(([a, b]) => (a === b ? String(a) : `${a}-${b}`)).join(',')
}

/**
 * The parts of one whole, in their order, and its numerics.
 * @throws RangeError where parts are missing, are of several jobs, or (unless `mixed`) were made with several numerics
 */
export function whole(
  notes: readonly Note[],
  { name, mixed = false }: { readonly name: string; readonly mixed?: boolean },
): { readonly notes: readonly Note[]; readonly fingerprint: string } {
  const what = `merge ${name}`
  demand(notes.length > 0, what, 'the folder', 'one with parts of a job', 'one without')
  const jobs = new Set(notes.map(wholeOf))
  demand(jobs.size === 1, what, 'the parts', 'of one job, in as many shards', `those of ${jobs.size}`)
  const { indices, of } = missingOf(notes)
  demand(indices.length === 0, what, 'all parts', `there, 0-${of - 1}`, `${ranges(indices)} missing`)
  const sorted = [...notes].sort((a, b) => a.shard[0] - b.shard[0])
  sorted.forEach(({ range, shard }, i) => {
    const from = i === 0 ? 0 : sorted[i - 1].range[1]
    demand(range[0] === from, what, `the beginning of part ${shard[0]}`, String(from), range[0])
  })
  const last = sorted[sorted.length - 1]
  demand(last.range[1] === last.total, what, 'the end of the last part', String(last.total), last.range[1])
  const prints = [...new Set(sorted.map(note => note.fingerprint))].sort()
  const wanted = 'one for all parts (--allow-mixed takes parts of several: one law, but other bytes)'
  demand(mixed || prints.length === 1, what, 'the numerics', wanted, prints.join(' and '))
  return { notes: sorted, fingerprint: prints.join(' + ') }
}
