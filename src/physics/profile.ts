/** A measured profile of composition across a diffusion couple: checked, turned so that it rises, and normalised. */
import { cannot, demand } from '../base/errors.ts'

export interface Profile {
  /** m, rising. */
  readonly positions: Float64Array
  /** Mole fraction of the component that is followed, rising from the left end to the right one, [positions]. */
  readonly fractions: Float64Array
  /** Molar volume at each position, relative or in m³/mol. */
  readonly volumes: Float64Array
  /** Where phases begin: the first point, and the second one of every pair that shares a position. */
  readonly phases: readonly number[]
  /** Mole fractions of the ends. */
  readonly left: number
  readonly right: number
  /** The profile was given falling, and has been turned: x is the negative of what it was. */
  readonly turned: boolean
}

export interface ProfileOptions {
  readonly positions: ArrayLike<number>
  readonly fractions: ArrayLike<number>
  /** Molar volume of a mole fraction; default: constant. */
  readonly volume?: (fraction: number) => number
  /** Mole fractions of the ends, in the order of the positions; default: means over the outer fiftieths of the length. */
  readonly ends?: readonly [number, number]
  /** Two points in a row of two compositions may share a position: an interface between phases. Default: an error. */
  readonly interfaces?: boolean
}

/**
 * Checks a profile. Throws RangeError for positions out of order or given twice, fractions outside [0, 1], ends that are
 * alike, and profiles that are still changing at an end.
 */
export function profile(options: ProfileOptions): Profile {
  const { positions, fractions, volume = () => 1, ends, interfaces = false } = options
  const what = 'read a profile'
  const many = positions.length
  demand(
    many >= 8 && fractions.length === many,
    what,
    'positions and fractions',
    'of one length, 8 or more',
    [many, fractions.length],
  )
  for (let i = 0; i < many; i++) {
    const twice = i > 0 && positions[i] === positions[i - 1]
    const between = i > 1 && i + 1 < many && positions[i - 1] > positions[i - 2]
    const allowed = interfaces && twice && between && fractions[i] !== fractions[i - 1]
    if (i > 0 && !(positions[i] > positions[i - 1]) && !allowed)
      throw new RangeError(
        cannot(what, `position ${i + 1}`, 'beyond the one before', `${twice ? 'twice ' : ''}${positions[i]}`),
      )
    demand(fractions[i] >= 0 && fractions[i] <= 1, what, `fraction ${i + 1}`, 'in [0, 1]', fractions[i])
  }
  const [first, last] = ends ?? ([0, 1] as const).map(side => endOf(options, side, 0))
  demand(Math.abs(last - first) > 1e-9, what, 'the ends', 'of two compositions', [first, last])
  demandFlat(options, Math.abs(last - first))
  const turned = last < first
  const pick = turned ? (i: number) => many - 1 - i : (i: number) => i
  const sign = turned ? -1 : 1
  const rising = Float64Array.from({ length: many }, (_, i) => fractions[pick(i)])
  const volumes = rising.map(volume)
  demand(
    volumes.every(v => v > 0 && v < Infinity),
    what,
    'every molar volume',
    'above 0',
    [...volumes.slice(0, 3)],
  )
  const along = Float64Array.from({ length: many }, (_, i) => sign * positions[pick(i)])
  return {
    positions: along,
    fractions: rising,
    volumes,
    phases: [...along.keys()].filter(i => i === 0 || along[i] === along[i - 1]),
    left: turned ? last : first,
    right: turned ? first : last,
    turned,
  }
}

/** Mean of the points in the outer fiftieth of the length (block 0), or in the one beside it (block 1). */
function endOf({ positions, fractions }: ProfileOptions, side: 0 | 1, block: 0 | 1): number {
  const last = positions.length - 1
  const piece = (positions[last] - positions[0]) / 50
  let [sum, many] = [0, 0]
  for (let i = 0; i <= last; i++) {
    const away = side ? positions[last] - positions[last - i] : positions[i] - positions[0]
    // Two points at least, however far apart they are.
    if (away > (block + 1) * piece && many >= 2) break
    if (away < block * piece) continue
    sum += fractions[side ? last - i : i]
    many++
  }
  return sum / many
}

/**
 * An end is reached where the outer fiftieth of the length and the next one differ by less than 1 % of the step; an end
 * that is known, where its outer fiftieth is within 3 % of it.
 */
function demandFlat(options: ProfileOptions, step: number): void {
  for (const side of [0, 1] as const) {
    const target = options.ends?.[side] ?? endOf(options, side, 1)
    const change = Math.abs(endOf(options, side, 0) - target) / step
    demand(
      change < (options.ends ? 0.03 : 0.01),
      'read a profile',
      `its ${side ? 'last' : 'first'} end`,
      options.ends ? 'reached within 3 % of the step' : 'reached: flat within 1 % of the step',
      `${(100 * change).toPrecision(3)} % away`,
    )
  }
}

/** ∫ of the values from the first point up to each, by trapezoids. */
export function running(values: ArrayLike<number>, positions: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(values.length)
  for (let i = 1; i < sums.length; i++)
    sums[i] = sums[i - 1] + ((values[i] + values[i - 1]) / 2) * (positions[i] - positions[i - 1])
  return sums
}

/** ∫ from each point up to the last, summed from that side, so that small rests keep their digits. */
export function remaining(values: ArrayLike<number>, positions: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(values.length)
  for (let i = sums.length - 2; i >= 0; i--)
    sums[i] = sums[i + 1] + ((values[i] + values[i + 1]) / 2) * (positions[i + 1] - positions[i])
  return sums
}

/** The slope of the parabola through each point and its neighbours in the phase (central differences where even). */
export function slopes(values: ArrayLike<number>, { positions, phases }: Profile): Float64Array {
  const out = new Float64Array(values.length)
  phases.forEach((first, p) => {
    const last = (phases[p + 1] ?? values.length) - 1
    for (let i = first; i <= last; i++) {
      if (last - first < 2) out[i] = (values[last] - values[first]) / (positions[last] - positions[first])
      else out[i] = parabola(values, positions, { i, k: Math.min(last - 1, Math.max(first + 1, i)) })
    }
  })
  return out
}

/** The slope at point i of the parabola through k and its neighbours. */
function parabola(
  values: ArrayLike<number>,
  positions: ArrayLike<number>,
  { i, k }: { i: number; k: number },
): number {
  const [h, g] = [positions[k] - positions[k - 1], positions[k + 1] - positions[k]]
  const [below, above] = [(values[k] - values[k - 1]) / h, (values[k + 1] - values[k]) / g]
  if (i < k) return below - (h * (above - below)) / (h + g)
  if (i > k) return above + (g * (above - below)) / (h + g)
  return (g * below + h * above) / (h + g)
}
