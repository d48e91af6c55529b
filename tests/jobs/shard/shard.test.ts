import { describe, expect, it } from 'vitest'
import {
  missingOf,
  type Note,
  rangeOf,
  ranges,
  readNote,
  shardField,
  whole,
} from '../../../src/jobs/shard/shard.ts'

const note = (
  index: number,
  of: number,
  range: readonly [number, number],
  more: Partial<Note> = {},
): Note => ({
  ...{ shard: [index, of], range, total: 10, sha256: 'ab', bytes: 1, fingerprint: 'f', seconds: 1 },
  ...{ job: { kind: 'generate' }, saltus: '0', read: {}, ...more },
})

const two = [note(0, 2, [0, 4]), note(1, 2, [4, 10])]

describe('shards', () => {
  it('`rangeOf()` gives every item to one shard, and shards that differ by one item at most', () => {
    for (const items of [1, 7, 64, 1000])
      for (const of of [1, 3, 7].filter(n => n <= items)) {
        const found = Array.from({ length: of }, (_, index) => rangeOf({ index, of }, items))
        const lengths = found.map(([first, past]) => past - first)
        expect(found.flatMap(([a, b]) => Array.from({ length: b - a }, (_, i) => a + i))).toEqual(
          Array.from({ length: items }, (_, i) => i),
        )
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1)
      }
    expect(() => rangeOf({ index: 0, of: 8 }, 7)).toThrow('shard must be one of at most 7')
  })

  it('`shardField` reads i/N, and no other', () => {
    expect(shardField.read('3/8')).toEqual({ index: 3, of: 8 })
    for (const text of ['8/8', '-1/8', '1', '1/0', '1.5/8', '1/8/2', 'a/b', '', 7, null])
      expect(shardField.read(text), String(text)).toBeUndefined()
  })

  it('`whole()` sorts the parts, and refuses missing ones, those of other jobs and, unless told, other numerics', () => {
    expect(whole([...two].reverse(), { name: 'd' })).toEqual({ notes: two, fingerprint: 'f' })
    const refuse = (notes: readonly Note[], words: string) =>
      expect(() => whole(notes, { name: 'd' })).toThrow(words)
    refuse([], 'the folder must be one with parts')
    refuse([two[0]], 'all parts must be there, 0-1, got "1 missing"')
    refuse([two[0], note(1, 2, [4, 10], { job: { kind: 'generate', seed: 1 } })], 'of one job')
    refuse([two[0], note(1, 3, [4, 10])], 'of one job')
    refuse([two[0], note(1, 2, [5, 10])], 'the beginning of part 1 must be 4')
    refuse([two[0], note(1, 2, [4, 9])], 'the end of the last part must be 10')
    const mixed = [two[0], note(1, 2, [4, 10], { fingerprint: 'e' })]
    refuse(mixed, 'the numerics must be one for all parts')
    expect(whole(mixed, { name: 'd', mixed: true }).fingerprint).toBe('e + f')
  })

  it('`missingOf()` and `ranges()` name what is to be done again, as `sbatch --array` takes it', () => {
    const of = (there: readonly number[]) => missingOf(there.map(i => note(i, 9, [i, i + 1]))).indices
    expect(of([0, 4, 8])).toEqual([1, 2, 3, 5, 6, 7])
    expect(ranges(of([0, 4, 8]))).toBe('1-3,5-7')
    expect(ranges([7])).toBe('7')
    expect(ranges([])).toBe('')
  })

  it('`readNote()` refuses what is no note', () => {
    expect(readNote(JSON.stringify(two[1]), 'a')).toEqual(two[1])
    for (const text of [
      '',
      '{}',
      '[]',
      'null',
      '{"shard":[3,2]}',
      JSON.stringify({ ...two[0], range: [5, 4] }),
    ])
      expect(() => readNote(text, 'a'), text).toThrow('Cannot read a: the file must be the note of a part')
  })
})
