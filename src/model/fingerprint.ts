/** A fingerprint of the numerics: samples can only be promised to be the same bytes where it is the same. */
import { demandGiven } from '../base/given.ts'
import { random } from '../base/random.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { OriginFunction } from '../sampling/solver.ts'
import type { ModelDescription } from './description.ts'

/** Runtime, version, device, and a hash of the network's answer to a fixed input. */
export async function fingerprint(
  origin: OriginFunction,
  description: ModelDescription,
  runtime: Runtime,
): Promise<string> {
  demandGiven(
    'tell the numerics',
    { origin, description, runtime },
    {
      origin: 'function',
      description: {
        tile: 'number',
        task: { shape: 'list', periodic: 'list', times: 'list', scale: 'number', classes: 'number' },
      },
      runtime: 'runtime',
    },
  )
  const { tile, task } = description
  const size = task.shape[0] * task.shape[1] * task.shape[2]
  const rng = random(0)
  const counts = Int32Array.from({ length: tile * size }, () => Math.floor(64 * rng.uniform()))
  const times = Float64Array.from({ length: tile }, (_, i) => (i + 1) / tile)
  return `${runtime.name} ${runtime.version} ${runtime.device} ${hash(await origin(counts, times))}`
}

/** FNV-1a over the bytes, as eight hexadecimal digits. */
function hash(values: Float32Array): string {
  let state = 0x811c9dc5
  for (const byte of new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    state = Math.imul(state ^ byte, 0x01000193)
  return (state >>> 0).toString(16).padStart(8, '0')
}
