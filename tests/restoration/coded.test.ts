// Codes: the image comes back bit for bit, and other origins make another image of the same draws and the same mass.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { lattice } from '../../src/lattice/index.ts'
import { spatial } from '../../src/process/index.ts'
import { type Code, coded } from '../../src/restoration/index.ts'
import { mixture, sample } from '../../src/sampling/index.ts'

const stream = random(3)
const total = (counts: ArrayLike<number>) => Array.from(counts).reduce((a, b) => a + b, 0)

describe.each([
  ['no-flux', [5, 6], 2],
  ['periodic', [4, 6], 1],
  ['no-flux', [9], 1],
] as const)('coded() on a lattice with %s edges of %s', (boundary, lengths, channels) => {
  const grid = lattice([...lengths], boundary)
  const size = channels * grid.size
  const process = spatial({ lattice: grid, channels })
  const images = Array.from({ length: 6 }, () =>
    Int32Array.from({ length: size }, () => Math.floor(9 * stream.uniform() ** 3)),
  )
  const law = (of: readonly Int32Array[]) => mixture({ lattice: grid, rate: process.rate, images: of }).origin
  const many = 40
  const clean = Int32Array.from({ length: many * size }, () => Math.floor(6 * stream.uniform() ** 2))
  const masses = Array.from({ length: many }, (_, i) =>
    process.invariant(clean.subarray(i * size, (i + 1) * size)),
  )
  const common = { process, masses, seed: 1, batch: 10 }
  const { encoder, decoder } = coded({ lattice: grid, calls: 5, smallest: 0.1 })
  const codes: Code[] = []
  const encoded = sample({
    ...common,
    origin: law(images),
    resume: clean,
    solver: encoder((image, code) => {
      codes[image] = code
    }),
  })

  it('gives back every image bit for bit', async () => {
    expect((await encoded).counts).toEqual(clean)
    // By what the decoder is given of the image it cannot know it.
    const flat = new Int32Array(many * size)
    masses.forEach((of, i) => {
      of.forEach((mass, c) => {
        flat[i * size + c * grid.size] = mass
      })
    })
    const solver = decoder(image => codes[image])
    const { counts } = await sample({ ...common, seed: 9, origin: law(images), resume: flat, solver })
    expect(counts).toEqual(clean)
    expect(codes.every(({ uniforms }) => uniforms.every(u => u >= 0 && u < 1))).toBe(true)
  })

  it('makes another image of it with other origins, of the same mass', async () => {
    await encoded
    const solver = decoder(image => codes[image])
    const { counts } = await sample({ ...common, origin: law([images[0]]), resume: clean, solver })
    for (let i = 0; i < many; i++)
      expect(process.invariant(counts.subarray(i * size, (i + 1) * size))).toEqual(masses[i])
    expect(counts).not.toEqual(clean)
    const apart = (to: (x: number) => number) =>
      counts.reduce((sum, n, at) => sum + Math.abs(n - to(at)), 0) / total(counts)
    const scale = masses.map(of => total(of) / total(images[0]))
    const target = (at: number) => images[0][at % size] * scale[Math.floor(at / size)]
    expect(apart(target)).toBeLessThan(
      clean.reduce((s, n, at) => s + Math.abs(n - target(at)), 0) / total(clean),
    )
  })
})
