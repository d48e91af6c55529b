/** Analytes on the command line: name=adsorption:desorption, … */
import { cannot, UsageError } from '../../base/errors.ts'

export interface AnalyteRates {
  readonly name: string
  readonly adsorb: number
  readonly desorb: number
}

/** Parses `benzene=20:40,toluene=30:30`; names may be left out. */
export function analytes(text: string): AnalyteRates[] {
  return text.split(',').map((part, i) => {
    const [, name, adsorb, desorb] = /^(?:([^=]+)=)?([^:=]+):([^:=]+)$/.exec(part.trim()) ?? []
    const rates = [Number(adsorb), Number(desorb)]
    if (!(rates[0] > 0 && rates[1] > 0 && rates[0] + rates[1] < Infinity))
      throw new UsageError(
        cannot('run', '--analytes', 'like name=20:40,…: adsorption and desorption rates above 0', text),
      )
    return { name: name ?? `analyte ${i + 1}`, adsorb: rates[0], desorb: rates[1] }
  })
}
