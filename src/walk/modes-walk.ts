// The walk on sites joined in any way, by the modes of its Laplacian: parts of a mask, and later graphs.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { exp } from '../base/numeric.ts'
import { choiceOf } from './choice.ts'
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
  const tables: { tau: number; table: Float64Array }[] = []
  const choice = choiceOf(sites)
  const { weights, arrived } = choice
  choice.places.forEach((_, x, places) => {
    places[x] = x
  })
  const sums = new Float64Array(sites)

  /** K_tau, [sites, sites]; the last three are kept. */
  function at(tau: number): Float64Array {
    const found = tables.find(one => one.tau === tau)
    if (found) return found.table
    modes ??= modesOf(sites, reached)
    const table = tables.length < 3 ? new Float64Array(sites * sites) : tables.shift()!.table
    kernel(modes, tau, table)
    tables.push({ tau, table })
    return table
  }

  return {
    sites,
    reached,

    spread(field, tau, out) {
      const table = at(tau)
      for (let x = 0, i = 0; x < sites; x++) {
        let sum = 0
        for (let y = 0; y < sites; y++) sum += table[i++] * field[y]
        sums[x] = sum
      }
      out.set(sums)
    },

    move(counts, tau, { random, weight }) {
      const table = at(tau)
      arrived.fill(0)
      for (let y = 0; y < sites; y++) {
        if (counts[y] === 0) continue
        for (let z = 0, i = y * sites; z < sites; z++, i++)
          weights[z] = weight ? table[i] * weight[z] : table[i]
        if (!choice.throwUnits(counts[y], sites, random)) arrived[y] += counts[y]
      }
      counts.set(arrived)
    },
  }
}

interface Modes {
  /** Rising. */
  readonly decays: Float64Array
  /** [modes, sites], each of length 1. */
  readonly shapes: Float64Array
}

function modesOf(sites: number, reached: Int32Array): Modes {
  const laplacian = Matrix.zeros(sites, sites)
  for (let i = 0; i < reached.length; i++) {
    const x = i % sites
    if (reached[i] < 0) continue
    laplacian.set(x, x, laplacian.get(x, x) + 1)
    laplacian.set(x, reached[i], laplacian.get(x, reached[i]) - 1)
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(laplacian, {
    assumeSymmetric: true,
  })
  const order = realEigenvalues.map((_, k) => k).sort((a, b) => realEigenvalues[a] - realEigenvalues[b])
  const shapes = new Float64Array(sites * sites)
  order.forEach((mode, k) => {
    for (let x = 0; x < sites; x++) shapes[k * sites + x] = eigenvectorMatrix.get(x, mode)
  })
  return { decays: Float64Array.from(order, k => Math.max(0, realEigenvalues[k])), shapes }
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
