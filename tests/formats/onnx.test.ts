import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import {
  decodeModel,
  encodeModel,
  type OnnxModel,
  type OnnxTensor,
  onnxTypes,
} from '../../src/formats/onnx.ts'

const vectors = JSON.parse(readFileSync(new URL('./vectors/onnx_model.json', import.meta.url), 'utf8')) as {
  model: string
  tensors: Record<string, string>
}
const reference = new Uint8Array(Buffer.from(vectors.model, 'base64'))

function floats(name: string, values: number[], shape = [values.length]): OnnxTensor {
  return { name, type: 'float32', shape, data: new Uint8Array(new Float32Array(values).buffer) }
}

/** y = relu(x + c), then the sum over the last axis. */
const small: OnnxModel = {
  irVersion: 8,
  producer: { name: 'saltus', version: '0.1.0' },
  opset: [{ domain: '', version: 13 }],
  metadata: { fingerprint: 'abc', note: 'µ and 漢字' },
  graph: {
    name: 'small',
    nodes: [
      { op: 'Add', name: 'shift', inputs: ['x', 'c'], outputs: ['s'], attributes: {} },
      { op: 'LeakyRelu', inputs: ['s'], outputs: ['r'], attributes: { alpha: { float: 0.25 } } },
      { op: 'ReduceSum', inputs: ['r', 'axes'], outputs: ['y'], attributes: { keepdims: { int: 0 } } },
    ],
    initializers: [
      floats('c', [1, -2, 3]),
      { name: 'axes', type: 'int64', shape: [1], data: new Uint8Array(new BigInt64Array([-1n]).buffer) },
    ],
    inputs: [{ name: 'x', type: 'float32', shape: ['batch', 3] }],
    outputs: [{ name: 'y', type: 'float32', shape: ['batch'] }],
  },
}

describe('onnx', () => {
  it('`encodeModel()` makes a model that ONNX Runtime runs', async () => {
    const session = await InferenceSession.create(encodeModel(small))
    const { y } = await session.run({ x: new Tensor('float32', [0, 0, 0, -5, 2, 1], [2, 3]) })
    // rows 1, -2/4, 3 and -4/4, 0, 4
    expect(Array.from(y.data as Float32Array)).toEqual([3.5, 3])
    await session.release()
  })

  it('`decodeModel()` reads what the reference implementation wrote', () => {
    const model = decodeModel(reference)
    expect(model.irVersion).toBe(8)
    expect(model.producer).toEqual({ name: 'reference', version: '1' })
    expect(model.opset).toEqual([
      { domain: '', version: 17 },
      { domain: 'our.own', version: 2 },
    ])
    expect(Object.entries(model.metadata)).toEqual([
      ['µ', 'grüße'],
      ['__proto__', 'plain'],
    ])
    const { nodes, inputs, outputs, initializers, name } = model.graph
    expect(name).toBe('small graph')
    expect(nodes[0].attributes).toEqual({ value: { tensor: floats('v', [1]) } })
    expect(nodes[1]).toEqual({
      op: 'Gemm',
      name: 'g',
      inputs: ['x', 'listed', ''],
      outputs: ['y'],
      attributes: { alpha: { float: 0.5 }, transB: { int: 0 } },
    })
    expect(nodes[2]).toEqual({
      op: 'Odd',
      domain: 'our.own',
      inputs: ['y', 'one'],
      outputs: ['z'],
      attributes: { mode: { string: 'wrap' }, pads: { ints: [1, -2] }, scales: { floats: [0.25, 4] } },
    })
    expect(inputs).toEqual([{ name: 'x', type: 'float32', shape: ['batch', 2] }])
    expect(outputs).toEqual([{ name: 'z', type: 'float32', shape: ['', 1] }])
    expect(initializers.map(t => [t.name, t.type, t.shape])).toEqual([
      ['listed', 'float32', [2, 1]],
      ['counts', 'int64', [3]],
      ['small', 'int32', [2]],
      ['wide', 'float64', []],
      ['flags', 'bool', [2]],
      ['half', 'float16', [2]],
      ['raw', 'uint8', [2, 2]],
    ])
    for (const tensor of initializers) {
      expect(Buffer.from(tensor.data).toString('base64'), tensor.name).toBe(vectors.tensors[tensor.name])
    }
  })

  it('`decodeModel()` inverts `encodeModel()` for every kind of attribute, type and shape', () => {
    const word = fc.string({ unit: 'grapheme', maxLength: 40 })
    const tensor = fc
      .record({
        name: word,
        type: fc.constantFrom(...(Object.keys(onnxTypes) as OnnxTensor['type'][])),
        shape: fc.array(fc.nat(4), { maxLength: 3 }),
      })
      .chain(({ name, type, shape }) => {
        const bytes = shape.reduce((a, b) => a * b, onnxTypes[type].bytes)
        const data = fc.uint8Array({ minLength: bytes, maxLength: bytes })
        return fc.record({
          name: fc.constant(name),
          type: fc.constant(type),
          shape: fc.constant(shape),
          data,
        })
      })
    const single = fc.float({ noNaN: true })
    const attribute = fc.oneof(
      fc.record({ int: fc.maxSafeInteger() }),
      fc.record({ float: single }),
      fc.record({ ints: fc.array(fc.maxSafeInteger()) }),
      fc.record({ floats: fc.array(single) }),
      fc.record({ string: word }),
      fc.record({ tensor }),
    )
    const node = fc.record({
      op: fc.string({ minLength: 1 }),
      inputs: fc.array(word),
      outputs: fc.array(word),
      attributes: fc.dictionary(word, attribute, { noNullPrototype: true }),
    })
    const shape = fc.array(fc.oneof(fc.nat(), word))
    const value = fc.record({
      name: word,
      type: fc.constantFrom('float32' as const, 'int64' as const),
      shape,
    })
    const model = fc.record({
      irVersion: fc.integer({ min: 1, max: 12 }),
      producer: fc.record({ name: word, version: word }),
      opset: fc.array(fc.record({ domain: word, version: fc.nat() }), { minLength: 1 }),
      metadata: fc.dictionary(word, word, { noNullPrototype: true }),
      graph: fc.record({
        name: word,
        nodes: fc.array(node),
        initializers: fc.array(tensor),
        inputs: fc.array(value),
        outputs: fc.array(value),
      }),
    })
    fc.assert(
      fc.property(model, model => {
        expect(decodeModel(encodeModel(model))).toEqual(model)
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  it('`encodeModel()` prints the same model to the same bytes', () => {
    expect(encodeModel(structuredClone(small))).toEqual(encodeModel(small))
  })

  it('`decodeModel()` refuses every proper prefix of its own files and names the file', () => {
    const bytes = encodeModel(small)
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeModel(bytes.subarray(0, length), 'a.onnx'), `${length} bytes`).toThrow(
        /^Cannot read a\.onnx: .* must be .*, got /,
      )
    }
  })

  it('`decodeModel()` reads damaged files to a model or a clean error, without a hang', () => {
    for (let at = 0; at < reference.length; at++) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const bytes = reference.slice()
        bytes[at] ^= flip
        try {
          decodeModel(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError)
          expect((error as Error).message).toMatch(/^Cannot read model: /)
        }
      }
    }
  })

  it('`decodeModel()` says what is wrong with foreign files', () => {
    const text = new TextEncoder().encode('{"not": "a model"}')
    expect(() => decodeModel(text)).toThrow('Cannot read model: the file must be an ONNX model')
    expect(() => decodeModel(new Uint8Array())).toThrow('Cannot read model: graph must be present')
    // the IR version, field 1, as a block of no bytes instead of an integer; the good one follows
    const block = Uint8Array.of(0x0a, 0, ...encodeModel(small))
    expect(() => decodeModel(block)).toThrow('Cannot read model: the wire type at byte 1 must be 0, got 2')
    // a length of 2^42 where 3 bytes follow
    const absurd = Uint8Array.of(0x3a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01, 1, 2, 3)
    expect(() => decodeModel(absurd)).toThrow('the block at byte 8 must be whole before byte 11')
  })

  it('`decodeModel()` refuses a tensor whose data does not fit its shape', () => {
    const bytes = encodeModel({ ...small, graph: { ...small.graph, initializers: [floats('c', [1, 2, 3])] } })
    // the dimension 3 of tensor c stands before its type, 08 03 10 01
    const at = Buffer.from(bytes).indexOf(Buffer.of(0x08, 3, 0x10, 1))
    bytes[at + 1] = 4
    expect(() => decodeModel(bytes)).toThrow('the data of tensor "c" must be 16 bytes, got 12')
  })

  it('`encodeModel()` refuses unsafe integers and data that does not fit its shape', () => {
    const wrong = { ...small, graph: { ...small.graph, initializers: [floats('c', [1, 2], [3])] } }
    expect(() => encodeModel(wrong)).toThrow('Cannot write model: the data of tensor "c" must be 12 bytes')
    const node = { op: 'A', inputs: [], outputs: [], attributes: { n: { int: 2 ** 60 } } }
    const unsafe = { ...small, graph: { ...small.graph, nodes: [node] } }
    expect(() => encodeModel(unsafe)).toThrow('Cannot write model: attribute "n" must be a safe integer')
  })
})
