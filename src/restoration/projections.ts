// Parallel-beam projections: what a scanner sees of a slice from some angles.
import { demand } from '../base/errors.ts'
import { cosPi, sinPi } from '../base/numeric.ts'
import { type Matrix, sparse } from './matrix.ts'

/** The bins of a detector that sees all of an image from any angle, each as wide as a site. */
export const detector = (height: number, width: number): number => Math.ceil(Math.hypot(height, width)) + 2

/**
 * Views [angles, bins]: at the angle θ the site (row, column) is seen at s = x cos θ + y sin θ from the middle of the detector (x to
 * the right, y upwards, from the middle of the image), its units in the two bins nearest to it, in proportion to how near.
 */
export function projections([height, width]: readonly [number, number], angles: readonly number[]): Matrix {
  demand(angles.length >= 1, 'measure', 'the angles', 'one at least', angles.length)
  demand(angles.every(Number.isFinite), 'measure', 'every angle', 'a number of degrees', angles)
  const bins = detector(height, width)
  const [cos, sin] = [angles.map(angle => cosPi(angle / 180)), angles.map(angle => sinPi(angle / 180))]
  return sparse([angles.length, bins], height * width, (site, put) => {
    const x = (site % width) - (width - 1) / 2
    const y = (height - 1) / 2 - Math.floor(site / width)
    angles.forEach((_, view) => {
      const s = x * cos[view] + y * sin[view] + (bins - 1) / 2
      const bin = Math.floor(s)
      put(view * bins + bin, bin + 1 - s)
      if (s > bin) put(view * bins + bin + 1, s - bin)
    })
  })
}

/** So many angles, even over half a turn, or from one angle up to another. */
export const evenAngles = (views: number, from = 0, to = 180): number[] =>
  Array.from({ length: views }, (_, i) => from + (i * (to - from)) / views)
