/** Samples of a page that do not fill whole bytes, or fill three. */

/**
 * Samples of 1 to 31 bits, packed behind each other, the highest bit first; every row begins a byte. Samples of 24
 * bits lie in the byte order of the file.
 */
export function unpackedBits(
  data: Uint8Array,
  { bits, perRow, little }: { readonly bits: number; readonly perRow: number; readonly little: boolean },
): Uint8Array | Uint16Array | Uint32Array {
  const row = Math.ceil((perRow * bits) / 8)
  const rows = Math.floor(data.length / row)
  const Type = bits <= 8 ? Uint8Array : bits <= 16 ? Uint16Array : Uint32Array
  const samples = new Type(rows * perRow)
  for (let y = 0; y < rows; y++) {
    const start = y * row
    for (let i = 0; i < perRow; i++) {
      let value = 0
      if (bits === 24) {
        const at = start + 3 * i
        const [low, high] = little ? [at, at + 2] : [at + 2, at]
        value = data[low] | (data[at + 1] << 8) | (data[high] << 16)
      } else
        for (let bit = i * bits; bit < (i + 1) * bits; bit++)
          value = (value << 1) | ((data[start + (bit >> 3)] >> (7 - (bit & 7))) & 1)
      samples[y * perRow + i] = value
    }
  }
  return samples
}
