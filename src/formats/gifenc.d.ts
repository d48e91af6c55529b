/** What is used of gifenc, which brings no types of its own. */
declare module 'gifenc' {
  type Palette = number[][]

  interface Encoder {
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      /** `delay` in ms; `repeat` 0 is for ever; the palette is wanted with the first frame alone. */
      options: { palette?: Palette; delay?: number; repeat?: number },
    ): void
    finish(): void
    bytes(): Uint8Array
  }

  export function GIFEncoder(): Encoder
  /** At most `most` colours for pixels RGBA. */
  export function quantize(rgba: Uint8Array, most: number): Palette
  /** The colour of each pixel RGBA, by its number in the palette. */
  export function applyPalette(rgba: Uint8Array, palette: Palette): Uint8Array

  /** All of these, where a CommonJS module is imported. */
  const all: {
    GIFEncoder: typeof GIFEncoder
    quantize: typeof quantize
    applyPalette: typeof applyPalette
  }
  export default all
}
