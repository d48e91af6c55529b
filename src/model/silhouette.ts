/** A silhouette put into the origin: what is certain of a volume that looks so along an axis. */
import { sizeOf } from '../tensor/index.ts'
import { type Condition, changed } from './conditions.ts'

/**
 * Outside the silhouette there is nothing, and on every ray inside at least one unit. With probabilities p_i of a unit at the sites of a
 * ray, independent, and q = 1 - Π (1 - p_i), those that know it are p_i / q by Bayes' rule. `view` [...sites] of image number i has
 * length 1 along the axis, and is above 0 inside; undefined: not told. From the time `last` on, when all labels are decided at once, the
 * best site of every ray is certain: the most probable labels are those with the silhouette. For processes whose origins are
 * probabilities of labels.
 */
export function silhouetted(
  view: (image: number) => Float32Array | undefined,
  {
    shape: [channels, ...lengths],
    axis,
    last = 0,
  }: { readonly shape: readonly number[]; readonly axis: number; readonly last?: number },
): Condition {
  const [sites, length] = [sizeOf(lengths), lengths[axis]]
  const step = sizeOf(lengths.slice(axis + 1))
  /** The sites of ray r, for which f gives what becomes of the probability. */
  function along(origin: Float32Array, ray: number, f: (p: number) => number): void {
    const first = Math.floor(ray / step) * step * length + (ray % step)
    for (let c = 0; c < channels; c++)
      for (let i = 0, x = c * sites + first; i < length; i++, x += step) origin[x] = f(origin[x])
  }
  return {
    around: changed((origin, { times, first }) => {
      for (let slot = 0; slot < times.length; slot++) {
        const own = origin.subarray(slot * channels * sites, (slot + 1) * channels * sites)
        const seen = view(first + slot)
        for (let ray = 0; seen && ray < sites / length; ray++) {
          let [none, best] = [1, 0]
          along(own, ray, p => {
            none *= 1 - p
            best = Math.max(best, p)
            return p
          })
          const some = Math.max(1e-12, 1 - none)
          const sure = times[slot] <= last ? best : Infinity
          along(own, ray, p => (seen[ray] > 0 ? (p >= sure ? 1 : Math.min(1, p / some)) : 0))
        }
      }
    }),
  }
}
