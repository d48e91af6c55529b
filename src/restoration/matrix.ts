// Linear maps of planes: sparse ones by where each site is seen, of which apply and adjoint are the two readings of one table.
import { demand } from '../base/errors.ts'

/** Part of an array: from `at` on. */
export interface Part {
  readonly from: ArrayLike<number>
  readonly at: number
}

/** A linear map of planes [H, W] to planes of another shape. */
export interface Matrix {
  readonly shape: readonly [number, number]
  /** Their numbers. */
  readonly rows: number
  /** Writes the product to `out`, from `start` on. */
  apply(plane: Part, out: Float64Array, start: number): void
  adjoint(plane: Part, out: Float64Array, start: number): void
}

/** Says where the units of a site are seen: `put(row, weight)` for each place. */
export type Seen = (site: number, put: (row: number, weight: number) => void) => void

/** The sparse map of `columns` sites to a plane. */
export function sparse(shape: readonly [number, number], columns: number, seen: Seen): Matrix {
  const rows: number[] = []
  const weights: number[] = []
  const begin = new Int32Array(columns + 1)
  for (let x = 0; x < columns; x++) {
    seen(x, (row, weight) => {
      if (weight === 0) return
      rows.push(row)
      weights.push(weight)
    })
    begin[x + 1] = rows.length
  }
  const [row, weight] = [Int32Array.from(rows), Float64Array.from(weights)]
  return {
    shape,
    rows: shape[0] * shape[1],
    apply({ from, at }, out, start) {
      out.fill(0, start, start + shape[0] * shape[1])
      for (let x = 0; x < columns; x++) {
        const n = from[at + x]
        if (n === 0) continue
        for (let k = begin[x]; k < begin[x + 1]; k++) out[start + row[k]] += n * weight[k]
      }
    },
    adjoint({ from, at }, out, start) {
      for (let x = 0; x < columns; x++) {
        let sum = 0
        for (let k = begin[x]; k < begin[x + 1]; k++) sum += weight[k] * from[at + row[k]]
        out[start + x] = sum
      }
    },
  }
}

/** Sites that are seen as they are, and others not at all; `seen` is one plane, or one for each channel. */
export function stacked(shape: readonly [number, number], seen: Uint8Array, channels: number): Matrix {
  const sites = shape[0] * shape[1]
  const fits = seen.length === sites || seen.length === sites * channels
  demand(fits, 'measure', 'the mask', `of ${sites} sites, or ${channels} times as many`, seen.length)
  const masked: Matrix['apply'] = ({ from, at }, out, start) => {
    // The planes of what is measured are those of the image.
    const plane = seen.length === sites ? 0 : at
    for (let x = 0; x < sites; x++) out[start + x] = seen[plane + x] ? from[at + x] : 0
  }
  return { shape, rows: sites, apply: masked, adjoint: masked }
}
