/**
 * How large a pixel or voxel is: lengths of its sides and the names that programs give to units.
 */

/** The sides of a voxel; `z` (from slice to slice) where it is known. `unit` is empty where it was not told. */
export interface Scale {
  readonly x: number
  readonly y: number
  readonly z?: number
  readonly unit: string
}

const names: Record<string, string> = {
  um: 'um µm μm micron microns micrometer micrometers micrometre micrometres',
  nm: 'nm nanometer nanometers nanometre nanometres',
  mm: 'mm millimeter millimeters millimetre millimetres',
  cm: 'cm centimeter centimeters centimetre centimetres',
  m: 'm meter meters metre metres',
  '': 'pixel pixels voxel voxels px',
}

/** One name for a unit of length, whatever a program calls it: um for µm, micron, …; empty for pixels. */
export function unitNamed(text: string): string {
  // ImageJ writes what is not ASCII as \u00B5.
  const plain = text
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .trim()
  const found = Object.entries(names).find(([, words]) => words.split(' ').includes(plain.toLowerCase()))
  if (found) return found[0]
  // A word that is not known is kept where it is one: files are written by strangers.
  return /^[\p{L}\p{N}][\p{L}\p{N} ./^*-]{0,15}$/u.test(plain) ? plain : ''
}

/** Positive and finite, so that it can be the side of something. */
export const isLength = (value: number | undefined): value is number =>
  value !== undefined && value > 0 && Number.isFinite(value)
