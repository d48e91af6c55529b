/**
 * Palettes of label images: two pictures mean the same only where the same colours do.
 */
import type { TypedArray } from './array.ts'
import type { Rgb } from './grid.ts'
import { malformed } from './malformed.ts'

const number = ([r, g, b]: Rgb) => (r << 16) | (g << 8) | b

export function samePalette(a: readonly Rgb[] | undefined, b: readonly Rgb[] | undefined): boolean {
  if (!a || !b) return a === b
  return a.length === b.length && a.every((colour, i) => number(colour) === number(b[i]))
}

/** Whether the colours of a palette are grey and the order of its indices is not that of the greys. */
export function shuffledGreys(palette: readonly Rgb[], used: number): boolean {
  const grey = palette.every(([r, g, b]) => r === g && g === b)
  return grey && palette.slice(1, used).some(([value], i) => value < palette[i][0])
}

/**
 * Indices into one palette as indices into another: those of the same colours.
 * @throws SyntaxError if a colour that is used is not in the other palette
 */
export function recoloured(
  indices: TypedArray,
  { from, to, name, like }: { from: readonly Rgb[]; to: readonly Rgb[]; name: string; like: string },
): TypedArray {
  const places = new Map<number, number>()
  to.forEach((colour, i) => {
    if (!places.has(number(colour))) places.set(number(colour), i)
  })
  // Where both palettes have a colour at one place, that place is meant.
  const meant = from.map((colour, i) =>
    to[i] && number(to[i]) === number(colour) ? i : (places.get(number(colour)) ?? -1),
  )
  const out = indices.slice()
  for (let i = 0; i < indices.length; i++) {
    const place = meant[indices[i]]
    if (place === undefined || place < 0)
      throw malformed(name, `colour ${indices[i]} of its palette`, `one of ${like}`, from[indices[i]])
    out[i] = place
  }
  return out
}
