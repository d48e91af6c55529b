// What a measurement sees of an image, without its noise: a linear operator, its adjoint and its column sums.
import { cannot, demand } from '../base/errors.ts'
import type { BoundaryName } from '../lattice/index.ts'
import { blocks, psf } from './kernels.ts'
import { type Matrix, stacked } from './matrix.ts'
import { projections } from './projections.ts'
import { walked } from './walked.ts'

/** Plain, serialisable: enough to rebuild the operator on images of a size. */
export type OperatorDescription =
  | { readonly kind: 'blur'; readonly sigma: number; readonly boundary: BoundaryName }
  | {
      readonly kind: 'psf'
      /** [h, w], of odd sides, >= 0. */
      readonly weights: Float64Array
      readonly shape: readonly [number, number]
      readonly boundary: BoundaryName
    }
  /** [C, H, W] or one plane for all channels: not 0 where it is seen. */
  | { readonly kind: 'mask'; readonly seen: Uint8Array }
  | { readonly kind: 'blocks'; readonly side: number }
  /** In degrees. */
  | { readonly kind: 'projections'; readonly angles: readonly number[] }

/** An operator A >= 0 on images [C, H, W]: the units of site x are expected in the number i of what is measured with weight A[i, x]. */
export interface Operator {
  readonly description: OperatorDescription
  /** C H W. */
  readonly size: number
  /** What is measured, [C, h, w]. */
  readonly shape: readonly [number, number, number]
  /** Σ_i A[i, x], [size]: what becomes of the mass. */
  readonly sums: Float64Array
  /** Writes A `image` [C, h, w]. */
  apply(image: ArrayLike<number>, out: Float64Array): void
  /** Writes Aᵀ `measured` [C, H, W]. */
  adjoint(measured: ArrayLike<number>, out: Float64Array): void
}

/**
 * The operator on images [C, H, W]: every channel is seen alike (but by a mask that says otherwise). A blur is the lattice's own
 * Gaussian, of the variance sigma² to the digit: the law of a walk over τ = sigma² / 2; it and a normalised PSF have column sums
 * 1, walls giving back what would leave. Blocks are sums over side × side sites. Projections are parallel beams, in which every site's
 * units fall on the two nearest of the detector's bins: each view has the whole mass.
 * @throws RangeError for what does not fit the image
 */
export function operator(
  description: OperatorDescription,
  shape: readonly [number, number, number],
): Operator {
  const plane = planeOf(description, shape)
  const [channels, height, width] = shape
  const size = channels * height * width
  const seen = plane.rows
  const sums = new Float64Array(size)
  const one: Operator = {
    description,
    size,
    shape: [channels, ...plane.shape],
    sums,
    apply(image, out) {
      demandLengths(image, out, [size, channels * seen])
      for (let c = 0; c < channels; c++) plane.apply({ from: image, at: c * height * width }, out, c * seen)
    },
    adjoint(measured, out) {
      demandLengths(measured, out, [channels * seen, size])
      for (let c = 0; c < channels; c++)
        plane.adjoint({ from: measured, at: c * seen }, out, c * height * width)
    },
  }
  one.adjoint(new Float64Array(channels * seen).fill(1), sums)
  return one
}

function demandLengths(
  from: ArrayLike<number>,
  out: ArrayLike<number>,
  [wanted, got]: [number, number],
): void {
  demand(from.length === wanted, 'measure', 'the length of what is given', String(wanted), from.length)
  demand(out.length === got, 'measure', 'the length of the result', String(got), out.length)
}

function planeOf(
  description: OperatorDescription,
  [channels, height, width]: readonly [number, number, number],
): Matrix {
  const sides = [height, width] as const
  const { kind } = description
  switch (kind) {
    case 'blur':
      return walked(sides, description)
    case 'psf':
      return psf(sides, description)
    case 'mask':
      return stacked(sides, description.seen, channels)
    case 'blocks':
      return blocks(sides, description.side)
    case 'projections':
      return projections(sides, description.angles)
    default:
      throw new RangeError(cannot('measure', 'the operator', 'blur, psf, mask, blocks or projections', kind))
  }
}
