// Deformations undone: step by step along velocities that somebody tells of the image as it is by now.
import { cannot } from '../base/errors.ts'
import type { Random } from '../base/random.ts'
import { composed, type Field, flow, pushed } from './deformation.ts'

/** Tells a velocity, in sites, whose flow has brought images to where they are: of each image [C, H, W] one. */
export type Guess = (images: readonly Int32Array[]) => Promise<readonly Field[]>

export interface Recovery {
  /** The image with its units pushed back; none is made or lost. */
  readonly image: Int32Array
  /** How far each site of the deformed image went on the way back, [2, H, W]. */
  readonly back: Field
}

export interface RecoveryOptions {
  readonly shape: Field['shape']
  readonly guess: Guess
  /** How often what is left is guessed anew, >= 1; default 3. */
  readonly passes?: number
  /** Of image number i. */
  readonly random: (image: number) => Random
}

/**
 * *Deformation-Recovery Diffusion Model* (arXiv 2407.07295): the increments that a network tells are undone one after the other and composed.
 * Each is the flow back of a velocity, so that nothing folds however wrong it is; units are pushed from the deformed image along all of them
 * at once, whole. @throws RangeError for no pass at all
 */
export async function recovered(
  images: readonly Int32Array[],
  { shape, guess, passes = 3, random }: RecoveryOptions,
): Promise<Recovery[]> {
  if (!(Number.isInteger(passes) && passes >= 1))
    throw new RangeError(cannot('undo deformations', 'the passes', 'an integer >= 1', passes))
  const still: Field = { shape, data: new Float64Array(2 * shape[0] * shape[1]) }
  let now: readonly Recovery[] = images.map(image => ({ image, back: still }))
  for (let pass = 0; pass < passes; pass++) {
    const told = await guess(now.map(({ image }) => image))
    now = now.map(({ back }, i) => {
      const farther = { shape, data: composed(back.data, flow(told[i], -1).data, shape) }
      return { image: pushed(images[i], farther, random(i)), back: farther }
    })
  }
  return [...now]
}

/** What is left of a displacement after the way back: where the units of the image it began from are at last, less where they were. */
export const left = (there: Field, back: Field): Field => ({
  shape: there.shape,
  data: composed(there.data, back.data, there.shape),
})

/** How far the units of an image [C, H, W] go along a displacement, on average and in sites. */
export function wayOf(counts: ArrayLike<number>, { shape, data }: Field): number {
  const sites = shape[0] * shape[1]
  let [sum, mass] = [0, 0]
  for (let at = 0; at < counts.length; at++) {
    const x = at % sites
    sum += counts[at] * Math.hypot(data[x], data[sites + x])
    mass += counts[at]
  }
  return mass > 0 ? sum / mass : 0
}
