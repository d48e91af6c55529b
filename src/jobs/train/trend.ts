/** What the checks of a run come to: one sentence, and whether it is good enough. */
import type { Aim } from './aims.ts'
import type { Check } from './check.ts'

/** So much of a figure's distance is chance: what changes by less neither rises nor falls. */
const CHANCE = 0.01

const percent = (off: number) => `${Math.abs(100 * off).toFixed(0)} %`

/** `step 1200: surface 12 % above held-out crops, falling; …`. */
export function sentence(check: Check, before?: Check): string {
  const { figures, lags, beside, heldOutLoss, step } = check
  const side = ({ off }: { off: number }) =>
    Number(Math.abs(100 * off).toFixed(0)) === 0 ? 'as in' : `${percent(off)} ${off > 0 ? 'above' : 'below'}`
  const change = before && Math.abs(figures.surface.off) - Math.abs(before.figures.surface.off)
  const trend =
    change === undefined
      ? ''
      : Math.abs(change) < CHANCE
        ? ', as before'
        : `, ${change < 0 ? 'nearer' : 'further off'} than before`
  const s2 = [figures.near, figures.middle, figures.far]
    .map(({ off }) => `${off < 0 ? '−' : '+'}${percent(off)}`)
    .join(', ')
  return [
    `step ${step}: surface ${side(figures.surface)} ${beside}${trend}`,
    `pore size ${side(figures.pores)} ${beside}`,
    `S2 at ${lags.join(', ')} voxels off by ${s2} of φ(1 − φ)`,
    `loss of ${beside} ${heldOutLoss.toFixed(4)}`,
  ].join('; ')
}

/** Whether the last two checks are as near as is aimed at. One may be so by chance. */
export function reached(checks: readonly Check[], aims: readonly Aim[] | undefined): boolean {
  if (!aims || checks.length < 2) return false
  return checks
    .slice(-2)
    .every(({ figures }) => aims.every(({ figure, within }) => Math.abs(figures[figure].off) <= within))
}
