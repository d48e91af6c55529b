/**
 * Clusters: the sites of a phase that hang together by faces (4 neighbours in 2-D, 6 in 3-D), or by corners too (8 and
 * 26), labelled in one pass with joined roots (Hoshen & Kopelman 1976, Phys. Rev. B 14, 3438–3445).
 */
import { demandGrid, type Mask } from './labels.ts'
import type { Work } from './work.ts'

export interface Clusters {
  /** The cluster of every site, from 1 in row-major order of their first sites; 0 outside the phase. */
  readonly number: Int32Array
  /** Sites of every cluster; sizes[0] is 0. */
  readonly sizes: Float64Array
  /** The sides of the grid that every cluster touches: bit 2a the first plane across axis a, bit 2a + 1 the last one. */
  readonly sides: Uint8Array
}

export interface ClusterOptions {
  /** Whether sites that share only an edge or a corner hang together. Default false. */
  readonly corners?: boolean
  /** For every axis, whether the phase goes on beyond its sides; default along none. */
  readonly periodic?: readonly boolean[]
}

/** Sites between two pauses, less one. */
const mostAtOnce = 2 ** 20 - 1

export function* clusters(mask: Mask, options: ClusterOptions = {}): Work<Clusters> {
  demandGrid(mask, 'label the clusters')
  const { data } = mask
  const number = new Int32Array(data.length)
  const roots = yield* labelled(mask, number, options)
  // Roots come before what hangs on them.
  const final = new Int32Array(roots.length)
  let count = 0
  for (let label = 1; label < roots.length; label++) {
    if ((label & mostAtOnce) === mostAtOnce) yield 0.6
    final[label] = roots[label] === label ? ++count : final[roots[label]]
  }
  yield 0.7
  const sizes = new Float64Array(count + 1)
  for (let i = 0; i < number.length; i++) {
    if ((i & mostAtOnce) === mostAtOnce) yield 0.7 + (0.2 * i) / number.length
    if (number[i] === 0) continue
    number[i] = final[number[i]]
    sizes[number[i]]++
  }
  yield 0.9
  return { number, sizes, sides: sidesOf(mask.shape, number, count) }
}

/** Provisional numbers into `number`; returns which number each belongs to. */
function* labelled(mask: Mask, number: Int32Array, options: ClusterOptions): Work<Int32Array> {
  const { corners = false, periodic = [] } = options
  const { data } = mask
  const shape = [...Array(3 - mask.shape.length).fill(1), ...mask.shape]
  const [depth, height, width] = shape
  const before = neighboursBefore(shape, corners)
  let roots = new Int32Array(1024)
  let count = 0
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      const row = (z * height + y) * width
      const links = before.filter(({ dz, dy }) => z + dz >= 0 && y + dy >= 0 && y + dy < height)
      for (let x = 0; x < width; x++) {
        const site = row + x
        if (!data[site]) continue
        let own = 0
        for (let k = 0; k < links.length; k++) {
          const { dx, step } = links[k]
          if (x + dx < 0 || x + dx >= width) continue
          const other = number[site + step]
          if (other === 0 || other === own) continue
          own = own === 0 ? rootOf(roots, other) : joined(roots, own, other)
        }
        if (own === 0) {
          own = ++count
          if (count === roots.length) roots = enlarged(roots)
          roots[own] = own
        }
        number[site] = own
      }
    }
    yield (0.6 * z) / depth
  }
  const wraps = periodic.flatMap((wrap, axis) => (wrap ? [axis + 3 - mask.shape.length] : []))
  for (const axis of wraps) joinSides({ number, roots, shape, axis, corners })
  for (let label = 1; label <= count; label++) roots[label] = rootOf(roots, label)
  return roots.subarray(0, count + 1)
}

interface Before {
  readonly dz: number
  readonly dy: number
  readonly dx: number
  readonly step: number
}

/** The neighbours that come before a site in row-major order. */
function neighboursBefore([, height, width]: readonly number[], corners: boolean): Before[] {
  const found: Before[] = []
  for (const dz of [-1, 0])
    for (const dy of [-1, 0, 1])
      for (const dx of [-1, 0, 1]) {
        const step = (dz * height + dy) * width + dx
        const earlier = dz < 0 || dy < 0 || (dy === 0 && dx < 0)
        if (!earlier || (dz === 0 && dy > 0)) continue
        if (corners || Math.abs(dz) + Math.abs(dy) + Math.abs(dx) === 1) found.push({ dz, dy, dx, step })
      }
  return found
}

function enlarged(roots: Int32Array): Int32Array<ArrayBuffer> {
  const more = new Int32Array(2 * roots.length)
  more.set(roots)
  return more
}

function rootOf(roots: Int32Array, label: number): number {
  while (roots[label] !== label) {
    roots[label] = roots[roots[label]]
    label = roots[label]
  }
  return label
}

function joined(roots: Int32Array, a: number, b: number): number {
  const [first, second] = [rootOf(roots, a), rootOf(roots, b)]
  const root = Math.min(first, second)
  roots[first] = root
  roots[second] = root
  return root
}

interface Seam {
  readonly number: Int32Array
  readonly roots: Int32Array
  readonly shape: readonly number[]
  readonly axis: number
  readonly corners: boolean
}

/** Joins what meets across the sides of a periodic axis: by faces, or by corners inside the other axes' range. */
function joinSides({ number, roots, shape, axis, corners }: Seam): void {
  const stride = strideOf(shape, axis)
  const across = [0, 1, 2].filter(other => other !== axis)
  const [a, b] = across
  const reach = corners ? [-1, 0, 1] : [0]
  for (let i = 0; i < shape[a]; i++)
    for (let j = 0; j < shape[b]; j++) {
      const first = i * strideOf(shape, a) + j * strideOf(shape, b)
      if (number[first] === 0) continue
      for (const da of reach)
        for (const db of reach) {
          if (i + da < 0 || i + da >= shape[a] || j + db < 0 || j + db >= shape[b]) continue
          const side = (i + da) * strideOf(shape, a) + (j + db) * strideOf(shape, b)
          const other = number[side + (shape[axis] - 1) * stride]
          if (other > 0) joined(roots, number[first], other)
        }
    }
}

function sidesOf(shape: readonly number[], number: Int32Array, count: number): Uint8Array {
  const sides = new Uint8Array(count + 1)
  for (let axis = 0; axis < shape.length; axis++) {
    const stride = strideOf(shape, axis)
    const block = stride * shape[axis]
    const last = block - stride
    for (let outer = 0; outer < number.length; outer += block)
      for (let site = outer; site < outer + stride; site++) {
        sides[number[site]] |= 1 << (2 * axis)
        sides[number[site + last]] |= 2 << (2 * axis)
      }
  }
  sides[0] = 0
  return sides
}

export function strideOf(shape: readonly number[], axis: number): number {
  return shape.slice(axis + 1).reduce((product, length) => product * length, 1)
}

/** Whether a cluster leads from one face across the axis to the other. */
export const spans = ({ sides }: Clusters, cluster: number, axis: number): boolean =>
  ((sides[cluster] >> (2 * axis)) & 3) === 3

/** The sites of the clusters of which something is true, in row-major order. */
export function sitesWhere({ number, sizes }: Clusters, holds: (cluster: number) => boolean): Int32Array {
  const chosen = Uint8Array.from(sizes, (_, cluster) => (cluster > 0 && holds(cluster) ? 1 : 0))
  let count = 0
  for (let cluster = 1; cluster < sizes.length; cluster++) if (chosen[cluster]) count += sizes[cluster]
  const sites = new Int32Array(count)
  let end = 0
  for (let i = 0; end < count; i++) if (chosen[number[i]]) sites[end++] = i
  return sites
}
