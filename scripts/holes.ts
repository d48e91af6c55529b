// Holes of several shapes, at random: what completion is measured on.
import { below, type Random } from '../src/base/random.ts'

/** One image of [height, width] sites, 1 in the hole. */
export type Shape = (random: Random, sides: readonly [height: number, width: number]) => Uint8Array

/** A box with sides of a quarter to three quarters of the image's. */
const box: Shape = (rng, [height, width]) => {
  const side = (length: number) => Math.max(1, Math.round(length * (0.25 + 0.5 * rng.uniform())))
  const [h, w] = [side(height), side(width)]
  const [top, left] = [below(rng, height - h + 1), below(rng, width - w + 1)]
  return drawn([height, width], (y, x) => y >= top && y < top + h && x >= left && x < left + w)
}

/** All on one side of a straight cut at a quarter to three quarters of the image. */
const half: Shape = (rng, [height, width]) => {
  const [upright, first] = [below(rng, 2) === 1, below(rng, 2) === 1]
  const cut = (upright ? width : height) * (0.25 + 0.5 * rng.uniform())
  return drawn([height, width], (y, x) => (upright ? x : y) + 0.5 < cut === first)
}

/** One to three strokes, 2 to 5 sites wide, that wander over the image. */
const strokes: Shape = (rng, [height, width]) => {
  const open = new Uint8Array(height * width)
  for (let left = 1 + below(rng, 3); left > 0; left--) {
    const radius = 1 + 1.5 * rng.uniform()
    let [y, x, angle] = [height * rng.uniform(), width * rng.uniform(), 2 * Math.PI * rng.uniform()]
    for (let step = 8 + below(rng, Math.max(1, (height + width) >> 1)); step > 0; step--) {
      const [cy, cx] = [y, x]
      drawn([height, width], (v, u) => (v + 0.5 - cy) ** 2 + (u + 0.5 - cx) ** 2 <= radius ** 2).forEach(
        (inside, site) => {
          if (inside) open[site] = 1
        },
      )
      angle += 1.2 * (rng.uniform() - 0.5)
      y = Math.min(height, Math.max(0, y + Math.sin(angle)))
      x = Math.min(width, Math.max(0, x + Math.cos(angle)))
    }
  }
  return open
}

/** Single sites, 10 to 50 % of all. */
const scattered: Shape = (rng, sides) => {
  const share = 0.1 + 0.4 * rng.uniform()
  return drawn(sides, () => rng.uniform() < share)
}

/** The shapes of holes by name. */
export const shapes = { box, half, strokes, scattered } as const

function drawn(
  [height, width]: readonly [number, number],
  inside: (y: number, x: number) => boolean,
): Uint8Array {
  const open = new Uint8Array(height * width)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) open[y * width + x] = inside(y, x) ? 1 : 0
  return open
}
