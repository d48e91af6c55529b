/** Schedules named on the command line. */
import { exponential, logit, power, cosine, type Schedule } from '../schedule/index.ts'
import { UsageError } from './usage.ts'
import { cannot } from '../base/errors.ts'

export const scheduleNames = 'exponential[:START], logit, power:P, cosine or designed'

/** The schedule of a word such as `power:4`; `designed` is left to the caller, who has the data. */
export function scheduleFor(word: string, designed: () => Schedule): Schedule {
  const [kind, parameter] = word.split(':')
  const value = parameter === undefined ? undefined : Number(parameter)
  if (value !== undefined && !Number.isFinite(value)) throw new UsageError(cannot('run', '--schedule', scheduleNames, word))
  switch (kind) {
    case 'exponential':
      return exponential({ start: value ?? 2e-5 })
    case 'logit':
      return logit()
    case 'power':
      return power({ exponent: value ?? 4 })
    case 'cosine':
      return cosine()
    case 'designed':
      return designed()
    default:
      throw new UsageError(cannot('run', '--schedule', scheduleNames, word))
  }
}
