/** Samples of two parts, taken apart. */
import { sizeOf } from '../../formats/array.ts'
import type { ModelDescription } from '../../model/description.ts'

/** The first part of every sample, [N, C, ...], of counts [N, all]. */
export function firstOf(
  counts: Int32Array,
  { count, size, from = 0 }: { readonly count: number; readonly size: number; readonly from?: number },
): Int32Array {
  const all = counts.length / count
  const out = new Int32Array(count * size)
  for (let i = 0; i < count; i++) out.set(counts.subarray(i * all + from, i * all + from + size), i * size)
  return out
}

/** The second part of every sample. */
export function secondOf(counts: Int32Array, { task }: ModelDescription, count: number): Int32Array {
  const [from, size] = (task.parts ?? []).map(({ shape }) => sizeOf(shape))
  return firstOf(counts, { count, size, from })
}

/** The class of a sample whose second part is one unit on classes; undefined where it is something else. */
export function classOf({ task, data }: ModelDescription, counts: Int32Array, i: number): number | undefined {
  if (!data.second) return undefined
  const from = sizeOf(task.parts?.[0].shape ?? [])
  const all = sizeOf(task.shape)
  return counts.subarray(i * all + from, (i + 1) * all).findIndex(n => n > 0)
}

/** What is written under a sample: its class, or the units of its parts. */
export function captionOf(description: ModelDescription, counts: Int32Array, i: number): string {
  const found = classOf(description, counts, i)
  if (found !== undefined) return description.data.second?.[found] ?? ''
  const [size] = (description.task.parts ?? []).map(({ shape }) => sizeOf(shape))
  const all = sizeOf(description.task.shape)
  const own = counts.subarray(i * all, (i + 1) * all)
  const massOf = (part: Int32Array) => part.reduce((sum, n) => sum + n, 0)
  return `${massOf(own.subarray(0, size))} ${massOf(own.subarray(size))}`
}
