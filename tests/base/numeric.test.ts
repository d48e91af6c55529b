// The elementary functions against correctly rounded values (vectors/numeric.py).
import { describe, expect, it } from 'vitest'
import {
  cosPi,
  excess,
  exp,
  expm1,
  log,
  log1p,
  logGamma,
  sinPi,
  stirlingTail,
} from '../../src/base/numeric.ts'
import vectors from './vectors/numeric.json' with { type: 'json' }

const bits = new BigInt64Array(1)
const value = new Float64Array(bits.buffer)

/** The position of a double among all doubles. */
function rank(x: number): bigint {
  value[0] = x
  return bits[0] < 0n ? -(bits[0] & 0x7fffffffffffffffn) : bits[0]
}

/** How many doubles lie between the value and its true rounding, at worst, and where. */
function worst(f: (x: number) => number, rows: number[][]): { doubles: number; at: number } {
  let found = { doubles: 0, at: 0 }
  for (const [x, y] of rows) {
    const doubles = Math.abs(Number(rank(f(x)) - rank(y)))
    if (!(doubles <= found.doubles)) found = { doubles, at: x }
  }
  return found
}

describe('numeric', () => {
  const functions = { exp, expm1, log, log1p, sinPi, cosPi, excess }
  const allowed = { exp: 1, expm1: 1, log: 1, log1p: 1, sinPi: 1, cosPi: 1, excess: 8 }
  for (const name of Object.keys(functions) as (keyof typeof functions)[])
    it(`\`${name}()\` is within ${allowed[name]} double of the true value`, () => {
      const { doubles, at } = worst(functions[name], vectors[name])
      expect(doubles, `at ${at}`).toBeLessThanOrEqual(allowed[name])
      expect(vectors[name].length).toBeGreaterThan(300)
    })

  it('`logGamma()` is within 1e-14 of max(1, |value|)', () => {
    for (const [x, y] of vectors.logGamma) {
      const error = Math.abs(logGamma(x) - y) / Math.max(1, Math.abs(y))
      expect(error, `at ${x}`).toBeLessThan(1e-14)
    }
  })

  it('`stirlingTail()` is within 2e-15 of its value, absolutely below 10 and relatively above', () => {
    for (const [x, y] of vectors.stirlingTail)
      expect(Math.abs(stirlingTail(x) - y) / (x < 10 ? Math.max(1, y) : y), `at ${x}`).toBeLessThan(2e-15)
  })

  it('`exp()` and `expm1()` end where doubles end', () => {
    expect([exp(-Infinity), exp(-745.14), exp(-745.13), exp(0), exp(-0)]).toEqual([0, 0, 5e-324, 1, 1])
    expect([exp(709.782712893384), exp(709.79), exp(Infinity)]).toEqual([
      1.7976931348622732e308,
      Infinity,
      Infinity,
    ])
    expect([expm1(-Infinity), expm1(-40), expm1(0), expm1(710), expm1(Infinity)]).toEqual([
      -1,
      -1,
      0,
      Infinity,
      Infinity,
    ])
    expect([exp(NaN), expm1(NaN)]).toEqual([NaN, NaN])
  })

  it('`log()` and `log1p()` end where doubles end', () => {
    expect([log(0), log(-0), log(1), log(Infinity), log(-1), log(-Infinity), log(NaN)]).toEqual([
      -Infinity,
      -Infinity,
      0,
      Infinity,
      NaN,
      NaN,
      NaN,
    ])
    expect([log(5e-324), log(1.7976931348623157e308)]).toEqual([-744.4400719213812, 709.782712893384])
    expect([log1p(-1), log1p(-1.5), log1p(Infinity), log1p(NaN)]).toEqual([-Infinity, NaN, Infinity, NaN])
    expect([log1p(5e-324), Object.is(log1p(-0), -0)]).toEqual([5e-324, true])
  })

  it('`logGamma()` is infinite at 0, exact to the last digits at small integers, NaN below 0', () => {
    expect([logGamma(0), logGamma(Infinity), logGamma(-1), logGamma(NaN)]).toEqual([
      Infinity,
      Infinity,
      NaN,
      NaN,
    ])
    let factorial = 1
    for (let n = 1; n < 18; factorial *= n++) expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 13)
  })

  it('`sinPi()` and `cosPi()` are exact at every multiple of one half', () => {
    for (let k = -12; k <= 12; k++) {
      expect(sinPi(k) + 0).toBe(0)
      expect(cosPi(k)).toBe(k % 2 === 0 ? 1 : -1)
      expect(cosPi(k + 0.5) + 0).toBe(0)
      expect(sinPi(k + 0.5)).toBe(k % 2 === 0 ? 1 : -1)
    }
    expect([sinPi(1e300) + 0, cosPi(1e300), sinPi(Infinity), cosPi(-Infinity)]).toEqual([0, 1, NaN, NaN])
  })
})
