/** Counts as the pixels of a canvas. */
import { phaseColours } from '../src/formats/phase-picture.ts'
import { phaseLights } from '../src/jobs/movie/lights.ts'

export interface Look {
  /** [C, H, W] */
  readonly shape: readonly [number, number, number]
  /** The count that is white. */
  readonly white: number
  /** Of a material: the label of each channel's units. */
  readonly units?: readonly number[]
}

/** RGBA of counts [C, H, W]: grey, red with green and blue, or the colours of phases. */
export function pixelsOf(
  counts: ArrayLike<number>,
  { shape, white, units }: Look,
): Uint8ClampedArray<ArrayBuffer> {
  const [channels, height, width] = shape
  if (units) {
    const { lights, palette } = phaseLights({ counts, shape: [1, ...shape], units })
    return mixed(lights.counts, { sites: height * width, white: 1, palette })
  }
  const palette = channels === 3 ? primaries : Array.from({ length: channels }, () => grey)
  return mixed(counts, { sites: height * width, white, palette })
}

/** RGBA of labels, in the colours of phases; what is no part of the sample is left clear. */
export function labelPixels(labels: ArrayLike<number>, count: number): Uint8ClampedArray<ArrayBuffer> {
  const colours = phaseColours(count)
  const pixels = new Uint8ClampedArray(4 * labels.length)
  for (let x = 0; x < labels.length; x++) {
    const colour = colours[labels[x]]
    if (colour) pixels.set([...colour, 255], 4 * x)
  }
  return pixels
}

type Colour = readonly [number, number, number]

const grey: Colour = [255, 255, 255]
const primaries: readonly Colour[] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
]

/** The colours of all channels, added up. */
function mixed(
  counts: ArrayLike<number>,
  { sites, white, palette }: { sites: number; white: number; palette: readonly Colour[] },
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * sites)
  for (let x = 0; x < sites; x++) {
    let [red, green, blue] = [0, 0, 0]
    for (let c = 0; c < palette.length; c++) {
      const light = Math.min(1, counts[c * sites + x] / white)
      red += light * palette[c][0]
      green += light * palette[c][1]
      blue += light * palette[c][2]
    }
    pixels[4 * x] = red
    pixels[4 * x + 1] = green
    pixels[4 * x + 2] = blue
    pixels[4 * x + 3] = 255
  }
  return pixels
}
