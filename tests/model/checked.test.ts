// The description in a model file: whatever a stranger has put there, reading ends with one clear error.
import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { decodeModel, encodeModel, type OnnxModel } from '../../src/formats/onnx.ts'
import { lattice } from '../../src/lattice/index.ts'
import {
  type ClassifierDescription,
  classifierLayout,
  decodeClassifier,
  encodeClassifier,
} from '../../src/model/classifier-file.ts'
import type { ModelDescription } from '../../src/model/description.ts'
import { decodeModelFile, encodeModelFile, layoutFor } from '../../src/model/file.ts'
import { packGaussian } from '../../src/model/gaussian.ts'
import { spatial } from '../../src/process/index.ts'
import { ancestral } from '../../src/sampling/index.ts'

const walk = spatial({ lattice: lattice([4, 6], ['periodic', 'no-flux']), channels: 2 })
const task = {
  shape: [2, 4, 6],
  width: 1,
  periodic: [true, false],
  times: [1e-4, 1],
  scale: 9,
  classes: 2,
} as const
const network = { base: 4, multipliers: [1, 2], blocks: [1, 1], attention: [false, true], embedding: 8 }
const description: ModelDescription = {
  format: 2,
  version: '0.0.0',
  process: walk.description,
  schedule: { kind: 'exponential', start: 1e-4 },
  task,
  network,
  tile: 2,
  sampling: ancestral().description,
  parameters: layoutFor({ task, network }).size,
  data: {
    name: 'test',
    count: 2,
    shape: [2, 4, 6],
    largest: 9,
    masses: [
      [20, 1],
      [30, 0],
    ],
    range: [21, 30],
    classes: ['a', 'b'],
  },
  training: { steps: 1 },
}

let model: OnnxModel

beforeAll(() => {
  model = decodeModel(encodeModelFile(description, new Float32Array(description.parameters)), 'model')
})

const decoded = (described: unknown) =>
  decodeModelFile(encodeModel({ ...model, metadata: { saltus: JSON.stringify(described) } }), 'x.onnx')
    .description

/** A copy with another value at a path; undefined takes it out. */
function changed(from: object, path: readonly string[], value: unknown): unknown {
  const copy = structuredClone(from) as Record<string, unknown>
  const last = path.slice(0, -1).reduce((of, key) => of[key] as Record<string, unknown>, copy)
  last[path[path.length - 1]] = value
  return copy
}

/** The paths of all values below one. */
const paths = (value: unknown, path: string[] = []): string[][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, below]) => [[...path, key], ...paths(below, [...path, key])])
    : []

const grammar = /^Cannot read x\.onnx: [^\n]+ must be [^\n]+, got [^\n]{0,80}$/

/** Puts all kinds of values in all places; returns how many were refused, always in one line. */
function refusals(from: object, decode: (described: unknown) => unknown): number {
  const values = [undefined, null, -1, 1.5, 1e9, 'x', [], {}, [null], true, 'a'.repeat(1000)]
  let refused = 0
  for (const path of paths(from)) {
    for (const value of values) {
      try {
        decode(changed(from, path, value))
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError)
        expect((error as Error).message).toMatch(grammar)
        refused++
      }
    }
  }
  return refused
}

describe('checkedDescription()', () => {
  it('lets a description pass as it is', () => {
    expect(decoded(description)).toEqual(description)
  })

  it('answers to any value in any place with the description or with one line', { timeout: 180_000 }, () => {
    expect(refusals(description, decoded)).toBeGreaterThan(300)
  })

  it('takes no neighbours and no states where the process has others', () => {
    const refused = (path: string[], value: unknown) => () => decoded(changed(description, path, value))
    expect(refused(['task', 'apart'], true)).toThrow(
      'task.apart of its description must be false, that of the process, got true',
    )
    expect(refused(['task', 'states'], 3)).toThrow(
      'task.states of its description must be undefined, those of the process, got 3',
    )
    expect(refused(['task', 'states'], 1)).toThrow('task.states of its description must be')
  })

  it('refuses a lattice that the file cannot hold before the places of its sites are made', () => {
    const lengths = [4096, 4096]
    const large = {
      ...description,
      process: { ...description.process, lengths },
      task: { ...task, shape: [2, ...lengths] },
      tile: 1,
      data: { ...description.data, shape: [2, ...lengths] },
    }
    const before = process.memoryUsage().arrayBuffers
    expect(() => decoded(large)).toThrow('must be of at least 134217728 bytes for 4096×4096 sites, got')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 27)
  })

  it('reads the normal law of a hole, and refuses one of other images', () => {
    const [size, classes, largest, rank] = [48, 2, 9, 3]
    const column = new Float64Array(size + classes).fill(0.5)
    const factors = new Float64Array(column.length * rank).fill(0.25)
    const gaussian = packGaussian({ size, classes, largest, rank, mean: column, noise: column, factors })
    const described = { ...description, data: { ...description.data, gaussian } }
    expect(decoded(described)).toEqual(described)
    const refuse = (other: unknown) =>
      expect(() => decoded(changed(described, ['data', 'gaussian'], other))).toThrow(
        'the data.gaussian of its description must be',
      )
    refuse({ ...gaussian, rank: 2 })
    refuse({ ...gaussian, units: [1, 1] })
    refuse({ ...gaussian, units: gaussian.units.map(() => 'x') })
    refuse({ ...gaussian, columns: gaussian.columns.slice(4) })
    refuse({ ...gaussian, columns: `!${gaussian.columns.slice(1)}` })
    refuse({ ...gaussian, columns: 'A'.repeat(gaussian.columns.length) })
    refuse('x')
  })

  it.each([
    ['task.shape', [2, 4, 5], 'the process of its description must be on 2,4,5'],
    ['task.width', 2, 'the task.width of its description must be 1, that of the process, got 2'],
    ['task.times', [0.5, 0.5], 'the task.times of its description must be two times'],
    ['network.blocks', [1], 'the network.blocks of its description must be one per level, 2'],
    ['network.blocks', [0, 1], 'the network.blocks of its description must be a list'],
    ['network.base', 8, 'the parameters of its description must be'],
    ['parameters', 7, 'the parameters of its description must be'],
    ['data.shape', [2, 6, 4], 'the data.shape of its description must be 2,4,6, that of the task'],
    ['data.range', [30, 21], 'the data.range of its description must be a smallest and a largest mass'],
    ['data.masses', [[1]], 'the data.masses of its description must be one per channel, 2'],
    ['data.masses', [[1, -1]], 'the data.masses of its description must be a list'],
    ['data.classes', ['a'], 'the data.classes of its description must be 2, got 1'],
    ['process', { kind: 'magic' }, 'the process of its description must be one that is known'],
    ['process.lengths', [12000, 12000], 'the process of its description must be on 2,4,6'],
    ['sampling', { kind: 'leap' }, 'the sampling of its description must be a solver that is known'],
    [
      'schedule',
      { kind: 'power', exponent: -1 },
      'the schedule of its description must be one that is known',
    ],
    ['tile', 0, 'the tile of its description must be a whole number from 1 to 4096, got 0'],
  ])('refuses %s = %j', (path, value, words) => {
    expect(() => decoded(changed(description, path.split('.'), value))).toThrow(words)
  })
})

describe('decodeModelFile()', () => {
  it('refuses a network of more weights than the file can hold, before it asks for the memory', () => {
    const vast = { ...description, network: { ...network, base: 1024 } }
    const described = { ...vast, parameters: layoutFor(vast).size }
    expect(() => decoded(described)).toThrow('the file must be of at least')
  })

  it('builds no table of hops of a lattice as large as its description says', () => {
    const before = process.memoryUsage().arrayBuffers
    const law = spatial({ lattice: lattice([4096, 4096], 'no-flux') })
    expect(law.jumps).toBe(4)
    // The table alone would be 2^28 bytes.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 27)
  })
})

describe('models of another format', () => {
  it('are refused in one line that says what to do', () => {
    expect(() => decoded({ ...description, format: 1 })).toThrow(
      'Cannot read x.onnx: its format must be 2 (format 1 held rates of jumps, and models hold origins now: take the models that came with this version, or train anew on the same data with saltus train), got 1',
    )
    expect(() => decoded({ ...description, format: 3 })).toThrow('2 (it was written by a newer saltus')
  })

  const folder = new URL('../../models/', import.meta.url)
  const old = readdirSync(folder).filter(name => name.endsWith('.onnx') && formatOf(name) === 1)
  it.skipIf(old.length === 0)(
    'among the shipped ones are refused so too (skipped where there are none)',
    () => {
      for (const name of old)
        expect(() => decodeModelFile(new Uint8Array(readFileSync(new URL(name, folder))), name)).toThrow(
          `Cannot read ${name}: its format must be 2 (format 1 held rates`,
        )
    },
  )

  /** Undefined for a classifier, which is no model that draws. */
  function formatOf(name: string): number | undefined {
    const { saltus } = decodeModel(new Uint8Array(readFileSync(new URL(name, folder))), name).metadata
    return saltus === undefined ? undefined : JSON.parse(saltus).format
  }
})

describe('decodeClassifier()', () => {
  it('answers to any value in any place with the description or with one line', () => {
    const options = { shape: [1, 8, 8], classes: 3, channels: [4, 4, 8], features: 6, scale: 12 } as const
    const described: ClassifierDescription = { format: 1, version: '0.0.0', options, tile: 2, training: {} }
    const { size } = classifierLayout(options)
    const file = decodeModel(encodeClassifier(described, new Float32Array(size)), 'classifier')
    const decode = (value: unknown) =>
      decodeClassifier(
        encodeModel({ ...file, metadata: { 'saltus-classifier': JSON.stringify(value) } }),
        'x.onnx',
      )
    expect(decode(described)).toEqual(described)
    expect(refusals(described, decode)).toBeGreaterThan(80)
    expect(() => decode(null)).toThrow(grammar)
    expect(() =>
      decodeClassifier(encodeModel({ ...file, metadata: { 'saltus-classifier': '{' } }), 'x.onnx'),
    ).toThrow(grammar)
  })
})
