// Samples of a posterior made exact: images walk a part of the way forward and back under the prior, and what is likelier stays.
import { demand } from '../base/errors.ts'
import { log } from '../base/numeric.ts'
import type { JumpProcess } from '../process/process.ts'
import { forward, type Image, type Solver } from '../sampling/index.ts'

export interface AcceptedOptions {
  /** How often an image goes there and back, >= 1. */
  readonly passes: number
  /** How far, in (0, 1], as a share of the calls of the solver. */
  readonly reach: number
  /** log P(what was seen | an image), up to a constant; `number` is that of the image. */
  score(counts: Int32Array, number: number): number
}

interface Pass {
  readonly inner: Image
  readonly kept: Int32Array
  score: number
  done: number
}

/**
 * From an image n_0 walk forward to t, exactly, and back to a new one under the prior. That move is reversible for the prior, for
 * P(n_0) P(n_t | n_0) P(n_0' | n_t) is the same with both exchanged; so kept with the probability min(1, L(n_0') / L(n_0)) and else
 * undone it leaves P(n_0) L(n_0) as it is: the posterior, whatever the images began with, as long as the way back is that of the
 * prior. (Metropolis and Hastings, with proposals as Cotter et al. 2013 have them for Gaussian priors, arXiv 1202.0709.)
 */
export function accepted(of: Solver, { passes, reach, score }: AcceptedOptions): Solver {
  const what = 'build the passes'
  const { calls = 0 } = of
  demand(calls >= 1, what, 'the calls of the solver', 'known', of.calls)
  demand(Number.isSafeInteger(passes) && passes >= 1, what, 'the passes', 'an integer >= 1', passes)
  demand(reach > 0 && reach <= 1, what, 'their reach', 'in (0, 1]', reach)
  const first = Math.min(calls - 1, calls - Math.round(reach * calls))
  const start = (process: JumpProcess) => of.time?.(process, first) ?? of.start(process)
  return {
    description: { kind: 'accepted', of: of.description, passes, reach },
    calls: passes * (calls - first),
    returns: true,
    start,
    resume(process, image) {
      const [kept, time] = [image.counts.slice(), start(process)]
      const inner: Image = { ...image, time, step: first, memory: undefined }
      image.memory = { inner, kept, score: score(kept, image.number), done: 0 } satisfies Pass
      forward(process, image, time)
      return time
    },
    advance(process, image, origin) {
      const pass = image.memory as Pass
      const { inner, kept } = pass
      inner.time = image.time
      const to = of.advance(process, inner, origin)
      inner.step++
      if (to > 0) return to
      const proposed = score(image.counts, image.number)
      if (log(1 - image.random.uniform()) < proposed - pass.score) {
        kept.set(image.counts)
        pass.score = proposed
      } else image.counts.set(kept)
      if (++pass.done === passes) return 0
      inner.step = first
      inner.memory = undefined
      const time = start(process)
      forward(process, image, time)
      return time
    },
  }
}
