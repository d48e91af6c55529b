/** Bits of real images in shards: the bound of each image in the parts, their means in the whole. */
import type { NdArray } from '../../formats/array.ts'
import type { Context } from '../context.ts'
import { type BitsJob, type BitsReport, bitsPlan, reportOf } from '../evaluate/bits.ts'
import { jobRecord, sha256 } from '../record.ts'
import { type Note, rangeOf, type Shard } from './shard.ts'

/** A shard of the bits of real images, before anything is computed. @throws RangeError for images that are not the model's */
export async function bitsShard(job: BitsJob, shard: Shard, context: Context) {
  const { about, tiles, model, bounds } = bitsPlan(job, context)
  const range = rangeOf(shard, tiles)
  const hashes = { [model.name]: await sha256(model.bytes) }
  const told = { kind: 'bits', ...job, about }
  const record = jobRecord({ job: told, sha256: hashes, fingerprint: '' })
  return {
    planned: { total: about.images, saltus: record.saltus, job: record.job, read: record.sha256 },
    async make() {
      const { each, priors, range: images, fingerprint } = await bounds(range)
      const data = Float64Array.from({ length: 2 * each.length }, (_, k) => (k % 2 ? priors : each)[k >> 1])
      const content: NdArray = { data, shape: [each.length, 2] }
      return { content, range: images, fingerprint }
    },
  }
}

/** The report of the whole, of its parts in their order. */
export function bitsOf([{ job }]: readonly Note[], parts: readonly NdArray[]): BitsReport {
  const both = parts.flatMap(({ data }) => [...data])
  const column = (k: number) => Float64Array.from({ length: both.length / 2 }, (_, i) => both[2 * i + k])
  return reportOf(job.about as BitsReport, { each: column(0), priors: column(1) })
}
