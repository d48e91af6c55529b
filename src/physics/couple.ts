/**
 * Coefficients of interdiffusion from one profile of a diffusion couple (arXiv 1809.09687 compares the methods).
 *
 * With Y the normalised concentration or fraction, Y = 0 left and 1 right, after a time t:
 * den Broeder 1969, Sauer & Freise 1962: D̃ = [(1 − Y*) ∫₋∞^x* Y dx + Y* ∫_x*^∞ (1 − Y) dx] / (2t Y′(x*));
 * Wagner 1969: the same of the mole fraction, with Y/V_m, (1 − Y)/V_m and a factor V_m*;
 * Matano 1933: D̃ = −(dx/dC) ∫ (x − x_M) dC / 2t about the plane x_M of equal areas.
 * On the profile of the lattice walk den Broeder's formula by trapezoids and central differences is exact at any time.
 */
import { demand } from '../base/errors.ts'
import { type Profile, remaining, running, slopes } from './profile.ts'

/** D̃ in m²/s at every position of the profile; NaN where the profile is flat. */
export type Coefficients = Float64Array

function demandTime(time: number): void {
  demand(time > 0 && time < Infinity, 'evaluate a couple', 'the time', 'above 0 s', time)
}

/** (C − C₋)/(C₊ − C₋) with C = N/V_m. */
export function normalisedConcentration(couple: Profile): Float64Array {
  const { fractions, volumes, left, right } = couple
  const last = volumes.length - 1
  const [low, high] = [left / volumes[0], right / volumes[last]]
  return fractions.map((n, i) => (n / volumes[i] - low) / (high - low))
}

/** (N − N₋)/(N₊ − N₋). */
export function normalisedFraction({ fractions, left, right }: Profile): Float64Array {
  return fractions.map(n => (n - left) / (right - left))
}

/** The method of den Broeder, or of Sauer and Freise: no Matano plane needed. */
export function denBroeder(couple: Profile, time: number): Coefficients {
  demandTime(time)
  const { positions } = couple
  const Y = normalisedConcentration(couple)
  const below = running(Y, positions)
  const above = remaining(
    Y.map(y => 1 - y),
    positions,
  )
  const slope = slopes(Y, couple)
  return Y.map((y, i) => quotient((1 - y) * below[i] + y * above[i], 2 * time * slope[i]))
}

/** Wagner's method: right also where the molar volume changes with composition. */
export function wagner(couple: Profile, time: number): Coefficients {
  demandTime(time)
  const { volumes } = couple
  const Y = normalisedFraction(couple)
  const { below, above } = contents(couple)
  const slope = slopes(Y, couple)
  return Y.map((y, i) => quotient(volumes[i] * ((1 - y) * below[i] + y * above[i]), 2 * time * slope[i]))
}

/** ∫ Y/V_m from the left up to each point, and ∫ (1 − Y)/V_m from there to the right. */
function contents(couple: Profile): { below: Float64Array; above: Float64Array } {
  const Y = normalisedFraction(couple)
  const { positions, volumes } = couple
  return {
    below: running(
      Y.map((y, i) => y / volumes[i]),
      positions,
    ),
    above: remaining(
      Y.map((y, i) => (1 - y) / volumes[i]),
      positions,
    ),
  }
}

/** Where as much has left one side as has come to the other: ∫₋∞^x_M Y dx = ∫_x_M^∞ (1 − Y) dx. */
export function matanoPlane(couple: Profile): number {
  const { positions } = couple
  const Y = normalisedConcentration(couple)
  const all = running(Y, positions)
  return positions[positions.length - 1] - all[all.length - 1]
}

/** Boltzmann's transformation about the Matano plane (constant molar volume). */
export function boltzmannMatano(couple: Profile, time: number): Coefficients {
  demandTime(time)
  const plane = matanoPlane(couple)
  const Y = normalisedConcentration(couple)
  const x = couple.positions.map(position => position - plane)
  const slope = slopes(Y, couple)
  // ∫ (x − x_M) dC from the left, by trapezoids over Y; from the right beyond the middle: the two are equal in sum.
  const left = running(x, Y)
  const right = remaining(x, Y)
  return Y.map((y, i) => quotient(y < 0.5 ? -left[i] : right[i], 2 * time * slope[i]))
}

const quotient = (a: number, b: number) => (b !== 0 ? a / b : Number.NaN)

/**
 * Hall's method (1953) at the ends: where u = erf⁻¹(2Y − 1) is a line h·λ + k in λ = (x − x_M)/√t,
 * D̃ = (1 + 2√π k e^{u²} Y)/(4h²) on the left and (1 − 2√π k e^{u²}(1 − Y))/(4h²) on the right.
 */
export function hall(
  couple: Profile,
  time: number,
  { from = 0.005, to = 0.1 }: { from?: number; to?: number } = {},
): Coefficients {
  demandTime(time)
  const Y = normalisedConcentration(couple)
  const plane = matanoPlane(couple)
  const lambda = couple.positions.map(x => (x - plane) / Math.sqrt(time))
  const out = new Float64Array(Y.length).fill(Number.NaN)
  for (const right of [false, true]) {
    const small = (i: number) => (right ? 1 - Y[i] : Y[i])
    const inside = [...Y.keys()].filter(i => small(i) > from && small(i) < to)
    if (inside.length < 3) continue
    const u = (i: number) => (right ? 1 : -1) * inverseErf(1 - 2 * small(i))
    const { slope: h, level: k } = straightLine(inside.map(i => [lambda[i], u(i)]))
    for (const i of inside) {
      const term = 2 * Math.sqrt(Math.PI) * k * Math.exp(u(i) ** 2) * small(i)
      out[i] = (1 + (right ? -term : term)) / (4 * h * h)
    }
  }
  return out
}

function straightLine(points: readonly (readonly number[])[]): { slope: number; level: number } {
  const [mx, my] = [0, 1].map(c => points.reduce((sum, point) => sum + point[c], 0) / points.length)
  const xx = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0)
  const slope = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / xx
  return { slope, level: my - slope * mx }
}

/** erf⁻¹(y), |y| < 1: Winitzki's approximation (2008), and Newton's steps on a series of erf. */
export function inverseErf(y: number): number {
  const log = Math.log(1 - y * y)
  const a = 2 / (Math.PI * 0.147) + log / 2
  let x = Math.sign(y) * Math.sqrt(Math.sqrt(a * a - log / 0.147) - a)
  for (let k = 0; k < 3; k++) x -= ((erf(x) - y) * Math.sqrt(Math.PI) * Math.exp(x * x)) / 2
  return x
}

/** erf by its series with positive terms, 2/√π e^{−x²} Σ 2ⁿ x^{2n+1}/(2n+1)!!, for |x| up to 5. */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  let [term, sum] = [x, x]
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

/** Both sides of a plane that the markers have moved to. */
export interface Intrinsic {
  /** Of the followed component B, and of the other one, A, in m²/s. */
  readonly followed: number
  readonly other: number
  /** Mole fraction at the plane. */
  readonly fraction: number
  /** Darken's sum N_B D_A + N_A D_B, for constant molar volume the D̃ there. */
  readonly darken: number
}

/**
 * Intrinsic coefficients at a marker plane (van Loo 1970), partial molar volumes equal to the molar volume:
 * D_B = V_m (∂x/∂N_B) [N_B⁺ ∫₋∞^K Y/V_m dx − N_B⁻ ∫_K^∞ (1 − Y)/V_m dx]/2t, and D_A with −N_A⁺, −N_A⁻.
 */
export function intrinsic(couple: Profile, time: number, plane: number): Intrinsic {
  demandTime(time)
  const { positions, fractions, volumes, left, right } = couple
  const k = positions.findIndex(x => x >= plane)
  demand(k > 0 && k < positions.length, 'evaluate a marker plane', 'its place', 'within the profile', plane)
  const share = (plane - positions[k - 1]) / (positions[k] - positions[k - 1])
  const at = (values: ArrayLike<number>) => (1 - share) * values[k - 1] + share * values[k]
  const { below, above } = contents(couple)
  const [I1, I2] = [at(below), at(above)]
  const steepness = at(volumes) / (2 * time * at(slopes(fractions, couple)))
  const followed = steepness * (right * I1 - left * I2)
  const other = -steepness * ((1 - right) * I1 - (1 - left) * I2)
  const fraction = at(fractions)
  return { followed, other, fraction, darken: fraction * other + (1 - fraction) * followed }
}

/**
 * Wagner's integrated coefficient ∫ D̃ dN of a phase that lies between two positions, m²/s: for line compounds, whose
 * composition hardly changes. Its value is [(1 − Y)∫₋∞^a Y/V_m dx + Y ∫_b^∞ (1 − Y)/V_m dx] V_m ΔN Δx/2t + Y(1 − Y) ΔN Δx²/2t,
 * ΔN = N⁺ − N⁻, Y and V_m those of the phase.
 */
export function integrated(couple: Profile, time: number, layer: readonly [number, number]): number {
  demandTime(time)
  const { positions, volumes, left, right } = couple
  const [a, b] = layer
  const last = positions.length - 1
  const inside = a >= positions[0] && b <= positions[last] && a < b
  demand(inside, 'evaluate a layer', 'its sides', 'rising and within the profile', [a, b])
  const Y = normalisedFraction(couple)
  const { below, above } = contents(couple)
  const middle = (a + b) / 2
  const at = (values: ArrayLike<number>, x: number) => {
    const k = Math.min(
      last,
      Math.max(
        1,
        positions.findIndex(p => p >= x),
      ),
    )
    const share = (x - positions[k - 1]) / (positions[k] - positions[k - 1])
    return (1 - share) * values[k - 1] + share * values[k]
  }
  const [y, V] = [at(Y, middle), at(volumes, middle)]
  const wide = b - a
  const outside = V * ((1 - y) * at(below, a) + y * at(above, b))
  return ((right - left) * (wide * outside + y * (1 - y) * wide ** 2)) / (2 * time)
}
