/** Numbers written in text with blanks between them. */
import { type Element, type TypedArray, unpackedBytes } from '../array.ts'
import { malformed } from '../malformed.ts'

const types: Partial<Record<Element, new (length: number) => TypedArray>> = {
  ...{ u1: Uint8Array, i1: Int8Array, u2: Uint16Array, i2: Int16Array, u4: Uint32Array, i4: Int32Array },
  ...{ f4: Float32Array, b1: Uint8Array },
}

/** @throws SyntaxError for another number of numbers, or words that are none */
export function asciiNumbers(
  text: string,
  { element, count, name }: { readonly element: Element; readonly count: number; readonly name: string },
): TypedArray {
  const Type = types[element] ?? Float64Array
  // Every number takes a letter and a blank at least.
  if (count > (text.length + 1) / 2)
    throw malformed(name, 'its numbers', `${count} (${count * unpackedBytes(element)} bytes)`, 'fewer')
  const out = new Type(count)
  const word = /\S+/g
  let i = 0
  for (let match = word.exec(text); match; match = word.exec(text)) {
    const value = Number(match[0])
    if (Number.isNaN(value) && !/^[+-]?nan/i.test(match[0]))
      throw malformed(name, `number ${i}`, 'a number', match[0].slice(0, 40))
    if (i === count) throw malformed(name, 'its numbers', String(count), 'more')
    out[i++] = value
  }
  if (i < count) throw malformed(name, 'its numbers', String(count), i)
  return out
}
