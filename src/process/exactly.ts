// Numbers of units at sites, so many in all: laws that are leaned to a total, drawn given it, or taken where they are likeliest.
import type { Random } from '../base/random.ts'

/** Laws of how many units, 0 … K, there are at each site: p_k(x) at [k - 1, x], p_0 what is left of 1. */
export interface FewAtASite {
  /** [K, sites], each >= 0. */
  readonly laws: Float64Array
  readonly sites: number
  /** How many units there are in all. */
  readonly total: number
}

/** Halvings of the interval in which the factor lies, as a logarithm. */
const HALVINGS = 48
const WIDEST = 50

/**
 * Writes into `laws` p_k w^k / Σ_j p_j w^j with the factor w for which `total` units are expected: of all laws of that mean the nearest
 * to p (Kullback-Leibler). What is no number > 0 counts as 0; where no factor has that mean the nearest one is taken.
 */
export function leaned({ laws, sites, total }: FewAtASite): void {
  const most = laws.length / sites
  const rest = new Float64Array(sites).fill(1)
  for (let i = 0; i < laws.length; i++) {
    laws[i] = laws[i] > 0 ? Math.min(1, laws[i]) : 0
    rest[i % sites] -= laws[i]
  }
  for (let x = 0; x < sites; x++) rest[x] = Math.max(0, rest[x])
  const mean = (w: number) => {
    let sum = 0
    for (let x = 0; x < sites; x++) {
      let [all, units] = [rest[x], 0]
      for (let k = 1, power = w, i = x; k <= most; k++, power *= w, i += sites) {
        all += laws[i] * power
        units += k * laws[i] * power
      }
      if (all > 0) sum += units / all
    }
    return sum
  }
  let [low, high] = [-WIDEST, WIDEST]
  for (let round = 0; round < HALVINGS; round++) {
    const middle = (low + high) / 2
    if (mean(Math.exp(middle)) < total) low = middle
    else high = middle
  }
  const w = Math.exp((low + high) / 2)
  for (let x = 0; x < sites; x++) {
    let all = rest[x]
    for (let power = w, i = x; i < laws.length; i += sites, power *= w) all += laws[i] *= power
    for (let i = x; all > 0 && i < laws.length; i += sites) laws[i] /= all
  }
}

/** p_v(x) of 0 … K units. */
function chanceOf({ laws, sites }: FewAtASite, x: number, v: number): number {
  if (v > 0) return laws[(v - 1) * sites + x]
  let left = 1
  for (let i = x; i < laws.length; i += sites) left -= laws[i]
  return Math.max(0, left)
}

/**
 * Writes units into `chosen` [sites], drawn as independent sites of these laws are given that there are `total` in all: sites from the
 * first to the last, each by the law of how many are at those after it. Where that law says never, what the others can hold decides.
 */
export function drawnExactly(of: FewAtASite & { readonly random: Random }, chosen: Int32Array): void {
  const { laws, sites, total, random } = of
  const most = laws.length / sites
  const wide = total + 1
  /** P(k units at the sites from x on), [sites + 1, total + 1]. */
  const after = new Float64Array((sites + 1) * wide)
  after[sites * wide] = 1
  for (let x = sites - 1; x >= 0; x--)
    for (let v = 0; v <= most; v++) {
      const p = chanceOf(of, x, v)
      for (let k = v; k < wide; k++) after[x * wide + k] += p * after[(x + 1) * wide + k - v]
    }
  for (let x = 0, left = total; x < sites; x++) {
    const least = Math.max(0, left - most * (sites - x - 1))
    let draw = random.uniform() * after[x * wide + left]
    let units = least
    for (let v = least; v <= Math.min(most, left); v++) {
      const weight = chanceOf(of, x, v) * after[(x + 1) * wide + left - v]
      if (!(weight > 0)) continue
      units = v
      draw -= weight
      if (draw < 0) break
    }
    chosen[x] = units
    left -= units
  }
}

/** The logarithm of what never happens. */
const NEVER = -80

/** Writes into `chosen` [sites] the likeliest units of all that are `total` together, by going through the sites once (Viterbi). */
export function likeliest(of: FewAtASite, chosen: Int32Array): void {
  const { laws, sites, total } = of
  const most = laws.length / sites
  const wide = total + 1
  const best = new Float64Array((sites + 1) * wide).fill(-Infinity)
  best[sites * wide] = 0
  const worth = (x: number, v: number, k: number) => {
    const p = chanceOf(of, x, v)
    return (p > 0 ? Math.max(NEVER, Math.log(p)) : NEVER) + best[(x + 1) * wide + k - v]
  }
  for (let x = sites - 1; x >= 0; x--)
    for (let k = 0; k < wide; k++)
      for (let v = 0; v <= Math.min(most, k); v++)
        best[x * wide + k] = Math.max(best[x * wide + k], worth(x, v, k))
  for (let x = 0, left = total; x < sites; x++) {
    let units = 0
    for (let v = 1; v <= Math.min(most, left); v++) if (worth(x, v, left) > worth(x, units, left)) units = v
    chosen[x] = units
    left -= units
  }
}
