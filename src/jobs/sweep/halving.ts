/**
 * Successive halving (Karnin et al. 2013; Jamieson and Talwalkar 2016): all trials for a few steps, the best of them for
 * more, and so on. Every rung begins anew, since a learning rate falls towards the end of its own run: what a rung says
 * depends on its trial and its steps alone.
 */
import { cannot, UsageError } from '../../base/errors.ts'

export interface Rung {
  readonly trials: number
  readonly steps: number
}

/** What a trial came to; null: its loss was no longer a number. */
export interface Result {
  readonly trial: number
  readonly loss: number | null
}

/** Of each rung but the first a `factor`th of the trials stays, with as many times the steps: in the last all of them. */
export function rungsOf(plan: {
  readonly trials: number
  readonly rungs: number
  readonly factor: number
  readonly steps: number
}): Rung[] {
  const { trials, rungs, factor, steps } = plan
  const least = factor ** (rungs - 1)
  if (trials < least)
    throw new UsageError(cannot('sweep', '--trials', `at least ${least}, for ${rungs} rungs`, trials))
  return Array.from({ length: rungs }, (_, k) => ({
    trials: Math.floor(trials / factor ** k),
    steps: Math.ceil(steps / factor ** (rungs - 1 - k)),
  }))
}

/** The trials from the best on; of equals the first. */
export const ranked = (results: readonly Result[]): number[] =>
  [...results]
    .sort((a, b) => (a.loss ?? Infinity) - (b.loss ?? Infinity) || a.trial - b.trial)
    .map(({ trial }) => trial)
