/** The options of a run that is gone on with: as it was begun, but for its length and for where its data lie. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { cannot, UsageError } from '../../base/errors.ts'
import { cropNames, trainSchema } from '../../jobs/train/fields.ts'
import type { RunOptions } from '../../jobs/train/options.ts'
import { modelPath } from '../../node/models.ts'
import { flagOfField } from '../flags.ts'
import type { RunFolder } from './run-folder.ts'

/** What may be told anew. */
const free: ReadonlySet<string> = new Set(['data', 'steps', 'minutes', 'until', 'memory'])

/** @throws UsageError for a flag that says otherwise than the run was begun with */
export function keptOptions(command: Command, folder: RunFolder): RunOptions {
  if (!folder.begun) throw new UsageError(cannot('resume', '--out', 'the folder of a run', folder.path))
  const { options: kept } = folder.beginning()
  const flags = command.opts<Partial<Record<string, unknown>>>()
  const told = Object.keys(trainSchema).filter(name => command.getOptionValueSource(name) === 'cli')
  for (const name of told) {
    if (free.has(name)) continue
    if (cropNames.has(name))
      throw new UsageError(
        cannot('resume', flagOfField(trainSchema, name), 'left out: crops stay as they were', 'given'),
      )
    const value =
      name === 'from'
        ? resolve(modelPath(String(flags.from)))
        : name === 'fromData' || name === 'graph'
          ? resolve(String(flags[name]))
          : flags[name]
    const [then, now] = [kept[name as keyof RunOptions], value].map(of => JSON.stringify(of) ?? 'nothing')
    if (then !== now)
      throw new UsageError(
        `Cannot resume: ${flagOfField(trainSchema, name)} must be as it was, ${then}, got ${now}`,
      )
  }
  const { data, ...own } = flags as { data: string } & Pick<RunOptions, 'steps' | 'minutes' | 'until'>
  const { steps = kept.steps, minutes = kept.minutes, until = kept.until } = own
  return {
    ...kept,
    steps,
    ...(minutes !== undefined && { minutes }),
    ...(until && { until }),
    ...(told.includes('data') && { data: resolve(data) }),
  }
}
