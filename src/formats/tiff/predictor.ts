/**
 * Differences along rows summed up again: predictor 2 (TIFF 6.0, §14) of whole numbers, predictor 3 (Adobe Photoshop
 * TIFF Technical Note 3) of reals, whose bytes lie sorted, the highest ones of a row first.
 */
import { type Element, fromBytes } from '../array.ts'
import { malformed } from '../malformed.ts'

export interface PredictorOptions {
  readonly predictor: number
  readonly bits: number
  readonly element: Element
  /** Samples of a row. */
  readonly perRow: number
  /** Samples of a pixel. */
  readonly together: number
  readonly bigEndian: boolean
  readonly name: string
}

/** The bytes of the samples themselves, little-endian. */
export function undoPredictor(data: Uint8Array, options: PredictorOptions): Uint8Array {
  const { predictor, bits, element, perRow, together, bigEndian, name } = options
  if (predictor === 3 && element[0] === 'f') return floats(data, { width: bits / 8, perRow, together })
  if (predictor !== 2 || bits > 32 || element[0] === 'f')
    throw malformed(
      name,
      'the predictor',
      'none, 2 for whole numbers up to 32 bits, or 3 for reals',
      predictor,
    )
  const whole = fromBytes(data, { element: `u${bits / 8}` as Element, bigEndian, name })
  // Numbers wrap around as they did.
  for (let row = 0; row + perRow <= whole.length; row += perRow)
    for (let i = row + together; i < row + perRow; i++) whole[i] += whole[i - together]
  return new Uint8Array(whole.buffer, whole.byteOffset, whole.byteLength)
}

function floats(
  data: Uint8Array,
  { width, perRow, together }: { width: number; perRow: number; together: number },
): Uint8Array {
  const summed = data.slice()
  const out = new Uint8Array(data.length)
  const row = perRow * width
  for (let start = 0; start + row <= data.length; start += row) {
    for (let i = start + together; i < start + row; i++) summed[i] += summed[i - together]
    for (let i = 0; i < perRow; i++)
      for (let byte = 0; byte < width; byte++)
        out[start + i * width + byte] = summed[start + (width - 1 - byte) * perRow + i]
  }
  return out
}
