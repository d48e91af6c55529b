// Every operation of the graph against PyTorch: its values and its gradients.
import { describe, expect, it } from 'vitest'
import { constant, gradient, multiply, operations, total } from '../../src/tensor/index.ts'
import { built, uses, vectors } from './cases.ts'
import { apart, compute } from './compute.ts'

/** Operations through which no gradient flows. */
const flat: Record<string, string> = {
  greater: 'it is a step, constant on either side',
  sign: 'it is a step, constant on either side',
  oneHot: 'its input is an integer',
}

/** Largest error allowed, relative to the largest number of the array. */
const tolerance = 1e-5

const names = operations.map(({ name }) => name)

describe('operations', () => {
  it('`operations` all have cases, and every case has its operation', () => {
    expect(Object.keys(vectors).sort()).toEqual([...names].sort())
    expect(Object.keys(uses).sort()).toEqual([...names].sort())
    expect(names).toEqual(expect.arrayContaining(Object.keys(flat)))
    for (const op of names) expect(Object.keys(vectors[op]), op).not.toEqual([])
  })
})

describe.each(operations.map(op => [op.name, op] as const))('`%s`', (_, op) => {
  const cases = Object.entries(vectors[op.name])

  it.each(cases)('has the values of PyTorch: %s', async (_, given) => {
    const { y, feeds } = built(op.name, given)
    expect(y.node.op).toBe(op)
    const results = await compute({ y }, feeds)
    expect(results.y.shape).toEqual(given.y.shape)
    expect(apart(results.y.data, given.y.data)).toBeLessThanOrEqual(tolerance)
  })

  if (op.name in flat) {
    it(`has no gradient: ${flat[op.name]}`, () => {
      for (const [, given] of cases) {
        const { y, leaves } = built(op.name, given)
        expect(given.gradients.every(g => !g?.some(value => value !== 0))).toBe(true)
        for (const leaf of leaves)
          expect(() => gradient(total(y), [leaf])).toThrow(/must be used by the loss/)
      }
    })
  } else {
    it.each(cases)('has the gradients of PyTorch: %s', async (_, given) => {
      const { y, leaves, feeds } = built(op.name, given)
      const loss = total(multiply(y, constant(given.weights, given.y.shape)))
      const outputs = Object.fromEntries(gradient(loss, leaves).map((g, i) => [`d${i}`, g]))
      const results = await compute(outputs, feeds)
      leaves.forEach(({ shape }, i) => {
        expect(results[`d${i}`].shape).toEqual(shape)
        expect(
          apart(results[`d${i}`].data, given.gradients[i] as number[]),
          `input ${i}`,
        ).toBeLessThanOrEqual(tolerance)
      })
    })
  }
})
