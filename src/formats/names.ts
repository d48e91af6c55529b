/**
 * The names of files in a folder: their order, what is hidden, and what is missing in a series.
 */

/** The last part of a path. */
export const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Folders and files that systems and programs leave behind, by the names of any part of the path. */
export const hidden = (path: string): boolean =>
  path
    .split('/')
    .some(
      part =>
        part.startsWith('.') ||
        ['__MACOSX', '__pycache__', '@eaDir', '$RECYCLE.BIN', 'lost+found'].includes(part),
    )

/** Orders names letter by letter, runs of digits by their value: 9.png before 10.png. */
export function byName(a: string, b: string): number {
  const [left, right] = [a.split(/(\d+)/), b.split(/(\d+)/)]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = i % 2 === 1 ? Number(left[i]) - Number(right[i]) : 0
    if (difference !== 0) return difference
    if (i % 2 === 0 && left[i] !== right[i]) return left[i] < right[i] ? -1 : 1
  }
  return left.length - right.length || (a < b ? -1 : a > b ? 1 : 0)
}

/** A path without its ending, and without that of gzip before. */
export const stemOf = (path: string): string => path.replace(/\.gz$/i, '').replace(/\.[^./]*$/, '')

/** Two files whose names differ in their endings alone; undefined where there are none. */
export function twins(names: readonly string[]): readonly [string, string] | undefined {
  const seen = new Map<string, string>()
  for (const name of names) {
    const stem = stemOf(name)
    const other = seen.get(stem)
    if (other !== undefined) return [other, name]
    seen.set(stem, name)
  }
  return undefined
}

/**
 * The numbers that are missing in names in their order, where all of them are alike but for one number and most of
 * the series is there; in words, like "4, 7 to 9"; empty where none is missing.
 */
export function missing(names: readonly string[]): string {
  const parts = names.map(name => stemOf(name).split(/(\d+)/))
  const [first] = parts
  if (names.length < 3 || parts.some(part => part.length !== first.length)) return ''
  const differing = first.flatMap((_, i) => (parts.some(part => part[i] !== first[i]) ? [i] : []))
  if (differing.length !== 1 || differing[0] % 2 === 0) return ''
  const numbers = parts.map(part => Number(part[differing[0]]))
  const steps = numbers.slice(1).map((number, i) => number - numbers[i])
  const step = Math.min(...new Set(steps))
  if (step < 1 || !steps.every(one => one % step === 0)) return ''
  const gaps = steps.flatMap((one, i) =>
    one > step ? [{ from: numbers[i] + step, to: numbers[i + 1] - step }] : [],
  )
  const absent = gaps.reduce((sum, { from, to }) => sum + (to - from) / step + 1, 0)
  if (absent === 0 || absent > names.length) return ''
  const words = gaps.map(({ from, to }) => (from === to ? String(from) : `${from} to ${to}`))
  return words.length > 5 ? `${words.slice(0, 5).join(', ')} and others` : words.join(', ')
}
