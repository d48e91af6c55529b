// The blur that is a walk: every unit a random step away, by the exact kernel of the lattice.
import { demand } from '../base/errors.ts'
import { type BoundaryName, lattice } from '../lattice/index.ts'
import { latticeWalk } from '../walk/lattice-walk.ts'
import type { Matrix } from './matrix.ts'

/** The kernel of variance sigma² along both axes; it is symmetric, so that it is its own adjoint. */
export function walked(
  shape: readonly [number, number],
  { sigma, boundary }: { readonly sigma: number; readonly boundary: BoundaryName },
): Matrix {
  demand(sigma >= 0 && sigma <= 1000, 'measure', 'the sigma of the blur', 'in [0, 1000]', sigma)
  const walk = latticeWalk(lattice(shape, boundary))
  const sites = shape[0] * shape[1]
  const field = new Float64Array(sites)
  const spread: Matrix['apply'] = ({ from, at }, out, start) => {
    for (let x = 0; x < sites; x++) field[x] = from[at + x]
    walk.spread(field, (sigma * sigma) / 2, field)
    out.set(field, start)
  }
  return { shape, rows: sites, apply: spread, adjoint: spread }
}
