/**
 * Labels of phases as pictures: a colour per phase, and a grid of samples with a line under each.
 */
import { demand } from '../base/errors.ts'
import { sizeOf } from './array.ts'
import { extremes } from './extremes.ts'
import type { Colour } from './indexed-png.ts'
import { type PictureOptions, picture } from './picture.ts'

/** Pores dark; phases apart in lightness as well as in hue, for eyes that tell no red from green. */
const chosen: readonly Colour[] = [
  [20, 26, 46],
  [229, 221, 200],
  [216, 112, 48],
  [56, 142, 150],
  [142, 96, 168],
  [240, 196, 66],
  [120, 160, 72],
  [196, 84, 108],
]

/** Colours for label 0, 1, …: the chosen ones, then further mixtures, no two alike. */
export function phaseColours(count: number): Colour[] {
  return Array.from({ length: count }, (_, label): Colour => {
    if (label < chosen.length) return chosen[label]
    return [64 + ((label * 67) % 192), 64 + ((label * 109) % 192), label % 256]
  })
}

export interface PhasePictureOptions extends Pick<PictureOptions, 'captions' | 'columns' | 'scale' | 'text'> {
  /** How many labels there are; default as many as are met. */
  readonly labels?: number
}

/** Draws samples of labels [N, H, W] side by side as one PNG, a site at least so large that tiles are 96 pixels wide. */
export function phasePicture(
  { data, shape }: { readonly data: Uint8Array; readonly shape: readonly number[] },
  { labels, scale, ...options }: PhasePictureOptions = {},
): Uint8Array {
  const what = 'draw labels'
  demand(shape.length === 3 && sizeOf(shape) > 0, what, 'the shape', '[N, H, W], none of them 0', shape)
  demand(data.length === sizeOf(shape), what, 'the labels', `${sizeOf(shape)} elements`, data.length)
  const [count, height, width] = shape
  const phases = labels ?? extremes(data).largest + 1
  // One channel per label, 1 where it is.
  const sites = height * width
  const counts = new Uint8Array(phases * data.length)
  for (let i = 0; i < data.length; i++) {
    const image = Math.floor(i / sites)
    counts[(image * phases + data[i]) * sites + (i % sites)] = 1
  }
  const drawn = { counts, shape: [count, phases, height, width] }
  const palette = phaseColours(phases)
  return picture(drawn, { ...options, scale: scale ?? Math.max(1, Math.ceil(96 / width)), white: 1, palette })
    .png
}
