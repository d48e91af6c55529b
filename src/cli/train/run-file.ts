/** `run.json`: how a run was begun, with the version that began it and a checksum of its data; checked when it is read. */
import { cannot } from '../../base/errors.ts'
import { version } from '../../base/version.ts'
import { crc32 } from '../../formats/gzip.ts'
import type { RunOptions } from '../../jobs/train/options.ts'
import { processNames } from '../../jobs/train/processes.ts'
import {
  list,
  nonNegative,
  number,
  oneOf,
  optional,
  positive,
  type Rule,
  record,
  ruled,
  share,
  text,
  truth,
  whole,
} from '../../model/rules.ts'
import { readBytes, writeWhole } from '../../node/files.ts'

/** How a run was started. */
export interface Beginning {
  readonly options: RunOptions
  /** Of its data: what they hold, and how it is to be understood. */
  readonly checksum: string
}

/** Of this file and of the checkpoint beside it. */
export const runFormat = 2

const count = whole(1, 2 ** 31)
const size = whole(1, 4096)

/** By the path of the value. */
const rules: Readonly<Record<string, Rule>> = {
  version: text,
  checksum: text,
  data: text,
  from: optional(text),
  process: oneOf(processNames),
  binarise: optional(count),
  ink: optional(truth),
  boundary: oneOf(['periodic', 'no-flux']),
  rate: optional(positive),
  schedule: text,
  weight: text,
  steps: count,
  minutes: optional(positive),
  until: optional(list(record, 1, 16)),
  batch: size,
  accumulate: count,
  learningRate: positive,
  warmup: whole(0, 2 ** 31),
  average: share,
  seed: whole(0, Number.MAX_SAFE_INTEGER),
  labels: truth,
  tell: optional(list(text, 1, 64)),
  labelDropout: share,
  base: size,
  multipliers: list(whole(1, 64), 1, 16),
  blocks: list(whole(1, 64), 1, 16),
  attention: list(whole(0, 15), 0, 16),
  embedding: size,
  draws: optional(whole(2, 64)),
  student: optional(record),
  crops: optional(record),
}

const cropRules: Readonly<Record<string, Rule>> = {
  'crops.crop': list(whole(4, 4096), 2, 3),
  'crops.axes': list(oneOf(['x', 'y', 'z']), 1, 3),
  'crops.flips': truth,
  'crops.turns': truth,
  'crops.holdOut': share,
  'crops.sketch': optional(oneOf(['x', 'y', 'z'])),
  'crops.names': optional(list(text, 1, 256)),
  'crops.threshold': optional(number('a number', Number.isFinite)),
  'crops.levels': optional(list(nonNegative, 1, 256)),
  'crops.shape': optional(list(count, 1, 4)),
}

export function writeBeginning(path: string, { options, checksum }: Beginning): void {
  const told = { format: runFormat, version, ...options, checksum }
  writeWhole(path, `${JSON.stringify(told, null, 2)}\n`)
}

/** @throws SyntaxError of one line, naming the first thing that cannot be. */
export function readBeginning(path: string): Beginning {
  const json = new TextDecoder().decode(readBytes(path))
  const { format } = ruled(json, { data: text }, path) as { format?: unknown }
  if (format !== runFormat) {
    const wanted = `${runFormat} (go on with the version of saltus that began the run, or begin anew)`
    throw new SyntaxError(cannot(`resume from ${path}`, 'its format', wanted, format))
  }
  const told = ruled(json, rules, path) as RunOptions & { checksum: string }
  if (told.crops) ruled(json, cropRules, path)
  const { format: _, version: __, checksum, ...options } = told as typeof told & Record<string, unknown>
  return { options: options as RunOptions, checksum }
}

/** Options that say how long a run goes on. */
const length: ReadonlySet<string> = new Set(['steps', 'minutes', 'until'])

/** A number that a run shares with no other but for its length: of its options and data, wherever these lie. */
export function identityOf({ options, checksum }: Beginning): string {
  const own = Object.entries({ ...options, checksum }).filter(
    ([name]) => !length.has(name) && name !== 'data',
  )
  const sorted = own.sort(([a], [b]) => (a < b ? -1 : 1))
  return crc32(new TextEncoder().encode(JSON.stringify(sorted))).toString(16)
}
