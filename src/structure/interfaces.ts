/**
 * Interfaces between phases, their area per volume, and where three phases meet.
 */
import { demandGiven } from '../base/given.ts'
import { strideOf } from './clusters.ts'
import { demandGrid, gridKinds, type Labels, outside, phaseOf, spacingOf } from './labels.ts'
import { finish, pieces, type Work, within } from './work.ts'

/** Areas of interfaces per volume by the pair of labels: "0-1", "0-2", …. */
export type Interfaces = Record<string, number>

export interface InterfaceOptions {
  /** Whether faces at the sides of the grid are taken too, as what meets there. Default false. */
  readonly periodic?: boolean
  /** Pairs of labels below so many are listed even where they never meet. */
  readonly labels?: number
  /** Lengths of the sides of a site, [axes]; default 1. */
  readonly spacing?: readonly number[]
}

/**
 * The faces between neighbouring sites of two different labels, over the volume of the sample. In 2-D lengths of
 * edges per area. Faces at the sides of the grid, and to what is outside the sample, are left out.
 */
export function* interfacesWork(labels: Labels, options: InterfaceOptions = {}): Work<Interfaces> {
  demandGiven('measure the interfaces', { labels, options }, { labels: gridKinds, options: 'object' })
  const { periodic = false, labels: least = 0, spacing } = options
  const what = 'measure the interfaces'
  demandGrid(labels, what)
  const { data, shape } = labels
  const sides = spacingOf(shape, spacing, what)
  const [inside, largest] = sample(data)
  const kinds = Math.max(least, largest + 1)
  // One kind more for what is outside.
  const width = kinds + 1
  const areas = new Float64Array(width * width)
  for (let axis = 0; axis < shape.length; axis++) {
    const along = facesAlong(labels, { axis, periodic, width })
    const faces = yield* within(along, axis / shape.length, 1 / shape.length)
    // A face across the axis has the area of volume / side.
    for (let pair = 0; pair < faces.length; pair++) areas[pair] += faces[pair] / sides[axis]
  }
  const found: Interfaces = {}
  for (let a = 0; a < kinds; a++)
    for (let b = a + 1; b < kinds; b++)
      found[`${a}-${b}`] = (areas[a * width + b] + areas[b * width + a]) / inside
  return found
}

/** `interfacesWork`, all at once. */
export const interfaces = (labels: Labels, options?: InterfaceOptions): Interfaces =>
  finish(interfacesWork(labels, options))

/** How many sites belong to the sample, and their largest label. */
function sample(data: Uint8Array): [inside: number, largest: number] {
  let [inside, largest] = [0, 0]
  for (let i = 0; i < data.length; i++) {
    if (data[i] === outside) continue
    inside++
    if (data[i] > largest) largest = data[i]
  }
  return [inside, largest]
}

interface Along {
  readonly axis: number
  readonly periodic: boolean
  /** One more than the labels; the last one stands for what is outside. */
  readonly width: number
}

/** Sites between two pauses. */
const atOnce = 2 ** 20

/** How often label b follows label a along an axis, at a · width + b. */
function* facesAlong({ data, shape }: Labels, { axis, periodic, width }: Along): Work<Float64Array> {
  const faces = new Float64Array(width * width)
  const length = shape[axis]
  if (length === 1) return faces
  const kind = Int32Array.from({ length: 256 }, (_, label) => Math.min(label, width - 1))
  const stride = strideOf(shape, axis)
  const block = stride * length
  const follow = (from: number, to: number, back: number) => {
    for (let i = from; i < to; i++) faces[kind[data[i + back]] * width + kind[data[i]]]++
  }
  let told = 0
  for (let outer = 0; outer < data.length; outer += block) {
    for (let from = outer + stride; from < outer + block; from += atOnce) {
      follow(from, Math.min(from + atOnce, outer + block), -stride)
      if (from - told < atOnce) continue
      told = from
      yield from / data.length
    }
    if (periodic) follow(outer, outer + stride, block - stride)
  }
  return faces
}

/** Two estimates of the area of the phase's surface per volume (2-D: length per area). */
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
export function* specificSurfaceWork(
  labels: Labels,
  options: { phase?: number } & Omit<InterfaceOptions, 'labels'> = {},
): Work<SpecificSurface> {
  demandGiven('measure the surface', { labels, options }, { labels: gridKinds, options: 'object' })
  const { phase = 0, periodic = false, spacing } = options
  const two = phaseOf(labels, phase)
  yield 0
  if (labels.data.includes(outside))
    labels.data.forEach((label, i) => {
      if (label === outside) two.data[i] = outside
    })
  const found = yield* interfacesWork(two, { periodic, labels: 2, spacing })
  const faces = found['0-1']
  const axes = labels.shape.filter(length => length > 1).length
  return { faces, isotropic: faces * [1, 1, Math.PI / 4, 2 / 3][axes] }
}

/** `specificSurfaceWork`, all at once. */
export const specificSurface = (...of: Parameters<typeof specificSurfaceWork>): SpecificSurface =>
  finish(specificSurfaceWork(...of))

/** Where at least three labels meet, by the two ways in which programs count. */
export interface TriplePoints {
  /** The length of edges around which three labels lie per volume (2-D: the number of such corners per area). */
  readonly perVolume: number
  /** The share of all inner edges (2-D: corners) of the grid around which they do. */
  readonly perEdge: number
}

/**
 * Where three phases meet: in 2-D corners around which at least three labels lie, in 3-D edges around which they do (the
 * triple-phase boundary of Golbert, Adjiman & Brandon 2008, Ind. Eng. Chem. Res. 47, 7693–7699). Edges at the sides of the
 * grid, and those beside what is outside the sample, are left out.
 */
export function* triplePointsWork(
  labels: Labels,
  options: Omit<InterfaceOptions, 'labels'> = {},
): Work<TriplePoints> {
  demandGiven('measure the triple points', { labels, options }, { labels: gridKinds, options: 'object' })
  const { periodic = false, spacing } = options
  const what = 'measure the triple points'
  demandGrid(labels, what)
  const { data, shape } = labels
  const sides = spacingOf(shape, spacing, what)
  const volume = sides.reduce((product, side, axis) => product * (shape[axis] > 1 ? side : 1), 1)
  let [length, found, all] = [0, 0, 0]
  for (let a = 0; a < shape.length; a++)
    for (let b = a + 1; b < shape.length; b++) {
      if (shape[a] === 1 || shape[b] === 1) continue
      const { triple, edges } = yield* edgesAcross(labels, [a, b], periodic)
      const along = sides.reduce(
        (product, side, c) => (c === a || c === b || shape[c] === 1 ? product : product * side),
        1,
      )
      length += triple * along
      found += triple
      all += edges
    }
  return { perVolume: length / (sample(data)[0] * volume), perEdge: all > 0 ? found / all : 0 }
}

/** `triplePointsWork`, all at once. */
export const triplePoints = (...of: Parameters<typeof triplePointsWork>): TriplePoints =>
  finish(triplePointsWork(...of))

/** The edges across two axes, and those among them around which three labels lie. */
function* edgesAcross(
  { data, shape }: Labels,
  [a, b]: readonly [number, number],
  periodic: boolean,
): Work<{ triple: number; edges: number }> {
  const [sa, sb] = [strideOf(shape, a), strideOf(shape, b)]
  const [la, lb] = [shape[a], shape[b]]
  let [triple, edges] = [0, 0]
  // Lines along the last axis: the place across both axes changes along them only where b is that axis.
  const width = sb === 1 ? 1 : shape[shape.length - 1]
  const count = (from: number, to: number) => {
    for (let line = from; line < to; line++) {
      const first = line * width
      const ua = Math.floor(first / sa) % la
      const ub = Math.floor(first / sb) % lb
      if (!periodic && (ua === la - 1 || ub === lb - 1)) continue
      const stepA = ua === la - 1 ? -ua * sa : sa
      const stepB = ub === lb - 1 ? -ub * sb : sb
      for (let i = first; i < first + width; i++) {
        const [p, q, r, s] = [data[i], data[i + stepA], data[i + stepB], data[i + stepA + stepB]]
        if (p === outside || q === outside || r === outside || s === outside) continue
        edges++
        if (p === q && r === s) continue
        const others =
          (q !== p ? 1 : 0) + (r !== p && r !== q ? 1 : 0) + (s !== p && s !== q && s !== r ? 1 : 0)
        if (others >= 2) triple++
      }
    }
  }
  yield* pieces(data.length / width, count, Math.max(1, Math.floor(atOnce / width)))
  return { triple, edges }
}
