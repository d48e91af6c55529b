// What a process is given, checked at its door: states of whole units, random streams, lattices.
import { demand } from '../base/errors.ts'
import { demandKind } from '../base/given.ts'
import type { Random } from '../base/random.ts'
import type { Lattice } from '../lattice/index.ts'

/** Options of a factory, or of a call, must be there at all. */
export function demandOptions(what: string, options: unknown): void {
  demandKind(typeof options === 'object' && options !== null, what, 'the options', 'an object', options)
}

export function demandLattice(what: string, lattice: Lattice): void {
  const known = Array.isArray(lattice?.axes) && Array.isArray(lattice.shape) && lattice.size >= 1
  demandKind(known, what, 'the lattice', 'one that lattice() has built', lattice)
}

/** What a call draws by: its options, with a stream among them. */
export function demandDraw(verb: string, draw: { readonly random: Random }): void {
  demandOptions(verb, draw)
  const { random } = draw
  demandKind(typeof random?.u32 === 'function', verb, 'random', 'a stream, as random(seed) gives', random)
}

/** The options of one step of hops. */
export function demandSpan(draw: { readonly span: number; readonly random: Random }): void {
  demandDraw('hop', draw)
  demand(draw.span >= 0 && draw.span < Infinity, 'hop', 'the span', 'finite and >= 0', draw.span)
}

/** An array of that length; what it holds is looked at elsewhere. @throws TypeError, RangeError */
export function demandLength(verb: string, thing: string, array: ArrayLike<number>, wanted: number): void {
  const list = Array.isArray(array) || (ArrayBuffer.isView(array) && !(array instanceof DataView))
  demandKind(list, verb, thing, 'an array', array)
  demand(array.length === wanted, verb, `the length of ${thing}`, String(wanted), array.length)
}

/** A place for whole units: narrower arrays lose them, floats hold what is none. @throws TypeError, RangeError */
export function demandPlace(verb: string, thing: string, array: Int32Array, wanted: number): void {
  demandKind(array instanceof Int32Array, verb, thing, 'an Int32Array', array)
  demandLength(verb, thing, array, wanted)
}

/** Units at each site, of which a channel has fewer than 2^31, so that they may all come to one. @throws RangeError */
export function demandUnits(verb: string, counts: ArrayLike<number>, sites: number): void {
  for (let x = 0, mass = 0; x < counts.length; x++) {
    if (!(counts[x] >= 0)) demand(false, verb, 'every count', '>= 0', counts[x])
    mass = (x % sites === 0 ? 0 : mass) + counts[x]
    if (mass >= 2 ** 31) demand(false, verb, 'the mass of a channel', 'below 2^31', mass)
  }
}
