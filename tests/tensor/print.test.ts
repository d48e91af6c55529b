// Graphs as ONNX: names, constants, half precision, and whether others accept what is printed.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { encodeGraph, layoutFor, networkOf } from '../../src/model/file.ts'
import { fixed, initial } from '../../src/network/parameters.ts'
import { sitesLink } from '../../src/process/link/sites.ts'
import {
  add,
  concat,
  constant,
  exp,
  gradient,
  groupNorm,
  halves,
  input,
  multiply,
  oneHot,
  operations,
  type PrintedGraph,
  print,
  reshape,
  type Tensor,
  total,
} from '../../src/tensor/index.ts'
import { adamDefaults } from '../../src/training/optimizer.ts'
import { originObjective, trainingStep } from '../../src/training/step.ts'
import { built, vectors } from './cases.ts'
import { compute, floats } from './compute.ts'

const model = {
  task: {
    shape: [1, 6, 5] as const,
    width: 1,
    periodic: [true, false] as const,
    times: [1e-3, 1] as const,
    scale: 9,
    classes: 3,
  },
  network: { base: 8, multipliers: [1, 2], blocks: [1, 1], attention: [false, true], embedding: 8 },
}
const layout = layoutFor(model)

/** Every kind of graph that the program prints. */
const graphs: Record<string, () => { outputs: Record<string, Tensor>; half?: number }> = {
  'the training step': () => {
    const objective = originObjective(networkOf(model, 2), sitesLink)
    return { outputs: trainingStep(objective, { layout, adam: adamDefaults }) }
  },
  'a model in half precision': () => {
    const { output, shown } = networkOf(model, 2)(fixed(layout, initial(layout, random(1))))
    return { outputs: { origin: sitesLink.origin(output, shown) }, half: 64 }
  },
  ...Object.fromEntries(
    operations.map(({ name }) => [
      `the gradients of ${name}`,
      () => {
        const [given] = Object.values(vectors[name])
        const { y, leaves } = built(name, given)
        const flows = given.gradients.some(g => g?.some(v => v !== 0)) ? gradient(total(y), leaves) : []
        return { outputs: { y, ...Object.fromEntries(flows.map((g, i) => [`d${i}`, g])) } }
      },
    ]),
  ),
}

const named = (graph: PrintedGraph) => graph.initializers.map(({ name }) => name)

describe('print()', () => {
  it('`print()` declares inputs and outputs by their names, types and shapes', () => {
    const [x, label] = [input('x', [2, 3]), input('label', [2], 'int32')]
    const graph = print({ hot: oneHot(label, 3), sum: add(x, oneHot(label, 3)) })
    expect(graph.inputs).toEqual(
      expect.arrayContaining([
        { name: 'x', type: 'float32', shape: [2, 3] },
        { name: 'label', type: 'int32', shape: [2] },
      ]),
    )
    expect(graph.inputs.length).toBe(2)
    expect(graph.outputs).toEqual([
      { name: 'hot', type: 'float32', shape: [2, 3] },
      { name: 'sum', type: 'float32', shape: [2, 3] },
    ])
  })

  it('`print()` writes small constants of equal content once', () => {
    const x = input('x', [2])
    const shared = print({ y: add(multiply(x, constant([3, 4], [2])), constant([3, 4], [2])) })
    expect(shared.initializers.length).toBe(1)
    const apart = print({ y: add(multiply(x, constant([3, 4], [2])), constant([4, 3], [2])) })
    expect(apart.initializers.length).toBe(2)
    const shapes = print({ y: add(multiply(x, constant([3], [])), constant([3], [1])) })
    expect(shapes.initializers.map(({ shape }) => shape)).toEqual([[], [1]])
    const zeros = print({ y: add(multiply(x, constant(0)), constant(-0)) })
    expect(zeros.initializers.length).toBe(2)
  })

  it('`print()` keeps the names of named constants, even of equal content', () => {
    const [a, b] = [constant([1, 2], [2], 'a'), constant([1, 2], [2], 'net/b.weight')]
    expect(named(print({ y: add(a, b) }))).toEqual(['a', 'net/b.weight'])
  })

  it('`print()` writes a node once, however often it is used', () => {
    const y = exp(input('x', [2]))
    const graph = print({ a: add(y, y), b: multiply(y, y) })
    expect(graph.nodes.filter(({ op }) => op === 'Exp').length).toBe(1)
  })

  it('`print()` makes an output of an input, of a constant and of one tensor twice', async () => {
    const x = input('x', [2])
    const y = exp(x)
    const outputs = { same: x, fixed: constant([5, 6], [2]), first: y, second: y, late: add(y, 1) }
    const results = await compute(outputs, { x: floats([2], [0, 0]) })
    const rows = Object.values(results).map(({ data }) => Array.from(data))
    expect(rows).toEqual([[0, 0], [5, 6], [1, 1], [1, 1], [2, 2]]) // biome-ignore format: a table
  })

  it('`print()` refuses two inputs, two constants, or an output and an input of one name', () => {
    const [x, again] = [input('x', [2]), input('x', [2])]
    const message = (what: string, wanted: string) =>
      new TypeError(`Cannot print a graph: the names of its ${what} must be ${wanted}, got "x"`)
    expect(() => print({ y: add(x, again) })).toThrow(message('inputs', 'unique'))
    const two = add(constant([1], [1], 'x'), constant([2], [1], 'x'))
    expect(() => print({ y: two })).toThrow(message('constants', 'unique'))
    expect(() => print({ x: exp(x) })).toThrow(message('outputs', 'new'))
    expect(() => print({ x })).toThrow(message('outputs', 'new'))
    expect(() => print({ x: constant([1], [1], 'x') })).toThrow(message('outputs', 'new'))
    const inner = print({ y: exp(exp(input('x', [2]))) }).nodes[0].outputs[0]
    expect(() => print({ [inner]: exp(exp(exp(x))) })).toThrow(
      /^Cannot print a graph: the names of its outputs/,
    )
  })

  it.each(Object.keys(graphs))('`print()` assigns every name once and before it is read: %s', name => {
    const { outputs, half } = graphs[name]()
    const graph = print(outputs, { half })
    const names = [...graph.inputs.map(value => value.name), ...named(graph)]
    const known = new Set(names)
    expect(known.size).toBe(names.length)
    for (const node of graph.nodes) {
      for (const read of node.inputs) expect(read === '' || known.has(read), `${node.op} ${read}`).toBe(true)
      for (const written of node.outputs) {
        expect(known.has(written), written).toBe(false)
        known.add(written)
      }
    }
    for (const output of graph.outputs) expect(known.has(output.name), output.name).toBe(true)
  })

  it('`print()` gives the same bytes for the same graph built again', () => {
    const bytes = () => {
      const { outputs, half } = graphs['a model in half precision']()
      return Buffer.from(encodeGraph(outputs, { half }))
    }
    expect(bytes().equals(bytes())).toBe(true)
  })

  // A package that does not know operator set 20 checks by the newest one that it knows.
  const python = ['python3', '/usr/bin/python3'].find(
    path => spawnSync(path, ['-c', 'import onnx']).status === 0,
  )
  it.skipIf(python === undefined)('`print()` satisfies the checker of onnx, where Python has it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'saltus-'))
    try {
      const files = Object.values(graphs).map((build, i) => {
        const { outputs, half } = build()
        writeFileSync(join(folder, `${i}.onnx`), encodeGraph(outputs, { half }))
        return join(folder, `${i}.onnx`)
      })
      const checker = fileURLToPath(new URL('./check.py', import.meta.url))
      const { stdout, stderr } = spawnSync(python as string, [checker, ...files], { encoding: 'utf8' })
      expect(stderr).toBe('')
      expect(stdout).toMatch(/^onnx [\d.]+, operator set \d+\n$/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('halves()', () => {
  const { singles, halves: wanted } = JSON.parse(
    readFileSync(new URL('./vectors/halves.json', import.meta.url), 'utf8'),
  ) as { singles: number[]; halves: number[] }

  it('`halves()` rounds as NumPy does: subnormals, ties, NaN; overflow becomes the largest finite half', () => {
    const numbers = new Float32Array(Uint32Array.from(singles).buffer)
    const got = halves(numbers)
    const wrong = wanted.flatMap((bits, i) => (bits === got[i] ? [] : [[numbers[i], bits, got[i]]]))
    expect(wanted.length).toBeGreaterThan(500)
    expect(wrong).toEqual([])
  })

  it('`print()` stores in half precision only what is named and large enough', async () => {
    const values = Float32Array.of(1 / 3, -2049, 1e-6, 7e4)
    const rounded = [0.333251953125, -2048, 17 * 2 ** -24, 65504]
    const outputs = () => ({
      both: add(reshape(constant(values, [2, 2], 'large'), [4]), input('x', [4])),
      single: concat([constant(values.subarray(0, 3), [3], 'small')], 0),
      nameless: multiply(constant(values, [4]), 1),
    })
    const types = new Map(print(outputs(), { half: 4 }).initializers.map(({ name, type }) => [name, type]))
    expect(types.get('large')).toBe('float16')
    expect(types.get('small')).toBe('float32')
    const results = await compute(outputs(), { x: floats([4], [0, 0, 0, 0]) }, { half: 4 })
    expect(Array.from(results.both.data)).toEqual(rounded)
    expect(Array.from(results.single.data)).toEqual(Array.from(values.subarray(0, 3)))
    expect(Array.from(results.nameless.data)).toEqual(Array.from(values))
  })
})

describe('groupNorm()', () => {
  const ones = (side: number) => {
    const x = input('x', [1, 4, side, side])
    const options = { factor: constant([1, 1, 1, 1], [1, 4, 1, 1]), offset: constant(0), groups: 2 }
    const offset = constant([0, 0, 0, 0], [1, 4, 1, 1])
    const { initializers, nodes } = print({ y: groupNorm(x, { ...options, offset }) })
    return { largest: Math.max(...initializers.map(({ data }) => data.length)), nodes: nodes.map(n => n.op) }
  }

  it('is printed with its ones where they are few, and spreads one where the file would grow with the image', () => {
    expect(ones(128)).toMatchObject({ largest: 4 * 2 * 128 ** 2 })
    expect(ones(128).nodes).not.toContain('Expand')
    expect(ones(512).largest).toBeLessThan(100)
    expect(ones(512).nodes).toContain('Expand')
  })
})
