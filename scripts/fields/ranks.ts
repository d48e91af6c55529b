/** Where the truth lies among samples: of n samples and the truth every order is as likely, where their law is the right one. */
import { below, type Random } from '../../src/base/random.ts'

/** How many samples are less than the truth; those that are the same count by lot. */
export function placeOf(samples: ArrayLike<number>, truth: number, rng: Random): number {
  let [less, same] = [0, 0]
  for (let k = 0; k < samples.length; k++) {
    if (samples[k] < truth) less++
    else if (samples[k] === truth) same++
  }
  return less + (same > 0 ? below(rng, same + 1) : 0)
}

/** The share of places 0 … each that lie between the k-th sample from below and the k-th from above. */
export const covered = (places: readonly number[], { each, k }: { each: number; k: number }): number =>
  places.filter(place => place >= k && place <= each - k).length / places.length

/** What it is where every place is as likely. */
export const covering = ({ each, k }: { each: number; k: number }): number => (each - 2 * k + 1) / (each + 1)
