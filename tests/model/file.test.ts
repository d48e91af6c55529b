// Model files: what goes in comes out, and a stranger's file cannot do harm.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { lattice } from '../../src/lattice/index.ts'
import { classes } from '../../src/model/conditions.ts'
import type { ModelDescription } from '../../src/model/description.ts'
import { decodeModelFile, encodeModelFile, layoutFor } from '../../src/model/file.ts'
import { originFunction } from '../../src/model/origin.ts'
import { initial } from '../../src/network/parameters.ts'
import { spatial } from '../../src/process/index.ts'
import { onnxruntimeNode } from '../../src/runtime/onnxruntime-node.ts'
import { ancestral } from '../../src/sampling/index.ts'

const walk = spatial({ lattice: lattice([6, 5], 'no-flux') })
const told: ModelDescription = {
  format: 2,
  version: '0.0.0',
  process: walk.description,
  schedule: { kind: 'exponential', start: 1e-4 },
  task: {
    shape: [1, 6, 5],
    width: 1,
    periodic: [false, false],
    times: [1e-4, 1],
    scale: 9,
    classes: 3,
  },
  network: { base: 8, multipliers: [1, 2], blocks: [1, 1], attention: [false, true], embedding: 16 },
  tile: 4,
  sampling: ancestral().description,
  parameters: 0,
  data: {
    name: 'test',
    count: 2,
    shape: [1, 6, 5],
    largest: 9,
    masses: [[20], [30]],
    range: [20, 30],
    classes: ['a', 'b', 'c'],
  },
  training: { steps: 1 },
}

const description = { ...told, parameters: layoutFor(told).size }

/** A network whose last layer is not zero, so that its origins say something. */
function parameters(): Float32Array {
  const layout = layoutFor(description)
  const values = initial(layout, random(3))
  const rng = random(4)
  const last = layout.entries.find(({ name }) => name === 'unet/out.kernel')!
  for (let i = 0; i < 8 * 9; i++) values[last.offset + i] = rng.uniform() - 0.5
  return values
}

async function originsOf(bytes: Uint8Array, counts: Int32Array, labels?: Int32Array): Promise<Float32Array> {
  const program = await onnxruntimeNode().compile(bytes)
  const told = labels && { conditions: [classes(image => labels[image])] }
  const origins = await originFunction(
    program,
    description,
    told,
  )(counts, Float64Array.of(0.001, 0.01, 0.1, 1))
  await program.release()
  return origins
}

const counts = Int32Array.from({ length: 4 * 30 }, (_, i) => i % 7)

describe('encodeModelFile() and decodeModelFile()', () => {
  it('give back the description and the weights to the bit in single precision', () => {
    const values = parameters()
    const model = decodeModelFile(encodeModelFile(description, values))
    expect(model.description).toEqual(description)
    expect(model.parameters).toEqual(values)
  })

  it('keep the weights to 11 bits in half precision, and the origins to about as much', async () => {
    const values = parameters()
    const bytes = encodeModelFile(description, values, { half: true })
    const { parameters: read } = decodeModelFile(bytes)
    for (let i = 0; i < values.length; i++)
      expect(Math.abs(read[i] - values[i])).toBeLessThanOrEqual(Math.abs(values[i]) * 2 ** -11 + 1e-7)
    const [half, full] = [
      await originsOf(bytes, counts),
      await originsOf(encodeModelFile(description, values), counts),
    ]
    expect(Math.max(...half.map((n, i) => Math.abs(Math.log(n / full[i]))))).toBeLessThan(0.02)
    // The counts themselves, shaped by log(1 + n), are what a network that says nothing makes of them.
    expect(full.some((n, i) => Math.abs(n - counts[i]) > 1)).toBe(true)
  })

  it('refuse weights that are no numbers, before anything is drawn with them', () => {
    for (const half of [false, true])
      for (const odd of [Number.NaN, Infinity, -Infinity]) {
        const values = parameters()
        values[values.length - 1] = odd
        expect(() => decodeModelFile(encodeModelFile(description, values, { half }), 'x.onnx')).toThrow(
          `Cannot read x.onnx: its weights must be finite numbers, got ${odd}`,
        )
      }
  })

  it('refuse every truncation and a foreign description', () => {
    const bytes = encodeModelFile(description, parameters())
    for (const length of [0, 1, 100, bytes.length >> 1, bytes.length - 1]) {
      expect(() => decodeModelFile(bytes.subarray(0, length), 'x.onnx')).toThrow(/^Cannot read x\.onnx/)
    }
    const bent = encodeModelFile({ ...description, format: 3 as 2 }, parameters())
    expect(() => decodeModelFile(bent)).toThrow('its format must be 2')
  })
})

describe('originFunction()', () => {
  it('gives an image the same origin, of its own mass, whatever else is in its tile', async () => {
    const bytes = encodeModelFile(description, parameters())
    const alone = counts.slice().fill(0, 30)
    const [together, single] = [await originsOf(bytes, counts), await originsOf(bytes, alone)]
    expect(together.subarray(0, 30)).toEqual(single.subarray(0, 30))
    for (let i = 0; i < 4; i++) {
      const sum = (of: ArrayLike<number>) => Array.from(of).reduce((all, n) => all + n, 0)
      const mass = sum(counts.subarray(30 * i, 30 * (i + 1)))
      expect(sum(together.subarray(30 * i, 30 * (i + 1))) / mass).toBeCloseTo(1, 5)
    }
  })

  it('depends on the class, and takes no class for "not told"', async () => {
    const bytes = encodeModelFile(description, parameters())
    const [none, untold, first] = [
      await originsOf(bytes, counts),
      await originsOf(bytes, counts, new Int32Array(4).fill(3)),
      await originsOf(bytes, counts, new Int32Array(4)),
    ]
    expect(untold).toEqual(none)
    expect(first).not.toEqual(none)
  })

  it('refuses tiles of another size', async () => {
    const program = await onnxruntimeNode().compile(encodeModelFile(description, parameters()))
    const origins = originFunction(program, description)
    await expect(origins(new Int32Array(30), Float64Array.of(1))).rejects.toThrow('the tile must be 4 images')
    await program.release()
  })
})
