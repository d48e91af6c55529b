// Films of a field that is carried along and spreads: counts, symmetries, the equation, and what is read off them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  away,
  coarser,
  compass,
  type Drift,
  estimated,
  evolved,
  moved,
  symmetric,
  units,
} from '../../scripts/fields/film.ts'
import { prepareFilms } from '../../scripts/fields/films.ts'
import { arraysIn, held } from '../../scripts/fields/held.ts'
import { random } from '../../src/base/random.ts'
import { writeNpz } from '../../src/formats/npz.ts'

const side = 12
const drift: Drift = [0.4, -0.25]
const diffusivity = 0.004

/** Two blobs, so that the film has no symmetry of its own. */
const first = Float64Array.from({ length: side * side }, (_, x) => {
  const blob = (a: number, b: number, wide: number) => {
    const [u, v] = [(Math.floor(x / side) + 0.5) / side - a, ((x % side) + 0.5) / side - b]
    const [p, q] = [u - Math.round(u), v - Math.round(v)]
    return Math.exp(-(p * p + q * q) / (2 * wide * wide))
  }
  return 100 * (blob(0.3, 0.6, 0.12) + 0.5 * blob(0.8, 0.2, 0.1))
})

/** The first frame and four that follow. */
function filmOf(of: ArrayLike<number>, own: Drift): Float64Array {
  const film = new Float64Array(5 * side * side)
  for (let f = 0; f < 5; f++)
    film.set(evolved(of, { side, drift: own, diffusivity, time: f / 4 }), f * side * side)
  return film
}

describe('a film', () => {
  it('`units()` has exactly the mass asked for, and gives the field back to half a unit', () => {
    const rng = random(1)
    for (const mass of [1, 1000, 123_457]) {
      const field = Float64Array.from({ length: 60 }, () => 7 * rng.uniform() ** 3)
      const sum = field.reduce((a, b) => a + b, 0)
      const counts = units(field, mass)
      expect(counts.reduce((a, b) => a + b, 0)).toBe(mass)
      // The largest remainders are rounded up: a count may be a whole unit off, and mostly is half of one.
      counts.forEach((n, x) => {
        expect(Math.abs((n * sum) / mass - field[x])).toBeLessThan(sum / mass)
      })
    }
  })

  it('`coarser()` keeps what is in every block', () => {
    const frames = Uint32Array.from({ length: 32 }, (_, x) => x)
    expect(Array.from(coarser(frames, { side: 4, block: 2 }))).toEqual([10, 18, 42, 50, 74, 82, 106, 114])
    expect(coarser(frames, { side: 4, block: 1 })).toEqual(frames)
  })

  it('`evolved()` keeps the mass, does nothing in no time, and two steps are one', () => {
    const of = { side, drift, diffusivity }
    const sum = (field: Float64Array) => field.reduce((a, b) => a + b, 0)
    const once = evolved(first, { ...of, time: 0.7 })
    expect(Math.abs(sum(once) / sum(first) - 1)).toBeLessThan(1e-12)
    const twice = evolved(evolved(first, { ...of, time: 0.3 }), { ...of, time: 0.4 })
    expect(away(twice, once)).toBeLessThan(1e-12)
    // Waves of half the side along an axis have no phase, and are not carried.
    expect(away(evolved(first, { ...of, time: 0 }), first)).toBeLessThan(1e-12)
    const moved = evolved(first, { side, drift: [1 / 3, 0], diffusivity: 0, time: 1 })
    const rolled = first.map((_, x) => first[(x + (side - 4) * side) % (side * side)])
    expect(away(moved, rolled)).toBeLessThan(1e-3)
  })

  it('`estimated()` reads the drift and the diffusivity off a film, counts or not', () => {
    const film = filmOf(first, drift)
    for (const [frames, error] of [
      [film, 1e-9],
      [units(film, 5_000_000), 1e-3],
    ] as const) {
      const read = estimated(frames, side)
      expect(Math.abs(read.drift[0] - drift[0])).toBeLessThan(error)
      expect(Math.abs(read.drift[1] - drift[1])).toBeLessThan(error)
      expect(Math.abs(read.diffusivity / diffusivity - 1)).toBeLessThan(10 * error)
    }
  })

  it('`symmetric()` gives eight films of the same equation, each with its own drift', () => {
    const frames = Uint32Array.from(filmOf(first, drift), value => Math.round(1e4 * Math.max(0, value)))
    const seen = new Set<string>()
    for (let kind = 0; kind < 8; kind++) {
      const own = symmetric({ frames, drift, side }, kind)
      expect(own.frames.reduce((a, b) => a + b, 0)).toBe(frames.reduce((a, b) => a + b, 0))
      expect(away(filmOf(own.frames.subarray(0, side * side), own.drift), own.frames)).toBeLessThan(2e-3)
      seen.add(compass(own.drift))
    }
    expect(seen.size).toBe(8 / 2)
    expect(compass([0.5, 0.01])).toBe('east')
    expect(compass([-0.3, -0.3])).toBe('south-west')
  })

  it('`moved()` moves round by whole sites, and back', () => {
    const there = moved(first, { side, by: [5, 2] })
    expect(there[5 * side + 2]).toBe(first[0])
    expect(there[(3 + 5) * side + 0]).toBe(first[3 * side + side - 2])
    expect(moved(there, { side, by: [side - 5, side - 2] })).toEqual(first)
  })

  it('`prepareFilms()` anew: the first frame of one, the drift and diffusivity of another, by the equation, with the mass of the first', () => {
    const folder = mkdtempSync(join(tmpdir(), 'saltus-films-'))
    try {
      const drifts: readonly Drift[] = [
        [0.4, 0],
        [0, -0.3],
        [-0.2, 0.2],
        [0.1, 0],
      ]
      const winds = ['east', 'south', 'north-west', 'east']
      const known = drifts.map((c, i) => ({
        ...{ c, D: 0.002 * (i + 1) },
        caption: `two blobs drifting ${winds[i]} with weak diffusion`,
      }))
      const size = side * side
      const data = Uint8Array.from({ length: 4 * 5 * size }, (_, k) => 2 * first[k % size])
      writeFileSync(join(folder, 'u.npz'), writeNpz({ u: { data, shape: [4, 5, side, side] } }))
      writeFileSync(join(folder, 'told.json'), JSON.stringify(known))
      const options = { folder, heldOut: 1, grain: 1000, block: 1, every: 1, copies: 4, anew: true, seed: 2 }
      prepareFilms(join(folder, 'u.npz'), join(folder, 'told.json'), options)
      const arrays = arraysIn(join(folder, 'films.npz'))
      const [samples, shown, told, spread] = ['samples', 'first', 'drift', 'spread'].map(arrays)
      expect(samples.shape).toEqual([12, 4, side, side])
      const seen = new Set<string>()
      for (let i = 0; i < 12; i++) {
        const begun = Float64Array.from(
          shown.data.subarray(2 * i * size, (2 * i + 1) * size),
          v => v * 255_000,
        )
        const film = Float64Array.from([...begun, ...samples.data.subarray(4 * i * size, 4 * (i + 1) * size)])
        const read = estimated(film, side)
        expect(Math.abs(read.drift[0] - told.data[2 * i])).toBeLessThan(2e-3)
        expect(Math.abs(read.drift[1] - told.data[2 * i + 1])).toBeLessThan(2e-3)
        expect(Math.abs(Math.log10(read.diffusivity) - spread.data[i])).toBeLessThan(0.02)
        const mass = Math.round(begun.reduce((a, b) => a + b, 0))
        for (let f = 1; f < 5; f++)
          expect(film.subarray(f * size, (f + 1) * size).reduce((a, b) => a + b, 0)).toBe(mass)
        seen.add(compass([told.data[2 * i], told.data[2 * i + 1]]))
      }
      // Twelve draws of three films: all of them but with a probability of 3 (2/3)^12; none of the one held out.
      expect([...seen].sort()).toEqual(['east', 'north-west', 'south'])
      const { texts } = held(folder).lists.get('caption')!() as { texts: readonly string[] }
      expect(texts).toEqual([known[3].caption])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
