// Adam, clipping and the moving average, against PyTorch.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { input } from '../../src/tensor/index.ts'
import {
  type AdamOptions,
  adam,
  adamDefaults,
  flatten,
  type State,
  stateInputs,
  stateNames,
} from '../../src/training/optimizer.ts'
import { apart, compiled, compute, floats } from '../tensor/compute.ts'

interface Step {
  gradient: number[]
  rate: number
  fresh: number
  norm: number
  parameters: number[]
  first: number[]
  second: number[]
  average: number[]
}

const vectors = JSON.parse(readFileSync(new URL('./vectors/training.json', import.meta.url), 'utf8')) as {
  adam: Record<string, AdamOptions & { start: number[]; steps: Step[] }>
}

/** The next state under names of its own. */
const primed = (next: State) => Object.fromEntries(stateNames.map(name => [`${name}'`, next[name]]))

describe('adam()', () => {
  it('`adamDefaults` are those of the vectors', () => {
    const { beta1, beta2, epsilon, clip } = vectors.adam['the defaults']
    expect(adamDefaults).toEqual({ beta1, beta2, epsilon, clip })
  })

  it.each(Object.entries(vectors.adam))(
    '`adam()` steps as torch.optim.Adam does, clipped: %s',
    async (_, given) => {
      const { beta1, beta2, start, steps } = given
      const n = start.length
      const { next, norm } = adam(stateInputs(n), input('gradient', [n]), given)
      const program = await compiled({ ...primed(next), norm })
      const zeros = new Float32Array(n)
      let state = {
        parameters: floats([n], start),
        first: floats([n], zeros),
        second: floats([n], zeros),
        average: floats([n], start),
      }
      for (const [k, step] of steps.entries()) {
        const fix = (beta: number) => 1 / (1 - beta ** (k + 1))
        const controls = floats([4], [step.rate, fix(beta1), fix(beta2), step.fresh])
        const results = await program.run({ ...state, controls, gradient: floats([n], step.gradient) })
        expect(results.norm.data[0]).toBeCloseTo(step.norm, 5)
        for (const name of stateNames)
          expect(apart(results[`${name}'`].data, step[name]), `${name} ${k}`).toBeLessThan(1e-5)
        state = Object.fromEntries(stateNames.map(name => [name, results[`${name}'`]])) as typeof state
      }
      await program.release()
    },
  )

  it('`adam()` leaves a gradient below the limit as it is, and follows it', async () => {
    const options = { beta1: 0, beta2: 0, epsilon: 1, clip: 10 }
    const { next, norm } = adam(stateInputs(2), input('gradient', [2]), options)
    const feeds = {
      ...Object.fromEntries(stateNames.map(name => [name, floats([2], [0, 0])])),
      gradient: floats([2], [3, -4]),
      controls: floats([4], [0.5, 1, 1, 0.25]),
    }
    const {
      "parameters'": parameters,
      "average'": average,
      norm: size,
    } = await compute({ ...primed(next), norm }, feeds)
    // step = 1/2 g / (|g| + 1)
    expect(apart(parameters.data, [-3 / 8, 4 / 10])).toBeLessThan(1e-6)
    expect(apart(average.data, [-3 / 32, 1 / 10])).toBeLessThan(1e-6)
    expect(size.data[0]).toBe(5)
  })

  it('`flatten()` joins gradients row by row, in their order', async () => {
    const [a, b, c] = [input('a', [2, 2]), input('b', []), input('c', [1, 3])]
    const feeds = { a: floats([2, 2], [1, 2, 3, 4]), b: floats([], [5]), c: floats([1, 3], [6, 7, 8]) }
    const { flat } = await compute({ flat: flatten([a, b, c]) }, feeds)
    expect(Array.from(flat.data)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })
})
