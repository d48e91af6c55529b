// The walk on sites joined in any way, by the modes of its Laplacian: parts of a mask, and later graphs.
import { exp } from '../base/numeric.ts'
import { finish } from '../base/work.ts'
import { eigen } from '../graph/eigen.ts'
import { tableWalk } from './table-walk.ts'
import type { Walk } from './walk.ts'

/** exp(-tau * decay) beyond this exponent is 0 beside the rounding of a double. */
const FADED = 42

/**
 * k_τ(x|x0) = Σ_k v_k(x) v_k(x0) exp(-τ λ_k), with the modes v_k and decays λ_k of the Laplacian of the hops (degree minus
 * neighbours). `reached` [J, sites] is where they lead: a site, or -1; what leads from x to y must lead from y to x as well.
 * Probabilities are right to some 1e-15.
 *
 * The modes cost about 12 sites³ operations, at the first use, and 8 sites² bytes: 0.1 s and 0.3 MB for 200 sites.
 */
export function modesWalk({ sites, reached }: { sites: number; reached: Int32Array }): Walk {
  let modes: Modes | undefined
  return tableWalk({
    sites,
    reached,
    table(tau, out) {
      modes ??= modesOf(sites, reached)
      kernel(modes, tau, out)
    },
  })
}

interface Modes {
  /** Rising. */
  readonly decays: Float64Array
  /** [modes, sites], each of length 1. */
  readonly shapes: Float64Array
}

function modesOf(sites: number, reached: Int32Array): Modes {
  const laplacian = new Float64Array(sites * sites)
  for (let i = 0; i < reached.length; i++) {
    const x = i % sites
    if (reached[i] < 0) continue
    laplacian[x * sites + x]++
    laplacian[x * sites + reached[i]]--
  }
  const { values, vectors } = finish(eigen(laplacian, sites))
  return { decays: values.map(decay => Math.max(0, decay)), shapes: vectors }
}

/** Writes K_tau, [sites, sites]: what rounding makes negative is 0. */
function kernel({ decays, shapes }: Modes, tau: number, out: Float64Array): void {
  const sites = decays.length
  out.fill(0)
  for (let k = 0; k < sites && tau * decays[k] < FADED; k++) {
    const fading = exp(-tau * decays[k])
    for (let y = 0, i = 0; y < sites; y++) {
      const own = fading * shapes[k * sites + y]
      for (let z = k * sites, end = z + sites; z < end; z++, i++) out[i] += own * shapes[z]
    }
  }
  for (let i = 0; i < out.length; i++) if (out[i] < 0) out[i] = 0
}
