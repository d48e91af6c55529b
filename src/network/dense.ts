/**
 * The network of sites without neighbours, beside the U-Net of lattices: whatever is seen of all of them in one row, and layers in which
 * every number is joined to every other. Its blocks are those of the U-Net, on a lattice of a single site.
 */
import { reshape, silu, sizeOf, type Tensor } from '../tensor/index.ts'
import { conv, inside, norm, type Place, residual } from './layers.ts'
import type { Parameters } from './parameters.ts'
import { shownTo, type Task, type UnetInputs, type UnetOptions } from './unet.ts'

interface Built {
  readonly task: Task
  readonly options: UnetOptions
}

/** The outputs, [N, C·width, 1, sites]. */
export function dense(parameters: Parameters, inputs: UnetInputs, built: Built): Tensor {
  const { place, y } = trunk(parameters, inputs, built, 1)
  const { shape, width } = built.task
  const [channels, ...lengths] = shape
  const out = channels * width * sizeOf(lengths)
  const all = conv(inside(place, 'out'), silu(norm(inside(place, 'last'), y)), { out, gain: 0 })
  return reshape(all, [y.shape[0], channels * width, ...lengths])
}

/** What lies in the middle of it, [N, base · the last multiplier, 1, 1]. */
export const denseMiddle = (parameters: Parameters, inputs: UnetInputs, built: Built): Tensor =>
  trunk(parameters, inputs, built, 0.5).y

/** As many blocks as the levels have together, base · the last multiplier wide; `part` of them. */
function trunk(
  parameters: Parameters,
  inputs: UnetInputs,
  { task, options }: Built,
  part: number,
): { readonly place: Place; readonly y: Tensor } {
  // A number of each site is told from all others by its place in the row.
  const seen = shownTo(parameters, inputs, { task: { ...task, homogeneous: true }, options })
  const { place, x, embedding } = seen
  const [n] = x.shape
  const { base, multipliers, blocks } = options
  const out = base * multipliers[multipliers.length - 1]
  const row = reshape(x, [n, sizeOf(x.shape) / n, ...task.shape.slice(1).map(() => 1)])
  let y = conv(inside(place, 'in'), row, { out })
  const count = blocks.reduce((sum, of) => sum + of, 0)
  for (let b = 0; b < Math.ceil(part * count); b++)
    y = residual(inside(place, `block${b}`), y, { out, embedding })
  return { place, y }
}
