/** Files measured in shards: the lines of JSON of some files in each part. */
import { refused } from '../../base/errors.ts'
import type { Context } from '../context.ts'
import type { MeasureJob } from '../measure/fields.ts'
import { measure } from '../measure/measure.ts'
import { jobRecord } from '../record.ts'
import { rangeOf, type Shard } from './shard.ts'

/** What the numbers of a file depend on besides the file. */
interface Measured {
  readonly phases: readonly string[]
  readonly voxelSize: unknown
  readonly unit?: string
}

/**
 * A shard of some files, before anything is measured. @throws UsageError with a reference, which samples are compared with
 * together, or for more shards than files
 */
export function measureShard(job: MeasureJob, shard: Shard, context: Context) {
  const { files = [], reference } = job
  if (reference) throw refused('measure a shard', 'reference', 'left out', 'given')
  const range = rangeOf(shard, files.length)
  const { saltus, job: of } = jobRecord({ job: { kind: 'measure', ...job }, sha256: {}, fingerprint: '' })
  return {
    planned: { total: files.length, saltus, job: of, read: {} },
    async make() {
      const found = await measure({ ...job, files: files.slice(...range) }, context)
      const records = found.records() as Measured[]
      const [{ phases, voxelSize, unit = '' }] = records
      // Files measured together are told in the same labels and voxels: parts must be too.
      const fingerprint = `${phases.length} labels, voxels of ${JSON.stringify(voxelSize)} ${unit}`.trim()
      const content = records.map(record => `${JSON.stringify(record)}\n`).join('')
      return { content, range, fingerprint }
    },
  }
}
