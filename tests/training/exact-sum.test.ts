import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { addSums, addTo, newSum, rounded } from '../../src/training/exact-sum.ts'

/** Singles of both signs over 12 decades, like gradients. */
function gradients(count: number, size: number): Float32Array[] {
  const rng = random(5)
  const one = () => (rng.uniform() < 0.5 ? -1 : 1) * 10 ** (4 - 12 * rng.uniform())
  return Array.from({ length: count }, () => Float32Array.from({ length: size }, one))
}

/** A single as a whole number of steps of 2^-149. */
const steps = (value: number): bigint => {
  let [v, exponent] = [value, 0]
  while (!Number.isInteger(v)) [v, exponent] = [v * 2, exponent + 1]
  return BigInt(v) << BigInt(149 - exponent)
}

describe('exact sums', () => {
  const all = gradients(64, 500)
  const whole = newSum(500)
  for (const one of all) addTo(whole, one)

  it('`addTo()` sums singles of at least 2^-43 without an error, against whole numbers', () => {
    const found = rounded(whole)
    for (let i = 0; i < 500; i++) {
      const exact = all.reduce((sum, one) => sum + steps(one[i]), 0n)
      // To the nearest single, by way of the nearest double: at most the last bit is another.
      const near = Number(exact) * 2 ** -149
      expect(Math.abs(found[i] - near)).toBeLessThanOrEqual(Math.abs(near) * 2 ** -23)
      expect(BigInt(whole[i] * 2 ** 66) + BigInt(whole[i + 500] * 2 ** 66)).toBe(exact >> 83n)
      expect(exact % (1n << 83n)).toBe(0n)
    }
  })

  it('sums are the same bits in any order and grouping, as float sums are not', () => {
    const parts = Array.from({ length: 3 }, (_, rank) => {
      const sum = newSum(500)
      for (let m = all.length - 1; m >= 0; m--) if (m % 3 === rank) addTo(sum, all[m])
      return sum
    })
    const [sum, ...others] = parts.reverse()
    for (const other of others) addSums(sum, other)
    expect(new Uint8Array(sum.buffer)).toEqual(new Uint8Array(whole.buffer))
    const plain = (some: readonly Float32Array[]) =>
      some.reduce((total, one) => total.map((x, i) => x + one[i]), new Float32Array(500))
    expect(plain(all)).not.toEqual(plain([...all].reverse()))
  })

  it('`addTo()` makes NaN of what is not finite or beyond its range, and of nothing else', () => {
    const sum = newSum(6)
    addTo(sum, [Number.NaN, Infinity, -(2 ** 17), 2 ** 17 - 1, -0, 2 ** -149])
    addTo(sum, [1], 3)
    expect([...rounded(sum)]).toEqual([Number.NaN, Number.NaN, Number.NaN, 2 ** 17, 0, 0])
  })

  it('4096 numbers at the end of the range are still summed exactly', () => {
    const sum = newSum(1)
    const largest = Math.fround(2 ** 17 - 2 ** -7)
    for (let i = 0; i < 4096; i++) addTo(sum, [largest])
    expect(sum[0] + sum[1]).toBe(4096 * largest)
    const fine = newSum(1)
    for (let i = 0; i < 4096; i++) addTo(fine, [2 ** -25 - 2 ** -49])
    expect(fine[0] + fine[1]).toBe(4096 * (2 ** -25 - 2 ** -49))
  })
})
