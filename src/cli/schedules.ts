/** Schedules named on the command line. */
import { cannot } from '../base/errors.ts'
import { cosine, exponential, logit, power, type Schedule, designed as table } from '../schedule/index.ts'
import { UsageError } from './usage.ts'

export const scheduleNames =
  'exponential[:START], logit, power:P, cosine, designed, or a table U:T,U:T,… of its points'

/** The schedule of a word such as `power:4`; `designed` is left to the caller, who has the data. */
export function scheduleFor(word: string, designed: () => Schedule): Schedule {
  if (word.includes(',')) {
    const points = word.split(',').map(point => point.split(':').map(Number))
    return table({ u: points.map(([u]) => u), t: points.map(([, t]) => t) })
  }
  const [kind, parameter, ...more] = word.split(':')
  const value = parameter === undefined ? undefined : Number(parameter)
  const refuse = (): never => {
    throw new UsageError(cannot('run', '--schedule', scheduleNames, word))
  }
  const parameters = ['exponential', 'power'].includes(kind) ? 1 : 0
  if (more.length > 0 || parameter?.trim() === '' || Number.isNaN(value)) refuse()
  if (value !== undefined && parameters === 0) refuse()
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
      return refuse()
  }
}

/** Checks a word before anything is read. */
export function scheduleWord(word: string): string {
  try {
    scheduleFor(word, cosine)
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
  return word
}
