/**
 * Animated PNG: the chunks of PNG pictures of one size, put together as the frames of one file.
 */
import { demand } from '../base/errors.ts'
import { crc32 } from './gzip.ts'

/** One picture and for how long it is shown. */
export interface ApngFrame {
  /** A PNG file; all of the same size, colour type and bit depth. */
  readonly png: Uint8Array
  /** In ms, a whole number below 65536. */
  readonly delay: number
}

const signature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10)

/**
 * Writes frames that are shown over and over (PNG, third edition, §11.3.6). Programs that know no animations show the
 * first. Throws RangeError for pictures that are not alike.
 */
export function writeApng(frames: readonly ApngFrame[]): Uint8Array {
  const what = 'write an APNG'
  demand(frames.length > 0, what, 'the frames', 'one at least', frames.length)
  const header = headerOf(frames[0].png)
  const size = header.subarray(0, 8)
  const out = [signature, chunk('IHDR', header), chunk('acTL', words(frames.length, 0))]
  // fcTL and fdAT are numbered together.
  let number = 0
  frames.forEach(({ png, delay }, k) => {
    demand(String(headerOf(png)) === String(header), what, `frame ${k}`, 'like the first', [...headerOf(png)])
    const right = Number.isInteger(delay) && delay >= 0 && delay < 65536
    demand(right, what, 'the delay', 'a whole number of ms below 65536', delay)
    // At (0, 0), for delay / 1000 s; left as it is, and written over.
    const shown = Uint8Array.of(delay >> 8, delay & 255, 1000 >> 8, 1000 & 255, 0, 0)
    out.push(chunk('fcTL', joined([words(number++), size, words(0, 0), shown])))
    for (const data of dataOf(png))
      out.push(k === 0 ? chunk('IDAT', data) : chunk('fdAT', joined([words(number++), data])))
  })
  out.push(chunk('IEND', new Uint8Array(0)))
  return joined(out)
}

/** Chunks of a PNG file as our writer makes it: [type, data]. */
function* chunks(png: Uint8Array): Generator<[string, Uint8Array]> {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  for (let at = signature.length; at < png.length; ) {
    const length = view.getUint32(at)
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8))
    yield [type, png.subarray(at + 8, at + 8 + length)]
    at += 12 + length
  }
}

function headerOf(png: Uint8Array): Uint8Array {
  const [[type, header] = ['nothing', new Uint8Array(0)]] = chunks(png)
  demand(type === 'IHDR', 'write an APNG', 'every frame', 'a PNG picture', type)
  // A palette could be another one in every frame.
  demand(header[9] !== 3, 'write an APNG', 'every frame', 'without a palette', 'one with')
  return header
}

const dataOf = (png: Uint8Array) =>
  [...chunks(png)].filter(([type]) => type === 'IDAT').map(([, data]) => data)

function chunk(type: string, data: Uint8Array): Uint8Array {
  const named = joined([Uint8Array.from(type, letter => letter.charCodeAt(0)), data])
  return joined([words(data.length), named, words(crc32(named))])
}

/** Whole numbers of 32 bits, the highest byte first. */
function words(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length)
  const view = new DataView(bytes.buffer)
  values.forEach((value, i) => {
    view.setUint32(4 * i, value)
  })
  return bytes
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
