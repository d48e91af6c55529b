// Parameters by name: how they are laid out, how they begin, and how they reach a network.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { adopted, fixed, initial, layoutOf, type Parameters, sliced } from '../../src/network/parameters.ts'
import { add, constant, gradient, input, multiply, type Tensor, total } from '../../src/tensor/index.ts'
import { compute, floats } from '../tensor/compute.ts'

const layout = layoutOf(parameters => {
  parameters.get('a', [2, 3], { bound: 0.5 })
  parameters.get('b', [], { value: 2 })
  parameters.get('c', [4000], { bound: 3 })
  parameters.get('d', [2], { bound: 0 })
})

describe('layoutOf()', () => {
  it('`layoutOf()` lays parameters one behind the other as they are asked for', () => {
    expect(layout.entries.map(({ name, offset }) => [name, offset])).toEqual([
      ['a', 0],
      ['b', 6],
      ['c', 7],
      ['d', 4007],
    ])
    expect(layout.size).toBe(4009)
  })

  it('`layoutOf()` refuses a name that was asked for before', () => {
    const twice = (parameters: Parameters) => {
      for (const shape of [[2], [3]]) parameters.get('net/a.bias', shape, { value: 0 })
    }
    const message = 'Cannot declare a parameter: its name must be new, got "net/a.bias"'
    expect(() => layoutOf(twice)).toThrow(new TypeError(message))
  })
})

describe('adopted()', () => {
  const own = layoutOf(parameters => {
    parameters.get('c', [2], { value: 1 })
    parameters.get('a', [2, 3], { value: 2 })
    parameters.get('e', [3], { value: 3 })
    parameters.get('d', [1, 2], { value: 4 })
  })

  it('`adopted()` takes what has the same name and shape, wherever it lies, and leaves the rest', () => {
    const values = Float32Array.from({ length: layout.size }, (_, i) => i / 8)
    const fresh = initial(own, random(1))
    const found = adopted({ layout: own, values: fresh }, { layout, values })
    expect(found.taken).toBe(6)
    expect([...found.values]).toEqual([1, 1, 0, 0.125, 0.25, 0.375, 0.5, 0.625, 3, 3, 3, 4, 4])
    expect([...fresh.subarray(2, 8)]).toEqual([2, 2, 2, 2, 2, 2])
  })

  it('`adopted()` takes kernels with more inputs, whose further inputs begin at 0, and none with fewer', () => {
    const kernels = (inputs: number, more: number) =>
      layoutOf(parameters => {
        parameters.get('grown', [2, inputs, 1, 2], { value: 1 })
        parameters.get('less', [2, more, 1, 2], { value: 2 })
        parameters.get('table', [1, inputs], { value: 3 })
      })
    const [small, large] = [kernels(1, 2), kernels(2, 1)]
    const values = Float32Array.from({ length: small.size }, (_, i) => 10 + i)
    const found = adopted({ layout: large, values: initial(large, random(1)) }, { layout: small, values })
    expect(found.taken).toBe(4)
    expect([...found.values]).toEqual([10, 11, 0, 0, 12, 13, 0, 0, 2, 2, 2, 2, 3, 3])
  })

  it('`adopted()` takes all of a network of the same layout', () => {
    const values = initial(layout, random(5))
    const found = adopted({ layout, values: initial(layout, random(6)) }, { layout, values })
    expect([found.taken, found.values]).toEqual([layout.size, values])
  })
})

describe('initial()', () => {
  const values = initial(layout, random(3))
  const part = (k: number) => {
    const { shape, offset } = layout.entries[k]
    return values.subarray(offset, offset + shape.reduce((a, b) => a * b, 1))
  }

  it('`initial()` fills each parameter as it was declared', () => {
    expect(values.length).toBe(layout.size)
    expect(part(0).every(v => Math.abs(v) <= 0.5 && v !== 0)).toBe(true)
    expect(Array.from(part(1))).toEqual([2])
    // Uniform in ±3: variance 3; the mean of 4000 lies within 5 standard errors, their variance within 10%.
    const mean = part(2).reduce((a, b) => a + b, 0) / 4000
    const variance = part(2).reduce((a, b) => a + b * b, 0) / 4000
    expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(3 / 4000))
    expect(Math.abs(variance / 3 - 1)).toBeLessThan(0.1)
    expect(part(3).every(v => v === 0)).toBe(true)
  })

  it('`initial()` draws the same from the same seed, and other numbers for other parameters', () => {
    expect(initial(layout, random(3))).toEqual(values)
    expect(initial(layout, random(4))).not.toEqual(values)
    const twins = layoutOf(parameters => {
      for (const name of ['a', 'b']) parameters.get(name, [3], { bound: 1 })
    })
    const drawn = initial(twins, random(3))
    expect(drawn.subarray(0, 3)).not.toEqual(drawn.subarray(3))
  })
})

describe('sliced() and fixed()', () => {
  const pair = layoutOf(parameters => {
    parameters.get('first', [2], { value: 0 })
    parameters.get('second', [1, 2], { value: 0 })
  })
  const values = Float32Array.of(1, 2, 3, 4)
  /** Asks in another order than the layout's. */
  const build = (parameters: Parameters): Tensor => {
    const second = parameters.get('second', [1, 2], { value: 0 })
    return add(multiply(second, constant([10, 100], [2])), parameters.get('first', [2], { value: 0 }))
  }

  it('`sliced()` and `fixed()` give each parameter its own numbers', async () => {
    const flat = input('flat', [4])
    const outputs = { sliced: build(sliced(pair, flat).parameters), fixed: build(fixed(pair, values)) }
    const results = await compute(outputs, { flat: floats([4], values) })
    expect(Array.from(results.sliced.data)).toEqual([31, 402])
    expect(Array.from(results.fixed.data)).toEqual([31, 402])
  })

  it("`sliced()` lists what it took in the layout's order, whatever the order of asking", async () => {
    const { parameters, taken } = sliced(pair, input('flat', [4]))
    const [first, second] = gradient(total(build(parameters)), taken)
    const results = await compute({ first, second }, { flat: floats([4], values) })
    expect(Array.from(results.first.data)).toEqual([1, 1])
    expect(Array.from(results.second.data)).toEqual([10, 100])
  })

  it.each([
    ['sliced', () => sliced(pair, input('flat', [4])).parameters],
    ['fixed', () => fixed(pair, values)],
  ])('`%s()` refuses names and shapes that are not in the layout', (_, make) => {
    const message = (thing: string, wanted: string, got: string) =>
      new RangeError(`Cannot build the network: ${thing} must be ${wanted}, got ${got}`)
    expect(() => make().get('third', [2], { value: 0 })).toThrow(
      message('the parameter', 'in the layout', '"third"'),
    )
    expect(() => make().get('second', [2], { value: 0 })).toThrow(
      message('the shape of second', '[1,2]', '[2]'),
    )
  })
})
