/** What a graph holds while it runs. */
import { demandGiven } from '../base/given.ts'
import { ordered, sizeOf, type Tensor } from './tensor.ts'

/** Every element of a tensor, float32 or int32, takes four bytes. */
const bytesEach = 4

/**
 * Bytes that tensors take at the moment when most of them live: node after node in the order in which they are printed, each tensor
 * from the node that makes it to the last one that reads it, inputs and outputs throughout. What the kernels take
 * beside that is theirs.
 */
export function mostHeld(outputs: Record<string, Tensor>): number {
  demandGiven('count what a graph holds', { outputs }, { outputs: 'object' })
  const ends = Object.values(outputs)
  const order = ordered(ends)
  const kept = new Set(ends)
  const last = new Map<Tensor, number>()
  for (const [i, { inputs }] of order.entries()) for (const tensor of inputs) last.set(tensor, i)
  const past = order.map((): Tensor[] => [])
  for (const [tensor, i] of last) if (tensor.node.inputs.length > 0 && !kept.has(tensor)) past[i].push(tensor)
  let [held, most] = [0, 0]
  for (const [i, { outputs: made }] of order.entries()) {
    for (const tensor of made)
      if (last.has(tensor) || kept.has(tensor)) held += bytesEach * sizeOf(tensor.shape)
    most = Math.max(most, held)
    for (const tensor of past[i]) held -= bytesEach * sizeOf(tensor.shape)
  }
  return most
}
