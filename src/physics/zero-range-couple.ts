/** A diffusion couple of units that feel each other: many lines of a zero-range process, their mean profile. */

import { demand } from '../base/errors.ts'
import { log } from '../base/numeric.ts'
import { below, type Random, random } from '../base/random.ts'
import type { Work } from '../base/work.ts'
import { zeroRange } from './zero-range.ts'

export interface ZeroRangeCouple {
  /** Sites of the left and the right half of a line, which begin in equilibrium at the two densities. */
  readonly sites: readonly [number, number]
  readonly densities: readonly [number, number]
  readonly time: number
  readonly lines: number
  readonly seed: number
}

/**
 * Mean units per site at the end, [sites], and how many units and events there were.
 *
 * Every line begins in equilibrium, sites independent; but the counts of one site over all lines are drawn as a Latin
 * hypercube (McKay, Beckman & Conover 1979), one from each stretch of their law: the mean profile at the beginning is a
 * step nearly without noise, which would otherwise last, since units are conserved.
 */
export function* zeroRangeCouple(
  options: ZeroRangeCouple,
): Work<{ mean: Float64Array; units: number; events: number }> {
  const { densities, time, lines, seed } = options
  const sites = options.sites[0] + options.sites[1]
  const many = Number.isInteger(lines) && lines >= 1 && lines * sites <= 2 ** 28
  demand(
    many,
    'walk a zero-range couple',
    'the lines',
    'a whole number from 1, at most 2^28 sites in all',
    lines,
  )
  const seeds = random(seed)
  const starts = Array.from({ length: sites }, (_, x) =>
    stratified(seeds.fork(lines + x), densities[x < options.sites[0] ? 0 : 1], lines),
  )
  const sum = new Float64Array(sites)
  let events = 0
  for (let line = 0; line < lines; line++) {
    const counts = Int32Array.from(starts, start => start[line])
    events += zeroRange({ counts, rate: 1, time, random: seeds.fork(line) })
    for (let x = 0; x < sites; x++) sum[x] += counts[x]
    yield (line + 1) / lines
  }
  const units = sum.reduce((all, n) => all + n, 0)
  return { mean: sum.map(n => n / lines), units, events }
}

/** Geometric counts of a mean, one from each of `many` equal stretches of the law, in random order. */
function stratified(rng: Random, density: number, many: number): Int32Array {
  const counts = new Int32Array(many)
  if (density === 0) return counts
  const decay = log(density / (1 + density))
  for (let i = 0; i < many; i++) {
    counts[i] = Math.floor(log(1 - (i + rng.uniform()) / many) / decay)
    const j = below(rng, i + 1)
    const other = counts[j]
    counts[j] = counts[i]
    counts[i] = other
  }
  return counts
}
