// What a graph holds at most, by hand.
import { describe, expect, it } from 'vitest'
import { add, input, mostHeld, multiply, reduceSum, sigmoid } from '../../src/tensor/index.ts'

describe('`mostHeld()`', () => {
  const x = input('x', [10])

  it('lets a tensor go after the last node that reads it', () => {
    // x, and at every step of a chain what it reads and what it makes.
    let y = x
    for (let i = 0; i < 5; i++) y = sigmoid(y)
    expect(mostHeld({ y })).toBe(4 * (10 + 10 + 10))
  })

  it('keeps what is read later, and outputs to the end', () => {
    const [a, b] = [sigmoid(x), multiply(x, x)]
    const sum = add(a, b)
    expect(mostHeld({ sum })).toBe(4 * 40)
    expect(mostHeld({ a, b, total: reduceSum(sum, [0]) })).toBe(4 * 41)
  })
})
