/** What of a material is trained on, and what is held out. */
import { cannot } from '../../base/errors.ts'
import type { CropOptions } from './options.ts'

/** Of several volumes the last ones are held out. */
export function splitSet(count: number, holdOut: number): { kept: number; held?: readonly [number, number] } {
  if (holdOut === 0) return { kept: count }
  const kept = count - Math.max(1, Math.round(holdOut * count))
  const wanted = `less, or 0: of ${count} volumes it leaves none`
  if (kept < 1) throw new RangeError(cannot('hold out a part', '--hold-out', wanted, holdOut))
  return { kept, held: [kept, count] }
}

/** What is trained on and what is held out along the first axis longer than 1, with half a crop between them. */
export function split(
  [deep, high]: readonly number[],
  { crop, holdOut, axes, turns }: CropOptions,
): { kept: number; held?: readonly [number, number] } {
  const length = deep > 1 ? deep : high
  if (holdOut === 0) return { kept: length }
  const from = length - Math.max(1, Math.round(holdOut * length))
  const kept = from - Math.ceil(Math.max(...crop) / 2)
  const slices = crop.length === 2 && deep > 1 && axes.includes('z')
  const least = slices ? 1 : crop.length === 3 && !turns ? crop[0] : Math.min(...crop)
  if (kept < least) {
    const wanted = `less, or 0: of ${length} ${deep > 1 ? 'slices' : 'rows'} it leaves too few for a crop`
    throw new RangeError(cannot('hold out a part', '--hold-out', wanted, holdOut))
  }
  return { kept, held: [from, length] }
}
