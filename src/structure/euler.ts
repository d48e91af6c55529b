/**
 * The Euler number of a phase: clusters − loops + cavities (in 2-D clusters − holes), counted from what 2^d windows of
 * sites look like (Ohser & Mücklich 2000, *Statistical Analysis of Microstructures in Materials Science*, ch. 4).
 *
 * Two complexes stand for the phase. Where sites hang together by faces (4 in 2-D, 6 in 3-D) a site is a vertex, and k-cells
 * are k-cubes of 2^k neighbours all in the phase; where corners bind too (8, 26) sites are closed cubes, and a cell of
 * dimension d − k is in it where any of the 2^k sites around it is. A k-cube of sites is shared by 2^(d−k) windows.
 */
import { demandGrid, insideOf, type Labels } from './labels.ts'
import type { Work } from './work.ts'

export interface Euler {
  /** Of the phase as it is in the grid, with nothing beyond its sides. */
  readonly number: number
  /** The same where sites that share an edge or a corner hang together. */
  readonly numberByCorners: number
  /** Per volume (2-D: area) of one site, from windows inside the sample alone: of a larger medium right in the mean. */
  readonly specific: number
  readonly specificByCorners: number
}

export function* euler(labels: Labels, phase: number): Work<Euler> {
  demandGrid(labels, 'measure the Euler number')
  const { padded, inner } = yield* windows(labels, phase)
  const axes = Math.log2(Math.log2(padded.length))
  const [faces, corners] = [true, false].map(all =>
    Float64Array.from(padded, (_, code) => share(code, axes, all)),
  )
  const sum = (counts: Float64Array, of: Float64Array) =>
    counts.reduce((total, count, code) => total + count * of[code], 0)
  const seen = inner.reduce((total, count) => total + count, 0)
  return {
    number: Math.round(sum(padded, faces)),
    numberByCorners: Math.round(sum(padded, corners)),
    specific: sum(inner, faces) / seen,
    specificByCorners: sum(inner, corners) / seen,
  }
}

/** What a window adds to the Euler number: bit b of the code is the site whose coordinates are the digits of b. */
function share(code: number, axes: number, all: boolean): number {
  let sum = 0
  const size = 1 << axes
  for (let free = 0; free < size; free++) {
    const k = bits(free)
    const sign = (all ? k : axes - k) % 2 === 0 ? 1 : -1
    for (let fixed = 0; fixed < size; fixed++) {
      if (fixed & free) continue
      let [every, some] = [true, false]
      for (let corner = 0; corner < size; corner++) {
        if ((corner & ~free) !== fixed) continue
        if (code & (1 << corner)) some = true
        else every = false
      }
      if (all ? every : some) sum += sign / 2 ** (axes - k)
    }
  }
  return sum
}

function bits(number: number): number {
  let count = 0
  for (let rest = number; rest > 0; rest &= rest - 1) count++
  return count
}

/** How often each kind of window occurs: with a rim of empty sites around the grid, and inside the sample alone. */
function* windows(labels: Labels, phase: number): Work<{ padded: Float64Array; inner: Float64Array }> {
  const { data } = labels
  const shape = labels.shape.filter(length => length > 1)
  const sample = insideOf(labels)?.data
  const [depth, height, width] = [...Array(Math.max(0, 3 - shape.length)).fill(1), ...shape]
  const lines = 2 ** Math.max(0, shape.length - 1)
  const [padded, inner] = [0, 1].map(() => new Float64Array(2 ** (2 * lines)))
  const rows = new Int32Array(lines)
  for (let z = 0; z <= (lines === 4 ? depth : 0); z++) {
    yield z / (depth + 1)
    for (let y = 0; y <= (lines >= 2 ? height : 0); y++) {
      let whole = true
      for (let line = 0; line < lines; line++) {
        const [at, row] = [lines === 4 ? z - 1 + (line >> 1) : 0, lines >= 2 ? y - 1 + (line & 1) : 0]
        const there = at >= 0 && at < depth && row >= 0 && row < height
        rows[line] = there ? (at * height + row) * width : -1
        whole &&= there
      }
      // The codes of the sites left and right of the corner, 1 for those in the phase, and for those beyond the sample.
      let [left, leftOut] = [0, lines === 0 ? 0 : 1]
      for (let x = 0; x <= width; x++) {
        let [right, rightOut] = [0, x === width || !whole ? 1 : 0]
        if (x < width)
          for (let line = 0; line < lines; line++) {
            if (rows[line] < 0) continue
            if (data[rows[line] + x] === phase) right |= 1 << line
            if (sample && !sample[rows[line] + x]) rightOut = 1
          }
        const code = left | (right << lines)
        padded[code]++
        if (!leftOut && !rightOut) inner[code]++
        left = right
        leftOut = rightOut
      }
    }
  }
  return { padded, inner }
}
