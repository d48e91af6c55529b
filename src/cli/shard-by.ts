/** How a command draws one shard into a folder, and what it tells of it. */
import type { Context } from '../jobs/context.ts'
import { recordOf } from '../jobs/generate/generate.ts'
import type { Plan } from '../jobs/generate/samples.ts'
import { drawShard, shardOf } from '../jobs/shard/draw.ts'
import type { Note, Shard } from '../jobs/shard/shard.ts'
import { type Made, makePart, type Planned, partPath } from '../node/shard-folder.ts'
import { duration } from './progress.ts'
import { onlyFolder } from './usage.ts'

interface Drawing {
  readonly out: readonly string[]
  readonly plan: Plan
  readonly job: { readonly kind: string }
  readonly context: Context
}

/** Draws a shard of a plan into the folder --out; returns what there is to tell. @throws UsageError for more shards than tiles */
export async function shardBy(
  { shard, json, quiet }: { readonly shard?: Shard; readonly json?: boolean; readonly quiet?: boolean },
  { out, plan, job, context }: Drawing,
): Promise<string> {
  const folder = onlyFolder(out)
  const own = shard as Shard
  const drawing = shardOf(plan.drawing, own)
  for (const words of plan.warnings) context.say?.(words)
  const told = job as typeof job & { readonly model: string }
  const record = await recordOf(plan, told, { fingerprint: '', files: context.files })
  const { saltus, job: of, sha256: read } = record
  const part = {
    planned: { total: drawing.masses.length, saltus, job: of, read },
    async make() {
      const { array, range, fingerprint } = await drawShard(drawing, context)
      return { content: array, range, fingerprint }
    },
  }
  return partBy(part, { folder, shard: own, json, quiet, noun: plan.noun })
}

/** Makes a part, unless it is there; returns what there is to tell. */
export async function partBy(
  part: { readonly planned: Planned; make(): Promise<Made> },
  { folder, shard, ...telling }: Telling & { readonly shard: Shard },
): Promise<string> {
  return tell(await makePart(folder, shard, part), { folder, ...telling })
}

interface Telling {
  readonly json?: boolean
  readonly quiet?: boolean
  readonly noun: string
  readonly folder: string
}

/** What is told of a part. */
function tell(
  { note, made }: { readonly note: Note; readonly made: boolean },
  { json, quiet, noun, folder }: Telling,
): string {
  if (json) return `${JSON.stringify({ ...note, made })}\n`
  if (quiet) return ''
  const { range, total, shard, seconds } = note
  const how = made ? `in ${duration(seconds)}` : 'as it was there already'
  return `${noun} ${range[0]} to ${range[1] - 1} of ${total}, part ${shard[0]} of ${shard[1]}: ${partPath(folder, note)}, ${how}\n`
}
