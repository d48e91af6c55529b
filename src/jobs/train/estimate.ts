/** How long a run will take, told from its first steps. */
import type { RunOptions } from './options.ts'

/** The first steps are slower than those that follow. */
const [from, to] = [3, 8]

/** Above so many seconds there is more to say. */
const long = 2 * 3600

/**
 * Asked after every step, says once what the whole run will take; where that is long, what takes less.
 * @param clock seconds, rising
 */
export function estimate(
  {
    steps,
    minutes,
    batch,
    accumulate,
    base,
    crops,
  }: Pick<RunOptions, 'steps' | 'minutes' | 'batch' | 'accumulate' | 'base' | 'crops'>,
  clock: () => number = () => performance.now() / 1000,
): (done: number) => string | undefined {
  let first: number | undefined
  let began = 0
  return done => {
    first ??= done
    if (done === first + from) began = clock()
    if (done !== first + to) return undefined
    const each = (clock() - began) / (to - from)
    const seconds = each * (steps - done)
    const rate = ((batch * accumulate) / each).toPrecision(2)
    const usable = crops ? usableIn(crops.crop, each / (batch * accumulate)) : ''
    if (minutes !== undefined && 60 * minutes < seconds) {
      const all = Math.floor((60 * minutes) / each)
      return `${minutes} min are about ${all} steps of ${batch * accumulate} images (${Number(rate)} images/s)${usable}`
    }
    const whole = `${steps} steps of ${batch * accumulate} images will take about ${spoken(seconds)} (${Number(rate)} images/s)`
    if (seconds < long) return `${whole}${usable}`
    const fewer = Math.max(1, Math.floor(3600 / each / 100) * 100)
    const smaller =
      base > 16 ? `a network of --base ${Math.ceil(base / 2)} needs about a third of that; ` : ''
    return `${whole}: ${smaller}--steps ${fewer} would take an hour${usable}`
  }
}

/**
 * Voxels of crops after which finished samples of a sandstone and of a cathode had a surface within 10 % of that of held-out crops, with
 * the default network.
 */
const usable = 1.2e8

/** When samples of a material are likely to be of use. */
function usableIn([height, width]: readonly [number, number], each: number): string {
  const crops = Math.ceil(usable / (height * width) / 1000) * 1000
  return `; materials have become usable (surface within 10 %) after about ${crops} crops of this size, here ${spoken(crops * each)}`
}

function spoken(seconds: number): string {
  if (seconds < 5400) return `${Math.max(1, Math.round(seconds / 60))} min`
  return seconds < 36 * 3600 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} days`
}
