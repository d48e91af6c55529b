/** What the tests of the formats share: files written by NumPy and Pillow (vectors/arrays.py), and cuts. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { NdArray } from '../../src/formats/array.ts'

interface Entry {
  name: string
  file: string
  shape: number[]
  values: number[]
}

export const vectors = JSON.parse(
  readFileSync(new URL('./vectors/arrays.json', import.meta.url), 'utf8'),
) as {
  arrays: Entry[]
  refused: Record<string, string>
  texts: Record<string, string>
  archives: { stored: string; packed: string }
  pictures: Entry[]
  transparent: Record<string, string>
}

/** Bytes of base64, somewhere inside a longer buffer, as files read by Node often are. */
export function bytesOf(base64: string): Uint8Array {
  const bytes = Buffer.from(base64, 'base64')
  const longer = new Uint8Array(bytes.length + 32).fill(0xa5)
  longer.set(bytes, 13)
  return longer.subarray(13, 13 + bytes.length)
}

/** Every proper prefix of a file must be refused, in the grammar of errors and with the name of the file. */
export function expectNoPrefix(bytes: Uint8Array, read: (bytes: Uint8Array, name: string) => unknown): void {
  for (let length = 0; length < bytes.length; length++) {
    let error: unknown
    try {
      read(bytes.subarray(0, length), 'a.bin')
    } catch (thrown) {
      error = thrown
    }
    expect(error, `${length} of ${bytes.length} bytes`).toBeInstanceOf(SyntaxError)
    expect((error as Error).message).toMatch(/^Cannot read (\S+ of )?a\.bin: .+ must be .+, got ./)
  }
}

/** Every file with one damaged byte must be refused cleanly or read to something. */
export function expectNoCrash(bytes: Uint8Array, read: (bytes: Uint8Array, name: string) => unknown): number {
  let refused = 0
  for (let at = 0; at < bytes.length; at++) {
    for (const flip of [0x01, 0x80, 0xff]) {
      const damaged = bytes.slice()
      damaged[at] ^= flip
      try {
        read(damaged, 'a.bin')
      } catch (error) {
        refused++
        expect(error, `byte ${at} ^ ${flip}`).toBeInstanceOf(SyntaxError)
        expect((error as Error).message).toMatch(/^Cannot read /)
      }
    }
  }
  return refused
}

const types = [
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
]

/** Any array of up to 4 axes, of any type, with any bits but NaNs. */
export const anyArray: fc.Arbitrary<NdArray> = fc
  .record({ Type: fc.constantFrom(...types), shape: fc.array(fc.nat(4), { maxLength: 4 }) })
  .chain(({ Type, shape }) => {
    const size = shape.reduce((a, b) => a * b, 1)
    const bytes = size * Type.BYTES_PER_ELEMENT
    return fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(bits => {
      const data = new Type(bits.slice().buffer)
      return { data: data.map(value => (Number.isNaN(value) ? 1 : value)) as NdArray['data'], shape }
    })
  })
