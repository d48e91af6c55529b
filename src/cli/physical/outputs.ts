/** What the commands of physical walks share: their outputs, a bar for their work, numbers in words. */
import { extname } from 'node:path'
import type { Command } from 'commander'
import { cannot, UsageError } from '../../base/errors.ts'
import { drive, type Work } from '../../base/work.ts'
import type { NdArray } from '../../formats/array.ts'
import { writeNpz } from '../../formats/npz.ts'
import { demandWritable, writeWhole } from '../../node/files.ts'
import { interruption, progressBar } from '../progress.ts'
import { several, whole } from '../usage.ts'

/** Adds the flags of a seed and of outputs with one of these endings. */
export function withOutputs(command: Command, endings: string, seed = 'seed'): Command {
  return command
    .option('--seed <n>', seed, whole('--seed', { least: 0 }), 0)
    .option('-o, --out <file>', `${endings}; may be given several times`, several)
    .option('--json', 'print one JSON object', false)
    .option('--quiet', 'print results and errors only', false)
}

/** Checks before any work that every output has one of these endings and can be written. */
export function demandEndings(paths: readonly string[] = [], endings: readonly string[]): void {
  for (const path of paths) {
    if (!endings.includes(extname(path)))
      throw new UsageError(
        cannot('write the result', '--out', `a file ending in ${endings.join(', ')}`, path),
      )
    demandWritable(path)
  }
}

export interface Result {
  readonly pictures: () => Promise<string>
  /** Arrays of the .npz. */
  readonly arrays: () => Record<string, NdArray | string>
  /** Columns of the .csv, all of one length. */
  readonly columns?: () => Record<string, ArrayLike<number>>
}

/** Writes a picture (.svg), the arrays (.npz) or a table (.csv) to every path. */
export async function writeResult(paths: readonly string[] = [], result: Result): Promise<void> {
  for (const path of paths) {
    const ending = extname(path)
    if (ending === '.svg') writeWhole(path, await result.pictures())
    else if (ending === '.npz') writeWhole(path, writeNpz(result.arrays()))
    else writeWhole(path, csvOf(result.columns?.() ?? {}))
  }
}

export function csvOf(columns: Readonly<Record<string, ArrayLike<number>>>): string {
  const names = Object.keys(columns)
  const rows = Array.from({ length: columns[names[0]]?.length ?? 0 }, (_, i) =>
    names.map(name => String(columns[name][i])).join(','),
  )
  return `${[names.join(','), ...rows].join('\n')}\n`
}

/** Does work under a bar; Ctrl-C stops it. */
export async function under<T>(name: string, work: Work<T>, quiet = false): Promise<T> {
  return watched(name, { quiet }, options => drive(work, options))
}

/** The same for work that takes the signal and tells its share itself. */
export async function watched<T>(
  name: string,
  { quiet }: { quiet: boolean },
  work: (options: { signal: AbortSignal; onProgress: (share: number) => void }) => Promise<T>,
): Promise<T> {
  const bar = progressBar(name, { total: 1000, quiet })
  const { signal, release } = interruption()
  try {
    return await work({ signal, onProgress: share => bar.update(Math.floor(1000 * share)) })
  } finally {
    bar.stop()
    release()
  }
}

/** A number of so many significant digits, without trailing zeros. */
export const short = (value: number, digits = 4): string => String(Number(value.toPrecision(digits)))

/** Rows of cells as a table of equal columns. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, c) => Math.max(...rows.map(row => row[c].length)))
  return rows
    .map(row =>
      row
        .map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c])))
        .join('  ')
        .trimEnd(),
    )
    .map(line => `${line}\n`)
    .join('')
}
