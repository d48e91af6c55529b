// The dimension of known surfaces of images, by their exact origins.
import { describe, expect, it } from 'vitest'
import { dimension } from '../../src/inspection/index.ts'
import { lattice } from '../../src/lattice/index.ts'
import { spatial } from '../../src/process/index.ts'
import { mixture } from '../../src/sampling/index.ts'

const side = 16
const grid = lattice([side, side], 'periodic')
const walk = spatial({ lattice: grid })

/** A soft disc about a place of the torus, and what of 4,000 units lies on each site. */
function disc(y: number, x: number, radius = 3): Int32Array {
  const away = (a: number, b: number) => Math.abs(((a - b + 1.5 * side) % side) - side / 2)
  const raw = Float64Array.from({ length: side * side }, (_, i) => {
    const d = Math.hypot(away(Math.floor(i / side), y), away(i % side, x))
    return 1 / (1 + Math.exp(3 * (d - radius)))
  })
  const sum = raw.reduce((a, b) => a + b)
  return Int32Array.from(raw, value => Math.round((4000 * value) / sum))
}

describe('dimension()', () => {
  it('is 2 for one disc at random places', async () => {
    const steps = 64
    const all: Int32Array[] = []
    // Places near the one that is looked at, a sixteenth of a site apart: the others are out of the question.
    for (let a = 0; a < steps; a++) for (let b = 0; b < steps; b++) all.push(disc(6 + a / 16, 6 + b / 16))
    const { origin } = mixture({ lattice: grid, rate: walk.rate, images: all })
    const images = all[(steps / 2) * steps + steps / 2]
    const [{ dimension: d, fall, effective }] = await dimension({
      process: walk,
      origin,
      batch: 8,
      images,
      draws: 24,
      time: 2 / walk.rate,
      seed: 1,
    })
    console.log(d, fall, effective)
    expect(Math.abs(d - 2)).toBeLessThanOrEqual(0.5)
    expect(Math.abs(effective - 2)).toBeLessThanOrEqual(0.5)
    expect(fall).toBeGreaterThan(10)
  }, 30_000)
})
