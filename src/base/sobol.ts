/**
 * Points of the Sobol sequence in the unit cube, scrambled or not: of 2^m of them every box of a dyadic partition into 2^m
 * intervals of an axis holds one.
 *
 * The directions are those of S. Joe and F. Kuo (2008, new-joe-kuo-6.21201), the order is that of Antonov and Saleev (Gray
 * code). Scrambling is Owen's, by the hash of S. Laine and T. Karras (2011): a permutation in which each bit depends on the
 * bits above it alone, as B. Burley has it (2020).
 */
import { demand } from './errors.ts'
import { demandGiven } from './given.ts'

/** Of each axis from the second on: the coefficients a of its primitive polynomial, and its first directions m. */
const polynomials: readonly (readonly [a: number, first: readonly number[]])[] = [
  [0, [1]],
  [1, [1, 3]],
  [1, [1, 3, 1]],
  [2, [1, 1, 1]],
  [1, [1, 1, 3, 3]],
  [4, [1, 3, 5, 13]],
  [2, [1, 1, 5, 5, 17]],
  [4, [1, 1, 5, 5, 5]],
  [7, [1, 1, 7, 11, 19]],
]

export const mostAxes = 1 + polynomials.length

/** The 32 directions of an axis, as fractions of 2^32. */
function directionsOf(axis: number): Uint32Array {
  const directions = new Uint32Array(32)
  if (axis === 0) return directions.map((_, bit) => 2 ** (31 - bit))
  const [a, first] = polynomials[axis - 1]
  const degree = first.length
  for (let bit = 0; bit < 32; bit++) {
    if (bit < degree) {
      directions[bit] = first[bit] * 2 ** (31 - bit)
      continue
    }
    let direction = directions[bit - degree] ^ (directions[bit - degree] >>> degree)
    for (let k = 1; k < degree; k++) if ((a >>> (degree - 1 - k)) & 1) direction ^= directions[bit - k]
    directions[bit] = direction
  }
  return directions
}

function reversed(word: number): number {
  let [from, to] = [word, 0]
  for (let bit = 0; bit < 32; bit++, from >>>= 1) to = (to << 1) | (from & 1)
  return to >>> 0
}

/** Each bit of the hash depends on the bits below it alone. */
function hashed(word: number, key: number): number {
  let hash = (word + key) | 0
  for (const factor of [0x6c50b47c, 0xb82f1e52, 0xc7afe638, 0x8d22f6e6]) hash ^= Math.imul(hash, factor)
  return hash >>> 0
}

/**
 * Point i of the sequence on `axes` axes, each in [0, 1). `keys` scramble them, one for each axis: 32 random bits.
 * @throws RangeError for more axes than `mostAxes`, and from point 2^32 on
 */
export function sobol(axes: number, keys?: ArrayLike<number>): (i: number) => number[] {
  demandGiven('draw points', { axes }, { axes: 'number' })
  const fits = Number.isInteger(axes) && axes >= 1 && axes <= mostAxes
  demand(fits, 'draw points', 'the axes', `from 1 to ${mostAxes}`, axes)
  const directions = Array.from({ length: axes }, (_, axis) => directionsOf(axis))
  return i => {
    demand(Number.isInteger(i) && i >= 0 && i < 2 ** 32, 'draw points', 'the point', 'from 0 to 2^32 - 1', i)
    return directions.map((of, axis) => {
      let word = 0
      for (let gray = (i ^ (i >>> 1)) >>> 0, bit = 0; gray !== 0; gray >>>= 1, bit++)
        if (gray & 1) word ^= of[bit]
      word >>>= 0
      if (keys) word = reversed(hashed(reversed(word), keys[axis]))
      return word / 2 ** 32
    })
  }
}
