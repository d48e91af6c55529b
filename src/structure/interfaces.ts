/**
 * Interfaces between phases, their area per volume, and where three phases meet.
 */
import { demandGrid, type Labels, linesOf, phaseOf } from './labels.ts'

/** Areas of interfaces per volume, one per site (the length of its side is the unit), by the pair of labels: "0-1", "0-2", …. */
export type Interfaces = Record<string, number>

/**
 * The faces between neighbouring sites of two different labels, over the number of sites. In 2-D lengths of
 * edges per area. Faces at the sides of the grid are left out, with periodic sides they are taken too. Pairs
 * of labels below `labels` are listed even where they never meet.
 */
export function interfaces(
  labels: Labels,
  { periodic = false, labels: least = 0 }: { periodic?: boolean; labels?: number } = {},
): Interfaces {
  demandGrid(labels, 'measure the interfaces')
  const { data, shape } = labels
  const kinds = Math.max(least, data.reduce((most, label) => Math.max(most, label), 0) + 1)
  const faces = new Float64Array(kinds * kinds)
  for (let axis = 0; axis < shape.length; axis++) countFaces(labels, { axis, periodic, kinds, faces })
  const found: Interfaces = {}
  for (let a = 0; a < kinds; a++)
    for (let b = a + 1; b < kinds; b++)
      found[`${a}-${b}`] = (faces[a * kinds + b] + faces[b * kinds + a]) / data.length
  return found
}

interface Count {
  readonly axis: number
  readonly periodic: boolean
  readonly kinds: number
  readonly faces: Float64Array
}

function countFaces({ data, shape }: Labels, { axis, periodic, kinds, faces }: Count): void {
  const { length, stride, count, start } = linesOf(shape, axis)
  if (length === 1) return
  for (let line = 0; line < count; line++) {
    const first = start(line)
    let before = periodic ? data[first + (length - 1) * stride] : data[first]
    for (let at = 0; at < length; at++) {
      const label = data[first + at * stride]
      faces[before * kinds + label]++
      before = label
    }
  }
}

/** Two estimates of the area of the phase's surface per volume (2-D: length per area), one per site. */
export interface SpecificSurface {
  /**
   * The faces of sites. Exact for walls along the axes; of a smooth isotropic surface 3/2 of its true area (2-D:
   * 4/π of its length), however fine the grid.
   */
  readonly faces: number
  /** The same without that factor, by Cauchy's and Crofton's formula: right in the mean over all directions. */
  readonly isotropic: number
}

/** The surface between a phase and all that is not it (Torquato 2002, §2.2.2: −4, in 2-D −π, times the slope of S2 at 0). */
export function specificSurface(
  labels: Labels,
  { phase = 0, periodic = false }: { phase?: number; periodic?: boolean } = {},
): SpecificSurface {
  const mask = phaseOf(labels, phase)
  const faces = interfaces(mask, { periodic, labels: 2 })['0-1']
  const axes = labels.shape.filter(length => length > 1).length
  return { faces, isotropic: faces * [1, 1, Math.PI / 4, 2 / 3][axes] }
}

/**
 * Where three phases meet: in 2-D the number of corners around which at least three labels lie, per area; in
 * 3-D the length of edges around which they do, per volume (the triple-phase boundary of Golbert, Adjiman &
 * Brandon 2008, Ind. Eng. Chem. Res. 47, 7693–7699). One per squared site.
 */
export function triplePoints(labels: Labels, { periodic = false } = {}): number {
  demandGrid(labels, 'measure the triple points')
  const { data, shape } = labels
  const strides = shape.map((_, axis) => linesOf(shape, axis).stride)
  let count = 0
  for (let a = 0; a < shape.length; a++)
    for (let b = a + 1; b < shape.length; b++) {
      if (shape[a] === 1 || shape[b] === 1) continue
      for (let i = 0; i < data.length; i++) {
        const ua = Math.floor(i / strides[a]) % shape[a]
        const ub = Math.floor(i / strides[b]) % shape[b]
        if (!periodic && (ua === shape[a] - 1 || ub === shape[b] - 1)) continue
        const na = ua === shape[a] - 1 ? i - ua * strides[a] : i + strides[a]
        const step = ub === shape[b] - 1 ? -ub * strides[b] : strides[b]
        if (atLeastThree(data[i], data[na], data[i + step], data[na + step])) count++
      }
    }
  return count / data.length
}

/** Whether there are three different ones among four. */
function atLeastThree(a: number, b: number, c: number, d: number): boolean {
  const others = (b !== a ? 1 : 0) + (c !== a && c !== b ? 1 : 0) + (d !== a && d !== b && d !== c ? 1 : 0)
  return others >= 2
}
