/** Schedules by their words. */
import { refused, UsageError } from '../../base/errors.ts'
import {
  cosine,
  exponential,
  logit,
  power,
  type Schedule,
  designed as table,
  walkTimes,
} from '../../schedule/index.ts'

export const scheduleNames =
  'walk[:TAU1:TAU2] (6 in 10 times between these), exponential[:START], logit[:TAU1:TAU2], power:P, cosine, designed (even in the SSIM), spectral (even in the log of signal over noise of the octaves), or a table U:T,U:T,… of its points'

/** Most parameters of each. */
const taken: Readonly<Record<string, number>> = { walk: 2, exponential: 1, power: 1, logit: 2 }

/** The schedule of a word such as `power:4`; `designed` is left to the caller, who has the data. */
export function scheduleFor(
  word: string,
  { rate, designed, spectral }: { rate: number; designed: () => Schedule; spectral: () => Schedule },
): Schedule {
  if (word.includes(',')) {
    const points = word.split(',').map(point => point.split(':').map(Number))
    return table({ u: points.map(([u]) => u), t: points.map(([, t]) => t) })
  }
  const [kind, ...parameters] = word.split(':')
  const values = parameters.map(Number)
  const [value] = values
  const refuse = (): never => {
    throw refused('run', 'schedule', scheduleNames, word)
  }
  const most = Object.hasOwn(taken, kind) ? taken[kind] : 0
  if (values.length > most || values.some(Number.isNaN) || parameters.some(text => text.trim() === ''))
    refuse()
  if ((kind === 'logit' || kind === 'walk') && values.length === 1) refuse()
  switch (kind) {
    case 'walk':
      return walkTimes(rate, { most: values as [number, number] })
    case 'exponential':
      return exponential({ start: value ?? 2e-5 })
    case 'logit':
      return logit({ tau1: values[0], tau2: values[1] })
    case 'power':
      return power({ exponent: value ?? 4 })
    case 'cosine':
      return cosine()
    case 'designed':
      return designed()
    case 'spectral':
      return spectral()
    default:
      return refuse()
  }
}

/** Checks a word before anything is read. Throws UsageError that says what of it cannot be. */
export function scheduleWord(word: string): string {
  try {
    scheduleFor(word, { rate: 1000, designed: cosine, spectral: cosine })
  } catch (error) {
    throw new UsageError((error as Error).message, { field: 'schedule' })
  }
  return word
}
