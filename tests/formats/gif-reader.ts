/** A reader of GIF for the tests, written from the specification (GIF89a): nothing of it is shared with the writer. */

export interface ReadFrame {
  /** In hundredths of a second. */
  readonly delay: number
  /** [R, G, B] of every pixel, row by row. */
  readonly pixels: Uint8Array
}

export interface ReadGif {
  readonly width: number
  readonly height: number
  /** How often it is repeated, 0 for ever; undefined: shown once. */
  readonly repeat: number | undefined
  readonly frames: readonly ReadFrame[]
}

export function readGif(bytes: Uint8Array): ReadGif {
  const text = (at: number, length: number) => String.fromCharCode(...bytes.subarray(at, at + length))
  const word = (at: number) => bytes[at] | (bytes[at + 1] << 8)
  if (text(0, 6) !== 'GIF89a') throw new Error(`no GIF89a: ${text(0, 6)}`)
  const [width, height] = [word(6), word(8)]
  const table = (fields: number, at: number) => bytes.subarray(at, at + 3 * 2 ** ((fields & 7) + 1))
  const global = table(bytes[10], 13)
  let at = 13 + (bytes[10] & 128 ? global.length : 0)
  const frames: ReadFrame[] = []
  let [delay, repeat]: [number, number | undefined] = [0, undefined]
  /** The data of sub-blocks, put together; `at` goes behind their end. */
  function blocks(): number[] {
    const data: number[] = []
    while (bytes[at] > 0) {
      data.push(...bytes.subarray(at + 1, at + 1 + bytes[at]))
      at += 1 + bytes[at]
    }
    at++
    return data
  }
  for (;;) {
    const kind = bytes[at++]
    if (kind === 0x3b) break
    if (kind === 0x21) {
      const label = bytes[at++]
      if (label === 0xf9) delay = word(at + 2)
      const named = label === 0xff ? text(at + 1, 11) : ''
      const data = blocks()
      if (named === 'NETSCAPE2.0') repeat = data[12] | (data[13] << 8)
    } else if (kind === 0x2c) {
      if (word(at) !== 0 || word(at + 2) !== 0 || word(at + 4) !== width || word(at + 6) !== height)
        throw new Error('a frame that is only a part')
      const fields = bytes[at + 8]
      at += 9
      const own = fields & 128 ? table(fields, at) : global
      if (fields & 128) at += own.length
      const least = bytes[at++]
      const index = unpacked(blocks(), least)
      if (index.length !== width * height) throw new Error(`${index.length} pixels`)
      frames.push({ delay, pixels: Uint8Array.from(index.flatMap(i => [...own.subarray(3 * i, 3 * i + 3)])) })
    } else throw new Error(`an unknown block ${kind} at ${at}`)
  }
  if (at !== bytes.length) throw new Error('bytes behind the end')
  return { width, height, repeat, frames }
}

/** LZW with codes of growing length, the lowest bit first (GIF89a, appendix F). */
function unpacked(data: readonly number[], least: number): number[] {
  const clear = 2 ** least
  const out: number[] = []
  let words: number[][] = []
  let [bit, width, before]: [number, number, number[] | undefined] = [0, least + 1, undefined]
  for (;;) {
    let code = 0
    for (let b = 0; b < width; b++, bit++) {
      if (bit >> 3 >= data.length) throw new Error('no end of the codes')
      code |= ((data[bit >> 3] >> (bit & 7)) & 1) << b
    }
    if (code === clear + 1) return out
    if (code === clear) {
      words = Array.from({ length: clear + 2 }, (_, i) => (i < clear ? [i] : []))
      ;[width, before] = [least + 1, undefined]
      continue
    }
    const word: number[] | undefined =
      words[code] ?? (before && code === words.length ? [...before, before[0]] : undefined)
    if (!word) throw new Error(`an unknown code ${code}`)
    for (const i of word) out.push(i)
    if (before && words.length < 4096) words.push([...before, word[0]])
    if (words.length === 2 ** width && width < 12) width++
    before = word
  }
}
