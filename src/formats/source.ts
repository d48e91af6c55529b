/**
 * Where bytes come from: what errors call the file, what reading it may cost, and where a sentence about it goes.
 */
import { demandGiven, demandKind } from '../base/given.ts'
import { type Budget, budgetFor } from './budget.ts'

/** A file that is read, or a part of one. */
export interface Source {
  /** What the errors call it. */
  readonly name: string
  readonly budget: Budget
  /** Takes a sentence on what was understood otherwise than it stands there. */
  say(sentence: string): void
  /** The bytes of a file that lies beside this one: formats with a header of its own name it. */
  beside?(name: string): Uint8Array
}

/** A source out of what errors call the file: with a budget of its own by its size, and nobody who listens. */
export function sourceOf(source: string | Source, bytes: { readonly length: number }): Source {
  if (typeof source !== 'string')
    demandGiven('read the file', { source }, { source: { name: 'text', budget: 'object', say: 'function' } })
  const right = typeof bytes === 'object' && !Array.isArray(bytes) && bytes?.length >= 0
  demandKind(right, 'read the file', 'its bytes', 'a Uint8Array', bytes)
  const { length } = bytes
  return typeof source === 'string' ? { name: source, budget: budgetFor(length), say() {} } : source
}

/** A part of a file under its own name; cost and sentences are the file's. */
export const partOf = (source: Source, part: string): Source => ({
  ...source,
  name: `${part} of ${source.name}`,
})
