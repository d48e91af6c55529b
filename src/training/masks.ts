// Random holes for training: what a network that completes images learns to complete.
import { demand } from '../base/errors.ts'
import { below, type Random, random } from '../base/random.ts'
import type { Lattice } from '../lattice/index.ts'
import { confined } from '../process/confined.ts'
import type { JumpProcess } from '../process/process.ts'

/** A hole [C, ...sites], 1 where units walk, and the walk inside it. */
export interface Scene {
  readonly open: Uint8Array
  readonly process: JumpProcess
}

export interface MaskOptions {
  readonly lattice: Lattice
  readonly channels: number
  readonly seed: number
  /** How many holes there are; each is made when it is first drawn, and kept. */
  readonly count: number
}

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

/** Everything: the image without anything known. */
const whole: Shape = (_, sides) => drawn(sides, () => true)

/** The shapes of holes by name. */
export const shapes = { box, half, strokes, scattered, whole } as const

/** The parts of ten that each shape has. */
const kinds: readonly (readonly [Shape, number])[] = [
  [box, 4],
  [half, 2],
  [strokes, 2],
  [scattered, 1],
  [whole, 1],
]

/** Hole number k of the seed; one for all channels, or, with more than one, at times for one of them alone. */
export function holeOf({ lattice, channels, seed }: Omit<MaskOptions, 'count'>, k: number): Uint8Array {
  const { shape, size } = lattice
  demand(shape.length === 2, 'draw a mask', 'the lattice', 'of two axes', shape)
  const rng = random(seed).fork(k)
  let ticket = below(rng, 10)
  const [make] = kinds.find(([, parts]) => {
    ticket -= parts
    return ticket < 0
  }) as readonly [Shape, number]
  const one = make(rng, [shape[0], shape[1]])
  const only = channels > 1 && below(rng, 2) === 1 ? below(rng, channels) : -1
  const open = new Uint8Array(channels * size)
  for (let c = 0; c < channels; c++) if (only < 0 || only === c) open.set(one, c * size)
  return open
}

/** Draws one of `count` holes, with the walk inside it. */
export function scenes(options: MaskOptions): (random: Random) => Scene {
  const { lattice, channels, count } = options
  const made = new Map<number, Scene>()
  return rng => {
    const k = below(rng, count)
    const known = made.get(k)
    if (known) return known
    const open = holeOf(options, k)
    const scene = { open, process: confined({ lattice, channels, open }) }
    made.set(k, scene)
    return scene
  }
}

function drawn(
  [height, width]: readonly [number, number],
  inside: (y: number, x: number) => boolean,
): Uint8Array {
  const open = new Uint8Array(height * width)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) open[y * width + x] = inside(y, x) ? 1 : 0
  return open
}
