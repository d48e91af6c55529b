/** What drawing a volume takes, told before anything of its size is built. */
import { cannot } from '../../base/errors.ts'
import { bytesText } from '../../formats/budget.ts'

/** Bytes for each voxel of a channel: potentials, laws and leanings of the walk, its neighbours, and the labels at last. */
const EACH = 160

/** @throws RangeError with the figure, where that is more than there is */
export function demandMemory(shape: readonly number[], memory = 2 ** 33): void {
  const need = EACH * shape.reduce((product, length) => product * length, 1)
  if (need <= memory) return
  const side = Math.floor(Math.cbrt(memory / EACH / shape[0]))
  const wanted = `one that fits into the memory (${bytesText(memory)} are enough for about ${side}×${side}×${side})`
  throw new RangeError(
    cannot('sample', 'the volume', wanted, `${shape.slice(1).join('×')}, which needs ${bytesText(need)}`),
  )
}
