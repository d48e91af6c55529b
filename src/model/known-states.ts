/** Known states around holes: some sites of a chain stay what they are, and the others are drawn beside them. */
import { cannot, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { log } from '../base/numeric.ts'
import { type Condition, changed, type Surroundings } from './conditions.ts'

/** Known states, and the chain that they are of: absorbing, its last state the mask. */
export interface KnownStates extends Pick<Surroundings, 'known' | 'open' | 'each' | 'channels'> {
  /** S, with the mask. */
  readonly states: number
  /** tau at t = 1: a site is masked at the rate 1. */
  readonly rate: number
}

/**
 * Known sites have sure origins, to which they come back, and the network is shown them as they are from the beginning. What is masked has
 * the same law given what is not at every time (Ou et al. 2024, arXiv 2406.03736), so the network is told the time at which as many sites are
 * masked as it is shown: 1 - e^-tau = masked / all. It has then seen the like in training, whichever sites are known.
 */
export function knownStates(options: KnownStates): Condition {
  const what = 'tell the known states'
  demandGiven(
    what,
    { options },
    { options: { known: 'list', open: 'list', states: 'number', rate: 'number' } },
  )
  const { known, open, each = Infinity, channels, states, rate } = options
  const size = open.length
  const whole = size > 0 && known.length > 0 && known.length % size === 0 && size % channels === 0
  demand(whole, what, 'the known states', `of images of ${size} sites`, known.length)
  const sites = size / channels
  for (let x = 0; x < known.length; x++)
    if (!open[x % size] && !(known[x] >= 0 && known[x] < states - 1))
      throw new RangeError(cannot(what, 'every known state', `in 0 … ${states - 2}`, known[x]))
  /** A tile may be filled up with images that nobody asked for. */
  const startOf = (image: number) => Math.min(Math.floor(image / each), known.length / size - 1) * size

  /** Shows the known states in a row of counts, and tells the time at which so many sites are masked. */
  function show(counts: Int32Array, from: number): number {
    let masked = 0
    for (let x = 0; x < size; x++) {
      if (!open[x]) counts[x] = known[from + x]
      if (counts[x] === states - 1) masked++
    }
    // At least half a site, at most all but half of one: a share whose logarithm is finite.
    const share = Math.min(size - 0.5, Math.max(0.5, masked)) / size
    return Math.min(1, -log(1 - share) / rate)
  }
  return {
    around: of =>
      changed((origin, { times, first }) => {
        for (let slot = 0; slot < times.length; slot++) {
          const from = startOf(first + slot)
          for (let x = 0; x < size; x++) {
            if (open[x]) continue
            const at = (slot * channels + Math.floor(x / sites)) * states * sites + (x % sites)
            for (let a = 0; a < states; a++) origin[at + a * sites] = known[from + x] === a ? 1 : 0
          }
        }
      })(async (counts, times, first = 0) => {
        const shown = counts.slice()
        const hours = times.map((_, slot) =>
          show(shown.subarray(slot * size, (slot + 1) * size), startOf(first + slot)),
        )
        return of(shown, hours, first)
      }),
  }
}

/** Makes the known sites of images [n, size], from number `first` on, what they are, for solvers that end by hops. */
export function restoreStates(
  counts: Int32Array,
  { known, open, each = Infinity }: KnownStates,
  first = 0,
): void {
  const size = open.length
  for (let i = 0; i * size < counts.length; i++) {
    const from = Math.floor((first + i) / each) * size
    for (let x = 0; x < size; x++) if (!open[x]) counts[i * size + x] = known[from + x]
  }
}
