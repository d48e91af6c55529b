// The law that DSD alg. 2 has at its end, to its steps and all: what a solver with large steps must return.
import { type Lattice, neighbours } from '../../src/lattice/index.ts'
import type { KnownLaw } from './states.ts'

/**
 * The step from t depends on the state, so that no two images see the same times. Backwards, then: with F(n, t) the law
 * at the end of an image that is n at t,
 *
 *     F(n, t) = Σ_n' P(n -> n') F(n', t - dt),   dt = min(t, fraction / fastest unit),   F(n, 0) = n,
 *
 * on `points` even times, a straight line between two of them; P by every way in which the units may hop.
 */
export function steppedLaw(
  law: KnownLaw,
  {
    lattice,
    rate,
    fraction,
    points = 1000,
  }: { lattice: Lattice; rate: number; fraction: number; points?: number },
): Float64Array {
  const { states } = law
  const count = states.length
  const sites = lattice.size
  const reached = neighbours(lattice)
  const moves = new Float64Array(sites * sites)
  /** [time, state, state at the end]; a state is itself at time 0. */
  const ends = Array.from({ length: points + 1 }, () => new Float64Array(count * count))
  for (let s = 0; s < count; s++) ends[0][s * count + s] = 1
  for (let k = 1; k <= points; k++) {
    const time = k / points
    states.forEach((state, s) => {
      const ratios = law.rates(state, Float64Array.of(time)) as Float32Array
      const leaving = Float64Array.from(state, (n, x) => {
        let sum = 0
        for (let j = 0; j * sites < reached.length; j++)
          if (reached[j * sites + x] >= 0 && n > 0) sum += rate * ratios[j * sites + x]
        return sum
      })
      const step = Math.min(time, fraction / Math.max(...leaving))
      moves.fill(0)
      for (let x = 0; x < sites; x++) {
        moves[x * sites + x] = 1 - step * leaving[x]
        for (let j = 0; j * sites < reached.length; j++) {
          const y = reached[j * sites + x]
          if (y >= 0 && state[x] > 0) moves[x * sites + y] += step * rate * ratios[j * sites + x]
        }
      }
      const place = (time - step) * points
      const below = Math.floor(place)
      if (below + 1 >= k && place > below)
        throw new Error(`${points} times are too few for a step of ${step}`)
      const share = place - below
      law.moved(state, moves).forEach((p, after) => {
        for (let end = 0; end < count; end++) {
          const i = after * count + end
          const later = share === 0 ? 0 : share * ends[below + 1][i]
          ends[k][s * count + end] += p * ((1 - share) * ends[below][i] + later)
        }
      })
    })
  }
  const first = law.moved(
    states[0],
    Array.from({ length: sites * sites }, () => 1 / sites),
  )
  const out = new Float64Array(count)
  first.forEach((p, s) => {
    for (let end = 0; end < count; end++) out[end] += p * ends[points][s * count + end]
  })
  return out
}
