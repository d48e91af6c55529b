/** The origins of volumes that no network sees as a whole, from those of their slices or blocks. */
import { cannot } from '../base/errors.ts'
import { blockOrigins, type OriginFunction, sliceOrigins } from '../sampling/index.ts'
import type { ModelDescription } from './description.ts'
import type { Parts } from './volume.ts'

/** The origins of a volume from those of its parts: `origins` has one for each model of the parts. */
export function originOfParts(
  parts: Parts,
  origins: readonly OriginFunction[],
  { description, signal }: { readonly description: ModelDescription; readonly signal?: AbortSignal },
): OriginFunction {
  const [channels, ...lengths] = description.task.shape
  if (parts.kind === 'slices') {
    const families = parts.models.map((model, i) => ({ origin: origins[i], tile: model.description.tile }))
    return sliceOrigins({ channels, lengths, families, weight: parts.weight, signal })
  }
  const [{ description: of }] = parts.models
  if (of.tile !== 1) throw new RangeError(cannot('draw a large volume', 'the tile', 'one block', of.tile))
  const { width, periodic, shape } = of.task
  const [origin] = origins
  return blockOrigins({
    ...{ channels, width, lengths, periodic, origin, signal },
    block: shape.slice(1),
    margin: parts.margin,
  })
}
