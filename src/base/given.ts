/**
 * What a function of the public surface is given, checked at its door: JavaScript lets a program give anything, and what
 * it meets then shall be a sentence in the grammar of errors, before any work is done.
 */
import { cannot } from './errors.ts'

/** Refuses what is of another kind than it must be. @throws TypeError */
export function demandKind(holds: boolean, what: string, thing: string, wanted: string, got: unknown): void {
  if (!holds) throw new TypeError(cannot(what, thing, wanted, got))
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** Arrays and typed arrays. */
const isList = (value: unknown) =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))

const hasFunction = (value: unknown, name: string) => isObject(value) && typeof value[name] === 'function'

interface Known {
  readonly wanted: string
  holds(value: unknown): boolean
}

/** The kinds that are told apart, and how the error calls them. */
const known = {
  number: { wanted: 'a number', holds: value => typeof value === 'number' },
  text: { wanted: 'a text', holds: value => typeof value === 'string' },
  function: { wanted: 'a function', holds: value => typeof value === 'function' },
  object: { wanted: 'an object', holds: isObject },
  list: { wanted: 'an array', holds: isList },
  bytes: { wanted: 'a Uint8Array', holds: value => value instanceof Uint8Array },
  singles: { wanted: 'a Float32Array', holds: value => value instanceof Float32Array },
  floats: { wanted: 'a Float64Array', holds: value => value instanceof Float64Array },
  stream: { wanted: 'a stream, as random(seed) gives', holds: value => hasFunction(value, 'u32') },
  work: { wanted: 'work that is under way', holds: value => hasFunction(value, 'next') },
  process: { wanted: 'a process', holds: value => hasFunction(value, 'corrupt') },
  program: { wanted: 'a program that a runtime has compiled', holds: value => hasFunction(value, 'run') },
  runtime: { wanted: 'a runtime', holds: value => hasFunction(value, 'compile') },
  /** Lists of lists, or of objects: every one of them is looked at. */
  lists: {
    wanted: 'an array of arrays',
    holds: value => isList(value) && (value as unknown[]).every(isList),
  },
  objects: {
    wanted: 'an array of objects',
    holds: value => Array.isArray(value) && value.every(isObject),
  },
} satisfies Record<string, Known>

type Name = keyof typeof known

/** A kind, `?` behind what may be left out, or the kinds of an object's fields. */
export type Kind = Name | `${Name}?` | { readonly [field: string]: Kind }

/**
 * Every value must be of its kind; `what` is what cannot be done else.
 * @throws TypeError naming the first that is not
 */
export function demandGiven(what: string, values: object, kinds: Readonly<Record<string, Kind>>): void {
  for (const thing of Object.keys(kinds))
    demandOf(what, thing, (values as Record<string, unknown>)[thing], kinds[thing])
}

function demandOf(what: string, thing: string, value: unknown, kind: Kind): void {
  if (typeof kind === 'object') {
    demandKind(isObject(value), what, thing, 'an object', value)
    for (const field of Object.keys(kind))
      demandOf(what, `${thing}.${field}`, (value as Record<string, unknown>)[field], kind[field])
    return
  }
  const free = kind.endsWith('?')
  if (free && value === undefined) return
  const { holds, wanted } = known[(free ? kind.slice(0, -1) : kind) as Name] as Known
  demandKind(holds(value), what, thing, wanted, value)
}
