/**
 * Measured profiles smoothed phase by phase, and intervals of the coefficients by the bootstrap of their residuals.
 *
 * What is smoothed is Hall's variable u = erf⁻¹(2Y − 1), for a constant D̃ a straight line over the position: a penalty
 * that leaves straight lines alone does not bend the profile. It is fitted to the fractions themselves, by Fisher's
 * scoring: again and again to u + (N − N(u))/(dN/du) with weights (dN/du)², u the curve so far (McCullagh & Nelder 1989,
 * §2.5). Fitted to u of the noisy values instead, D̃ near the ends was up to 170 % too large.
 */
import { demand } from '../base/errors.ts'
import { below, random } from '../base/random.ts'
import type { Work } from '../base/work.ts'
import { erf, inverseErf } from './couple.ts'
import { type MonotoneSpline, monotoneSpline } from './monotone-spline.ts'
import { type Profile, type ProfileOptions, profile } from './profile.ts'

export interface SmoothOptions {
  /** Gaps between phases as mole fractions, [low, high]: no point of a phase lies inside. Default none. */
  readonly gaps?: readonly (readonly [number, number])[]
  /** The weight of the penalty, default by cross-validation in each phase. */
  readonly penalty?: number
  /** Points of the smoothed profile, spread evenly over the positions, default 600. */
  readonly points?: number
}

interface Stretch {
  readonly places: Float64Array
  readonly values: Float64Array
  /** From interface to interface. */
  readonly from: number
  readonly to: number
  readonly curve: MonotoneSpline
}

export interface Smoothed {
  readonly profile: Profile
  /** Root mean square of measured − smoothed. */
  readonly rms: number
  /** How stiff the spline of each phase is. */
  readonly penalties: readonly number[]
  /** Another profile of the same kind: residuals drawn anew with replacement, smoothed again. */
  drawn(seed: number): Profile
}

/** Smooths a profile; interfaces lie half way between the last point of a phase and the first one of the next. */
export function smoothed(options: ProfileOptions, smooth: SmoothOptions = {}): Smoothed {
  const { positions, fractions, turned, left, right } = profile(options)
  const { gaps = [], penalty, points = 600 } = smooth
  const scale = scaleOf(left, right)
  const stretches = stretchesOf({ positions, fractions }, { gaps, penalty, scale })
  const rest = stretches.map(({ places, values, curve }) =>
    values.map((v, i) => v - scale.back(curve.at(places[i]))),
  )
  const squares = rest.reduce((sum, of) => sum + of.reduce((more, r) => more + r * r, 0), 0)
  const build = (curves: readonly MonotoneSpline[]) =>
    sampled(stretches, curves, { scale, points, turned, left, right, volume: options.volume })
  return {
    profile: build(stretches.map(({ curve }) => curve)),
    rms: Math.sqrt(squares / positions.length),
    penalties: stretches.map(({ curve }) => curve.penalty),
    drawn(seed) {
      const rng = random(seed)
      const curves = stretches.map(({ places, curve }, s) => {
        const noisy = places.map(x => scale.back(curve.at(x)) + rest[s][below(rng, rest[s].length)])
        return scored(curve, { places, values: noisy, scale })
      })
      return build(curves)
    },
  }
}

/** Mole fractions to Hall's variable and back, and the slope dN/du. */
interface Scale {
  to(fraction: number): number
  back(u: number): number
  slope(u: number): number
}

/** Values nearer to an end than this share of the step count as there, and for next to nothing. */
const CLIP = 1e-3

function scaleOf(left: number, right: number): Scale {
  const to = (n: number) =>
    inverseErf(2 * Math.min(1 - CLIP, Math.max(CLIP, (n - left) / (right - left))) - 1)
  return {
    to,
    back: u => left + (right - left) * 0.5 * (1 + erf(u)),
    slope: u => ((right - left) / Math.sqrt(Math.PI)) * Math.exp(-Math.min(9, u * u)),
  }
}

/** Rounds of scoring: the curve moves by less than 1e-4 of the step in the last ones. */
const ROUNDS = 8

interface Scored {
  readonly places: Float64Array
  readonly values: Float64Array
  readonly scale: Scale
}

/** A curve brought to the values by scoring, as smooth as it was. */
function scored(begin: MonotoneSpline, data: Scored): MonotoneSpline {
  let curve = begin
  for (let round = 0; round < ROUNDS; round++) {
    const { work, weights } = working(curve, data)
    curve = curve.again(work, weights)
  }
  return curve
}

function working(curve: MonotoneSpline, { places, values, scale }: Scored) {
  const u = places.map(x => curve.at(x))
  const slope = u.map(scale.slope)
  return {
    work: u.map((here, i) => here + (values[i] - scale.back(here)) / slope[i]),
    weights: slope.map(w => w * w),
  }
}

/** The first curve of a stretch, and how smooth it is: the penalty is chosen anew in the first rounds of scoring. */
function curveOf(data: Scored, penalty?: number): MonotoneSpline {
  const { places, values, scale } = data
  const us = values.map(scale.to)
  let curve = monotoneSpline(places, us, { penalty, weights: us.map(u => scale.slope(u) ** 2) })
  for (let round = 0; round < 3; round++) {
    const { work, weights } = working(curve, data)
    curve = monotoneSpline(places, work, { penalty, weights })
  }
  return scored(curve, data)
}

function stretchesOf(
  { positions, fractions }: { positions: Float64Array; fractions: Float64Array },
  { gaps, penalty, scale }: { gaps: readonly (readonly [number, number])[]; penalty?: number; scale: Scale },
): Stretch[] {
  const many = positions.length
  const cuts = [0, ...gaps.map(([low, high]) => cutOf(fractions, low, high)), many].sort((a, b) => a - b)
  return cuts.slice(1).map((end, s): Stretch => {
    const begin = cuts[s]
    demand(end - begin >= 8, 'smooth a profile', `phase ${s + 1}`, 'of 8 points or more', end - begin)
    const [places, values] = [positions.slice(begin, end), fractions.slice(begin, end)]
    const side = (i: number) =>
      i === 0 ? positions[0] : i === many ? positions[many - 1] : (positions[i - 1] + positions[i]) / 2
    return {
      places,
      values,
      from: side(begin),
      to: side(end),
      curve: curveOf({ places, values, scale }, penalty),
    }
  })
}

/** Where a rising profile steps over a gap. */
function cutOf(fractions: Float64Array, low: number, high: number): number {
  demand(low < high, 'smooth a profile', 'every gap', 'rising, low:high', [low, high])
  const inside = fractions.find(n => n > low && n < high)
  demand(inside === undefined, 'smooth a profile', `the gap ${low}:${high}`, 'free of points', inside)
  return fractions.findIndex(n => n >= high)
}

interface SampledOptions extends Pick<Profile, 'turned' | 'left' | 'right'> {
  readonly scale: Scale
  readonly points: number
  readonly volume?: (fraction: number) => number
}

/** The curves at even positions, those of interfaces twice; as a profile in the order that was given. */
function sampled(
  stretches: readonly Stretch[],
  curves: readonly MonotoneSpline[],
  { scale, points, turned, left, right, volume }: SampledOptions,
): Profile {
  const whole = stretches[stretches.length - 1].to - stretches[0].from
  const positions: number[] = []
  const fractions: number[] = []
  stretches.forEach(({ from, to }, s) => {
    const many = Math.max(8, Math.round((points * (to - from)) / whole))
    for (let i = 0; i <= many; i++) {
      const x = from + ((to - from) * i) / many
      positions.push(x)
      fractions.push(scale.back(curves[s].at(x)))
    }
  })
  const order = (values: number[]) => (turned ? values.reverse() : values)
  return profile({
    positions: order(positions.map(x => (turned ? -x : x))),
    fractions: order(fractions),
    volume,
    ends: turned ? [right, left] : [left, right],
    interfaces: true,
  })
}

/** A value at every given fraction, and the interval that holds 95 % of the bootstrap's. */
export interface Band {
  readonly low: Float64Array
  readonly high: Float64Array
}

/** The bootstrap of a curve over compositions: `curve` of `count` profiles drawn anew (Efron 1979), [fractions]. */
export function* bootstrap(
  source: Smoothed,
  curve: (couple: Profile) => ArrayLike<number>,
  { count, seed, length }: { count: number; seed: number; length: number },
): Work<Band> {
  const values = Array.from({ length }, () => new Float64Array(count))
  for (let k = 0; k < count; k++) {
    const drawn = curve(source.drawn(seed + k))
    for (let i = 0; i < length; i++) values[i][k] = drawn[i]
    yield (k + 1) / count
  }
  const at = (share: number) =>
    Float64Array.from(values, row => row.sort()[Math.min(count - 1, Math.floor(share * count))])
  return { low: at(0.025), high: at(0.975) }
}

/** A curve over the positions of a profile, read at mole fractions; NaN in gaps and beyond the ends. */
export function readAt(
  couple: Profile,
  curve: ArrayLike<number>,
  fractions: ArrayLike<number>,
): Float64Array {
  const { fractions: own, phases } = couple
  return Float64Array.from(fractions, n => {
    for (let p = 0; p < phases.length; p++) {
      const [first, last] = [phases[p], (phases[p + 1] ?? own.length) - 1]
      if (n < own[first] || n > own[last]) continue
      let k = first + 1
      while (k < last && own[k] < n) k++
      const step = own[k] - own[k - 1]
      const share = step > 0 ? (n - own[k - 1]) / step : 0
      return (1 - share) * curve[k - 1] + share * curve[k]
    }
    return Number.NaN
  })
}
