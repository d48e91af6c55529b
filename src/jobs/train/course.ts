/** The course of a run: how long it goes on, and looks at its samples on the way. */
import type { TrainingState } from '../../training/trainer.ts'
import type { Context } from '../context.ts'
import { type Check, checkable, look } from './check.ts'
import { pace } from './pace.ts'
import { drawSamples } from './pictures.ts'
import type { Run } from './run.ts'
import { reached, sentence } from './trend.ts'

/** What one look at a run has shown. */
export interface Seen {
  /** Samples of the network as it stands, a PNG. */
  readonly picture: Uint8Array
  /** Of a material: how they stand, in figures and in a sentence. */
  readonly check?: Check
  readonly sentence?: string
}

export interface Course {
  /** The last step as it is foreseen after so many. */
  last(step: number): number
  /** Whether it is time to look again. */
  due(): boolean
  /** Looks at a state. Of a material that is as good as was asked for the run ends with this step. */
  look(state: TrainingState): Promise<Seen>
}

export interface CourseOptions extends Pick<Context, 'runtime' | 'threads' | 'signal'> {
  /** Minutes from one look to the next. */
  readonly every: number
  /** Seconds of the run so far. */
  readonly spent: () => number
  /** The step it begins with, and the looks before that. */
  readonly from?: number
  readonly checks?: readonly Check[]
}

/** A look costs at most one part in so many of the time. */
const PARTS = 12

export function course(
  run: Run,
  { every, spent, from, checks: before = [], ...context }: CourseOptions,
): Course {
  const { steps, minutes, until } = run.options
  const { last, end } = pace({ steps, minutes, from }, spent)
  const checks = [...before]
  let next = spent() + 60 * every

  async function seen(state: TrainingState): Promise<Seen> {
    if (!checkable(run)) return { picture: await drawSamples(run, state, context.runtime) }
    const { check: found, picture } = await look(run, state, context)
    const check = { step: state.step, seconds: spent(), ...found }
    const words = sentence(check, checks.at(-1))
    checks.push(check)
    if (reached(checks, until)) end()
    return { picture, check, sentence: words }
  }

  return {
    last,
    due: () => spent() >= next,
    async look(state) {
      const began = spent()
      const shown = await seen(state)
      next = spent() + Math.max(60 * every, (PARTS - 1) * (spent() - began))
      return shown
    },
  }
}
