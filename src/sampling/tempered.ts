// Temperature: origins that are laws of states, made sharper or flatter.

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { exp, log } from '../base/numeric.ts'
import type { OriginFunction } from './solver.ts'

/**
 * The origin [N, C, S, sites], a law of S states at every site, as D^(1/T) in proportion: at T below 1 what is likely is drawn more often than it is, so
 * that fewer states are wrong and fewer are rare; 1 is the law itself. States that cannot be stay so. Throws RangeError for a temperature
 * that is not above 0.
 */
export function tempered(
  temperature: number,
  origin: OriginFunction,
  shape: { readonly states: number; readonly sites: number },
): OriginFunction {
  const what = 'temper the samples'
  const kinds = { states: 'number', sites: 'number' } as const
  demandGiven(
    what,
    { temperature, origin, shape },
    { temperature: 'number', origin: 'function', shape: kinds },
  )
  demand(temperature > 0 && temperature < Infinity, what, 'the temperature', 'finite and > 0', temperature)
  if (temperature === 1) return origin
  const { states, sites } = shape
  let kept = new Float32Array(0)
  return async (counts, times, first) => {
    const told = await origin(counts, times, first)
    if (kept.length !== told.length) kept = new Float32Array(told.length)
    for (let row = 0; row < told.length; row += states * sites)
      for (let x = row; x < row + sites; x++) {
        let most = 0
        for (let a = 0; a < states; a++) most = Math.max(most, told[x + a * sites])
        let sum = 0
        for (let a = 0; a < states; a++) {
          const at = x + a * sites
          kept[at] = told[at] > 0 ? exp(log(told[at] / most) / temperature) : 0
          sum += kept[at]
        }
        if (sum > 0) for (let a = 0; a < states; a++) kept[x + a * sites] /= sum
      }
    return kept
  }
}
