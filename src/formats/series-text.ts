/** Series as a table of text. */
import { cannot } from '../base/errors.ts'
import type { Quantised } from './series.ts'

/** A cell: quoted where it must be. */
const cell = (text: string) => (/[",;\t|\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** So many digits tell any two counts apart. */
const written = (value: number) => String(Number(value.toPrecision(12)))

/**
 * Counts [N, C, 1, length] as lines `series,step,…`, N · length of them below the names of the columns, in the values that the counts mean.
 * @throws RangeError where columns and channels differ in number
 */
export function seriesText(
  { counts, shape }: { readonly counts: ArrayLike<number>; readonly shape: readonly number[] },
  columns: readonly Quantised[],
): string {
  const [n, c, , length] = shape
  if (c !== columns.length)
    throw new RangeError(cannot('write a table', 'the columns', `${c}, one a channel`, columns.length))
  const lines = [['series', 'step', ...columns.map(({ name }) => cell(name))].join()]
  for (let i = 0; i < n; i++)
    for (let x = 0; x < length; x++) {
      const values = columns.map(({ low, step }, k) => written(low + step * counts[(i * c + k) * length + x]))
      lines.push([i, x, ...values].join())
    }
  return `${lines.join('\n')}\n`
}
