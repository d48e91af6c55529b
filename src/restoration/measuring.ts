// A measurement as a condition: whatever is told of an image, its origin is drawn towards what was seen of it.
import { type Condition, changed } from '../model/conditions.ts'
import type { Measurement } from './measurement.ts'
import type { Openness } from './openness.ts'
import { pull } from './pull.ts'

export interface MeasuringOptions {
  readonly open: Openness
  /** Whether origins are probabilities of phases; default: counts. */
  readonly phases?: boolean
  /**
   * The origin is taken as this many times as open; default 3: it errs alike in neighbouring sites, which counts fewer than
   * there are (measured: docs/restoration.md).
   */
  readonly strength?: number
  /** See `PullOptions.rounds`; default 10 for photons, whose noise is fitted last, 60 for normal errors. */
  readonly rounds?: number
}

const usualRounds = ({ likelihood }: Measurement) => (likelihood.power === 0 ? 10 : 60)

/** The origin as the measurement leaves it: see `pull`. Any model of walks, and any class that it is told, will do. */
export function measuring(
  measurement: Measurement,
  { open, phases = false, strength = 3, rounds = usualRounds(measurement) }: MeasuringOptions,
): Condition {
  const { size } = measurement.operator
  const own = new Float64Array(size)
  /** Of images on their way, where the rounds of the last call ended, and when that was. */
  const ended = new Map<number, { readonly time: number; readonly at: Float64Array }>()
  return {
    around: changed((origin, { counts, times, first }) => {
      for (const image of ended.keys())
        if (image < first || image >= first + times.length) ended.delete(image)
      for (let slot = 0; slot < times.length; slot++) {
        const at = slot * size
        const image = first + slot
        let [mass, sum] = [0, 0]
        for (let x = at; x < at + size; x++) {
          mass += counts[x]
          sum += origin[x]
        }
        if (mass === 0) continue
        const scale = phases || sum === 0 ? 1 : mass / sum
        for (let x = 0; x < size; x++) own[x] = scale * origin[at + x]
        const last = ended.get(image)
        // An image that is drawn anew begins anew.
        const begin = last && last.time > times[slot] ? last.at : undefined
        pull(own, measurement, { image, open: strength * open(times[slot]), phases, rounds, begin })
        origin.set(own, at)
        // Of photons rounds stay few: what noise is in them is fitted last.
        if (measurement.likelihood.power > 0) ended.set(image, { time: times[slot], at: own.slice() })
      }
    }),
  }
}
