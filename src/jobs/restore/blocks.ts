/** Models that undo sums of blocks: an image begins from these sums, and nothing else is measured of it. */
import { cannot, refused } from '../../base/errors.ts'
import type { ModelDescription } from '../../model/description.ts'
import type { RestoreJob } from './fields.ts'
import type { Seen } from './seen.ts'

/** @throws UsageError for what such a model cannot be asked for */
export function demandBlocks(
  { method, passes, strength, gain, mass, porosity }: RestoreJob,
  { operator, scatter }: { readonly operator?: string; readonly scatter: string },
  side: number,
): void {
  const own = `blocks:${side}`
  const lone = { strength, gain, mass, porosity }
  if (operator !== own) throw refused('restore', 'operator', `${own} with this model`, operator)
  if (scatter !== 'none') throw refused('restore', 'scatter', 'none with this model: sums are exact', scatter)
  if (method !== 'posterior') throw refused('restore', 'method', 'posterior with this model', method)
  if (passes > 0) throw refused('restore', 'passes', 'left out with this model', passes)
  for (const [field, value] of Object.entries(lone))
    if (value !== undefined)
      throw refused('restore', field, 'left out: the sums of the blocks tell it', value)
}

/**
 * The units of every block, [N · each][C · blocks], channel by channel: of a material whose units are the other phase than what is
 * seen, what is left of a block. @throws RangeError for what no sums of blocks can be
 */
export function massesOfBlocks(
  { data, shape }: Seen,
  { side, description, each }: { side: number; description: ModelDescription; each: number },
): number[][] {
  const { material, largest } = description.data
  const room = side * side * (material ? 1 : largest)
  const odd = data.find(value => !(Number.isInteger(value) && value >= 0 && value <= room))
  if (odd !== undefined)
    throw new RangeError(cannot('restore', 'every sum of a block', `a whole number in 0 … ${room}`, odd))
  const length = data.length / shape[0]
  const rest = material?.units[0] === 0
  return Array.from({ length: shape[0] * each }, (_, i) => {
    const at = Math.floor(i / each) * length
    return Array.from(data.subarray(at, at + length), sum => (rest ? room - sum : sum))
  })
}
